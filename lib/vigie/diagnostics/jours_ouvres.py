"""Dates that people can meet: months counted on the calendar, weekends and public holidays stepped over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd

SAMEDI = 5


@dataclass(frozen=True)
class JoursOuvres:
    """`fixes`: holidays `MM-JJ`; `paques`: days after Easter Sunday of the moving ones; `evitees`: spans of days
    without meetings, `MM-JJ/MM-JJ`, that may run over the new year."""

    fixes: tuple[str, ...]
    paques: tuple[int, ...]
    evitees: tuple[str, ...] = ()

    def is_open(self, day: date) -> bool:
        return (
            day.weekday() < SAMEDI
            and not self._avoided(day)
            and day not in _holidays(day.year, self.fixes, self.paques)
        )

    def _avoided(self, day: date) -> bool:
        text = f"{day:%m-%d}"
        spans = (span.split("/") for span in self.evitees)
        return any(first <= text <= last if first <= last else text >= first or text <= last for first, last in spans)

    def on_or_after(self, day: date) -> date:
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_open(day):
            day -= timedelta(days=1)
        return day

    def before(self, day: date) -> date:
        """The last working day strictly before `day`."""
        return self.on_or_before(day - timedelta(days=1))


def add_months(day: date, months: int) -> date:
    """The same day `months` later, negative for earlier; the last day of a shorter month."""
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


def full_months(start: date, end: date) -> int:
    """Months wholly past from `start` to `end`; 0 or less when `end` is not a month later."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


@lru_cache(maxsize=64)
def _holidays(year: int, fixes: tuple[str, ...], paques: tuple[int, ...]) -> frozenset[date]:
    sunday = (pd.Timestamp(year, 1, 1) + pd.offsets.Easter()).date()
    moving = [sunday + timedelta(days=days) for days in paques]
    return frozenset([*_fixed(year, fixes), *moving])


def _fixed(year: int, fixes: Sequence[str]) -> list[date]:
    return [date.fromisoformat(f"{year}-{text}") for text in fixes]
