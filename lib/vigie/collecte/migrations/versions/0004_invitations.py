"""Invitations to the forms: one row when a link is made, another when it is withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "invitations"
TEXTES = ("ministere", "numero", "acte", "campagne", "structure", "role", "repondant", "etapes", "expire_le", "fait_le")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTES),
        sa.UniqueConstraint("ministere", "numero", "acte", name="acte_une_fois"),
    )
    _refuse_updates()


def _refuse_updates() -> None:
    """A link that was made stays known. Rows may still be deleted: personal data have a retention date."""
    trigger = f"{TABLE}_sans_modification"
    if op.get_bind().dialect.name == "sqlite":
        raised = f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are never changed'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {TABLE} {raised}")
        return
    raised = f"BEGIN RAISE EXCEPTION 'rows of {TABLE} are never changed'; END"
    op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$")
    op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {trigger}()")
