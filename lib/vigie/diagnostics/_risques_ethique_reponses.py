"""Answers of the etape, indexed once: what was said about a target, by whom, and what several people say together.

Factual answers (a mark, a proof) are read in the prudent sense when people disagree: see `Avis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from ..dossier import Etat

ETAPE = "risques_ethique"
STRUCTURE = ""
"""`objet` of an answer that holds for the whole structure."""
REFERENTIEL = "referentiel"
"""`objet` of the answers about the existing référentiel (F3-11)."""
OUI, NON, PARTIEL = "oui", "non", "partiel"


@dataclass(frozen=True)
class Reponse:
    """One current answer. `niveau` is None unless the state is « niveau » and a number was given."""

    id: int
    repondant: str
    role: str
    objet: str
    cible: str
    mesure: str
    etat: str
    niveau: float | None
    choix: str
    commentaire: str
    preuve: str
    date: str

    @property
    def known(self) -> bool:
        return self.etat == Etat.NIVEAU


@dataclass(frozen=True)
class Avis:
    """What several people answered to one yes-or-no question.

    `inconnu`: someone answered « ne sait pas ». A person who did not answer weighs nothing.
    """

    reponses: tuple[Reponse, ...]

    @property
    def oui(self) -> bool:
        return any(reponse.known and reponse.choix == OUI for reponse in self.reponses)

    @property
    def non(self) -> bool:
        return any(reponse.known and reponse.choix == NON for reponse in self.reponses)

    @property
    def inconnu(self) -> bool:
        return any(reponse.etat == Etat.NE_SAIT_PAS for reponse in self.reponses)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(reponse.id for reponse in self.reponses if reponse.known or reponse.etat == Etat.NE_SAIT_PAS)

    @property
    def reason(self) -> str:
        """Why it is « non », when someone wrote it: the comment, else the document shown."""
        refusals = (reponse for reponse in self.reponses if reponse.known and reponse.choix == NON)
        return next((text for reponse in refusals if (text := reponse.commentaire or reponse.preuve)), "")


@dataclass(frozen=True)
class Reponses:
    """Current answers of risques_ethique by (mesure, objet, cible), each group ordered by id."""

    index: dict[tuple[str, str, str], tuple[Reponse, ...]] = field(default_factory=dict)

    def get(self, mesure: str, objet: str, cible: str) -> tuple[Reponse, ...]:
        return self.index.get((mesure, objet, cible), ())

    def avis(self, mesure: str, objet: str, cible: str) -> Avis:
        return Avis(self.get(mesure, objet, cible))

    def targets(self, objet: str, *mesures: str) -> tuple[str, ...]:
        """Targets answered for `objet` under any of `mesures`, sorted."""
        return tuple(sorted({cible for mesure, key, cible in self.index if key == objet and mesure in mesures}))

    def use_cases(self) -> tuple[str, ...]:
        """Every `objet` that is a use case, sorted."""
        return tuple(sorted({objet for _, objet, _ in self.index} - {STRUCTURE, REFERENTIEL}))

    def __iter__(self) -> Iterator[Reponse]:
        for group in self.index.values():
            yield from group


def read_answers(rows: pd.DataFrame) -> Reponses:
    """Indexes the rows of dossier.REPONSES that belong to this etape; the order of the rows does not matter."""
    groups: dict[tuple[str, str, str], list[Reponse]] = {}
    for row in rows.sort_values("id", kind="stable").to_dict("records"):
        known = row["etat"] == Etat.NIVEAU
        reponse = Reponse(
            id=int(row["id"]),
            niveau=float(row["niveau"]) if known and pd.notna(row["niveau"]) else None,
            choix=_text(row["choix"]) if known else "",
            **{
                name: _text(row[name])
                for name in ("repondant", "role", "objet", "cible", "mesure", "etat", "commentaire", "preuve", "date")
            },
        )
        groups.setdefault((reponse.mesure, reponse.objet, reponse.cible), []).append(reponse)
    return Reponses({key: tuple(group) for key, group in groups.items()})


def ids(*groups: Iterable[Reponse]) -> tuple[int, ...]:
    """Ids of the answers of several groups, without repeats, in order."""
    return tuple(dict.fromkeys(sorted(reponse.id for group in groups for reponse in group)))


def latest(reponses: Iterable[Reponse]) -> Reponse | None:
    """The last answer given (date, then id); None if there is none."""
    return max(reponses, key=lambda reponse: (reponse.date, reponse.id), default=None)


def _text(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value).strip()
