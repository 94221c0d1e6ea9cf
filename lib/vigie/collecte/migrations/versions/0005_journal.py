"""The audit log: who read, changed, exported, validated or purged what. Never changed, never shortened."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "journal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("ministere", "fait_le", "auteur", "acte", "objet")),
        *(sa.Column(name, sa.String(64), nullable=False) for name in ("precedente", "empreinte")),
        sa.UniqueConstraint("ministere", "precedente", name="une_suite"),
    )
    for event in ("UPDATE", "DELETE"):
        _refuse(event)


def _refuse(event: str) -> None:
    trigger = f"{TABLE}_sans_{event.lower()}"
    message = f"rows of {TABLE} are never changed nor removed"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    body = f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS {body}")
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {trigger}()")
