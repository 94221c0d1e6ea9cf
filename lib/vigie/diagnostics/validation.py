"""The state of validation that every step prints: a draft until the direction has validated it (F3-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from .phrases import long_date

PROJET = "PROJET, non validé"
VALIDE = "valide"


@dataclass(frozen=True)
class Validation:
    """What the direction said last of a step or of a document. `date`: ISO, "" when not given."""

    etat: str
    date: str
    par: str


def last_validation(validations: pd.DataFrame, etape: str, livrable: str = "") -> Validation | None:
    """The last one of the step, or of one livrable; None when nothing was said. `validations`: dossier.VALIDATIONS.

    The validation of one livrable does not validate the step, nor does that of the step validate an act that is signed
    on its own.
    """
    # asked for each action and each document, of a frame of a few rows: walking them is much quicker than filtering it
    columns = (validations[name] for name in ("etape", "livrable", "date", "etat", "par"))
    said = [
        Validation(str(etat), str(jour), str(par))
        for step, document, jour, etat, par in zip(*columns, strict=True)
        if step == etape and (document if isinstance(document, str) else "") == livrable
    ]
    return max(reversed(said), key=lambda one: one.date, default=None)


def validation_text(validations: pd.DataFrame, etape: str, livrable: str = "") -> str:
    """« Validé le 18 novembre 2026 par … » from the last validation, else PROJET."""
    last = last_validation(validations, etape, livrable)
    if last is None or last.etat != VALIDE:
        return PROJET
    quand = f" le {long_date(date.fromisoformat(last.date))}" if last.date else ""
    return f"Validé{quand}" + (f" par {last.par}" if last.par else "")
