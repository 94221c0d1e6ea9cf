"""Deleting personal data past its retention date; results of structures, which hold none, stay.

A campagne is past when it closed before the day given. Its answers go, named and anonymous (comments may name), with
the files they came in, links that expired, reports of misuse, and the nominative documents of the training service.
What the store keeps of a file is its hash: a copy that comes again is not recorded again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select
from sqlalchemy.exc import OperationalError

from ..errors import Anomalie, ParametreInvalide
from ..paths import NOMINATIFS, output_dir
from .base_de_donnees import readable, writing
from .imports import file_hash
from .journal import account, write_entry
from .lot import count
from .ministere import MinistereCharge
from .reception import received_files
from .schema import echos, invitations, reponses, signalements, urne
from .store import Store, open_store


@dataclass(frozen=True)
class Purge:
    """What a purge deletes, or would delete. Counts are rows of the store."""

    avant: date
    campagnes: tuple[str, ...]
    reponses: int
    echos: int
    invitations: int
    signalements: int
    fichiers: tuple[Path, ...]
    """Files received, and nominative documents."""

    def __str__(self) -> str:
        campagnes = ", ".join(self.campagnes) or "aucune"
        return "\n".join(
            [
                f"Campagnes closes avant le {self.avant.isoformat()} : {campagnes}.",
                f"{count(self.reponses, 'réponse nominative', 'réponses nominatives')}, "
                f"{count(self.echos, 'réponse anonyme', 'réponses anonymes')}, "
                f"{count(self.invitations, 'ligne d’invitation', 'lignes d’invitation')}, "
                f"{count(self.signalements, 'champ de signalement', 'champs de signalement')}, "
                f"{count(len(self.fichiers), 'fichier', 'fichiers')}.",
                *(f"  {path}" for path in self.fichiers),
            ]
        )


def plan_purge(charge: MinistereCharge, avant: date) -> Purge:
    """What would go, nothing being deleted. Raises ParametreInvalide when the current campagne would."""
    past = _past_campagnes(charge, avant)
    store = open_store(charge)
    with readable(store.engine.url), store.engine.connect() as connection:
        counts: Counter[str] = Counter()
        for name, table, where in _targets(store, past, avant):
            counts[name] += connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    return Purge(avant, past, **counts, fichiers=tuple(_files(charge, past)))


def purge(charge: MinistereCharge, avant: date) -> Purge:
    """Delete it. The store first, in one transaction with its entry in the audit log, then the files, then what the
    file of the base still holds of the rows.

    Interrupted in between, it is run again: what is left goes then. Raises ParametreInvalide, EntreeInvalide.
    """
    planned = plan_purge(charge, avant)
    store = open_store(charge)
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        _delete(connection, store, planned)
        objet = str(planned).splitlines()
        write_entry(connection, store.ministere, "purge", " ".join(objet[:2]), account())
    for path in planned.fichiers:
        path.unlink(missing_ok=True)
    _compact(store)
    return planned


def _past_campagnes(charge: MinistereCharge, avant: date) -> tuple[str, ...]:
    past = tuple(one.id for one in charge.ministere.campagnes if (one.cloture or one.date_reference) < avant)
    if charge.ministere.campagne in past:
        current = charge.campagne()
        raise ParametreInvalide(
            [
                Anomalie(
                    "la campagne en cours serait effacée",
                    "--avant",
                    avant.isoformat(),
                    f"une date au plus égale au {(current.cloture or current.date_reference).isoformat()}",
                    f"avancer la date, ou ouvrir la campagne suivante dans ministere.yaml (« {current.id} » y est en "
                    "cours)",
                )
            ]
        )
    return past


def _targets(
    store: Store, past: tuple[str, ...], avant: date
) -> Iterator[tuple[str, Table, list[ColumnElement[bool]]]]:
    """Field of Purge, table, rows."""
    day = avant.isoformat()
    for name, table in (("reponses", reponses), ("echos", echos), ("echos", urne)):
        yield name, table, [table.c.ministere == store.ministere, table.c.campagne.in_(past)]
    yield "invitations", invitations, [invitations.c.ministere == store.ministere, invitations.c.expire_le < day]
    yield "signalements", signalements, [signalements.c.ministere == store.ministere, signalements.c.jour < day]


def _delete(connection: Connection, store: Store, planned: Purge) -> None:
    for _, table, where in _targets(store, planned.campagnes, planned.avant):
        connection.execute(delete(table).where(*where))


def _compact(store: Store) -> None:
    """Deleted rows stay readable in an SQLite file until it is written again; PostgreSQL does it by itself."""
    if store.engine.dialect.name == "sqlite":
        with readable(store.engine.url):
            connection = store.engine.raw_connection()
            try:
                connection.cursor().execute("VACUUM")
                (busy, *_) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if busy:
                    raise sqlite3.OperationalError("database is locked: a reader still holds what was deleted")
            except sqlite3.OperationalError as error:
                raise OperationalError("VACUUM", None, error) from error
            finally:
                connection.close()


def _files(charge: MinistereCharge, past: tuple[str, ...]) -> Iterator[Path]:
    recorded = open_store(charge).known_lots()
    for path in received_files(charge, charge.ministere.campagne):  # received when a past campagne was the current one
        if recorded.get(file_hash(path)) in past:
            yield path
    for campagne in past:
        yield from received_files(charge, campagne)
        results = output_dir() / charge.ministere.id / campagne
        yield from sorted(path for path in results.glob(f"**/{NOMINATIFS}/**/*") if path.is_file())
