"""What the programs of each earlier schema really wrote: `<schema>.json`, the files they received and their rows.

The rows of a schema never change. Each was written by the last program that had it, through its own imports, forms,
reports and invitations; a new schema adds a file, made the same way before the migration lands. `<schema>.zip`: what
its `vigie backup` made of the same ministry, since there has been one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, insert, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from vigie.collecte import base_de_donnees

SCHEMAS = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.json")))
ARCHIVES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.zip"))}
"""Schema → the backup that its program made."""


def ancien(schema: str) -> dict[str, Any]:
    """`fichiers`: name → text; `tables`: name → rows, in the order they must be written."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name(f"{schema}.json").read_text(encoding="utf-8"))
    return content


def write_ancien(url: URL, schema: str) -> None:
    """Make an empty base as the program of that schema left it."""
    engine = create_engine(url, poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(base_de_donnees._MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
        tables = MetaData()
        tables.reflect(connection)
        for name, rows in ancien(schema)["tables"].items():
            table = tables.tables[name]
            booleans = [column.name for column in table.columns if column.name == "anonyme"]
            rows = [{**row, **{one: bool(row[one]) for one in booleans}} for row in rows]
            if rows:
                connection.execute(insert(table), rows)
            if url.get_backend_name() == "postgresql" and name in ("lots", "reponses", "invitations", "journal"):
                drawn = text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {max(1, len(rows))})")
                connection.execute(drawn)  # as far as the program of the time had drawn
