"""Anonymous answers leave for a table of their own, which cannot tell who or what they came with.

Written out rather than taken from schema.py: a migration must not change when the schema does.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COMMUNES = ("ministere", "campagne", "structure", "role", "etape", "cible", "mesure", "etat")
FIN = ("commentaire", "date", "version")
PREMIER_ECHO = 1 << 48
DERNIER_ECHO = 1 << 53


def upgrade() -> None:
    op.create_table(
        "echos",
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in COMMUNES),
        sa.Column("niveau", sa.Float),
        *(sa.Column(name, sa.Text, nullable=False) for name in FIN),
    )
    op.create_index("echos_par_structure", "echos", ["ministere", "campagne", "structure"])
    _move_anonymous()
    op.drop_column("reponses", "anonyme")
    op.create_index(
        "reponses_par_cle",
        "reponses",
        ["ministere", "campagne", "structure", "etape", "repondant", "objet", "cible", "mesure"],
    )
    for table in ("lots", "reponses", "echos"):
        _refuse_updates(table)


def _move_anonymous() -> None:
    columns = (*COMMUNES, "niveau", *FIN)
    echos = sa.table("echos", sa.column("id"), *(sa.column(name) for name in columns))
    reponses = sa.table("reponses", sa.column("anonyme", sa.Boolean), *(sa.column(name) for name in columns))
    query = sa.select(*(reponses.c[name] for name in columns)).where(reponses.c.anonyme.is_(True))
    rows = [dict(row) for row in op.get_bind().execute(query).mappings()]
    taken: set[int] = set()
    while len(taken) < len(rows):
        taken.add(PREMIER_ECHO + secrets.randbelow(DERNIER_ECHO - PREMIER_ECHO))
    if rows:
        op.bulk_insert(echos, [{"id": id_, **row} for id_, row in zip(sorted(taken), _shuffled(rows), strict=True)])
    op.execute(sa.delete(reponses).where(reponses.c.anonyme.is_(True)))


def _shuffled(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return secrets.SystemRandom().sample(rows, len(rows))


def _refuse_updates(table: str) -> None:
    """An answer is corrected by a new row. Rows may still be deleted: personal data have a retention date."""
    trigger = f"{table}_sans_modification"
    if op.get_bind().dialect.name == "sqlite":
        raised = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} {raised}")
        return
    raised = f"BEGIN RAISE EXCEPTION 'rows of {table} are never changed'; END"
    op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$")
    op.execute(f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")
