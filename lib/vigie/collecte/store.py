"""The append-only store of answers. What is recorded stays; the last answer of a key is the current one.

Recording a lot is one transaction: all of it or nothing. A lot already recorded, or an answer identical to the current
one, changes nothing. Anonymous answers carry no respondent, a date of the day, and come in no order.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, and_, func, insert, or_, select

from ..dossier import REPONSES, empty_frame
from .base_de_donnees import database_url, open_engine, writing
from .ministere import MinistereCharge
from .reponses import CLE, Reponse
from .schema import lots, reponses

CONTENU = ("role", "etat", "niveau", "choix", "commentaire", "preuve", "indicateur")
"""Two answers of one key with the same content are the same answer."""


@dataclass(frozen=True)
class Lot:
    """A checked set of answers received together. `empreinte`: hash of what was received; the same one is one lot."""

    nom: str
    empreinte: str
    reponses: tuple[Reponse, ...]
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Enregistrement:
    """What recording a lot did. `deja`: the whole lot was there already. `ids`: of the new rows, in order."""

    nom: str
    nouvelles: int = 0
    corrigees: int = 0
    inchangees: int = 0
    deja: bool = False
    ids: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.deja:
            return f"{self.nom} : déjà enregistré, rien ne change."
        return (
            f"{self.nom} : {self.nouvelles} nouvelles réponses, {self.corrigees} corrections, "
            f"{self.inchangees} inchangées."
        )


class Store:
    """Answers of one ministry."""

    def __init__(self, engine: Engine, ministere: str) -> None:
        self.engine = engine
        self.ministere = ministere

    def record(self, campagne: str, lot: Lot) -> Enregistrement:
        """Record a lot, all of it or nothing."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with writing(self.engine) as connection:
            if self._known(connection, campagne, lot.empreinte):
                return Enregistrement(lot.nom, deja=True)
            current = self._current(connection, campagne, {reponse.structure for reponse in lot.reponses})
            fresh, corrected, same = _sort_out(lot.reponses, current)
            number = connection.execute(
                insert(lots)
                .returning(lots.c.id)
                .values(
                    ministere=self.ministere,
                    campagne=campagne,
                    empreinte=lot.empreinte,
                    nom=lot.nom,
                    recu_le=now,
                    lignes=len(lot.reponses),
                    versions=json.dumps(dict(lot.versions), sort_keys=True),
                )
            ).scalar_one()
            common = {"ministere": self.ministere, "campagne": campagne, "lot": number}
            rows = [{**_row(reponse, now), **common} for reponse in fresh]
            ids = tuple(connection.execute(insert(reponses).returning(reponses.c.id), rows).scalars()) if rows else ()
        return Enregistrement(lot.nom, len(fresh) - corrected, corrected, same, ids=ids)

    def known_lots(self, campagne: str) -> set[str]:
        """Hashes of the lots recorded."""
        query = select(lots.c.empreinte).where(lots.c.ministere == self.ministere, lots.c.campagne == campagne)
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def answers(self, campagne: str, structure: str) -> pd.DataFrame:
        """Current answers of a structure: columns of dossier.REPONSES, in the order of the store."""
        last = (
            select(func.max(reponses.c.id))
            .where(self._mine(campagne, structure), reponses.c.anonyme.is_(False))
            .group_by(*(reponses.c[name] for name in CLE))
        )
        kept = or_(reponses.c.anonyme.is_(True), reponses.c.id.in_(last))
        return self._frame(select(*_columns()).where(self._mine(campagne, structure), kept).order_by(reponses.c.id))

    def history(self, campagne: str, structure: str) -> pd.DataFrame:
        """Every answer ever recorded for a structure, superseded ones included, oldest first."""
        return self._frame(select(*_columns()).where(self._mine(campagne, structure)).order_by(reponses.c.id))

    def fingerprints(self, campagne: str) -> dict[tuple[str, str], str]:
        """(structure, etape) → what changes when an answer is added: the store only grows, so a count and a last id."""
        query = (
            select(reponses.c.structure, reponses.c.etape, func.count(), func.max(reponses.c.id))
            .where(reponses.c.ministere == self.ministere, reponses.c.campagne == campagne)
            .group_by(reponses.c.structure, reponses.c.etape)
        )
        with self.engine.connect() as connection:
            return {(row[0], row[1]): f"{row[2]}-{row[3]}" for row in connection.execute(query)}

    def _mine(self, campagne: str, structure: str) -> Any:
        return and_(
            reponses.c.ministere == self.ministere,
            reponses.c.campagne == campagne,
            reponses.c.structure == structure,
        )

    def _known(self, connection: Connection, campagne: str, empreinte: str) -> bool:
        query = select(lots.c.id).where(
            lots.c.ministere == self.ministere, lots.c.campagne == campagne, lots.c.empreinte == empreinte
        )
        return connection.execute(query).first() is not None

    def _current(
        self, connection: Connection, campagne: str, structures: Iterable[str]
    ) -> dict[tuple[str, ...], tuple[Any, ...]]:
        """Key → content of the current answers of some structures."""
        columns = [reponses.c[name] for name in (*CLE, *CONTENU)]
        found: dict[tuple[str, ...], tuple[Any, ...]] = {}
        for structure in structures:
            query = select(*columns).where(self._mine(campagne, structure), reponses.c.anonyme.is_(False))
            for row in connection.execute(query.order_by(reponses.c.id)):
                found[tuple(row[: len(CLE)])] = tuple(row[len(CLE) :])
        return found

    def _frame(self, query: Any) -> pd.DataFrame:
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return empty_frame(REPONSES)
        return pd.DataFrame(rows, columns=list(REPONSES)).astype(REPONSES)


def open_store(charge: MinistereCharge) -> Store:
    """The store of a ministry, its schema up to date."""
    return Store(open_engine(database_url(charge.chemin)), charge.ministere.id)


def _columns() -> list[Any]:
    return [reponses.c[name] for name in REPONSES]


def _sort_out(
    received: Sequence[Reponse], current: dict[tuple[str, ...], tuple[Any, ...]]
) -> tuple[list[Reponse], int, int]:
    """Answers to write, how many of them correct another, how many change nothing."""
    fresh: list[Reponse] = []
    anonymous: list[Reponse] = []
    corrected = same = 0
    for reponse in received:
        if reponse.anonyme:
            anonymous.append(reponse)
            continue
        before = current.get(reponse.cle)
        content = tuple(getattr(reponse, name) for name in CONTENU)
        if before is not None and (before == content or not reponse.explicite):
            same += 1
            continue
        corrected += before is not None
        current[reponse.cle] = content
        fresh.append(reponse)
    secrets.SystemRandom().shuffle(anonymous)
    return fresh + anonymous, corrected, same


def _row(reponse: Reponse, now: str) -> dict[str, Any]:
    names = (*CLE, *CONTENU, "date", "version", "anonyme")
    row = {name: getattr(reponse, name) for name in names}
    row["date"] = reponse.date or now[:10]
    row["enregistre_le"] = now[:10] if reponse.anonyme else now
    return row
