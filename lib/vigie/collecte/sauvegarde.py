"""A backup of a ministry, store included, as one ZIP that any base can take back: SQLite or PostgreSQL.

    ministere/…              the ministry's folder, its SQLite file left out
    store/<table>.jsonl      the rows of the ministry, one JSON object a line
    sauvegarde.json          format, ministry, schema of the store, SHA-256 of every other file

Nothing is held whole in memory. See restauration.py for the way back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Table, select

from ..atomic import writing_file
from ..errors import Anomalie, EntreeInvalide
from ..paths import file_name
from .base_de_donnees import FICHIER, readable, writing
from .journal import account, write_entry
from .ministere import MinistereCharge
from .schema import VERSION, metadata
from .store import open_store

FORMAT = 1
MANIFESTE = "sauvegarde.json"
DOSSIER, BASE = "ministere", "store"
MORCEAU = 1 << 20
"""Bytes read at once."""
LIGNES = 2000
"""Rows read or written at once."""


def back_up(charge: MinistereCharge, path: Path) -> int:
    """Write the backup, whole or not at all; gives the number of rows of the store.

    No answer comes between two tables: writers wait. Raises EntreeInvalide, EcritureImpossible.
    """
    if path.exists():
        raise refused(path, "un fichier porte déjà ce nom", "choisir un autre nom : une sauvegarde ne s'écrase pas")
    store = open_store(charge)
    count = 0
    with (
        readable(store.engine.url),
        writing(store.engine, store.ministere) as connection,
        writing_file(path, 0o600) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        write_entry(connection, store.ministere, "sauvegarde", file_name(path), account())
        kept: dict[str, str] = {}
        for name, table in metadata.tables.items():
            with _entry(archive, f"{BASE}/{name}.jsonl", kept) as entry:
                for line in _lines(connection, table, store.ministere):
                    entry.write(line)
                    count += 1
        for file in _files(charge.chemin):
            name = f"{DOSSIER}/{file.relative_to(charge.chemin).as_posix()}"
            with file.open("rb") as source, _entry(archive, name, kept) as entry:
                shutil.copyfileobj(source, entry, MORCEAU)
        head = {"format": FORMAT, "ministere": charge.ministere.id, "schema": VERSION, "fichiers": kept}
        archive.writestr(MANIFESTE, json.dumps(head, ensure_ascii=False, indent=1))
    return count


class _Entry:
    """A file of the archive being written, hashed as it goes."""

    def __init__(self, stream: IO[bytes], name: str, kept: dict[str, str]) -> None:
        self._stream, self._name, self._kept = stream, name, kept
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self._digest.update(content)
        return self._stream.write(content)

    def __enter__(self) -> _Entry:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._kept[self._name] = self._digest.hexdigest()


def _entry(archive: zipfile.ZipFile, name: str, kept: dict[str, str]) -> _Entry:
    return _Entry(archive.open(name, "w", force_zip64=True), name, kept)


def _lines(connection: Connection, table: Table, ministere: str) -> Iterator[bytes]:
    query = select(table).where(table.c.ministere == ministere).order_by(table.c.id)
    for row in connection.execute(query, execution_options={"yield_per": LIGNES}).mappings():
        yield (json.dumps(dict(row), ensure_ascii=False) + "\n").encode()


def _files(folder: Path) -> list[Path]:
    """The files of the ministry, but its store and what is hidden, the key of the links among them."""
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.startswith((FICHIER, "."))]


def refused(path: Path, quoi: str, que_faire: str, attendu: str = "") -> EntreeInvalide:
    return EntreeInvalide([Anomalie(quoi, path.name, attendu=attendu, que_faire=que_faire)])
