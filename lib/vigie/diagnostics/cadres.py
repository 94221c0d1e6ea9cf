"""Frames of results: always every column of their schema, with its dtype, even without rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..dossier import empty_frame, typed_frame


def frame_of(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    """One row a mapping; columns and dtypes of `schema`, in its order. A missing key is a defect: KeyError."""
    kept = list(rows)
    if not kept:
        return empty_frame(schema)
    return typed_frame(([row[name] for row in kept] for name in schema), schema)
