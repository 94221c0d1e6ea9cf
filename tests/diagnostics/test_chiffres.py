"""Comparisons and printed figures agree: a sentence never contradicts the threshold it explains."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics.chiffres import (
    absolute_deviation,
    agreement_index,
    at_least,
    low_median,
    over,
    under,
    whole,
)

CALM = settings(deadline=None)
"""A busy machine is not a failure."""


@CALM
@given(st.lists(st.integers(1, 5), min_size=1, max_size=9), st.integers(0, 6), st.integers(0, 6))
def test_replacing_unknowns_by_extremes_frames_the_low_median(levels: list[int], low: int, high: int) -> None:
    values = [float(level) for level in levels]
    assert low_median([*values, *[1.0] * low]) <= low_median(values) <= low_median([*values, *[5.0] * high])


def test_an_unknown_number_passes_no_comparison() -> None:
    assert not any(compare(math.nan, 1) for compare in (at_least, over, under))
    assert math.isnan(low_median([]))


def test_a_rounding_of_the_machine_crosses_no_threshold() -> None:
    assert at_least(1 - 0.9, 0.1)
    assert not under(1 - 0.9, 0.1)
    assert not over(3 * 0.1, 0.3)


def test_thirds_that_add_up_to_a_whole_are_read_as_that_whole() -> None:
    assert whole((7 / 3 + 11 / 3 + 7 / 3 + 11 / 3) / 4) == 3
    assert whole(2.999) == 2


def test_agreement_is_one_without_spread_and_zero_at_most_spread() -> None:
    assert (absolute_deviation([4, 4, 4]), agreement_index([4, 4, 4], 4)) == (0, 1)
    assert (absolute_deviation([1, 5, 1, 5]), agreement_index([1, 5, 1, 5], 4)) == (2, 0)
