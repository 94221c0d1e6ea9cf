"""The first store: lots and reponses."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IDENTIFIANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lots",
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=True),
        sa.Column("ministere", sa.String(40), nullable=False),
        sa.Column("campagne", sa.String(40), nullable=False),
        sa.Column("empreinte", sa.String(64), nullable=False),
        sa.Column("nom", sa.Text, nullable=False),
        sa.Column("recu_le", sa.String(25), nullable=False),
        sa.Column("lignes", sa.Integer, nullable=False),
        sa.Column("versions", sa.Text, nullable=False),
        sa.UniqueConstraint("ministere", "campagne", "empreinte", name="lot_une_fois"),
    )
    op.create_table(
        "reponses",
        sa.Column("id", IDENTIFIANT, primary_key=True, autoincrement=True),
        sa.Column("ministere", sa.String(40), nullable=False),
        sa.Column("campagne", sa.String(40), nullable=False),
        sa.Column("structure", sa.String(40), nullable=False),
        sa.Column("repondant", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("etape", sa.String(40), nullable=False),
        sa.Column("objet", sa.String(40), nullable=False),
        sa.Column("cible", sa.String(60), nullable=False),
        sa.Column("mesure", sa.String(40), nullable=False),
        sa.Column("etat", sa.String(20), nullable=False),
        sa.Column("niveau", sa.Float),
        sa.Column("choix", sa.Text, nullable=False),
        sa.Column("commentaire", sa.Text, nullable=False),
        sa.Column("preuve", sa.Text, nullable=False),
        sa.Column("indicateur", sa.Text, nullable=False),
        sa.Column("date", sa.String(10), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("anonyme", sa.Boolean, nullable=False),
        sa.Column("lot", IDENTIFIANT, sa.ForeignKey("lots.id"), nullable=False),
        sa.Column("enregistre_le", sa.String(25), nullable=False),
    )
    op.create_index("reponses_par_structure", "reponses", ["ministere", "campagne", "structure", "id"])
