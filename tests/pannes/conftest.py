"""Faults are tried on the small ministry of tests/collecte, in SQLite and in a real PostgreSQL."""

from tests.collecte.conftest import base, charge, sqlite_seul, store

__all__ = ["base", "charge", "sqlite_seul", "store"]
