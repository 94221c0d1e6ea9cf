"""Annexes of the ethics report: calendar of the law, legal bases, scales and thresholds of the method."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from ..rendering import charts
from ..rendering.formats import long_date, plural
from ..rendering.html import Content, element, join
from ..rendering.pourquoi import confidence_mark
from ..rendering.tables import Column, Columns, Table, as_is, lines, table
from ..rendering.views import View, figure

SHOWN = 12
"""Dates drawn: every one to come, then the latest past ones; the table holds them all."""
PER_DATE = 4
"""Texts named beside a date on the drawing."""


def calendar_view(calendrier: pd.DataFrame, today: date, codes: Mapping[str, str], labels: Mapping[str, str]) -> View:
    """The dates to come and the latest past ones; the annex of bases holds every date."""
    dated = calendrier[calendrier["date"] != ""].sort_values("date", kind="stable")
    groups = [(date.fromisoformat(str(day)), group) for day, group in dated.groupby("date", sort=True)]
    coming = sum(day > today for day, _ in groups)
    shown = groups[max(0, len(groups) - max(SHOWN, coming)) :]
    frame = pd.DataFrame(
        [(long_date(day), _texts(group, codes, len(group)), "oui" if day <= today else "non") for day, group in shown],
        columns=["date", "textes", "applicable"],
        dtype="str",
    )
    columns: Columns = ["date", Column("textes", "Textes", wide=True), Column("applicable", "Date passée")]
    note = "Les autres dates, et celles qui ne sont pas établies, figurent dans l'annexe des bases juridiques."
    full = table(frame, columns, "Dates d'application, à venir et les plus récentes", labels, [note])
    lecture = (
        f"{plural(coming, 'date')} à venir après le {long_date(today)}."
        if coming
        else f"Toutes les dates connues sont passées au {long_date(today)}."
    )
    return figure(
        charts.calendar([(day, _texts(group, codes, PER_DATE)) for day, group in shown], today, lecture, full)
    )


def base_table(bases: pd.DataFrame, codes: Mapping[str, str], labels: Mapping[str, str]) -> Table:
    """Each base with a link to the place where it is to be checked again."""
    frame = pd.DataFrame(
        {
            "base": bases["base"],
            "texte": [_reference(line) for line in lines(bases)],
            "obligation": bases["obligation"],
            "date": [_status(line, codes) for line in lines(bases)],
            "regles": [", ".join(str(cell).split()) for cell in bases["regles"]],
        },
        dtype="object",
    )
    columns: Columns = [
        "base",
        Column("texte", render=as_is),
        Column("obligation", wide=True),
        Column("date", "Application et vérification", as_is),
        Column("regles", "Règles"),
    ]
    return table(frame, columns, "Bases juridiques et déontologiques citées", labels)


def _reference(line: Any) -> Content:
    text = f"{line.texte}{', ' if line.article else ''}{line.article}"
    return element("a", text, href=str(line.url)) if line.url else text


def _status(line: Any, codes: Mapping[str, str]) -> Content:
    """The date, then in small the legal force and how it was checked."""
    since = f"depuis le {long_date(line.date)}" if line.date else "date non établie"
    facts = f"{codes.get(line.force, line.force).lower()} ; {codes.get(line.confiance, line.confiance).lower()}"
    return join([since, element("span", facts, class_="vg-precision")])


def _texts(group: pd.DataFrame, codes: Mapping[str, str], most: int) -> str:
    """« RIA-50 (portée) [source secondaire, à vérifier] ; … ; et 3 autres »."""
    named = [
        f"{line.base}{' (' + line.portee + ')' if line.portee else ''}{confidence_mark(line.confiance, codes)}"
        for line in lines(group)
    ]
    more = len(named) - most
    return " ; ".join(named[:most]) + (f" ; et {plural(more, 'autre')}" if more > 0 else "")
