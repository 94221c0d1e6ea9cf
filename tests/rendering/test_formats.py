"""French numbers, dates and typography."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vigie.rendering import formats
from vigie.rendering.formats import NARROW_NBSP, NBSP


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (3.25, 1, "3,3"),
        (2.0, 1, "2,0"),
        (7, 1, "7"),
        (1234567.5, 1, f"1{NARROW_NBSP}234{NARROW_NBSP}567,5"),
        (-1234.0, 0, f"−1{NARROW_NBSP}234"),
        (-0.04, 1, "0,0"),
        (float("nan"), 1, "—"),
        (None, 1, "—"),
    ],
)
def test_a_number_is_written_the_french_way(value, decimals, written):
    assert formats.number(value, decimals) == written


def test_a_score_never_shows_a_level_that_is_not_reached():
    assert formats.score(2.96) == "2,96"
    assert formats.score(2.9) == "2,9"
    assert formats.score(3.0) == "3,0"


def test_a_share_is_written_with_its_unit_held_to_it():
    assert formats.percent(0.825) == f"83{NBSP}%"
    assert formats.percent(None) == "—"


def test_the_first_of_a_month_is_written_1er():
    assert formats.long_date("2026-12-01") == f"1er{NBSP}décembre 2026"
    assert formats.long_date(date(2026, 11, 24)) == f"24{NBSP}novembre 2026"
    assert formats.long_date("") == "—"


def test_the_plural_begins_at_two():
    assert [formats.plural(n, "agent") for n in (0, 1, 2)] == [f"0{NBSP}agent", f"1{NBSP}agent", f"2{NBSP}agents"]
    assert formats.plural(3, "cas", "cas") == f"3{NBSP}cas"


def test_words_are_enumerated_with_et():
    assert formats.enumerate_words(["a"]) == "a"
    assert formats.enumerate_words(["a", "b", "c"]) == "a, b et c"


def test_typography_holds_spaces_and_curls_apostrophes():
    assert formats.typeset("l'IA : « oui » ; 30 % ?") == (
        f"l’IA{NBSP}: «{NBSP}oui{NBSP}»{NARROW_NBSP}; 30{NBSP}%{NARROW_NBSP}?"
    )


def test_typography_leaves_an_address_and_an_hour_alone():
    for text in ("https://exemple.invalid/a?b=c", "12:30"):
        assert formats.typeset(text) == text


@given(st.text(alphabet="aé'’« »:;!?%.n°3 \u00a0\u202f"))
def test_typesetting_twice_changes_nothing_more(text):
    once = formats.typeset(text)
    assert formats.typeset(once) == once
