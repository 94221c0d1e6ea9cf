"""French pieces of the sentences that a diagnostic states: plurals, lists, dates. Text only, no layout."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .. import nombres

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def count(quantity: int, singular: str, several: str = "") -> str:
    """« 1 règle », « 3 règles »; in French the plural begins at two."""
    return f"{nombres.count(quantity)} {singular if abs(quantity) < 2 else several or singular + 's'}"


def enumerate_words(words: Iterable[str], link: str = "et") -> str:
    """« a, b et c »."""
    items = list(words)
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} {link} {items[-1]}"


def long_date(day: date) -> str:
    """« 1er décembre 2027 »."""
    return f"{'1er' if day.day == 1 else day.day} {MOIS[day.month - 1]} {day.year}"
