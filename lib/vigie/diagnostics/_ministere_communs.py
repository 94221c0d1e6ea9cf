"""What structures share: needs pooled, risks met in several places, rules to write once for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from .cadres import frame_of
from .chiffres import INCONNU
from .petits_effectifs import MASQUE

BESOINS = {
    "competence": "str",
    "libelle": "str",
    "structures": "int64",  # structures with a rank or a published need
    "masquees": "int64",  # structures whose figure is masked, left out of the sums
    "besoin": "float64",  # sum of published needs, NaN when every figure is masked
    "rang_min": "float64",
    "charge": "float64",  # sum of published loads, NaN when none is
}
RISQUES = {
    "risque": "str",
    "libelle": "str",
    "structures": "int64",
    "cas": "int64",
    "niveau_max": "float64",
    "non_couverts": "int64",
}
REGLES = {
    "regle": "str",
    "libelle": "str",
    "caractere": "str",
    "structures": "int64",
    "a_ecrire": "int64",
    "a_completer": "int64",
    "deja_ecrites": "int64",
}
Row = Mapping[str, Any]
COMMUN = 2
"""A need, a rule, a session or an action is common from two structures on: that is what the word means."""


def pool_needs(rows: Iterable[Row]) -> pd.DataFrame:
    """Table `besoins`, by best rank then charge. Rows: table `besoins` of each structure, with its structure."""
    pooled = [_pool_need(competence, group) for competence, group in grouped(rows, "competence")]
    pooled.sort(key=lambda row: (_last(row["rang_min"]), -_zero(row["charge"]), row["competence"]))
    return frame_of(pooled, BESOINS)


def pool_risks(rows: Iterable[Row]) -> pd.DataFrame:
    """Table `risques`: rated risks only, the most widespread first. Rows: table `risques` of each structure."""
    rated = [row for row in rows if row.get("niveau_retenu") is not None]
    pooled = [
        {
            "risque": risque,
            "libelle": group[0]["libelle"],
            "structures": len({row["structure"] for row in group}),
            "cas": len({(row["structure"], row["cas"]) for row in group}),
            "niveau_max": max(row["niveau_retenu"] for row in group),
            "non_couverts": sum(not row["couvert"] for row in group),
        }
        for risque, group in grouped(rated, "risque")
    ]
    pooled.sort(key=lambda row: (-row["structures"], -row["niveau_max"], row["risque"]))
    return frame_of(pooled, RISQUES)


def pool_rules(rows: Iterable[Row]) -> pd.DataFrame:
    """Table `regles`: applicable rules, those to write in most structures first. Rows: table `referentiel`."""
    pooled = [
        {
            "regle": regle,
            "libelle": group[0]["libelle"],
            "caractere": group[0]["caractere"],
            "structures": len(group),
            "a_ecrire": sum(row["statut"] == "a_ecrire" for row in group),
            "a_completer": sum(row["statut"] == "a_completer" for row in group),
            "deja_ecrites": sum(row["statut"] == "deja_ecrite" for row in group),
        }
        for regle, group in grouped(rows, "regle")
    ]
    pooled.sort(key=lambda row: (-row["a_ecrire"], -row["a_completer"], row["regle"]))
    return frame_of(pooled, REGLES)


def _pool_need(competence: str, group: Sequence[Row]) -> dict[str, Any]:
    shown = [row for row in group if row["etat"] != MASQUE and row["besoin"] is not None]
    # a structure without need has no load to give: its 0 would stand for those whose load is masked
    charges = [row["charge"] for row in shown if row["charge"] is not None and row["besoin"]]
    ranks = [row["rang"] for row in group if row["rang"] is not None]
    return {
        "competence": competence,
        "libelle": group[0]["libelle"],
        "structures": sum(row["rang"] is not None or _zero(row["besoin"]) > 0 for row in group),
        "masquees": sum(row["etat"] == MASQUE for row in group),
        "besoin": sum(row["besoin"] for row in shown) if shown else INCONNU,
        "rang_min": min(ranks) if ranks else INCONNU,
        "charge": sum(charges) if charges else INCONNU,
    }


def grouped(rows: Iterable[Row], key: str) -> list[tuple[str, list[Row]]]:
    """Rows by the value of one key, in the order of their first ones."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[key]), []).append(row)
    return list(groups.items())


def _zero(value: Any) -> float:
    return 0.0 if value is None or pd.isna(value) else float(value)


def _last(rank: Any) -> float:
    """A missing rank sorts after every rank."""
    return float("inf") if pd.isna(rank) else float(rank)
