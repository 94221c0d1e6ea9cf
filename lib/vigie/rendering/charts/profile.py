"""Dots on a scale: the maturity profile, the bullet of one dimension, the exposure of job families.

No radar: its area depends on the order of the axes. Here a dot is a score, a bar its fourchette, a diamond the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .. import formats
from ..formats import NBSP
from ..tables import Table, lines
from .canvas import (
    BLUE,
    DASHES,
    GAP,
    GREY,
    INK,
    PALE,
    RED,
    SMALL,
    WHITE,
    Chart,
    column_labels,
    row_labels,
    sheet,
    strip,
    text_width,
    wrap,
)
from .sheet import Mark, Sheet, Side

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
    page = sheet(ROW * len(dimensions) + 1.15)
    page.place(2.05, 1.2, 0.1, 1.05)
    page.xlim = (lowest - 0.12, highest + 0.12)
    row_labels(page, list(dimensions["libelle"]), 30)
    _level_grid(page, niveaux, len(dimensions))
    for row, line in enumerate(lines(dimensions)):
        _roles(page, row, roles[roles["dimension"] == line.dimension])
        _score(page, row - 0.1, line.score, line.score_bas, line.score_haut, line.etat == "concluant")
        if pd.notna(line.cible):
            page.mark(line.cible, row - 0.1, "D", 100, "none", RED, 1.8)
        page.write(highest + 0.22, row - 0.1, _state(line), size=SMALL)
    entries: list[tuple[Mark | None, str, str, str]] = [
        ("o", BLUE, BLUE, "score"),
        ("o", WHITE, BLUE, "score non concluant"),
        (None, "", BLUE, "fourchette"),
        ("D", "none", RED, "cible"),
    ]
    if not roles.empty:
        entries.append(("^", WHITE, GREY, "médiane de chaque rôle"))
    _legend(page, entries)
    return Chart(page.to_svg(), _profile_alt(dimensions), lecture, table)


def bullet(
    score: float, low: float, high: float, target: float, niveaux: Mapping[int, str], lecture: str, table: Table
) -> Chart:
    """One dimension: five level ranges, the score as a bar, under it the fourchette, the target as a mark."""
    lowest, highest = min(niveaux), max(niveaux)
    page = sheet(0.62)
    page.place(0.1, 0.35, 0.04, 0.28)
    page.xlim, page.ylim = (lowest, highest), (-0.5, 0.5)
    shades = ("#d5d5d5", "#e0e0e0", "#e9e9e9", "#f1f1f1")
    for level, shade in zip(range(lowest, highest), shades, strict=False):
        page.columns(level, level + 1, shade)
    for (level, name), side in zip(niveaux.items(), _sides(len(niveaux)), strict=True):
        page.write(level, page.ylim[0], f"{level}{NBSP}{name}", drop=GAP, side=side, height="top", size=SMALL)
    if pd.notna(score):
        page.rectangle(lowest, -0.21, score - lowest, 0.42, BLUE)
        page.level(-0.36, low, high, INK, 1.2)
        for end in (low, high):
            page.post(end, -0.46, -0.26, INK, 1.2)
    if pd.notna(target):
        page.post(target, -0.42, 0.42, RED, 3.2)
    alt = (
        f"Score {formats.score(score)} sur une échelle de {lowest} à {highest}, "
        f"fourchette de {formats.score(low)} à {formats.score(high)}, cible {formats.count(target)}."
    )
    return Chart(page.to_svg(), alt, lecture, table)


def exposure(metiers: pd.DataFrame, thresholds: Mapping[str, float], lecture: str, table: Table) -> Chart:
    """Job families by exposure (0 to 1): a dot, the spread of its tasks, the class in words at the right.

    `metiers`: libelle, exposition, ecart_type, classe (label); `thresholds`: label → value, drawn as dashed lines.
    """
    page = sheet(0.34 * len(metiers) + 0.85)
    page.place(2.35, 1.15, 0.28, 0.55)
    row_labels(page, list(metiers["libelle"]), 36)
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    page.posts(ticks, PALE)
    column_labels(page, ticks, [formats.number(tick, 2) for tick in ticks])
    for label, value in thresholds.items():
        page.posts([value], RED, 1.1, DASHES)
        page.write(value, -0.68, label, gap=2, size=SMALL, color=RED)
    for row, line in enumerate(lines(metiers)):
        if pd.isna(line.exposition):
            page.write(0.01, row, "non coté", size=SMALL, color=GREY)
        else:
            spread = 0.0 if pd.isna(line.ecart_type) else line.ecart_type
            low, high = max(0.0, line.exposition - spread), min(1.0, line.exposition + spread)
            page.level(row, low, high, BLUE, 1.6)
            page.mark(line.exposition, row, "o", 46, BLUE, BLUE)
        page.write(1.03, row, str(line.classe), size=SMALL)
    described = " ; ".join(f"{line.libelle} {formats.number(line.exposition, 2)}" for line in lines(metiers))
    return Chart(page.to_svg(), f"Exposition des métiers, de 0 à 1 : {described}.", lecture, table)


def _level_grid(page: Sheet, niveaux: Mapping[int, str], rows: int) -> None:
    for row in range(0, rows, 2):
        page.rows(row - 0.5, row + 0.5, "#f6f6f6")
    page.posts(niveaux, "#dddddd")
    column_labels(page, list(niveaux), [f"{level}\n{wrap(name, 11)}" for level, name in niveaux.items()])


def _roles(page: Sheet, row: int, roles: pd.DataFrame) -> None:
    """A mark at each median, under it the codes of the roles that share it."""
    for median, group in roles.groupby(roles["mediane"].to_numpy(dtype=float)):
        at = float(str(median))
        page.mark(at, row + 0.1, "^", 15, WHITE, GREY, 0.9)
        codes = list(group["role"])
        parts = [" ".join(codes[start : start + ROLES_PER_LINE]) for start in range(0, len(codes), ROLES_PER_LINE)]
        page.write(at, row + 0.18, "\n".join(parts), side="center", height="top", size=6, color=GREY, leading=1.05)


def _score(page: Sheet, y: float, score: float, low: float, high: float, conclusive: bool) -> None:
    if pd.isna(score):
        return
    page.level(y, low, high, BLUE, 1.6)
    for end in (low, high):
        page.post(end, y - 0.08, y + 0.08, BLUE, 1.6)
    page.mark(score, y, "o", 64, BLUE if conclusive else WHITE, BLUE, 1.6)
    page.write(score, y - 0.24, formats.score(score), side="center", size=SMALL, bold=True, color=BLUE)


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


def _legend(page: Sheet, entries: Sequence[tuple[Mark | None, str, str, str]]) -> None:
    """Shapes and words under the frame: mark (None for a fourchette), fill, edge, label."""
    below = strip(page)
    x = 0.12
    for mark, fill, edge, label in entries:
        if mark is None:
            below.level(0.15, x - 0.1, x + 0.1, edge, 1.6)
            for end in (x - 0.1, x + 0.1):
                below.post(end, 0.1, 0.2, edge, 1.6)
        else:
            below.mark(x, 0.15, mark, 60 if mark == "D" else 38, fill, edge, 1.4)
        below.write(x + 0.16, 0.15, label, size=SMALL)
        x += 0.5 + text_width(label)


def _sides(count: int) -> list[Side]:
    middle: list[Side] = ["center"] * (count - 2)
    return ["left", *middle, "right"]
