"""The store's tables, as the last migration leaves them. Rows are added, never changed: a correction is a new row.

lots       one row a file or a form received
reponses   named answers; the last row of a key is the current answer
urne       anonymous answers that wait for enough others: see urne.py
echos      anonymous answers that are published: no respondent, no lot, no day, an id that follows no order of arrival
remises    hash of what each anonymous submission was sent with, so that sending it twice records it once
signalements   reports of misuse, one row a field: no respondent, no lot, no hour, read by no dossier
invitations    links to the forms: one row when one is made, another when it is withdrawn
journal    the audit log: each row holds the hash of the one before
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every revision that this program knows, oldest first; see migrations/versions."""
VERSION = REVISIONS[-1]

metadata = MetaData()
_IDENTIFIANT = BigInteger().with_variant(Integer, "sqlite")


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


lots = Table(
    "lots",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    *_texts("ministere", "campagne"),
    Column("empreinte", String(64), nullable=False),
    *_texts("nom", "recu_le"),
    Column("lignes", Integer, nullable=False),
    *_texts("versions"),
)
reponses = Table(
    "reponses",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    *_texts("ministere", "campagne", "structure", "repondant", "role", "etape", "objet", "cible", "mesure", "etat"),
    Column("niveau", Float),
    *_texts("choix", "commentaire", "preuve", "indicateur", "date", "version"),
    Column("lot", _IDENTIFIANT, ForeignKey("lots.id"), nullable=False),
    *_texts("enregistre_le"),
)


def _anonymous(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", _IDENTIFIANT, primary_key=True, autoincrement=False),
        *_texts("ministere", "campagne", "structure", "role", "etape", "cible", "mesure", "etat"),
        Column("niveau", Float),
        *_texts("commentaire", "version"),
    )


urne, echos = _anonymous("urne"), _anonymous("echos")
remises = Table(
    "remises",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=False),
    *_texts("ministere", "campagne"),
    Column("empreinte", String(64), nullable=False),
)
signalements = Table(
    "signalements",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=False),
    *_texts("ministere", "structure", "numero", "champ", "valeur", "jour"),
)
invitations = Table(
    "invitations",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    *_texts("ministere", "numero", "acte", "campagne", "structure", "role", "repondant", "etapes", "expire_le"),
    *_texts("fait_le"),
)
journal = Table(
    "journal",
    metadata,
    Column("id", _IDENTIFIANT, primary_key=True, autoincrement=True),
    *_texts("ministere", "fait_le", "auteur", "acte", "objet"),
    Column("precedente", String(64), nullable=False),
    Column("empreinte", String(64), nullable=False),
)
