"""The drawing sheet of every chart: matplotlib's object interface, one SVG text out.

No pyplot and no global figure, so that charts can be drawn in threads and after a fork. The SVG is the same byte for
byte from one run to the next, keeps its texts as texts, and says everything by shape and figure, colour coming on top.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import fill
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont

from ..formats import typeset
from ..tables import Table

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
FONTS = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans", "sans-serif")
SIZE = 9.0
SMALL = 8.0

# Read when the SVG is written and by no setter of the object interface: the process-wide value is the only door.
mpl.rcParams["svg.hashsalt"] = "vigie"
mpl.rcParams["svg.fonttype"] = "none"


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


@cache
def installed_font() -> str:
    """The first font of the list that this machine has: the one texts are measured with."""
    for name in FONTS[:-1]:
        try:
            findfont(FontProperties(family=name), fallback_to_default=False)
        except ValueError:
            continue
        return name
    return "DejaVu Sans"


def sheet(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """An empty sheet of `height` inches, axes without frame."""
    figure = Figure(figsize=(width, height), facecolor=WHITE)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=SIZE, labelcolor=INK, labelfontfamily=installed_font())
    return figure, axes


def place(axes: Axes, left: float, right: float, top: float, bottom: float) -> None:
    """Set the axes inside the sheet, margins in inches."""
    width, height = _figure(axes).get_size_inches()
    axes.set_position((left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height))


def write(axes: Axes, x: float, y: float, text: str, gap: float = 0.0, **style: Any) -> None:
    """A text at (x, y) in data coordinates, `gap` points to the right, typeset, in the house font."""
    options: dict[str, Any] = {"fontsize": SIZE, "color": INK, "va": "center", "annotation_clip": False, **style}
    axes.annotate(
        typeset(text), (x, y), (gap, 0), textcoords="offset points", fontfamily=installed_font(), **options
    )  # fmt: skip


def strip_axes(axes: Axes, height: float = 0.3) -> Axes:
    """Axes in inches over the bottom of the sheet, for a legend made of shapes and words."""
    figure = _figure(axes)
    width, sheet_height = figure.get_size_inches()
    strip = figure.add_axes((0, 0, 1, height / sheet_height))
    strip.set_axis_off()
    strip.set_xlim(0, width)
    strip.set_ylim(0, height)
    return strip


def wrap(text: str, width: int) -> str:
    """Lines of about `width` characters; no-break spaces hold."""
    return fill(typeset(text), width, break_long_words=False, break_on_hyphens=False)


def text_width(text: str, size: float = SMALL) -> float:
    """Width of a line in inches, close enough to lay words out (average width of a letter of the house font)."""
    return len(text) * size * 0.52 / 72


def row_labels(axes: Axes, labels: Sequence[str], width: int) -> None:
    """Labels of the rows, first at the top."""
    axes.set_yticks(range(len(labels)))
    axes.set_yticklabels([wrap(label, width) for label in labels], linespacing=1.15)
    axes.set_ylim(len(labels) - 0.5, -0.5)


def to_svg(figure: Figure) -> str:
    """The SVG text, without date, program name nor fixed size, so that it scales to its frame."""
    buffer = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Type": None, "Format": None}
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(buffer, metadata=metadata)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.S)
    families = ", ".join(f"'{name}'" if " " in name else name for name in FONTS)
    svg = svg.replace(f"'{installed_font()}'", families)
    return re.sub(r"\n\s*", "\n", svg)


def _figure(axes: Axes) -> Figure:
    return cast("Figure", axes.figure)
