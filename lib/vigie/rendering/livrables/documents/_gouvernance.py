"""What the documents of support and governance share: bases cited, dates, calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ...formats import enumerate_words, is_absent, long_date
from ...pourquoi import confidence_mark
from ...tables import Table, lines
from ..contexte import Contexte
from ._commun import plain_table
from ._droit import cite


def cited(cell: str, contexte: Contexte) -> str:
    """Ids of bases or rules of a cell, bases written in full, rules by their number."""
    known = {base.id: base for base in contexte.referentiels.bases.bases if base.citable}
    names = [name for name in str(cell).replace(",", " ").split() if name]
    return " ; ".join(cite(known[name], contexte.codes) if name in known else name for name in names)


def calendar_table(calendrier: pd.DataFrame, contexte: Contexte, caption: str, types: Sequence[str] = ()) -> Table:
    """Dates in order, of these types or of all."""
    kept = calendrier[calendrier["type"].isin(types)] if types else calendrier
    rows = [
        (
            long_date(line.date) if line.date else "date à fixer",
            line.intitule,
            line.public,
            contexte.codes.get(line.pilote, _pilot(line.pilote, contexte)),
        )
        for line in lines(kept.sort_values("date", kind="stable"))
    ]
    return plain_table(caption, ("Date", "Séance ou échéance", "Public", "Pilote"), rows)


def marked(text: str, confiance: str, codes: Mapping[str, str]) -> str:
    """A text with the mark of how it was checked."""
    return f"{text}{confidence_mark(confiance, codes)}" if text else ""


def age(months: object) -> str:
    return "" if is_absent(months) else f"{int(float(str(months)))} mois"


def _pilot(code: str, contexte: Contexte) -> str:
    roles = {role.id: role.libelle for role in contexte.referentiels.maturite.roles}
    return enumerate_words([roles.get(part, part) for part in str(code).split() if part in roles] or [str(code)])
