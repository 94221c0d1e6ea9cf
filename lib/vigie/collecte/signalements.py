"""Reports of misuse: written whole, in a table that no dossier reads, with neither respondent, nor lot, nor hour.

Whoever sends one keeps its number, drawn from a token that is not stored.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import insert, select

from .base_de_donnees import readable, writing
from .schema import signalements
from .store import Store

SIGNALEMENTS = {"structure": "str", "numero": "str", "champ": "str", "valeur": "str", "jour": "str"}
"""Columns of `read_signalements`: one row a field."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without signs that are mistaken for one another when read aloud."""
_LONGUEUR = 12
_IDENTIFIANTS = 1 << 53


@dataclass(frozen=True)
class Depot:
    """A report that is in the store: what its author notes down."""

    numero: str
    jour: str


def record_signalement(store: Store, structure: str, sigle: str, champs: Mapping[str, str], jeton: str) -> Depot:
    """Write a report, all of it or nothing. The same `jeton` again changes nothing and gives the same number."""
    numero = _numero(sigle, jeton)
    mine = (signalements.c.ministere == store.ministere, signalements.c.numero == numero)
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        already = connection.execute(select(signalements.c.jour).where(*mine)).scalar()
        if already is not None:
            return Depot(numero, already)
        jour = datetime.now(UTC).date().isoformat()
        rows = [
            # ids drawn at random: reports do not follow one another
            {"id": secrets.randbelow(_IDENTIFIANTS), "champ": champ, "valeur": valeur}
            for champ, valeur in champs.items()
            if valeur
        ]
        common = {"ministere": store.ministere, "structure": structure, "numero": numero, "jour": jour}
        connection.execute(insert(signalements), [{**row, **common} for row in rows])
    return Depot(numero, jour)


def read_signalements(store: Store, structure: str = "") -> pd.DataFrame:
    """Reports of a structure, of all of them if it is "", for the persons who handle them: SIGNALEMENTS."""
    where = [signalements.c.ministere == store.ministere]
    where += [signalements.c.structure == structure] if structure else []
    query = (
        select(*(signalements.c[name] for name in SIGNALEMENTS))
        .where(*where)
        .order_by(signalements.c.numero, signalements.c.id)
    )
    with readable(store.engine.url), store.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return pd.DataFrame(rows, columns=list(SIGNALEMENTS)).astype(SIGNALEMENTS)


def _numero(sigle: str, jeton: str) -> str:
    """« SIG-7K2M-9QXA-4TBC », the same for the same token."""
    drawn = hashlib.sha256(f"signalement:{jeton}".encode()).digest()
    signs = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in drawn[:_LONGUEUR])
    return "-".join([sigle, *(signs[start : start + 4] for start in range(0, _LONGUEUR, 4))])
