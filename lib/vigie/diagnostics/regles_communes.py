"""The rules of all uses of AI of a structure in one list."""

from __future__ import annotations

import pandas as pd


def merge_cases(regles: pd.DataFrame) -> pd.DataFrame:
    """One row a rule: that of the use that ranks it highest; `cas` then lists every use, "" (the structure) left out.

    A rule is proven here only if it is for each use that calls for it.
    """
    ordered = regles.sort_values(["classe", "rang"], kind="stable")
    first = ordered.drop_duplicates("regle").set_index("regle")
    grouped = regles.groupby("regle")
    cases: dict[str, list[str]] = {}
    for regle, cas in zip(regles["regle"].tolist(), regles["cas"].tolist(), strict=True):
        cases.setdefault(regle, []).extend([cas] if cas else [])
    first["cas"] = [" ".join(cases[regle]) for regle in first.index]
    first["prouvee"] = grouped["prouvee"].all()
    return first.reset_index()[list(regles.columns)]
