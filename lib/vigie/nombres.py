"""The one way to write a number, for sentences of a diagnosis and for every output: text and table never disagree.

French usage: a comma, narrow no-break spaces between thousands, the true minus sign, a no-break space before the unit.
Halves are rounded up. Values are known numbers; what has no value is for the caller to say.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
TOLERANCE = 1e-9
"""Sums of thirds are not exact in floating point: a number this close to another is read as that one."""


def decimal(value: float, places: int = 1, limit: float = math.nan) -> str:
    """« 2,4 ». More decimals when rounding would print `limit` for a value that is not `limit`."""
    text = _fixed(value, places)
    for more in range(places + 1, places + 4):
        if math.isnan(limit) or abs(value - limit) <= TOLERANCE or text != _fixed(limit, more - 1):
            break
        text = _fixed(value, more)
    return text


def count(value: float) -> str:
    """A whole number, even held as a float: « 1 234 »."""
    return decimal(value, 0)


def score(value: float) -> str:
    """A score with one decimal, more when one would show a whole level that is not reached: 2,96 and not 3,0."""
    return decimal(value, 1, limit=math.ceil(value - TOLERANCE))


def figure(value: float) -> str:
    """A level: « 3 » when it is whole, else as a score."""
    return count(value) if abs(value - round(value)) <= TOLERANCE else score(value)


def percent(share: float, limit: float = math.nan, places: int = 0) -> str:
    """« 82 % » for a share from 0 to 1; decimals are added when rounding would print the `limit` that it does not
    equal."""
    return f"{decimal(share * 100, places, limit * 100)}{NBSP}%"


def _fixed(value: float, places: int) -> str:
    rounded = Decimal(repr(round(float(value), 9))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = str(abs(rounded)).partition(".")
    grouped = f"{int(whole):,}".replace(",", NARROW_NBSP)
    written = f"{grouped},{fraction}" if fraction else grouped
    return f"−{written}" if rounded < 0 else written
