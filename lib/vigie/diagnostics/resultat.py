"""What a diagnostic returns: frozen frames and scalars, and recommendations that say why.

Every output (HTML, DOCX, ODT, PDF, XLSX, JSON) is made from the same Resultat, so figures agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

ENTREE = "entree"
"""Key that a written Resultat has beside its own: the hash of the dossier that it comes from."""


@dataclass(frozen=True)
class Pourquoi:
    """The chain behind a line: ids from the answer to the article of law.

    `explication` is the sentence printed; the ids are what a reader can look up in the annexes.
    """

    explication: str
    reponses: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    risques: tuple[str, ...] = ()
    regles: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    fiche: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """Version of each referentiel the ids come from."""


@dataclass(frozen=True)
class Recommandation:
    """One action. `rang` orders within the etape (1 = first); `pilote` is one of the three pilots when it applies."""

    id: str
    etape: str
    action: str
    rang: int
    priorite: float
    pilote: str
    livrable: str
    preuve: str
    pourquoi: Pourquoi
    echeance: date | None = None

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Recommandation:
        """The line as `Resultat.to_json` wrote it."""
        why: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in written["pourquoi"].items()
        }
        due = written["echeance"]
        return cls(**{**written, "pourquoi": Pourquoi(**why), "echeance": date.fromisoformat(due) if due else None})


@dataclass(frozen=True)
class Constat:
    """A sentence the reader must see. `gravite`: information, attention or alerte. `code` is stable, for tests."""

    code: str
    texte: str
    gravite: str = "information"
    cibles: tuple[str, ...] = ()


def nominative() -> Any:
    """Declares a frame about named agents; no general output may carry it."""
    return field(metadata={"nominatif": True})


@dataclass(frozen=True)
class Resultat:
    """Base of the steps' results. Frames and scalars are the fields of the subclass."""

    etape: ClassVar[str] = ""

    structure: str
    campagne: str
    date_reference: date
    versions: Mapping[str, str]
    constats: tuple[Constat, ...]
    recommandations: tuple[Recommandation, ...]
    manques: tuple[str, ...]
    """What was not available and what that leaves out, one sentence each."""

    def tables(self, nominatives: bool = False) -> Iterator[tuple[str, pd.DataFrame]]:
        """Name and frame of each table, in the order of declaration.

        Frames about named agents (declared with `nominative()`) stay out unless asked for: they only leave through
        the training service's files.
        """
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, pd.DataFrame) and (nominatives or not item.metadata.get("nominatif")):
                yield item.name, value

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON values: NaN and NA become null, dates ISO text, tables lists of rows."""
        scalars = {
            item.name: _plain(getattr(self, item.name))
            for item in fields(self)
            if not isinstance(getattr(self, item.name), pd.DataFrame)
            and item.name not in ("constats", "recommandations")
        }
        return {
            "etape": self.etape,
            **scalars,
            "constats": _plain(self.constats),
            "recommandations": _plain(self.recommandations),
            "tables": {name: _rows(frame) for name, frame in self.tables()},
        }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One mapping a row, its values plain. By columns: pandas' own goes through every cell in Python, twice."""
    names = [str(name) for name in frame.columns]
    columns = [_plain(frame[name].tolist()) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return None if value is pd.NA or value != value else value
