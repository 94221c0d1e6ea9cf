"""Comparisons and printed figures agree: a sentence never contradicts the threshold it explains."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics.chiffres import (
    absolute_deviation,
    agreement_index,
    at_least,
    decimal,
    figure,
    low_median,
    over,
    percent,
    score,
    under,
    whole,
)

CALM = settings(deadline=None)
"""A busy machine is not a failure."""


def test_halves_are_rounded_up_and_written_with_a_comma() -> None:
    assert [decimal(value) for value in (2.25, 2.35, 3.45, 26 / 11)] == ["2,3", "2,4", "3,5", "2,4"]


def test_a_score_just_under_a_level_is_not_printed_as_that_level() -> None:
    assert [score(value) for value in (2.95, 2.96, 2.996, 3.0, 3.04)] == ["2,95", "2,96", "2,996", "3,0", "3,0"]


def test_a_share_just_under_its_threshold_is_not_printed_as_the_threshold() -> None:
    assert percent(0.696, 0.7) == "69,6 %"
    assert percent(0.7, 0.7) == "70 %"
    assert percent(9 / 11) == "82 %"


def test_a_whole_level_is_written_without_decimals() -> None:
    assert [figure(value) for value in (3.0, 2.5, 3 - 1e-12)] == ["3", "2,5", "3"]


@CALM
@given(st.integers(1, 400), st.integers(1, 400))
def test_a_printed_share_never_contradicts_the_comparison(part: int, total: int) -> None:
    share = min(part, total) / total
    printed = float(percent(share, 0.7).removesuffix(" %").replace(",", "."))
    assert (printed >= 70) == at_least(share, 0.7)


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
