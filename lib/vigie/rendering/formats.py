"""French writing of numbers, dates, lists and typography. Text in, text out.

No-break spaces follow the usage of French typography: U+00A0 inside « guillemets » and before a colon or a unit,
U+202F (narrow) before ; ! ? and between thousands.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import pandas as pd

from .. import nombres
from ..diagnostics.phrases import MOIS
from ..diagnostics.phrases import enumerate_words as enumerate_words
from ..nombres import NARROW_NBSP as NARROW_NBSP
from ..nombres import NBSP as NBSP
from .signes import neutralise

ABSENT = "—"
MASKED = "masqué"
_TYPOGRAPHY = (
    (re.compile(r"(?<=\w)'(?=[\w«])"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"[ \u00a0\u202f]+([;!?])"), NARROW_NBSP + r"\1"),
    (re.compile(r"[ \u00a0\u202f]+([:»%€])"), NBSP + r"\1"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«" + NBSP),
    (re.compile(r"\b(n°|art\.|p\.) (?=\d)"), r"\1" + NBSP),
)


@lru_cache(maxsize=8192)
def typeset(text: str) -> str:
    """French typography of a sentence: curly apostrophes, no-break spaces, ellipsis. Idempotent.

    A sign without a space before it (an address, an hour) is left alone. Signs that do not read are taken out.
    """
    text = neutralise(text)
    for pattern, replacement in _TYPOGRAPHY:
        text = pattern.sub(replacement, text)
    return text


def is_absent(value: object) -> bool:
    """True for what stands for « no value »: None, NaN, NaT, NA and the empty text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value
    if isinstance(value, int | float):
        return value != value  # NaN is the only number that differs from itself
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))  # type: ignore[call-overload]


def number(value: object, decimals: int = 1) -> str:
    """`3.25` → « 3,3 » (halves up, 1 decimal by default), `1234` → « 1 234 »; no value → « — ».

    Integers are written without decimals whatever `decimals` says.
    """
    if is_absent(value):
        return ABSENT
    return nombres.decimal(float(str(value)), 0 if isinstance(value, int) else decimals)


def score(value: object) -> str:
    """A score as the sentences of the diagnosis write it: never a whole level that is not reached (2,96, not 3,0)."""
    return ABSENT if is_absent(value) else nombres.score(float(str(value)))


def count(value: object) -> str:
    """A whole number, even when pandas holds it as a float: `12.0` → « 12 »; no value → « — »."""
    return number(value, 0)


def percent(share: object, decimals: int = 0) -> str:
    """A share from 0 to 1: `0.82` → « 82 % »; no value → « — »."""
    return ABSENT if is_absent(share) else nombres.percent(float(str(share)), places=decimals)


def yes_no(value: object) -> str:
    return ABSENT if is_absent(value) else ("oui" if bool(value) else "non")


def long_date(value: object) -> str:
    """A date or an ISO text: « 24 novembre 2026 », « 1er décembre 2026 »; no value → « — »."""
    if is_absent(value):
        return ABSENT
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{MOIS[day.month - 1]} {day.year}"


def month_year(value: date | str) -> str:
    """« décembre 2027 »."""
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{MOIS[day.month - 1]} {day.year}"


def plural(quantity: int, singular: str, several: str | None = None) -> str:
    """« 0 agent », « 1 agent », « 3 agents »: in French the plural begins at two."""
    noun = singular if abs(quantity) < 2 else (several or f"{singular}s")
    return f"{number(int(quantity))}{NBSP}{noun}"


def capitalize(text: str) -> str:
    """First letter upper, the rest untouched (str.capitalize would lower « IA »)."""
    return text[:1].upper() + text[1:]
