"""The store's two tables. Nothing in them is ever changed: a correction is a new row."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0001"
"""Revision of alembic that this program reads and writes; see migrations/versions."""

metadata = MetaData()
_IDENTIFIANT = BigInteger().with_variant(Integer, "sqlite")

lots = Table(
    "lots",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    Column("ministere", String(40), nullable=False),
    Column("campagne", String(40), nullable=False),
    Column("empreinte", String(64), nullable=False),
    Column("nom", Text, nullable=False),
    Column("recu_le", String(25), nullable=False),
    Column("lignes", Integer, nullable=False),
    Column("versions", Text, nullable=False),
    UniqueConstraint("ministere", "campagne", "empreinte", name="lot_une_fois"),
)

reponses = Table(
    "reponses",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    Column("ministere", String(40), nullable=False),
    Column("campagne", String(40), nullable=False),
    Column("structure", String(40), nullable=False),
    Column("repondant", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("etape", String(40), nullable=False),
    Column("objet", String(40), nullable=False),
    Column("cible", String(60), nullable=False),
    Column("mesure", String(40), nullable=False),
    Column("etat", String(20), nullable=False),
    Column("niveau", Float),
    Column("choix", Text, nullable=False),
    Column("commentaire", Text, nullable=False),
    Column("preuve", Text, nullable=False),
    Column("indicateur", Text, nullable=False),
    Column("date", String(10), nullable=False),
    Column("version", String(20), nullable=False),
    Column("anonyme", Boolean, nullable=False),
    Column("lot", _IDENTIFIANT, ForeignKey("lots.id"), nullable=False),
    Column("enregistre_le", String(25), nullable=False),
    Index("reponses_par_structure", "ministere", "campagne", "structure", "id"),
)
