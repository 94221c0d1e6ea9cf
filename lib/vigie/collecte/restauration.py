"""Taking a backup back (see sauvegarde.py): a new folder, and the ministry's rows in the base, or nothing.

The archive is checked whole before anything is written. While it is taken back the folder holds a mark, with which no
command opens it: killed half-way, a restoration is run again and starts over. Rows go in one transaction; when it was
the last thing that the base heard of this ministry, they are there already and are not written twice.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from ..atomic import PARTIEL, write_text
from ..errors import EcritureImpossible
from ..paths import file_name
from .base_de_donnees import FICHIER, readable, writing
from .journal import account, last_entry, write_entry
from .ministere import RESTAURATION, MinistereCharge, load_ministere, load_unfinished
from .sauvegarde import BASE, DOSSIER, FORMAT, LIGNES, MANIFESTE, MORCEAU, refused
from .schema import REVISIONS, metadata
from .store import Store, open_store

TAILLE_MAX = 8 * 2**30
"""Bytes that a backup may hold once unpacked: more is refused unread."""
VENUES, PARTIES = ("urne", "remises"), {"echos": ("date",)}
"""Tables that backups of an older schema do not have, columns that they have and the store no longer does."""
_ILLISIBLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError)
"""What reading a file that is no backup, or a piece of one, may raise; NotImplementedError is for strange archives."""


def restore(path: Path, folder: Path) -> MinistereCharge:
    """Make the ministry's folder again, and its rows in the store; all of it or nothing.

    Raises EntreeInvalide when the archive is damaged or newer than this program, when the folder is not empty, or when
    the base already holds other rows of this ministry; EcritureImpossible when the machine refuses.
    """
    names, empreinte = _check(path)
    mark = folder / RESTAURATION
    existed = folder.exists()
    _claim(folder, mark, empreinte)
    try:
        _extract(path, names, folder)
        charge = load_unfinished(folder)
        _fill(open_store(charge), path, empreinte)
    except BaseException as error:
        _clear(folder, existed)
        if isinstance(error, OSError):
            raise EcritureImpossible(error, folder) from error
        raise
    mark.unlink()
    return load_ministere(folder)


def _check(path: Path) -> tuple[list[str], str]:
    """Names of the files of the archive, each checked against its manifest, and a hash that names the whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > TAILLE_MAX:
                raise refused(path, "l'archive est plus grande qu'une sauvegarde", "vérifier d'où vient ce fichier")
            written = archive.read(MANIFESTE)
            head = json.loads(written)
            given = {name: _digest(archive, name) for name in head["fichiers"]}
            expected = dict(head["fichiers"].items())
    except (*_ILLISIBLE, NotImplementedError, RuntimeError) as error:
        raise refused(
            path,
            "ce fichier n'est pas une sauvegarde de Vigie, ou il en manque un morceau",
            "prendre une autre copie de la sauvegarde",
            "le fichier écrit par vigie backup, entier",
        ) from error
    if head.get("format") != FORMAT or head.get("schema") not in REVISIONS:
        raise refused(path, "la sauvegarde vient d'une version plus récente de Vigie", "mettre Vigie à jour")
    for name, digest in given.items():
        if not _is_ours(name):
            raise refused(
                path, f"un nom de fichier n'est pas d'une sauvegarde : {name}", "vérifier d'où vient ce fichier"
            )
        if digest != expected[name]:
            raise refused(path, f"la sauvegarde est abîmée : {name}", "prendre une autre sauvegarde")
    return list(given), hashlib.sha256(written).hexdigest()


def _is_ours(name: str) -> bool:
    """Whether a backup may hold this name: inside its two folders on any system, and no store, key nor mark.

    « ministere//etc/x » would be « /etc/x » once its first folder is taken away.
    """
    parts = PurePosixPath(name).parts
    plain = len(parts) > 1 and parts[0] in (DOSSIER, BASE) and ".." not in parts and "/".join(parts) == name
    return plain and not set(name) & set("\\:\0") and not parts[-1].startswith((FICHIER, "."))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as entry:
        while piece := entry.read(MORCEAU):
            digest.update(piece)
    return digest.hexdigest()


def _claim(folder: Path, mark: Path, empreinte: str) -> None:
    """Mark a new or empty folder; one that a killed restoration of the same archive left is cleared first."""
    for unwritten in folder.glob(f".{RESTAURATION}.*{PARTIEL}"):  # killed while it was making the mark itself
        unwritten.unlink()
    if folder.exists() and any(folder.iterdir()):
        if not mark.is_file():
            raise refused(folder, "le dossier n'est pas vide", "choisir un dossier neuf : rien n'est écrasé")
        if mark.read_text(encoding="utf-8") != empreinte:
            raise refused(
                folder,
                "la restauration d'une autre sauvegarde y a été interrompue",
                "relancer celle-là, ou choisir un dossier neuf",
            )
        _clear(folder, existed=True, but=mark)
    write_text(mark, empreinte)


def _clear(folder: Path, existed: bool, but: Path | None = None) -> None:
    """Remove what a restoration wrote, the mark last: as long as something is left, nothing opens it."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == RESTAURATION):
        if path == but:
            continue
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    if not existed:
        with suppress(OSError):
            folder.rmdir()


def _extract(path: Path, names: list[str], folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in names:
            if name.startswith(f"{DOSSIER}/"):
                target = folder / name.removeprefix(f"{DOSSIER}/")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy, MORCEAU)


def _fill(store: Store, path: Path, empreinte: str) -> None:
    """Write the rows, new numbers being given to those of a base that other ministries share."""
    objet = f"{file_name(path)}, empreinte {empreinte[:12]}"
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        if last_entry(connection, store.ministere) == ("restauration", objet):
            return
        for name, table in metadata.tables.items():
            held = select(func.count()).select_from(table).where(table.c.ministere == store.ministere)
            if connection.execute(held).scalar_one():
                raise refused(
                    path,
                    f"la base contient déjà des lignes du ministère « {store.ministere} » ({name})",
                    "restaurer dans une base qui n'en contient pas",
                )
        with zipfile.ZipFile(path) as archive:
            try:
                _write_rows(connection, archive, store.ministere)
            except (KeyError, ValueError, TypeError, RecursionError, IntegrityError, StatementError) as error:
                raise refused(
                    path,
                    "des lignes de la sauvegarde n'ont pas leur place dans la base",
                    "prendre une autre sauvegarde",
                ) from error
        write_entry(connection, store.ministere, "restauration", objet, account())


def _write_rows(connection: Connection, archive: zipfile.ZipFile, ministere: str) -> None:
    moved: dict[int, int] = {}
    for name, table in metadata.tables.items():
        rows = _rows(archive, name, table, ministere)
        if name == "lots":
            moved = _insert_lots(connection, table, rows)
            continue
        while some := [_placed(row, table, moved) for row in islice(rows, LIGNES)]:
            connection.execute(insert(table), some)


def _rows(archive: zipfile.ZipFile, name: str, table: Table, ministere: str) -> Iterator[dict[str, Any]]:
    """Raises ValueError on a row that is not one of this table and ministry."""
    columns = {column.name for column in table.c}
    file = f"{BASE}/{name}.jsonl"
    if name in VENUES and file not in archive.namelist():
        return
    with archive.open(file) as entry:
        for line in entry:
            row = json.loads(line)
            for gone in PARTIES.get(name, ()) if isinstance(row, dict) else ():
                row.pop(gone, None)
            if not isinstance(row, dict) or set(row) != columns or row["ministere"] != ministere:
                raise ValueError(f"row of another table or ministry in {name}")
            yield row


def _insert_lots(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> dict[int, int]:
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
