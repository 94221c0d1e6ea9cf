"""Needs as horizontal bars, and dates of law on a line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

from .. import formats
from ..tables import Table, lines
from .canvas import (
    BLUE,
    GREY,
    RED,
    RULE,
    SMALL,
    WHITE,
    Chart,
    place,
    row_labels,
    sheet,
    strip_axes,
    text_width,
    to_svg,
    wrap,
    write,
)

RANK_STYLES = {1: (BLUE, BLUE, None), 2: (WHITE, BLUE, "////"), 3: (WHITE, RULE, None)}
"""Rank → fill, edge, hatch: full, hatched, hollow, so that a black and white print keeps them apart."""


def need_bars(besoins: pd.DataFrame, rangs: Mapping[int, str], lecture: str, table: Table) -> Chart:
    """Agents concerned by competence.

    `besoins`: libelle, besoin (NaN when masked), rang; `rangs`: rank → label.
    """
    figure, axes = sheet(0.31 * len(besoins) + 0.5)
    place(axes, 2.9, 0.55, 0.05, 0.4)
    top = besoins["besoin"].max()
    axes.set_xlim(0, top if pd.notna(top) and top > 0 else 1)
    row_labels(axes, list(besoins["libelle"]), 44)
    axes.tick_params(axis="y", labelsize=SMALL)
    axes.set_xticks([])
    for row, line in enumerate(lines(besoins)):
        if pd.isna(line.besoin):
            write(axes, 0, row, formats.MASKED, gap=4, color=GREY, fontsize=SMALL)
            continue
        face, edge, hatch = RANK_STYLES[int(line.rang)]
        axes.barh(row, line.besoin, height=0.62, facecolor=face, edgecolor=edge, hatch=hatch, lw=1.0)
        write(axes, line.besoin, row, formats.count(line.besoin), gap=4, fontsize=SMALL)
    _rank_legend(axes, rangs)
    described = " ; ".join(
        f"{line.libelle}, {formats.MASKED if pd.isna(line.besoin) else formats.count(line.besoin)}"
        for line in lines(besoins)
    )
    return Chart(to_svg(figure), f"Barres horizontales, nombre d'agents concernés : {described}.", lecture, table)


def calendar(dates: Sequence[tuple[date, str]], today: date, lecture: str, table: Table) -> Chart:
    """Dates in order, one a row: a full dot once in force, a hollow one before; the day of the diagnosis between."""
    texts = [wrap(text, 74) for _, text in dates]
    heights = [0.2 + 0.155 * (text.count("\n") + 1) for text in texts]
    figure, axes = sheet(sum(heights) + 0.45)
    place(axes, 0.0, 0.0, 0.05, 0.05)
    total = sum(heights) + 0.35
    axes.set_xlim(0, 7.1)
    axes.set_ylim(total, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.vlines(1.55, 0.08, total - 0.08, color=RULE, lw=1.2)
    y, marked = 0.0, False
    for (day, _), text, height in zip(dates, texts, heights, strict=True):
        if not marked and day > today:
            y, marked = y + 0.35, True
            _today(axes, y - 0.175, today)
        middle = y + height / 2
        applies = day <= today
        axes.scatter(1.55, middle, s=48, facecolor=BLUE if applies else WHITE, edgecolor=BLUE, lw=1.6, zorder=3)
        write(axes, 1.38, middle, formats.long_date(day), ha="right", fontsize=SMALL)
        write(axes, 1.75, middle, text, fontsize=SMALL, linespacing=1.2)
        y += height
    if not marked:
        _today(axes, y + 0.175, today)
    applied = sum(day <= today for day, _ in dates)
    alt = (
        f"Calendrier de {formats.plural(len(dates), 'date')}, dont {formats.plural(applied, 'déjà passée')} "
        f"au {formats.long_date(today)} ; le détail figure dans le tableau qui suit."
    )
    return Chart(to_svg(figure), alt, lecture, table)


def _today(axes: Axes, y: float, today: date) -> None:
    axes.hlines(y, 0.3, 6.9, color=RED, lw=1.2, ls=(0, (4, 3)))
    text = f"date du diagnostic : {formats.long_date(today)}"
    write(axes, 6.9, y - 0.09, text, ha="right", color=RED, fontsize=SMALL)


def _rank_legend(axes: Axes, rangs: Mapping[int, str]) -> None:
    strip = strip_axes(axes)
    x = 0.12
    for rank, label in rangs.items():
        face, edge, hatch = RANK_STYLES[rank]
        strip.barh(0.15, 0.26, left=x, height=0.15, facecolor=face, edgecolor=edge, hatch=hatch, lw=1.0)
        write(strip, x + 0.34, 0.15, label, fontsize=SMALL)
        x += 0.62 + text_width(label)
