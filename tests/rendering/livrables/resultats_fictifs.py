"""Results of the later steps, invented (resultats_fictifs.yaml): what their documents must show."""

from __future__ import annotations

from dataclasses import make_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import yaml
from vigie.diagnostics.resultat import Constat, Pourquoi, Recommandation, Resultat, nominative

ETAPES = ("plan_formation",)
NOMINATIFS = ("inscriptions",)


@cache
def content() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")))


@cache
def invented(etape: str) -> Resultat:
    """The invented Resultat of a later step."""
    scalars, tables = content()[etape]["scalaires"], content()[etape]["tables"]
    fields = [
        (name, Any, nominative()) if name in NOMINATIFS else (name, Any) for name in (*scalars, *tables)
    ]  # fmt: skip
    kind = make_dataclass("ResultatInvente", fields, bases=(Resultat,), frozen=True, namespace={"etape": etape})
    kind.__annotations__["etape"] = ClassVar[str]
    action = Recommandation(
        id="X-1",
        etape=etape,
        action="Inscrivez les agents.",
        rang=1,
        priorite=9.0,
        pilote="FOR",
        livrable="Inscriptions",
        preuve="Liste",
        pourquoi=Pourquoi("Rang 1.", competences=("B1",)),
        echeance=date(2026, 12, 18),
    )
    return kind(
        structure="scn-recrutement",
        campagne="2026-automne",
        date_reference=date(2026, 11, 24),
        versions={"maturite": "2026.11"},
        constats=(Constat("A", "Une alerte.", "alerte"), Constat("B", "Un point d'attention.", "attention")),
        recommandations=(action,),
        manques=("Une donnée manque.",),
        **{name: np.nan if value is None else value for name, value in scalars.items()},
        **{name: _frame(rows) for name, rows in tables.items()},
    )


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Numbers as numbers, an empty value as no number."""
    frame = pd.DataFrame(rows)
    return frame.assign(**{name: values.astype("float64") for name, values in frame.items() if _is_number(values)})


def _is_number(values: pd.Series) -> bool:
    known = [value for value in values if value is not None and value == value]
    return bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
