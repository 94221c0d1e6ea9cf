"""What an act of the ministry writes once for its structures: each refers to it, and proves that it applies it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ..referentiels.ministere import DocumentMinistere
from ._ministere_communs import Row, grouped
from .cadres import frame_of

HERITAGE = {
    "regle": "str",
    "libelle": "str",
    "document": "str",
    "reference": "str",
    "date": "str",
    "structures": "int64",  # where the rule applies
    "prouvees": "int64",  # where it is proven for each use that calls for it
    "a_prouver": "str",  # ids of the others
    "note": "str",
}


def inherit(rows: Iterable[Row], documents: Sequence[DocumentMinistere]) -> pd.DataFrame:
    """One row a rule of a ministerial act that applies somewhere. Rows: table `regles` of each structure."""
    applied = dict(grouped(rows, "regle"))
    found = []
    for document in documents:
        for regle in document.regles:
            group = applied.get(regle, [])
            if not group:
                continue
            names = sorted({str(row["structure"]) for row in group})
            left = sorted({str(row["structure"]) for row in group if not row["prouvee"]})
            found.append(
                {
                    "regle": regle,
                    "libelle": group[0]["libelle"],
                    "document": document.libelle,
                    "reference": document.reference,
                    "date": document.date.isoformat(),
                    "structures": len(names),
                    "prouvees": len(names) - len(left),
                    "a_prouver": " ".join(left),
                    "note": document.note,
                }
            )
    return frame_of(found, HERITAGE)
