"""One writing of numbers: comparison, sentence and table say the same figure."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from vigie import nombres
from vigie.diagnostics import chiffres, phrases
from vigie.diagnostics.chiffres import at_least
from vigie.nombres import NARROW_NBSP, NBSP, count, decimal, figure, percent, score
from vigie.rendering import formats

CALM = settings(deadline=None)
"""A busy machine is not a failure."""


def test_halves_are_rounded_up_and_written_with_a_comma() -> None:
    assert [decimal(value) for value in (2.25, 2.35, 3.45, 26 / 11)] == ["2,3", "2,4", "3,5", "2,4"]


def test_a_score_just_under_a_level_is_not_printed_as_that_level() -> None:
    assert [score(value) for value in (2.95, 2.96, 2.996, 3.0, 3.04)] == ["2,95", "2,96", "2,996", "3,0", "3,0"]


def test_a_share_just_under_its_threshold_is_not_printed_as_the_threshold() -> None:
    assert percent(0.696, 0.7) == f"69,6{NBSP}%"
    assert percent(0.7, 0.7) == f"70{NBSP}%"
    assert percent(9 / 11) == f"82{NBSP}%"


def test_a_whole_level_is_written_without_decimals() -> None:
    assert [figure(value) for value in (3.0, 2.5, 3 - 1e-12)] == ["3", "2,5", "3"]


@CALM
@given(st.integers(1, 400), st.integers(1, 400))
def test_a_printed_share_never_contradicts_the_comparison(part: int, total: int) -> None:
    share = min(part, total) / total
    printed = float(percent(share, 0.7).removesuffix(f"{NBSP}%").replace(",", "."))
    assert (printed >= 70) == at_least(share, 0.7)


def test_thousands_are_parted_and_a_negative_number_has_the_true_sign() -> None:
    assert decimal(1234567.5) == f"1{NARROW_NBSP}234{NARROW_NBSP}567,5"
    assert decimal(-1234.0, 0) == f"−1{NARROW_NBSP}234"
    assert decimal(-0.04) == "0,0"
    assert [figure(1200.0), count(1199.6)] == [f"1{NARROW_NBSP}200"] * 2


@CALM
@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 6)))
def test_a_sentence_and_a_table_write_the_same_figure(value: float) -> None:
    assert formats.number(value) == chiffres.decimal(value) == nombres.decimal(value)
    assert formats.score(value) == chiffres.score(value)
    assert formats.count(value) == nombres.count(value)
    assert formats.percent(value) == chiffres.percent(value)


@given(st.integers(0, 10**6))
def test_a_quantity_reads_the_same_in_a_sentence_and_in_a_view(quantity: int) -> None:
    said, shown = phrases.count(quantity, "agent"), formats.plural(quantity, "agent")
    assert said.replace(NBSP, " ") == shown.replace(NBSP, " ")
