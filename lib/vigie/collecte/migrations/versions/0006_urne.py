"""Anonymous answers wait in an urn before they are published, lose their day, and no longer come in a numbered lot.

Answers already published stay published. Receipts of anonymous forms leave the numbered lots, whose neighbours told
their hour.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTES = ("ministere", "campagne", "structure", "role", "etape", "cible", "mesure", "etat")
FORMULAIRE = "formulaire"
IDENTIFIANTS = 1 << 53


def upgrade() -> None:
    op.drop_column("echos", "date")
    op.create_table(
        "urne",
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTES),
        sa.Column("niveau", sa.Float),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("commentaire", "version")),
    )
    op.create_table(
        "remises",
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("ministere", "campagne")),
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.UniqueConstraint("ministere", "campagne", "empreinte", name="remise_une_fois"),
    )
    _move_receipts()
    for table in ("urne", "remises"):
        _refuse_updates(table)


def _move_receipts() -> None:
    """Lots without a named answer, that came from a form or name one submission of a survey tool."""
    lots = sa.table(
        "lots", *(sa.column(name) for name in ("id", "ministere", "campagne", "empreinte", "nom", "lignes"))
    )
    reponses = sa.table("reponses", sa.column("lot"))
    remises = sa.table("remises", *(sa.column(name) for name in ("id", "ministere", "campagne", "empreinte")))
    alone = sa.and_(
        sa.or_(lots.c.nom == FORMULAIRE, lots.c.lignes == 0),
        ~sa.exists().where(reponses.c.lot == lots.c.id),
    )
    bind = op.get_bind()
    found = bind.execute(sa.select(lots.c.id, lots.c.ministere, lots.c.campagne, lots.c.empreinte).where(alone))
    rows = [dict(row) for row in found.mappings()]
    if rows:
        bind.execute(sa.delete(lots).where(lots.c.id.in_([row["id"] for row in rows])))
        op.bulk_insert(remises, [{**row, "id": secrets.randbelow(IDENTIFIANTS)} for row in rows])


def _refuse_updates(table: str) -> None:
    """A row is written again, never changed. Rows may be deleted: they leave the urn, and have a retention date."""
    trigger = f"{table}_sans_modification"
    if op.get_bind().dialect.name == "sqlite":
        raised = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} {raised}")
        return
    raised = f"BEGIN RAISE EXCEPTION 'rows of {table} are never changed'; END"
    op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$")
    op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")
