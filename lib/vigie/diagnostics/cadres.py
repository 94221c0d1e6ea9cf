"""Frames of results: always every column of their schema, with its dtype, even without rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..dossier import empty_frame


def frame_of(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    """One row a mapping; columns and dtypes of `schema`, in its order. A missing key is a defect: KeyError."""
    values = [[row[name] for name in schema] for row in rows]
    if not values:
        return empty_frame(schema)
    return pd.DataFrame(values, columns=list(schema)).astype(dict(schema))
