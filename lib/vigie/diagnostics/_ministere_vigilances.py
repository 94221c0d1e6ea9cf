"""Vigilance points and actions that structures share: states side by side, deeds found in several of them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ._ministere_communs import COMMUN, Row, grouped
from .cadres import frame_of

VIGILANCES = {"structure": "str", "vigilance": "str", "libelle": "str", "etat": "str"}
ACTIONS_COMMUNES = {
    "cle": "str",
    "action": "str",
    "priorite": "str",  # the most pressing one met
    "pilote": "str",
    "structures": "int64",
    "echeance": "str",  # the first one
    "ou": "str",
}


def points(rows: Iterable[Row]) -> pd.DataFrame:
    """The states as each structure has them. Rows: table `vigilances` of each restitution."""
    return frame_of(({name: row[name] for name in VIGILANCES} for row in rows), VIGILANCES)


def pool_actions(rows: Iterable[Row], priorites: Iterable[str]) -> pd.DataFrame:
    """Actions of the same key in two structures or more, the most widespread first. Rows: table `feuille_de_route` of
    each restitution. `priorites`: labels, the most pressing first."""
    order = {label: rank for rank, label in enumerate(priorites)}
    pooled = []
    for cle, group in grouped(rows, "cle"):
        names = sorted({str(row["structure"]) for row in group})
        if len(names) < COMMUN:
            continue
        dates = sorted(str(row["echeance"]) for row in group if row["echeance"])
        first = min(group, key=lambda row: order.get(str(row["priorite"]), len(order)))
        pooled.append(
            {
                "cle": cle,
                "action": first["action"],
                "priorite": first["priorite"],
                "pilote": first["pilote"],
                "structures": len(names),
                "echeance": dates[0] if dates else "",
                "ou": " ".join(names),
            }
        )
    pooled.sort(key=lambda row: (order.get(row["priorite"], len(order)), -row["structures"], row["cle"]))
    return frame_of(pooled, ACTIONS_COMMUNES)
