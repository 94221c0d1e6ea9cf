"""The database behind the store: where it is, how it is opened, which schema it has.

SQLite (write-ahead log) beside the ministry's files by default; VIGIE_DATABASE_URL for another, PostgreSQL through
psycopg. Connections are never kept: a notebook's process may be a fork of one that opened the store before it, and a
SQLite file may be removed to start again.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from ..errors import Anomalie, EntreeInvalide, ParametreInvalide
from .schema import REVISIONS, VERSION

VARIABLE = "VIGIE_DATABASE_URL"
FICHIER = "collecte.sqlite"
_TABLE_DE_VERSION = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"),
    "postgresql": text("SELECT to_regclass('alembic_version')"),
}
"""Whether there is one: asked at each opening, so without the inspection of a whole schema."""
_VERSION = text("SELECT version_num FROM alembic_version")
_MIGRATIONS = Path(__file__).parent / "migrations"
_COMMUN: Mapping[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
"""An error of the base goes to the logs without what it was writing: answers and names."""
_WAIT_S = 60
"""How long a writer waits for another before giving up."""
_CONNEXION_S = 20
"""How long a server may take to answer the first time."""


def database_url(chemin: Path) -> URL:
    """VIGIE_DATABASE_URL, else the SQLite file of the ministry's folder. Raises ParametreInvalide."""
    written = os.environ.get(VARIABLE, "").strip()
    if not written:
        return URL.create("sqlite", database=str(chemin / FICHIER))
    try:
        url = make_url(written)
    except ArgumentError as error:
        raise _bad_url("adresse illisible") from error
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise _bad_url(url.drivername)
    return url


def _bad_url(lu: str) -> ParametreInvalide:
    anomalie = Anomalie(
        "l'adresse de la base de réponses n'est pas valide",
        f"variable d'environnement {VARIABLE}",
        lu,
        "une adresse comme postgresql+psycopg://utilisateur:motdepasse@serveur/base",
        "corrigez cette variable, ou retirez-la pour employer le fichier du ministère",
    )
    return ParametreInvalide([anomalie])


@lru_cache(maxsize=16)
def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": _WAIT_S}, **_COMMUN)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        wait = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNEXION_S}
        return create_engine(url, connect_args=wait, **_COMMUN)
    except (NoSuchModuleError, ImportError) as error:
        raise _bad_url(url.drivername) from error


def open_engine(url: URL) -> Engine:
    """An engine whose database has the current schema. Raises EntreeInvalide when it cannot be had."""
    engine = _engine(url)
    with readable(url):
        with engine.connect() as connection:
            found = _schema_version(connection)
        if found != VERSION:
            _refuse_newer(found, url)
            _upgrade(engine)
    return engine


def current_engine(url: URL) -> Engine | None:
    """An engine on a database that exists and has the current schema; None when there is none yet, or an older one.

    Nothing is written. Raises EntreeInvalide on a database that cannot be read, or that a newer program made.
    """
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    engine = _engine(url)
    with readable(url), engine.connect() as connection:
        found = _schema_version(connection)
    _refuse_newer(found, url)
    return engine if found == VERSION else None


@contextmanager
def readable(url: URL) -> Iterator[None]:
    """Says in French what a database refuses for reasons outside of Vigie."""
    try:
        yield
    except DBAPIError as error:
        raise EntreeInvalide([_unreachable(error, url)]) from error


@contextmanager
def writing(engine: Engine, ministere: str) -> Iterator[Connection]:
    """A transaction, all or nothing, that no other writer of this ministry overlaps."""
    with engine.connect().execution_options(vigie_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            key = zlib.crc32(f"vigie:{ministere}".encode())
            connection.execute(text(f"SET LOCAL lock_timeout = {int(_WAIT_S * 1000)}"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        yield connection


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # transactions are opened by _begin_sqlite, not by the driver
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted must not stay readable in the file
    connection.execute("PRAGMA synchronous = FULL")  # an answer said to be saved must outlive a power cut


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its place in the queue at once: a reader that turns writer could not wait."""
    writes = connection.get_execution_options().get("vigie_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _schema_version(connection: Connection) -> str | None:
    if connection.execute(_TABLE_DE_VERSION[connection.dialect.name]).scalar() is None:
        return None
    return connection.execute(_VERSION).scalar()


def _refuse_newer(found: str | None, url: URL) -> None:
    if found is None or found in REVISIONS:
        return
    anomalie = Anomalie(
        "la base de réponses a été faite par une version plus récente de Vigie ; elle n'a pas été ouverte",
        _shown(url),
        f"schéma {found}",
        f"un schéma connu de ce programme, jusqu'à {VERSION}",
        "mettez Vigie à jour",
    )
    raise EntreeInvalide([anomalie])


def _upgrade(engine: Engine) -> None:
    from alembic import command  # slow to import, and only needed once a store
    from alembic.config import Config

    if engine.dialect.name == "sqlite":
        _write_ahead(engine)
    with writing(engine, "schema") as connection:
        _refuse_newer(_schema_version(connection), engine.url)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _write_ahead(engine: Engine) -> None:
    """Readers and one writer at once. The mode stays in the file; changing it needs to be alone for an instant."""
    deadline = time.monotonic() + _WAIT_S
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except engine.dialect.dbapi.OperationalError as error:  # type: ignore[union-attr]
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise OperationalError("PRAGMA journal_mode", None, error) from error
            time.sleep(0.05)
        finally:
            connection.close()


def _shown(url: URL) -> str:
    return FICHIER if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


_REFUS = (
    (("disk is full", "no space left", "could not extend"), "il n'y a plus de place pour la base de réponses",
     "libérez de la place, puis relancez : rien n'a été écrit à moitié"),
    (("readonly", "unable to open", "read-only"), "la base de réponses ne peut pas être écrite",
     "vérifiez les droits sur le dossier du ministère"),
    (("not a database", "malformed"), "la base de réponses est abîmée",
     "rétablissez une sauvegarde (vigie restore)"),
    (("locked", "lock timeout"), "la base de réponses est occupée par un autre programme",
     "réessayez dans un instant ; si cela dure, arrêtez le programme qui la retient"),
    (("disk i/o error",), "le disque de la base de réponses ne répond pas comme il faut",
     "vérifiez le disque, puis relancez ; au besoin, rétablissez une sauvegarde (vigie restore)"),
)  # fmt: skip
"""What a database says, in lower case → what is said instead, what to do."""


def _unreachable(error: DBAPIError, url: URL) -> Anomalie:
    message = (str(error.orig).strip().splitlines() or [""])[0]
    said = message.lower()
    foreseen = (saying for signs, *saying in _REFUS if any(sign in said for sign in signs))
    found = next(foreseen, None)
    if found is None and not isinstance(error, OperationalError):
        raise error
    quoi, que_faire = found or ("la base de réponses est injoignable", f"vérifiez le serveur et {VARIABLE}")
    return Anomalie(quoi, _shown(url), message, "une base que Vigie peut lire et écrire", que_faire)
