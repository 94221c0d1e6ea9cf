"""Alembic's entry: it runs on the connection that store.py hands over, in its transaction."""

from alembic import context

from vigie.collecte.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
