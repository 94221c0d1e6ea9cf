"""Opening the store's database: SQLite beside the ministry, or VIGIE_DATABASE_URL; its schema brought up to date once.

A schema newer than this program is refused: an older program could misread it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from ..atomic import locked
from ..errors import Anomalie, ParametreInvalide
from .schema import REVISION

VARIABLE = "VIGIE_DATABASE_URL"
FICHIER = "collecte.sqlite"
ATTENTE_S = 60
"""How long a writer waits for another one."""
_VERROU_SCHEMA = 0x5649_4749


def database_url(chemin: Path) -> str:
    """The store's address: VIGIE_DATABASE_URL, else a file in the ministry's folder."""
    return os.environ.get(VARIABLE, "").strip() or f"sqlite:///{chemin / FICHIER}"


def open_engine(url: str) -> Engine:
    """An engine on a store whose schema is this program's. Raises ParametreInvalide, in plain words, otherwise."""
    return _open(url, os.getpid())


@lru_cache(maxsize=8)
def _open(url: str, process: int) -> Engine:
    """One engine a process: a connection must not cross a fork."""
    del process
    try:
        address = make_url(url)
        sqlite = address.get_backend_name() == "sqlite"
        engine = create_engine(address, pool_pre_ping=not sqlite)
        if sqlite:
            event.listen(engine, "connect", _settle_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        _bring_up_to_date(engine, Path(address.database or "") if sqlite else None)
    except (ArgumentError, OperationalError, ModuleNotFoundError) as error:
        raise _refuse("la base des réponses ne peut pas être ouverte", str(error).splitlines()[0]) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that nobody else writes in: on SQLite the lock is taken at once, so that it never has to retry."""
    with engine.connect().execution_options(vigie_ecrit=True) as connection, connection.begin():
        yield connection


def _settle_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    connection.execute(f"PRAGMA busy_timeout={ATTENTE_S * 1000}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("vigie_ecrit")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine, fichier: Path | None) -> None:
    if _revision(engine) == REVISION:
        return
    if fichier is not None:
        with locked(fichier.with_suffix(".verrou")):
            _migrate(engine)
    else:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:cle)"), {"cle": _VERROU_SCHEMA})
            try:
                _migrate(engine)
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:cle)"), {"cle": _VERROU_SCHEMA})


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    revision = _revision(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision and revision not in known:
        raise _refuse("cette base de réponses a été écrite par une version plus récente de Vigie", f"schéma {revision}")
    if revision == REVISION:
        return
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _refuse(quoi: str, valeur: str) -> ParametreInvalide:
    return ParametreInvalide(
        [
            Anomalie(
                quoi,
                f"base des réponses ({VARIABLE}, ou {FICHIER} dans le dossier du ministère)",
                valeur,
                f"une base joignable, au schéma {REVISION}",
                "vérifiez l'adresse de la base, ou mettez Vigie à jour",
            )
        ]
    )
