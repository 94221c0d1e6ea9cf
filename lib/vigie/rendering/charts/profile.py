"""Dots on a scale: the maturity profile, the bullet of one dimension, the exposure of job families.

No radar: its area depends on the order of the axes. Here a dot is a score, a bar its fourchette, a diamond the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes

from .. import formats
from ..formats import NBSP
from ..tables import Table, lines
from .canvas import (
    BLUE,
    GREY,
    INK,
    PALE,
    RED,
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

ROW = 0.6
"""Height of a row, in inches."""
ROLES_PER_LINE = 3
NO_SCORE = "sans réponse"


def profile(
    dimensions: pd.DataFrame, roles: pd.DataFrame, niveaux: Mapping[int, str], lecture: str, table: Table
) -> Chart:
    """Dimensions as rows: score, fourchette, target, and the median of each role.

    `dimensions`: dimension, libelle, score, score_bas, score_haut, cible, etat, couverture, niveau, confiance; `roles`:
    dimension, role (a short code, written at its median), mediane; `niveaux`: level → name, the scale. A dimension that
    is not conclusive is drawn hollow and says so.
    """
    lowest, highest = min(niveaux), max(niveaux)
    figure, axes = sheet(ROW * len(dimensions) + 1.15)
    place(axes, 2.05, 1.2, 0.1, 1.05)
    axes.set_xlim(lowest - 0.12, highest + 0.12)
    row_labels(axes, list(dimensions["libelle"]), 30)
    _level_grid(axes, niveaux, len(dimensions))
    for row, line in enumerate(lines(dimensions)):
        _roles(axes, row, roles[roles["dimension"] == line.dimension])
        _score(axes, row - 0.1, line.score, line.score_bas, line.score_haut, line.etat == "concluant")
        if pd.notna(line.cible):
            axes.scatter(line.cible, row - 0.1, s=52, marker="D", facecolor="none", edgecolor=RED, lw=1.8, zorder=4)
        write(axes, highest + 0.22, row - 0.1, _state(line), fontsize=SMALL)
    entries = [
        ("o", BLUE, BLUE, "score"),
        ("o", WHITE, BLUE, "score non concluant"),
        ("|-|", "", BLUE, "fourchette"),
        ("D", "none", RED, "cible"),
        ("^", WHITE, GREY, "médiane de chaque rôle"),
    ]
    _legend(axes, entries)
    return Chart(to_svg(figure), _profile_alt(dimensions), lecture, table)


def bullet(
    score: float, low: float, high: float, target: float, niveaux: Mapping[int, str], lecture: str, table: Table
) -> Chart:
    """One dimension: five level ranges, the score as a bar, under it the fourchette, the target as a mark."""
    lowest, highest = min(niveaux), max(niveaux)
    figure, axes = sheet(0.62)
    place(axes, 0.1, 0.35, 0.04, 0.28)
    axes.set_xlim(lowest, highest)
    axes.set_ylim(-0.5, 0.5)
    axes.set_yticks([])
    shades = ("#d5d5d5", "#e0e0e0", "#e9e9e9", "#f1f1f1")
    for level, shade in zip(range(lowest, highest), shades, strict=False):
        axes.axvspan(level, level + 1, color=shade, lw=0)
    axes.set_xticks(list(niveaux), [f"{level}{NBSP}{name}" for level, name in niveaux.items()], fontsize=SMALL)
    for label, side in zip(axes.get_xticklabels(), _sides(len(niveaux)), strict=True):
        label.set_horizontalalignment(side)
    if pd.notna(score):
        axes.barh(0, score - lowest, left=lowest, height=0.42, color=BLUE)
        axes.hlines(-0.36, low, high, color=INK, lw=1.2)
        axes.vlines([low, high], -0.46, -0.26, color=INK, lw=1.2)
    if pd.notna(target):
        axes.vlines(target, -0.42, 0.42, color=RED, lw=3.2)
    alt = (
        f"Score {formats.score(score)} sur une échelle de {lowest} à {highest}, "
        f"fourchette de {formats.score(low)} à {formats.score(high)}, cible {formats.count(target)}."
    )
    return Chart(to_svg(figure), alt, lecture, table)


def exposure(metiers: pd.DataFrame, thresholds: Mapping[str, float], lecture: str, table: Table) -> Chart:
    """Job families by exposure (0 to 1): a dot, the spread of its tasks, the class in words at the right.

    `metiers`: libelle, exposition, ecart_type, classe (label); `thresholds`: label → value, drawn as dashed lines.
    """
    figure, axes = sheet(0.34 * len(metiers) + 0.85)
    place(axes, 2.35, 1.15, 0.28, 0.55)
    axes.set_xlim(0, 1)
    row_labels(axes, list(metiers["libelle"]), 36)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0,25", "0,5", "0,75", "1"])
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    for label, value in thresholds.items():
        axes.axvline(value, color=RED, lw=1.1, ls=(0, (4, 3)))
        write(axes, value, -0.68, label, gap=2, fontsize=SMALL, color=RED)
    for row, line in enumerate(lines(metiers)):
        if pd.isna(line.exposition):
            write(axes, 0.01, row, "non coté", fontsize=SMALL, color=GREY)
        else:
            spread = 0.0 if pd.isna(line.ecart_type) else line.ecart_type
            low, high = max(0.0, line.exposition - spread), min(1.0, line.exposition + spread)
            axes.hlines(row, low, high, color=BLUE, lw=1.6)
            axes.scatter(line.exposition, row, s=46, color=BLUE, zorder=3)
        write(axes, 1.03, row, str(line.classe), fontsize=SMALL)
    described = " ; ".join(f"{line.libelle} {formats.number(line.exposition, 2)}" for line in lines(metiers))
    return Chart(to_svg(figure), f"Exposition des métiers, de 0 à 1 : {described}.", lecture, table)


def _level_grid(axes: Axes, niveaux: Mapping[int, str], rows: int) -> None:
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color="#f6f6f6", lw=0)
    axes.set_xticks(list(niveaux), [f"{level}\n{wrap(name, 11)}" for level, name in niveaux.items()], fontsize=SMALL)
    axes.grid(axis="x", color="#dddddd", lw=0.8)
    axes.set_axisbelow(True)


def _roles(axes: Axes, row: int, roles: pd.DataFrame) -> None:
    """A mark at each median, under it the codes of the roles that share it."""
    for median, group in roles.groupby(roles["mediane"].to_numpy(dtype=float)):
        at = float(str(median))
        axes.scatter(at, row + 0.1, s=13, marker="^", facecolor=WHITE, edgecolor=GREY, lw=0.9)
        codes = list(group["role"])
        parts = [" ".join(codes[start : start + ROLES_PER_LINE]) for start in range(0, len(codes), ROLES_PER_LINE)]
        write(axes, at, row + 0.17, "\n".join(parts), ha="center", va="top", fontsize=6, color=GREY,
              linespacing=1.05)  # fmt: skip


def _score(axes: Axes, y: float, score: float, low: float, high: float, conclusive: bool) -> None:
    if pd.isna(score):
        return
    axes.hlines(y, low, high, color=BLUE, lw=1.6)
    axes.vlines([low, high], y - 0.08, y + 0.08, color=BLUE, lw=1.6)
    axes.scatter(score, y, s=64, facecolor=BLUE if conclusive else WHITE, edgecolor=BLUE, lw=1.6, zorder=3)
    write(axes, score, y - 0.23, formats.score(score), ha="center", fontsize=SMALL, fontweight="bold", color=BLUE)


def _state(line: Any) -> str:
    if line.etat == "sans_reponse":
        return NO_SCORE
    if pd.isna(line.niveau):
        return f"non concluant\ncouverture {formats.percent(line.couverture)}"
    return f"niveau {formats.count(line.niveau)}\nconfiance {line.confiance}"


def _profile_alt(dimensions: pd.DataFrame) -> str:
    parts = []
    for line in lines(dimensions):
        if pd.isna(line.score):
            parts.append(f"{line.libelle}, {NO_SCORE}")
            continue
        parts.append(
            f"{line.libelle}, score {formats.score(line.score)} "
            f"(de {formats.score(line.score_bas)} à {formats.score(line.score_haut)}), "
            f"cible {formats.count(line.cible)}"
        )
    return f"Graphique à points, une ligne par dimension. {' ; '.join(parts)}."


def _legend(axes: Axes, entries: Sequence[tuple[str, str, str, str]]) -> None:
    """Shapes and words under the axes: marker (« |-| » for a fourchette), fill, edge, label."""
    strip = strip_axes(axes)
    x = 0.12
    for marker, face, edge, label in entries:
        if marker == "|-|":
            strip.hlines(0.15, x - 0.1, x + 0.1, color=edge, lw=1.6)
            strip.vlines([x - 0.1, x + 0.1], 0.1, 0.2, color=edge, lw=1.6)
        else:
            strip.scatter(x, 0.15, s=38, marker=marker, facecolor=face, edgecolor=edge, lw=1.4)
        write(strip, x + 0.16, 0.15, label, fontsize=SMALL)
        x += 0.5 + text_width(label)


def _sides(count: int) -> list[Literal["left", "center", "right"]]:
    middle: list[Literal["left", "center", "right"]] = ["center"] * (count - 2)
    return ["left", *middle, "right"]
