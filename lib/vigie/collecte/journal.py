"""The audit log: who read, changed, exported, validated or purged what, in the order it was done.

Each entry holds the hash of the one before: changing, removing or adding one in the middle breaks the chain. Cutting
the end does not show from inside: note the last hash elsewhere (`vigie check` prints it). The anonymous écho leaves no
entry, whose hour could tell who answered. What leaves is noted before it does: an entry may tell of an export that then
failed, never the reverse.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import pandas as pd
from sqlalchemy import Connection, insert, select

from ..errors import Anomalie
from .base_de_donnees import readable, writing
from .schema import journal

if TYPE_CHECKING:
    from .store import Store

Acte = Literal[
    "lecture", "import", "saisie", "envoi", "validation", "invitation", "retrait", "export", "purge", "sauvegarde",
    "restauration",
]  # fmt: skip
JOURNAL = {"fait_le": "str", "auteur": "str", "acte": "str", "objet": "str", "empreinte": "str"}
"""Columns of `read_journal`: ISO instant in UTC, who, what, on what, hash of the entry."""
DEBUT = "0" * 64
"""What the first entry takes for the hash of the one before."""


def account() -> str:
    """The account of the machine under which a command runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "compte inconnu"


def note(store: Store, acte: Acte, objet: str, auteur: str = "") -> None:
    """Add an entry, in a transaction of its own. `auteur`: the account of the machine when it is not told."""
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        write_entry(connection, store.ministere, acte, objet, auteur or account())


def note_once(store: Store, acte: Acte, objet: str) -> None:
    """Add an entry unless the same one was added before, whoever did."""
    known = select(journal.c.id).where(
        journal.c.ministere == store.ministere, journal.c.acte == acte, journal.c.objet == objet
    )
    with readable(store.engine.url):
        with store.engine.connect() as connection:
            if connection.execute(known).first():
                return
        with writing(store.engine, store.ministere) as connection:
            if not connection.execute(known).first():
                write_entry(connection, store.ministere, acte, objet, account())


def write_entry(connection: Connection, ministere: str, acte: Acte, objet: str, auteur: str) -> None:
    """Add an entry in a transaction that `writing` opened: no other writer of the ministry comes between."""
    last = select(journal.c.empreinte).where(journal.c.ministere == ministere).order_by(journal.c.id.desc()).limit(1)
    precedente = connection.execute(last).scalar() or DEBUT
    values = {
        "ministere": ministere,
        "fait_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "auteur": auteur,
        "acte": acte,
        "objet": objet,
        "precedente": precedente,
    }
    connection.execute(insert(journal), {**values, "empreinte": _hash(values)})


def last_entry(connection: Connection, ministere: str) -> tuple[str, str]:
    """What was done last, and on what; ("", "") when nothing was."""
    query = select(journal.c.acte, journal.c.objet).where(journal.c.ministere == ministere)
    found = connection.execute(query.order_by(journal.c.id.desc()).limit(1)).first()
    return (str(found.acte), str(found.objet)) if found else ("", "")


def read_journal(store: Store) -> pd.DataFrame:
    """Every entry of the ministry, oldest first: JOURNAL."""
    return pd.DataFrame(_rows(store), columns=list(JOURNAL)).astype(JOURNAL)


def verify_journal(store: Store) -> list[Anomalie]:
    """The first place where the chain breaks, if it does."""
    precedente = DEBUT
    for position, row in enumerate(_rows(store), start=1):
        values = {name: value for name, value in row.items() if name != "empreinte"}
        if row["precedente"] != precedente or row["empreinte"] != _hash(values):
            return [
                Anomalie(
                    "le journal a été modifié : son enchaînement est rompu",
                    f"journal, entrée {position} du {row['fait_le']}",
                    f"{row['acte']}, {row['objet']}",
                    "des entrées qui se suivent, chacune portant l'empreinte de la précédente",
                    "comparez avec une sauvegarde (vigie backup) et prévenez le délégué à la protection des données",
                )
            ]
        precedente = row["empreinte"]
    return []


def _rows(store: Store) -> list[dict[str, str]]:
    columns = [column for column in journal.c if column.name != "id"]
    query = select(*columns).where(journal.c.ministere == store.ministere).order_by(journal.c.id)
    with readable(store.engine.url), store.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def _hash(values: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
