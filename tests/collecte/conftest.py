"""The store is checked on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

from pathlib import Path

import pytest
from vigie.collecte import MinistereCharge, Store, open_store

from .ministere_essai import charge_in

BASES = ("sqlite", "postgresql")


@pytest.fixture(params=BASES)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes the store of this test live in each kind of database, empty."""
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("VIGIE_DATABASE_URL", request.getfixturevalue("base_postgresql"))
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
