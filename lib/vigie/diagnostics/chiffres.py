"""Numbers of a diagnostic: compared with thresholds, summarised; printed by `vigie.nombres`, whose names pass through.

Weighted means of thirds are not exact in floating point: every comparison goes through a tolerance, so that 7 tenths
reach a threshold of 0.7 and a mean of exactly 3 is not read as 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, median_low, pvariance

from ..nombres import TOLERANCE, decimal, figure, percent, score

__all__ = [
    "INCONNU",
    "TOLERANCE",
    "absolute_deviation",
    "agreement_index",
    "at_least",
    "decimal",
    "figure",
    "known",
    "low_median",
    "over",
    "percent",
    "score",
    "under",
    "whole",
]

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
