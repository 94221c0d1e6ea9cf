"""Charts made of cells: a heat map with its figures written, and the risk matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .. import formats
from ..tables import Table
from .canvas import (
    BLUE,
    GREY,
    INK,
    RULE,
    SCALE,
    SMALL,
    WHITE,
    WIDTH,
    Chart,
    column_labels,
    row_labels,
    sheet,
    text_width,
    wrap,
)
from .sheet import Sheet, Side

CELL = 0.36
LINE = 0.14
"""Inches: height of a row of cells, of a line of small text."""
LEVEL_SHADES = {1: "#ffffff", 2: "#dadaff", 3: "#8585f6", 4: "#000091"}
"""Risk levels from low to critical; the level is written in each cell."""


SLANT = 0.79
"""Width that a slanted label takes, for one unit of its length."""


def heat_map(
    values: pd.DataFrame,
    rows: Sequence[str],
    columns: Sequence[str],
    bounds: tuple[float, float],
    lecture: str,
    table: Table,
    marks: Sequence[str] = (),
    absent: str = formats.ABSENT,
    label_width: float = 2.9,
) -> Chart:
    """`values` (rows × columns of numbers, NaN where nothing was answered), the figure in each cell.

    `bounds`: lowest and highest possible value, the ends of the scale; `marks`: a short text at the right of each row
    (a divergence, a reason); `absent`: what is written in a cell without a number.
    """
    right = 0.12 + (1.15 if any(marks) else 0.0)
    column_width = (WIDTH - label_width - right) / len(columns)
    slanted = any(text_width(word) > column_width for label in columns for word in label.split())
    if slanted:
        right = max(right, _overhang(columns, WIDTH - label_width))
    wrapped = [label if slanted else wrap(label, int(column_width / text_width("a"))) for label in columns]
    top = 0.25 + 0.66 * max(map(text_width, columns)) if slanted else 0.1 + LINE * max(map(_lines, wrapped))
    page = sheet(CELL * len(rows) + top + 0.05)
    page.place(label_width, right, top, 0.05)
    page.xlim = (-0.5, len(columns) - 0.5)
    row_labels(page, rows, int(label_width * 14.5), SMALL)
    side: Side = "left" if slanted else "center"
    for column, label in enumerate(wrapped):
        x = column - 0.15 if slanted else column
        page.write(x, -0.56, label, side=side, height="bottom", size=SMALL, turn=38 if slanted else 0)
    figures = values.to_numpy(dtype=float)
    for row in range(len(rows)):
        for column in range(len(columns)):
            _cell(page, column, row, figures[row, column], bounds, absent)
        if marks and marks[row]:
            page.write(len(columns) - 0.4, row, marks[row], size=SMALL)
    alt = (
        f"Carte de chaleur de {formats.plural(len(rows), 'ligne')} et {formats.plural(len(columns), 'colonne')} ; "
        "chaque case porte son chiffre, repris dans le tableau qui suit."
    )
    return Chart(page.to_svg(), alt, lecture, table)


def _overhang(columns: Sequence[str], room: float) -> float:
    """Width to leave at the right so that the last slanted labels stay on the page. `room`: width of both."""
    return max(
        room - (room - SLANT * text_width(label)) * len(columns) / (rank + 0.35) for rank, label in enumerate(columns)
    )


def risk_matrix(
    risques: pd.DataFrame,
    matrice: Mapping[int, Sequence[int]],
    niveaux: Mapping[int, str],
    lecture: str,
    table: Table,
) -> Chart:
    """Severity (upwards) by likelihood (rightwards), each risk by its id in its cell.

    `risques`: risque, gravite (aggravation included), vraisemblance; `matrice[gravite][vraisemblance - 1]` is the level
    of a cell; `niveaux`: level → label, written in each cell.
    """
    steps = sorted(matrice)
    cells = {
        (gravite, vraisemblance): sorted(group["risque"])
        for (gravite, vraisemblance), group in risques.dropna(subset=["gravite", "vraisemblance"]).groupby(
            ["gravite", "vraisemblance"]
        )
    }
    depths = [1 + max(_id_lines(cells.get((gravite, v), [])) for v in steps) for gravite in steps]
    heights = [max(0.5, 0.2 + 0.15 * count) for count in depths]
    page = sheet(sum(heights) + 0.75)
    page.place(1.35, 0.15, 0.1, 0.65)
    page.xlim, page.ylim = (0.0, len(steps)), (0.0, sum(heights))
    bottoms = np.concatenate([[0.0], np.cumsum(heights)])
    for row, gravite in enumerate(steps):
        for column, vraisemblance in enumerate(steps):
            level = matrice[gravite][column]
            ink = WHITE if level == max(LEVEL_SHADES) else INK
            page.rectangle(column, bottoms[row], 1, heights[row], LEVEL_SHADES[level], RULE, 0.8)
            top = bottoms[row] + heights[row] - 0.05
            page.write(column + 0.04, top, niveaux[level], size=7, color=ink, height="top")
            ids = cells.get((gravite, vraisemblance), [])
            if ids:
                page.write(column + 0.04, top - 0.17, _in_lines(ids), size=SMALL, bold=True, color=ink, height="top")
        page.write(0, bottoms[row] + heights[row] / 2, str(gravite), gap=-5, side="right")
    column_labels(page, [column + 0.5 for column in range(len(steps))], [str(step) for step in steps], page.size)
    page.write(-0.3, sum(heights) / 2, "gravité", side="center", turn=90)
    page.write(len(steps) / 2, -0.42, "vraisemblance", side="center")
    counts = risques.dropna(subset=["gravite", "vraisemblance"])
    alt = (
        f"Matrice de {formats.plural(len(counts), 'risque')} : gravité de 1 à {len(steps)} vers le haut, "
        f"vraisemblance de 1 à {len(steps)} vers la droite ; l'identifiant de chaque risque figure dans sa case."
    )
    return Chart(page.to_svg(), alt, lecture, table)


def _cell(page: Sheet, column: int, row: int, value: float, bounds: tuple[float, float], absent: str) -> None:
    box = (column - 0.48, row - 0.46, 0.96, 0.92)
    if np.isnan(value):
        page.rectangle(*box, WHITE, "#bbbbbb", 0.8, (2.0, 2.0))
        page.write(column, row, absent, side="center", size=SMALL, color=GREY)
        return
    share = (value - bounds[0]) / (bounds[1] - bounds[0])
    step = min(int(share * len(SCALE)), len(SCALE) - 1)
    page.rectangle(*box, SCALE[step], BLUE if step == 0 else "none", 0.4)
    ink = WHITE if step >= len(SCALE) - 2 else INK
    text = formats.count(value) if value == round(value) else formats.number(value)
    page.write(column, row, text, side="center", color=ink, size=SMALL)


PER_LINE = 5


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _id_lines(ids: Sequence[str]) -> int:
    return -(-len(ids) // PER_LINE)


def _in_lines(ids: Sequence[str]) -> str:
    return "\n".join("  ".join(ids[start : start + PER_LINE]) for start in range(0, len(ids), PER_LINE))
