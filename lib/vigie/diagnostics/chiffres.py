"""Numbers of a diagnostic: compared with thresholds, summarised, and printed so that text and comparison agree.

Weighted means of thirds are not exact in floating point: every comparison goes through a tolerance, so that 7 tenths
reach a threshold of 0.7 and a mean of exactly 3 is not read as 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, median_low, pvariance

TOLERANCE = 1e-9
INCONNU = math.nan
"""A number that does not exist; it becomes null in JSON."""


def known(value: float) -> bool:
    return not math.isnan(value)


def at_least(value: float, threshold: float) -> bool:
    """value ≥ threshold; False when the value is unknown."""
    return value >= threshold - TOLERANCE


def over(value: float, threshold: float) -> bool:
    """value > threshold; False when the value is unknown."""
    return value > threshold + TOLERANCE


def under(value: float, threshold: float) -> bool:
    """value < threshold; False when the value is unknown."""
    return value < threshold - TOLERANCE


def whole(value: float) -> int:
    """Integer part of a known value."""
    return math.floor(value + TOLERANCE)


def low_median(values: Sequence[float]) -> float:
    """Median, the lower of the two middle values when they are even in number; unknown without values."""
    return median_low(values) if values else INCONNU


def absolute_deviation(values: Sequence[float]) -> float:
    """AD: mean of the absolute deviations from the median."""
    centre = low_median(values)
    return fmean(abs(value - centre) for value in values)


def agreement_index(values: Sequence[float], reference_variance: float) -> float:
    """r*wg = 1 − variance / reference variance, the variance having n as denominator."""
    return 1 - pvariance(values) / reference_variance


def decimal(value: float, places: int = 1, limit: float = INCONNU) -> str:
    """« 2,4 », halves rounded up. More decimals when rounding would print `limit` for a value that is not `limit`."""
    text = _fixed(value, places)
    for more in range(places + 1, places + 4):
        if not known(limit) or abs(value - limit) <= TOLERANCE or text != _fixed(limit, more - 1):
            break
        text = _fixed(value, more)
    return text


def score(value: float) -> str:
    """A score with one decimal, more when one would show a whole level that is not reached: 2,96 and not 3,0."""
    return decimal(value, 1, limit=math.ceil(value - TOLERANCE))


def figure(value: float) -> str:
    """A level: « 3 » when it is whole, else as a score."""
    return str(whole(value)) if abs(value - round(value)) <= TOLERANCE else score(value)


def percent(share: float, limit: float = INCONNU) -> str:
    """« 82 % »; decimals are added when rounding would print the `limit` that the share does not equal."""
    return f"{decimal(share * 100, 0, limit * 100)} %"


def _fixed(value: float, places: int) -> str:
    rounded = Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(rounded).replace(".", ",")
