"""Role medians of a whole dimension, for the maturity profile: who places the dimension where (A.6, F3-24)."""

from __future__ import annotations

import pandas as pd

from .cadres import frame_of
from .chiffres import low_median

ROLES_PAR_DIMENSION = {"dimension": "str", "role": "str", "items": "int64", "mediane": "float64"}


def summarise_roles(roles: pd.DataFrame) -> pd.DataFrame:
    """Per dimension and role, the low median of the role's medians on the items it rated; rows in order of appearance.

    `roles`: the table of the same name of ResultatMaturite. A role that rated no item of a dimension has no row there.
    """
    rated = roles.dropna(subset=["mediane"])
    groups = rated.groupby(["dimension", "role"], sort=False)["mediane"]
    rows = (
        {"dimension": dimension, "role": role, "items": len(values), "mediane": low_median(list(values))}
        for (dimension, role), values in groups
    )
    return frame_of(rows, ROLES_PAR_DIMENSION)
