"""One line of action: the referentiel's wording, the chain behind it, and the three pilots (F3-29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..referentiels.accompagnement import ActionAccompagnement
from ._accompagnement_analyse import Analyse
from ._accompagnement_lecture import ETAPE, Lecture
from .chiffres import figure
from .resultat import Pourquoi, Recommandation
from .typographie import spaced
from .validation import validation_text

PILOTAGE = {
    "action": "str",
    "pilote_rh": "str",
    "pilote_formation": "str",
    "pilote_numerique": "str",
    "validation": "str",
    "id": "str",
}
SOURCES = ("accompagnement", "gouvernance", "maturite", "regles", "bases_juridiques", "fiche")
"""Referentiels behind every recommandation of this step."""


@dataclass(frozen=True)
class Ligne:
    """A recommandation, with the referentiel's wording of its pilots."""

    recommandation: Recommandation
    source: ActionAccompagnement


def piloting_rows(lines: Iterable[Ligne], lecture: Lecture) -> Iterator[dict[str, Any]]:
    """One row an action: what each pilot does, who validates, and where the validation stands."""
    for line in lines:
        source, done = line.source, line.recommandation
        etat = validation_text(lecture.dossier.validations, ETAPE, source.document)
        yield {
            "action": done.action,
            "pilote_rh": spaced(source.pilote_rh),
            "pilote_formation": spaced(source.pilote_formation),
            "pilote_numerique": spaced(source.pilote_numerique),
            "validation": spaced(f"{source.validation} : {etat}"),
            "id": done.id,
        }


def level_words(value: float, known: bool) -> str:
    return f"au niveau {figure(value)}" if known else "inconnu"


def make_line(
    analyse: Analyse,
    kind: str,
    ident: str,
    champs: dict[str, Any],
    explication: str,
    *,
    reponses: Iterable[int] = (),
    items: Iterable[str] = (),
    competences: Iterable[str] = (),
    risques: Iterable[str] = (),
    regles: Iterable[str] = (),
    bases: Iterable[str] = (),
    fiche: Iterable[str] = (),
    echeance: date | None = None,
) -> Ligne:
    """The recommandation of this kind: ids of the action and of the case together, sorted and without repeats."""
    lecture = analyse.lecture
    source = next(action for action in lecture.accompagnement.actions if action.id == kind)
    cited = lecture.citable((*source.bases, *bases))
    versions = lecture.dossier.referentiels.versions
    return Ligne(
        Recommandation(
            id=ident,
            etape=ETAPE,
            action=spaced(source.action.format(**champs)),
            rang=0,
            priorite=float(source.priorite),
            pilote=source.pilote,
            livrable=spaced(source.livrable),
            preuve=spaced(source.preuve),
            pourquoi=Pourquoi(
                explication=spaced(_single_spaces(f"{explication} {lecture.base_words(cited)}")),
                reponses=tuple(sorted(set(reponses))),
                items=tuple(dict.fromkeys(items)),
                competences=tuple(dict.fromkeys(competences)),
                risques=tuple(dict.fromkeys(risques)),
                regles=tuple(sorted({*source.regles, *regles})),
                bases=cited,
                fiche=tuple(sorted({*source.fiche, *fiche})),
                versions={name: versions[name] for name in SOURCES if name in versions},
            ),
            echeance=echeance,
        ),
        source,
    )


def _single_spaces(text: str) -> str:
    return " ".join(part for part in text.split(" ") if part)
