"""What the training documents write the same way: durations, audiences, unknown values « à demander »."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ... import formats
from ..contexte import Contexte
from ._commun import Line

A_DEMANDER = "à demander"


def asked(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame with « à demander » where these numbers are unknown: a course whose length was not given has one."""
    return frame.assign(
        **{name: frame[name].astype("object").where(frame[name].notna(), A_DEMANDER) for name in columns}
    )


def hours(value: object) -> str:
    """« 6 h », « 1,5 h »; a text, such as « à demander », stays."""
    if isinstance(value, str):
        return value
    if formats.is_absent(value):
        return A_DEMANDER
    exact = float(str(value))
    return f"{formats.count(exact) if exact == round(exact) else formats.number(exact)}{formats.NBSP}h"


def competence_list(value: object) -> str:
    """Ids or audiences of a cell, separated by commas."""
    return ", ".join(str(value).replace(",", " ").split())


def audience(contexte: Contexte) -> Line:
    """Labels of the audiences of a cell."""
    known: Mapping[str, str] = {public.id: public.libelle for public in contexte.referentiels.niveaux_requis.publics}
    return lambda value: formats.enumerate_words(
        [known.get(code, code) for code in str(value).replace("+", " ").split()]
        if set(str(value).replace("+", " ").split()) & set(known)
        else [str(value)]
    )
