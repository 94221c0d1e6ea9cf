"""Alembic's entry: it runs on the connection that base_de_donnees.py hands over, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
