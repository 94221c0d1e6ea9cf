"""Working days: weekends, holidays, avoided spans, months of unequal length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vigie.diagnostics.jours_ouvres import JoursOuvres, add_months, full_months

from .dossiers import shipped

REGLES = shipped().accompagnement.calendrier
JOURS = JoursOuvres(REGLES.jours_feries, REGLES.jours_feries_paques, REGLES.periodes_evitees)
DATES = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "ferme",
    [
        date(2027, 3, 27),  # samedi
        date(2027, 3, 28),  # dimanche de Pâques
        date(2027, 3, 29),  # lundi de Pâques
        date(2027, 5, 6),  # Ascension
        date(2027, 5, 17),  # lundi de Pentecôte
        date(2026, 5, 1),
        date(2027, 7, 14),
        date(2026, 11, 11),
        date(2026, 12, 21),  # premier jour de la période évitée
        date(2027, 1, 1),
        date(2027, 7, 26),
        date(2027, 8, 20),
    ],
)
def test_weekends_holidays_and_avoided_spans_are_closed(ferme: date) -> None:
    assert not JOURS.is_open(ferme)


@pytest.mark.parametrize("ouvert", [date(2026, 12, 18), date(2027, 1, 4), date(2027, 7, 23), date(2027, 8, 23)])
def test_the_days_around_an_avoided_span_are_open(ouvert: date) -> None:
    assert JOURS.is_open(ouvert)


def test_an_open_day_stays_where_it_is_and_the_day_before_is_another() -> None:
    mardi = date(2026, 11, 24)
    assert JOURS.on_or_after(mardi) == JOURS.on_or_before(mardi) == mardi
    assert JOURS.before(mardi) == date(2026, 11, 23)
    assert JOURS.before(date(2026, 11, 23)) == date(2026, 11, 20)


@given(DATES)
def test_moving_to_a_working_day_finds_the_nearest_one_on_that_side(jour: date) -> None:
    apres, avant = JOURS.on_or_after(jour), JOURS.on_or_before(jour)
    assert JOURS.is_open(apres)
    assert JOURS.is_open(avant)
    assert avant <= jour <= apres
    assert not any(JOURS.is_open(jour + timedelta(days=n)) for n in range((apres - jour).days))
    assert not any(JOURS.is_open(jour - timedelta(days=n)) for n in range((jour - avant).days))


def test_a_month_later_than_the_31st_is_the_last_day() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 3, 31), -1) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("debut", "fin", "mois"),
    [
        (date(2025, 11, 24), date(2026, 11, 24), 12),
        (date(2025, 11, 25), date(2026, 11, 24), 11),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
    ],
)
def test_a_month_is_past_on_its_own_day_and_not_the_day_before(debut: date, fin: date, mois: int) -> None:
    assert full_months(debut, fin) == mois


@given(DATES, st.integers(0, 60))
def test_months_added_are_months_counted(jour: date, mois: int) -> None:
    assert full_months(jour, add_months(jour, mois)) == mois
