"""Charts made of cells: a heat map with its figures written, and the risk matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

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
    place,
    row_labels,
    sheet,
    text_width,
    to_svg,
    wrap,
    write,
)

CELL = 0.36
LINE = 0.14
"""Inches: height of a row of cells, of a line of small text."""
LEVEL_SHADES = {1: "#ffffff", 2: "#dadaff", 3: "#8585f6", 4: "#000091"}
"""Risk levels from low to critical; the level is written in each cell."""


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
    wrapped = [label if slanted else wrap(label, int(column_width / text_width("a"))) for label in columns]
    top = 0.25 + 0.66 * max(map(text_width, columns)) if slanted else 0.1 + LINE * max(map(_lines, wrapped))
    figure, axes = sheet(CELL * len(rows) + top + 0.05)
    place(axes, label_width, right, top, 0.05)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    row_labels(axes, rows, int(label_width * 14.5))
    axes.tick_params(axis="y", labelsize=SMALL)
    axes.set_xticks([])
    slant = {"ha": "left", "rotation": 38, "rotation_mode": "anchor"} if slanted else {"ha": "center"}
    for column, label in enumerate(wrapped):
        x = column - 0.15 if slanted else column
        write(axes, x, -0.56, label, va="bottom", fontsize=SMALL, **slant)
    figures = values.to_numpy(dtype=float)
    for row in range(len(rows)):
        for column in range(len(columns)):
            _cell(axes, column, row, figures[row, column], bounds, absent)
        if marks and marks[row]:
            write(axes, len(columns) - 0.4, row, marks[row], fontsize=SMALL)
    alt = (
        f"Carte de chaleur de {formats.plural(len(rows), 'ligne')} et {formats.plural(len(columns), 'colonne')} ; "
        "chaque case porte son chiffre, repris dans le tableau qui suit."
    )
    return Chart(to_svg(figure), alt, lecture, table)


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
    figure, axes = sheet(sum(heights) + 0.75)
    place(axes, 1.35, 0.15, 0.1, 0.65)
    axes.set_xlim(0, len(steps))
    axes.set_ylim(0, sum(heights))
    bottoms = np.concatenate([[0.0], np.cumsum(heights)])
    for row, gravite in enumerate(steps):
        for column, vraisemblance in enumerate(steps):
            level = matrice[gravite][column]
            ink = WHITE if level == max(LEVEL_SHADES) else INK
            box = (column, bottoms[row])
            axes.add_patch(Rectangle(box, 1, heights[row], facecolor=LEVEL_SHADES[level], edgecolor=RULE, lw=0.8))
            top = bottoms[row] + heights[row] - 0.05
            write(axes, column + 0.04, top, niveaux[level], fontsize=7, color=ink, va="top")
            ids = cells.get((gravite, vraisemblance), [])
            write(axes, column + 0.04, top - 0.17, _in_lines(ids), fontsize=SMALL, fontweight="bold", color=ink,
                  va="top", linespacing=1.2)  # fmt: skip
    centres = [bottoms[row] + heights[row] / 2 for row in range(len(steps))]
    axes.set_yticks(centres, [str(step) for step in steps])
    axes.set_xticks([column + 0.5 for column in range(len(steps))], [str(step) for step in steps])
    write(axes, -0.3, sum(heights) / 2, "gravité", rotation=90, ha="center")
    write(axes, len(steps) / 2, -0.42, "vraisemblance", ha="center")
    counts = risques.dropna(subset=["gravite", "vraisemblance"])
    alt = (
        f"Matrice de {formats.plural(len(counts), 'risque')} : gravité de 1 à {len(steps)} vers le haut, "
        f"vraisemblance de 1 à {len(steps)} vers la droite ; l'identifiant de chaque risque figure dans sa case."
    )
    return Chart(to_svg(figure), alt, lecture, table)


def _cell(axes: Axes, column: int, row: int, value: float, bounds: tuple[float, float], absent: str) -> None:
    box = (column - 0.48, row - 0.46)
    if np.isnan(value):
        axes.add_patch(Rectangle(box, 0.96, 0.92, facecolor=WHITE, edgecolor="#bbbbbb", lw=0.8, ls=(0, (2, 2))))
        write(axes, column, row, absent, ha="center", fontsize=SMALL, color=GREY)
        return
    share = (value - bounds[0]) / (bounds[1] - bounds[0])
    step = min(int(share * len(SCALE)), len(SCALE) - 1)
    axes.add_patch(Rectangle(box, 0.96, 0.92, facecolor=SCALE[step], edgecolor=BLUE if step == 0 else "none", lw=0.4))
    ink = WHITE if step >= len(SCALE) - 2 else INK
    text = formats.count(value) if value == round(value) else formats.number(value)
    write(axes, column, row, text, ha="center", color=ink, fontsize=SMALL)


PER_LINE = 5


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _id_lines(ids: Sequence[str]) -> int:
    return -(-len(ids) // PER_LINE)


def _in_lines(ids: Sequence[str]) -> str:
    return "\n".join("  ".join(ids[start : start + PER_LINE]) for start in range(0, len(ids), PER_LINE))
