"""Reports of misuse get a table of their own, which tells neither who sent them nor at what hour."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "signalements"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("ministere", "structure", "numero", "champ", "valeur", "jour")
        ),
        sa.UniqueConstraint("ministere", "numero", "champ", name="champ_une_fois"),
    )
    _refuse_updates()


def _refuse_updates() -> None:
    """A report stays as it was sent. Rows may still be deleted: personal data have a retention date."""
    trigger = f"{TABLE}_sans_modification"
    if op.get_bind().dialect.name == "sqlite":
        raised = f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are never changed'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {TABLE} {raised}")
        return
    raised = f"BEGIN RAISE EXCEPTION 'rows of {TABLE} are never changed'; END"
    op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$")
    op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {trigger}()")
