"""A backup of a ministry, store included, as one ZIP that any base can take back: SQLite or PostgreSQL.

    sauvegarde.json          format, ministry, schema of the store, SHA-256 of every other file
    ministere/…              the ministry's folder, its SQLite file left out
    store/<table>.jsonl      the rows of the ministry, one JSON object a line

A restoration makes a new folder, or nothing: what it reads is checked whole first.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from ..atomic import write_bytes
from ..errors import Anomalie, EntreeInvalide
from .base_de_donnees import FICHIER, readable, writing
from .journal import account, write_entry
from .ministere import MinistereCharge, load_ministere
from .schema import REVISIONS, VERSION, metadata
from .store import Store, open_store

FORMAT = 1
MANIFESTE = "sauvegarde.json"
DOSSIER, BASE = "ministere", "store"
TAILLE_MAX = 8 * 2**30
"""Bytes that a backup may hold once unpacked: more is refused unread."""
_PAR_LOT = 2000
"""Rows written at once."""


def back_up(charge: MinistereCharge, path: Path) -> int:
    """Write the backup, whole or not at all; gives the number of rows of the store. Raises EntreeInvalide."""
    if path.exists():
        raise _refused(path, "un fichier porte déjà ce nom", "choisir un autre nom : une sauvegarde ne s'écrase pas")
    store = open_store(charge)
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        write_entry(connection, store.ministere, "sauvegarde", path.name, account())
        tables = {name: _dump(connection, table, store.ministere) for name, table in metadata.tables.items()}
    contents = {
        f"{BASE}/{name}.jsonl": "".join(f"{line}\n" for line in lines).encode() for name, lines in tables.items()
    }
    for file in sorted(charge.chemin.rglob("*")):
        if file.is_file() and not file.name.startswith((FICHIER, ".")):
            contents[f"{DOSSIER}/{file.relative_to(charge.chemin).as_posix()}"] = file.read_bytes()
    manifest = {
        "format": FORMAT,
        "ministere": charge.ministere.id,
        "schema": VERSION,
        "fichiers": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFESTE, json.dumps(manifest, ensure_ascii=False, indent=1))
        for name, content in contents.items():
            archive.writestr(name, content)
    write_bytes(path, stream.getvalue(), mode=0o600)
    return sum(map(len, tables.values()))


def restore(path: Path, folder: Path) -> MinistereCharge:
    """Make the ministry's folder again, and its rows in the store; all of it or nothing.

    Raises EntreeInvalide when the archive is damaged or newer than this program, when the folder is not empty, or when
    the base already holds rows of this ministry.
    """
    if folder.exists() and any(folder.iterdir()):
        raise _refused(folder, "le dossier n'est pas vide", "choisir un dossier neuf : rien n'est écrasé")
    contents = _read(path)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in contents.items():
            if name.startswith(f"{DOSSIER}/"):
                target = draft / name.removeprefix(f"{DOSSIER}/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        charge = load_ministere(draft)
        _fill(open_store(charge), contents, path)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return load_ministere(folder)


def _dump(connection: Connection, table: Table, ministere: str) -> list[str]:
    rows = connection.execute(select(table).where(table.c.ministere == ministere).order_by(table.c.id)).mappings()
    return [json.dumps(dict(row), ensure_ascii=False) for row in rows]


def _read(path: Path) -> dict[str, bytes]:
    """Every file of the archive, checked against its manifest."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > TAILLE_MAX:
                raise _refused(path, "l'archive est plus grande qu'une sauvegarde", "vérifier d'où vient ce fichier")
            manifest = json.loads(archive.read(MANIFESTE))
            contents = {name: archive.read(name) for name in manifest["fichiers"]}
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise _refused(
            path, f"ce n'est pas une sauvegarde de Vigie ({error})", "donner le fichier de vigie backup"
        ) from error
    if manifest.get("format") != FORMAT or manifest.get("schema") not in REVISIONS:
        raise _refused(path, "la sauvegarde vient d'une version plus récente de Vigie", "mettre Vigie à jour")
    for name, content in contents.items():
        parts = PurePosixPath(name).parts
        if ".." in parts or name.startswith("/") or parts[0] not in (DOSSIER, BASE):
            raise _refused(path, f"un nom de fichier sort du dossier : {name}", "vérifier d'où vient ce fichier")
        if hashlib.sha256(content).hexdigest() != manifest["fichiers"][name]:
            raise _refused(path, f"la sauvegarde est abîmée : {name}", "prendre une autre sauvegarde")
    return contents


def _fill(store: Store, contents: Mapping[str, bytes], path: Path) -> None:
    """Write the rows, new numbers being given to those of a base that other ministries share."""
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        for name, table in metadata.tables.items():
            held = select(func.count()).select_from(table).where(table.c.ministere == store.ministere)
            if connection.execute(held).scalar_one():
                raise _refused(
                    path,
                    f"la base contient déjà des lignes du ministère « {store.ministere} » ({name})",
                    "restaurer dans une base qui n'en contient pas",
                )
        moved: dict[int, int] = {}
        for name, table in metadata.tables.items():
            rows = [
                _row(line, table, store.ministere) for line in contents.get(f"{BASE}/{name}.jsonl", b"").splitlines()
            ]
            if name == "lots":
                moved = _insert_lots(connection, table, rows)
                continue
            for start in range(0, len(rows), _PAR_LOT):
                connection.execute(
                    insert(table), [_placed(row, table, moved) for row in rows[start : start + _PAR_LOT]]
                )
        write_entry(connection, store.ministere, "restauration", path.name, account())


def _row(line: bytes, table: Table, ministere: str) -> dict[str, Any]:
    row = json.loads(line)
    known = {column.name for column in table.c}
    if not isinstance(row, dict) or set(row) - known or row.get("ministere") != ministere:
        raise EntreeInvalide([Anomalie("une ligne de la sauvegarde n'est pas du ministère", table.name, str(row)[:80])])
    return row


def _insert_lots(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> dict[int, int]:
    """Former number of each lot → the one it has now."""
    moved = {}
    for row in rows:
        values = {name: value for name, value in row.items() if name != "id"}
        moved[int(row["id"])] = int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())
    return moved


def _placed(row: dict[str, Any], table: Table, moved: Mapping[int, int]) -> dict[str, Any]:
    """Rows numbered by the base take new numbers, in the same order; the ids of anonymous answers are their own."""
    kept = row if table.c.id.autoincrement is False else {name: value for name, value in row.items() if name != "id"}
    return {**kept, "lot": moved[int(row["lot"])]} if "lot" in row else kept


def _refused(path: Path, quoi: str, que_faire: str) -> EntreeInvalide:
    return EntreeInvalide([Anomalie(quoi, path.name, que_faire=que_faire)])
