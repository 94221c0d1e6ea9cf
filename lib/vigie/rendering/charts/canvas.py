"""What every chart shares: the palette, the sheet at the page's width, rows of labels, the legend's strip.

Everything is said by shape and figure, colour coming on top.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from ..formats import typeset
from ..tables import Table
from .sheet import Sheet

BLUE = "#000091"
RED = "#c9191e"
INK = "#161616"
GREY = "#666666"
RULE = "#929292"
PALE = "#eeeeee"
WHITE = "#ffffff"
SCALE = ("#f5f5fe", "#cacafb", "#9a9aff", "#4a4ad6", "#000091")
"""Five steps from pale to State blue; the figure is written in each cell."""

WIDTH = 7.1
"""Inches: the printed width of an A4 page between its margins."""
SIZE = 9.0
SMALL = 8.0
DASHES = (4.0, 3.0)
GAP = 4.0
"""Points between the frame and the labels under it."""


@dataclass(frozen=True)
class Chart:
    """A drawing and what must go with it: a sentence to read it, an alternative text, the table of its figures."""

    svg: str
    alt: str
    lecture: str
    table: Table

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of a screen: a page that knows them neither jumps nor breaks in the middle."""
        found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', self.svg)
        width, height = found.groups() if found else ("0", "0")
        return round(float(width) * 4 / 3), round(float(height) * 4 / 3)


def sheet(height: float, width: float = WIDTH) -> Sheet:
    """An empty sheet of `height` inches."""
    return Sheet(width, height, INK, SIZE)


def strip(page: Sheet, height: float = 0.3) -> Sheet:
    """The bottom of the sheet in inches, for a legend made of shapes and words; what it draws is the page's."""
    below = Sheet(page.width, page.height, page.ink, page.size, (0.0, page.width), (0.0, height))
    below.place(0.0, 0.0, page.height - height, 0.0)
    below.parts, below.hatches = page.parts, page.hatches
    return below


def wrap(text: str, width: int) -> str:
    """Lines of about `width` characters; no-break spaces hold."""
    return fill(typeset(text), width, break_long_words=False, break_on_hyphens=False)


def text_width(text: str, size: float = SMALL) -> float:
    """Width of a line in inches, close enough to lay words out (average width of a letter of the house font)."""
    return len(text) * size * 0.52 / 72


def row_labels(page: Sheet, labels: Sequence[str], width: int, size: float = SIZE) -> None:
    """One row a label, first at the top, the label at the left of the frame."""
    page.ylim = (len(labels) - 0.5, -0.5)
    for row, label in enumerate(labels):
        page.write(page.xlim[0], row, wrap(label, width), gap=-5, side="right", size=size, leading=1.15)


def column_labels(page: Sheet, at: Sequence[float], labels: Sequence[str], size: float = SMALL) -> None:
    """Labels under the frame."""
    for x, label in zip(at, labels, strict=True):
        page.write(x, page.ylim[0], label, drop=GAP, side="center", height="top", size=size)
