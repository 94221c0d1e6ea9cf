"""A trial: what it prepares, what it does and is killed at, what must hold after a kill, what it comes to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import alembic.command  # noqa: F401 - slow: once, in the process from which the killed ones are forked
import psycopg  # noqa: F401 - for the same reason
from sqlalchemy import text
from vigie.collecte import MinistereCharge, Store, load_ministere, open_store
from vigie.collecte.journal import verify_journal
from vigie.referentiels import load_referentiels

from tests.collecte.ministere_essai import anonymous_rows

Acquitte = Callable[[str], None]
CIBLES = ("D1.1", "D2.1", "D3.1", "D4.1")

load_referentiels()  # for the same reason


class Epreuve(ABC):
    """One trial, in `dossier`. `travaille` is what is killed, and what is run again after a kill."""

    nom: ClassVar[str]

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier

    @property
    def ministere(self) -> Path:
        return self.dossier / "ministere"

    @property
    def charge(self) -> MinistereCharge:
        return load_ministere(self.ministere)

    @property
    def store(self) -> Store:
        return open_store(self.charge)

    @abstractmethod
    def prepare(self) -> None:
        """Before the work, which has not begun."""

    @abstractmethod
    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        """The work. Each thing done is acknowledged once it can be relied on; `depuis`: how many were before a kill."""

    def suite(self, depuis: int) -> Sequence[str]:
        """What `travaille` acknowledges from there to its end."""
        return ["fini"] if depuis == 0 else []

    @abstractmethod
    def verifie(self, acquis: Sequence[str]) -> None:
        """All that was acknowledged is there, and nothing is half-written."""

    @abstractmethod
    def etat(self) -> Any:
        """What it comes to once completed, whatever was killed on the way."""

    def verifie_base(self) -> None:
        store = self.store
        assert verify_journal(store) == []
        if store.engine.dialect.name == "sqlite":
            with store.engine.connect() as connection:
                assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def everything(store: Store, campagne: str) -> list[tuple[str, ...]]:
    """What current answers say, without the numbers that the base gave them; anonymous ones, published or not."""
    frame = store.answers(campagne, "drh")
    frame = frame[frame["mesure"] != "accord"]
    named = (
        frame[["repondant", "objet", "cible", "mesure", "etat", "niveau", "choix", "commentaire"]].to_numpy().tolist()
    )
    columns = ("cible", "mesure", "etat", "niveau", "commentaire")
    anonymous = [[row[name] for name in columns] for row in anonymous_rows(store) if row["campagne"] == campagne]
    return sorted(tuple(map(str, row)) for row in [*named, *anonymous])
