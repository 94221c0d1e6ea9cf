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
    first["cas"] = grouped["cas"].agg(lambda cases: " ".join(case for case in cases if case))
    first["prouvee"] = grouped["prouvee"].all()
    return first.reset_index()[list(regles.columns)]
