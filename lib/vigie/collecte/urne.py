"""The urn: an anonymous answer waits there until it can be published with enough others.

Answers to one statement leave the urn together, once so many of them are rated (`seuil`) and, short of a higher number
(`homogene`), not all on one side of the scale. Before and after one more answer, whatever is published is thus the
same, or changes by many answers at once: no report, count or export tells that answer. The last few of a campagne may
never leave: it is the price.

Nothing is kept of who sent what with what: no respondent, no lot, no day. Rows are written again all at once, those of
the urn each time one comes, those of a statement each time some leave, in an order drawn from what they say: neither
ids, nor places in the file, nor PostgreSQL's own columns put together the answers of one person, or order them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, insert, select
from sqlalchemy.exc import OperationalError

from ..dossier import Etat
from ..referentiels.maturite import Maturite
from .reponses import Reponse
from .schema import echos, remises, urne

PREMIER = 1 << 48
_IDENTIFIANTS = (1 << 53) - PREMIER
"""Ids of anonymous answers: above those of named ones, and exact in JSON, whose numbers hold 53 bits."""
ECHO = ("structure", "role", "etape", "cible", "mesure", "etat", "niveau", "commentaire", "version")
ENONCE = ("structure", "role", "etape", "cible", "mesure", "version")
"""What answers published together share."""
_ESSAIS, _PATIENCE_MS = 5, 200
Row = dict[str, Any]


@dataclass(frozen=True)
class Palier:
    """When answers that wait may be published. `milieu`: middle of the scale, over which an answer agrees."""

    seuil: int
    homogene: int
    milieu: float

    @classmethod
    def of(cls, maturite: Maturite) -> Palier:
        accords = maturite.echo.accords
        cotation = maturite.cotation
        return cls(cotation.seuil_publication, cotation.seuil_homogene, (min(accords) + max(accords)) / 2)

    def reached(self, rows: Sequence[Row]) -> bool:
        """The rule of petits_effectifs, on the answers that wait alone: they are what a difference would show."""
        rated = [row["niveau"] for row in rows if row["etat"] == Etat.NIVEAU.value]
        if not rated:
            return len(rows) >= self.homogene
        agree = sum(niveau > self.milieu for niveau in rated)
        return len(rated) >= (self.homogene if agree in (0, len(rated)) else self.seuil)


def drop_in(connection: Connection, ministere: str, campagne: str, reponses: Iterable[Reponse], palier: Palier) -> None:
    """Put anonymous answers in the urn, and publish those that may be, in a transaction that `writing` opened."""
    by_structure: dict[str, list[Row]] = {}
    for reponse in reponses:
        by_structure.setdefault(reponse.structure, []).append({name: getattr(reponse, name) for name in ECHO})
    for structure, rows in by_structure.items():
        place = {"ministere": ministere, "campagne": campagne, "structure": structure}
        here = and_(*(urne.c[name] == value for name, value in place.items()))
        before = connection.execute(select(*(urne.c[name] for name in ECHO)).where(here)).mappings()
        rows += [dict(row) for row in before]
        connection.execute(delete(urne).where(here))
        stay = []
        for statement in _grouped(rows):
            if palier.reached(statement):
                _publish(connection, place, statement)
            else:
                stay += statement
        if stay:
            connection.execute(insert(urne), [{**row, **place} for row in _numbered(stay, place)])


def keep_receipts(connection: Connection, ministere: str, campagne: str, empreintes: Iterable[str]) -> None:
    """What tells a submission sent twice, without lot, hour or order."""
    common = {"ministere": ministere, "campagne": campagne}
    rows: list[Row] = [
        {**common, "id": _drawn(f"{ministere}:{campagne}:{one}"), "empreinte": one} for one in empreintes
    ]
    if rows:
        connection.execute(insert(remises), sorted(rows, key=itemgetter("id")))


def erase_traces(engine: Engine) -> None:
    """Take out of the base what it keeps of its last writes: they would tell the rows of one submission.

    SQLite's write-ahead log, PostgreSQL's dead rows. When somebody reads meanwhile, or the disk is full, the next
    submission does it.
    """
    if engine.dialect.name == "postgresql":
        with (
            suppress(OperationalError),
            engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.exec_driver_sql(f"SET lock_timeout = {_ESSAIS * _PATIENCE_MS}")
            for table in (urne, echos):
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        return
    for _ in range(_ESSAIS):
        fetched = engine.raw_connection()
        try:
            cursor = fetched.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = (cursor.fetchone() or (1,))[0]
        except sqlite3.OperationalError:
            return  # a disk that is full or refuses: what came is recorded all the same
        finally:
            fetched.close()
        if not busy:
            return


def _publish(connection: Connection, place: Row, rows: Sequence[Row]) -> None:
    """Leave the urn; what the same statement published before is written again with it, for waves not to show."""
    same = [echos.c[name] == rows[0][name] for name in ENONCE]
    known = and_(*same, *(echos.c[name] == value for name, value in place.items()))
    before = connection.execute(select(*(echos.c[name] for name in ECHO)).where(known)).mappings()
    whole = [*rows, *(dict(row) for row in before)]
    connection.execute(delete(echos).where(known))
    connection.execute(insert(echos), [{**row, **place} for row in _numbered(whole, place)])


def _grouped(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in ENONCE), []).append(row)
    return list(groups.values())


def _numbered(rows: Sequence[Row], *salt: object) -> list[Row]:
    """Rows with their id, by id: drawn from all that they say together, so that nothing is left of how they came."""
    ordered = sorted(rows, key=_written)
    whole = hashlib.sha256("\n".join([*map(_written, ordered), repr(salt)]).encode()).hexdigest()
    numbered = [{**row, "id": _drawn(f"{whole}:{position}")} for position, row in enumerate(ordered)]
    return sorted(numbered, key=itemgetter("id"))


def _written(row: Row) -> str:
    return json.dumps({name: row[name] for name in ECHO}, sort_keys=True)


def _drawn(seed: str) -> int:
    return PREMIER + int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % _IDENTIFIANTS
