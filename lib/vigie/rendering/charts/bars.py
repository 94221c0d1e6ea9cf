"""Needs as horizontal bars, and dates of law on a line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from .. import formats
from ..tables import Table, lines
from .canvas import (
    BLUE,
    DASHES,
    GREY,
    RED,
    RULE,
    SMALL,
    WHITE,
    WIDTH,
    Chart,
    row_labels,
    sheet,
    strip,
    text_width,
    wrap,
)
from .sheet import Sheet

RANK_STYLES = {1: (BLUE, BLUE, False), 2: (WHITE, BLUE, True), 3: (WHITE, RULE, False)}
"""Rank → fill, edge, hatch: full, hatched, hollow, so that a black and white print keeps them apart."""


def need_bars(besoins: pd.DataFrame, rangs: Mapping[int, str], lecture: str, table: Table) -> Chart:
    """Agents concerned by competence.

    `besoins`: libelle, besoin (NaN when masked), rang; `rangs`: rank → label.
    """
    page = sheet(0.31 * len(besoins) + 0.5)
    page.place(2.9, 0.55, 0.05, 0.4)
    top = besoins["besoin"].max()
    page.xlim = (0.0, float(top) if pd.notna(top) and top > 0 else 1.0)
    row_labels(page, list(besoins["libelle"]), 44, SMALL)
    for row, line in enumerate(lines(besoins)):
        if pd.isna(line.besoin):
            page.write(0, row, formats.MASKED, gap=4, color=GREY, size=SMALL)
            continue
        fill, edge, hatch = RANK_STYLES[int(line.rang)]
        page.rectangle(0, row - 0.31, line.besoin, 0.62, fill, edge, 1.0, hatch=hatch)
        page.write(line.besoin, row, formats.count(line.besoin), gap=4, size=SMALL)
    _rank_legend(page, rangs)
    described = " ; ".join(
        f"{line.libelle}, {formats.MASKED if pd.isna(line.besoin) else formats.count(line.besoin)}"
        for line in lines(besoins)
    )
    return Chart(page.to_svg(), f"Barres horizontales, nombre d'agents concernés : {described}.", lecture, table)


def coverage_bars(besoins: pd.DataFrame, lecture: str, table: Table) -> Chart:
    """Needs by competence, what the plan covers full, what is left hollow.

    `besoins`: libelle, besoin, couvert (both known).
    """
    page = sheet(0.31 * len(besoins) + 0.5)
    page.place(2.9, 0.75, 0.05, 0.4)
    page.xlim = (0.0, float(max(besoins["besoin"].max(), 1)))
    row_labels(page, list(besoins["libelle"]), 44, SMALL)
    for row, line in enumerate(lines(besoins)):
        if line.couvert:
            page.rectangle(0, row - 0.31, line.couvert, 0.62, BLUE, BLUE, 1.0)
        if line.besoin > line.couvert:
            page.rectangle(line.couvert, row - 0.31, line.besoin - line.couvert, 0.62, WHITE, BLUE, 1.0)
        written = f"{formats.count(line.couvert)} sur {formats.count(line.besoin)}"
        page.write(line.besoin, row, written, gap=4, size=SMALL)
    _fill_legend(page, (("couverts par le plan", BLUE), ("restants", WHITE)))
    described = " ; ".join(
        f"{line.libelle}, {formats.count(line.couvert)} sur {formats.count(line.besoin)}" for line in lines(besoins)
    )
    return Chart(page.to_svg(), f"Barres horizontales, besoins couverts : {described}.", lecture, table)


def calendar(dates: Sequence[tuple[date, str]], today: date, lecture: str, table: Table) -> Chart:
    """Dates in order, one a row: a full dot once in force, a hollow one before; the day of the diagnosis between."""
    texts = [wrap(text, 74) for _, text in dates]
    heights = [0.2 + 0.155 * (text.count("\n") + 1) for text in texts]
    page = sheet(sum(heights) + 0.45)
    page.place(0.0, 0.0, 0.05, 0.05)
    total = sum(heights) + 0.35
    page.xlim, page.ylim = (0.0, WIDTH), (total, 0.0)
    page.post(1.55, 0.08, total - 0.08, RULE, 1.2)
    y, marked = 0.0, False
    for (day, _), text, height in zip(dates, texts, heights, strict=True):
        if not marked and day > today:
            y, marked = y + 0.35, True
            _today(page, y - 0.175, today)
        middle = y + height / 2
        page.mark(1.55, middle, "o", 48, BLUE if day <= today else WHITE, BLUE, 1.6)
        page.write(1.38, middle, formats.long_date(day), side="right", size=SMALL)
        page.write(1.75, middle, text, size=SMALL)
        y += height
    if not marked:
        _today(page, y + 0.175, today)
    applied = sum(day <= today for day, _ in dates)
    alt = (
        f"Calendrier de {formats.plural(len(dates), 'date')}, dont {formats.plural(applied, 'déjà passée')} "
        f"au {formats.long_date(today)} ; le détail figure dans le tableau qui suit."
    )
    return Chart(page.to_svg(), alt, lecture, table)


def _today(page: Sheet, y: float, today: date) -> None:
    page.level(y, 0.3, 6.9, RED, 1.2, DASHES)
    text = f"date du diagnostic : {formats.long_date(today)}"
    page.write(6.9, y - 0.09, text, side="right", color=RED, size=SMALL)


def _fill_legend(page: Sheet, entries: Sequence[tuple[str, str]]) -> None:
    below = strip(page)
    x = 0.12
    for label, fill in entries:
        below.rectangle(x, 0.075, 0.26, 0.15, fill, BLUE, 1.0)
        below.write(x + 0.34, 0.15, label, size=SMALL)
        x += 0.62 + text_width(label)


def _rank_legend(page: Sheet, rangs: Mapping[int, str]) -> None:
    below = strip(page)
    x = 0.12
    for rank, label in rangs.items():
        fill, edge, hatch = RANK_STYLES[rank]
        below.rectangle(x, 0.075, 0.26, 0.15, fill, edge, 1.0, hatch=hatch)
        below.write(x + 0.34, 0.15, label, size=SMALL)
        x += 0.62 + text_width(label)
