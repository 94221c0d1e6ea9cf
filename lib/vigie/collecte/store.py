"""The append-only store of answers. What is recorded stays; the last answer of a key is the current one.

Recording is one transaction: all of it or nothing. A lot already recorded, or an answer identical to the current one,
changes nothing. Anonymous answers keep no respondent, no lot, no day and no order: see urne.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Select, and_, func, insert, literal, select

from ..dossier import REPONSES, typed_frame
from .base_de_donnees import current_engine, database_url, open_engine, readable, writing
from .journal import account, write_entry
from .lot import FORMULAIRE, Enregistrement, Lot, count
from .mesures import VALIDATION
from .ministere import MinistereCharge
from .reponses import CLE, Reponse, validated
from .schema import echos, lots, remises, reponses
from .urne import Palier, drop_in, erase_traces, keep_receipts

HISTORIQUE = {**REPONSES, "lot": "int64", "nom": "str", "enregistre_le": "str", "actuelle": "bool"}
"""Columns of `Store.history`: those of an answer, the lot it came with, and whether it is the current one."""
CONTENU = ("role", "etat", "niveau", "choix", "commentaire", "preuve", "indicateur")
"""Two answers of one key with the same content, on the same day if it is told, are the same answer."""


def open_store(charge: MinistereCharge) -> Store:
    """The store of a ministry, created or brought up to date if needed. Raises EntreeInvalide when it cannot be had."""
    return _store(charge, open_engine(database_url(charge.chemin)))


def existing_store(charge: MinistereCharge) -> Store | None:
    """The store as it is, nothing being made nor brought up to date; None when there is none of today's schema."""
    engine = current_engine(database_url(charge.chemin))
    return None if engine is None else _store(charge, engine)


def _store(charge: MinistereCharge, engine: Engine) -> Store:
    return Store(engine, charge.ministere.id, Palier.of(charge.referentiels.maturite))


@dataclass(frozen=True)
class Store:
    """Answers of one ministry; a PostgreSQL base may hold several. `palier`: when anonymous answers are published."""

    engine: Engine
    ministere: str
    palier: Palier

    def record(self, campagne: str, lot: Lot) -> Enregistrement:
        """Record a lot, all of it or nothing."""
        return self.record_all(campagne, [lot])[0]

    def record_all(self, campagne: str, received: Iterable[Lot]) -> list[Enregistrement]:
        """Record several lots in one transaction: all of them or none. One is held at a time: they may be thousands."""
        anonymous = False
        done = []
        with readable(self.engine.url):
            with writing(self.engine, self.ministere) as connection:
                for lot in received:
                    anonymous = anonymous or any(reponse.anonyme for reponse in lot.reponses)
                    done.append(_record(connection, self, campagne, lot))
            if anonymous:
                erase_traces(self.engine)
        return done

    def known_lots(self) -> dict[str, str]:
        """Hash of every lot → the last campagne it was recorded in."""
        query = select(lots.c.empreinte, lots.c.campagne).where(lots.c.ministere == self.ministere).order_by(lots.c.id)
        with readable(self.engine.url), self.engine.connect() as connection:
            return {row.empreinte: row.campagne for row in connection.execute(query)}

    def answers(self, campagne: str, structure: str) -> pd.DataFrame:
        """Current answers of a structure: columns of dossier.REPONSES, in the order of the store, the écho last, as far
        as it is published."""
        last = current_ids(self.ministere, campagne, structure)
        named = select(*(reponses.c[name] for name in REPONSES)).where(reponses.c.id.in_(last)).order_by(reponses.c.id)
        columns = (echos.c[name] if name in echos.c else literal("").label(name) for name in REPONSES)
        anonymous = select(*columns).where(_of(echos, self.ministere, campagne, structure)).order_by(echos.c.id)
        with readable(self.engine.url), self.engine.connect() as connection:
            rows = [row for query in (named, anonymous) for row in connection.execute(query).all()]
        return _frame(rows, REPONSES)

    def history(self, campagne: str, structure: str) -> pd.DataFrame:
        """Every named answer ever recorded for a structure, superseded ones included: HISTORIQUE, oldest first."""
        last = current_ids(self.ministere, campagne, structure)
        query = (
            select(*(reponses.c[name] for name in REPONSES), reponses.c.lot, lots.c.nom, reponses.c.enregistre_le)
            .add_columns(reponses.c.id.in_(last))
            .join(lots)
            .where(_of(reponses, self.ministere, campagne, structure))
            .order_by(reponses.c.id)
        )
        with readable(self.engine.url), self.engine.connect() as connection:
            return _frame(connection.execute(query).all(), HISTORIQUE)

    def fingerprint(self, campagne: str, structure: str) -> str:
        """Changes whenever an answer of the structure is recorded; "" without any. See `fingerprints`."""
        found = sorted(self.fingerprints(campagne, structure).items())
        return hashlib.sha256(repr(found).encode()).hexdigest() if found else ""

    def fingerprints(self, campagne: str, structure: str = "") -> dict[tuple[str, str], str]:
        """(structure, etape) → hash of its answers, without reading them.

        Rows never change, so that naming them is enough: hash and day of each lot with the ids it was given; for
        published anonymous answers, how many there are and what their ids, drawn from what they say, come to. Those
        that wait in the urn change nothing. A store made again from other files gives other hashes.
        """
        digests: dict[tuple[str, str], Any] = {}
        with readable(self.engine.url), self.engine.connect() as connection:
            for query in _fingerprint_queries(self.ministere, campagne, structure):
                for name, etape, *values in connection.execute(query):
                    line = "|".join(map(str, values)) + "\n"
                    digests.setdefault((name, etape), hashlib.sha256()).update(line.encode())
        return {key: digest.hexdigest() for key, digest in digests.items()}


def _record(connection: Connection, store: Store, campagne: str, lot: Lot) -> Enregistrement:
    ministere = store.ministere
    already = _known_since(connection, ministere, campagne, lot)
    if already is not None:
        return Enregistrement(lot.nom, deja=True, recu_le=already)
    named = [reponse for reponse in lot.reponses if not reponse.anonyme]
    anonymous, seen, fresh_ones = _not_seen(connection, ministere, campagne, lot)
    drop_in(connection, ministere, campagne, anonymous, store.palier)
    keep_receipts(connection, ministere, campagne, fresh_ones)
    if anonymous and not named and lot.nom == FORMULAIRE:
        # a numbered lot stands between two others, whose hours would tell its own
        keep_receipts(connection, ministere, campagne, [lot.empreinte])
        return Enregistrement(lot.nom, len(anonymous))
    current = _current(connection, ministere, campagne, dict.fromkeys(reponse.structure for reponse in named))
    fresh, corrected, unchanged = _sort_out(named, current)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    # the hour at which anonymous answers arrived could tell who sent them
    received = now[:10] if anonymous else now
    common = {"ministere": ministere, "campagne": campagne}
    number = connection.execute(
        insert(lots)
        .values(**common, empreinte=lot.empreinte, nom=lot.nom, recu_le=received, lignes=len(named))
        .values(versions=json.dumps(dict(lot.versions), sort_keys=True))
        .returning(lots.c.id)
    ).scalar_one()
    if fresh:
        stamp = {**common, "lot": number, "enregistre_le": now}
        connection.execute(insert(reponses), [{**_row(reponse, now[:10]), **stamp} for reponse in fresh])
        objet = f"campagne {campagne}, fichier {lot.empreinte[:12]} : {count(len(fresh), 'réponse', 'réponses')}, "
        objet += f"dont {count(corrected, 'corrigée', 'corrigées')}"
        write_entry(connection, ministere, "import", objet, account())
        for reponse in fresh:
            if reponse.mesure == VALIDATION:
                write_entry(connection, ministere, "validation", validated(campagne, reponse), reponse.repondant)
    return Enregistrement(
        lot.nom, len(fresh) - corrected + len(anonymous), corrected, unchanged + seen, recu_le=received
    )


def _known_since(connection: Connection, ministere: str, campagne: str, lot: Lot) -> str | None:
    """When this very lot was recorded, "" for an anonymous form; None when it was not."""
    for table, since in ((lots, lots.c.recu_le), (remises, literal(""))):
        same = (table.c.ministere == ministere, table.c.campagne == campagne, table.c.empreinte == lot.empreinte)
        already = connection.execute(select(since).select_from(table).where(*same)).scalar()
        if already is not None:
            return str(already)
    return None


def _not_seen(connection: Connection, ministere: str, campagne: str, lot: Lot) -> tuple[list[Reponse], int, list[str]]:
    """Anonymous answers to write, how many were there already, submissions that come for the first time."""
    anonymous = [
        (reponse, envoi)
        for reponse, envoi in zip_longest(lot.reponses, lot.envois, fillvalue="")
        if isinstance(reponse, Reponse) and reponse.anonyme
    ]
    names = sorted({envoi for _, envoi in anonymous if envoi})
    if not names:
        return [reponse for reponse, _ in anonymous], 0, []
    query = select(remises.c.empreinte).where(remises.c.ministere == ministere, remises.c.campagne == campagne)
    known = {row.empreinte for row in connection.execute(query)} & set(names)
    fresh = [reponse for reponse, envoi in anonymous if envoi not in known]
    return fresh, len(anonymous) - len(fresh), [name for name in names if name not in known]


def _current(
    connection: Connection, ministere: str, campagne: str, structures: Iterable[str]
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Key → content and date of the current answers of some structures."""
    columns = [reponses.c[name] for name in (*CLE, *CONTENU, "date")]
    found: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for structure in structures:
        query = select(*columns).where(reponses.c.id.in_(current_ids(ministere, campagne, structure)))
        for row in connection.execute(query):
            found[tuple(row[: len(CLE)])] = tuple(row[len(CLE) :])
    return found


def _sort_out(
    received: Sequence[Reponse], current: dict[tuple[str, ...], tuple[Any, ...]]
) -> tuple[list[Reponse], int, int]:
    """Answers to write, how many of them correct another, how many change nothing."""
    fresh: list[Reponse] = []
    corrected = unchanged = 0
    for reponse in received:
        before = current.get(reponse.cle)
        content = tuple(getattr(reponse, name) for name in CONTENU)
        same = before is not None and before[:-1] == content and reponse.date in ("", before[-1])
        if same or (before is not None and not reponse.explicite):
            unchanged += 1
            continue
        corrected += before is not None
        current[reponse.cle] = (*content, reponse.date)
        fresh.append(reponse)
    return fresh, corrected, unchanged


def _row(reponse: Reponse, today: str) -> dict[str, Any]:
    values = {name: getattr(reponse, name) for name in (*CLE, *CONTENU, "version")}
    return {**values, "date": reponse.date or today}


def _of(table: Any, ministere: str, campagne: str, structure: str) -> Any:
    """Rows of a structure, of all of them if it is ""."""
    where = [table.c.ministere == ministere, table.c.campagne == campagne]
    return and_(*where, *([table.c.structure == structure] if structure else []))


def current_ids(ministere: str, campagne: str, structure: str = "") -> Select[Any]:
    """Ids of the current answers: the last of each key."""
    key = (reponses.c[name] for name in CLE)
    return select(func.max(reponses.c.id)).where(_of(reponses, ministere, campagne, structure)).group_by(*key)


def _fingerprint_queries(ministere: str, campagne: str, structure: str) -> tuple[Select[Any], Select[Any]]:
    of_whom = (reponses.c.structure, reponses.c.etape)
    lot = (lots.c.empreinte, lots.c.recu_le)
    named = (
        select(*of_whom, *lot, func.min(reponses.c.id), func.max(reponses.c.id), func.count())
        .join(lots)
        .where(_of(reponses, ministere, campagne, structure))
        .group_by(*of_whom, lots.c.id, *lot)
        .order_by(*of_whom, lots.c.id)
    )
    mixed = func.sum(echos.c.id % (2**31 - 1))
    anonymous = (
        select(echos.c.structure, echos.c.etape, func.min(echos.c.id), func.max(echos.c.id), func.count(), mixed)
        .where(_of(echos, ministere, campagne, structure))
        .group_by(echos.c.structure, echos.c.etape)
    )
    return named, anonymous


def _frame(rows: Sequence[Sequence[Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(schema)
    return typed_frame(columns, schema)
