"""A sheet to draw on: rectangles, lines, marks and texts placed in data coordinates, written straight as SVG.

Charts here are simple figures drawn by the dozen for each report; a plotting library spends twenty times longer on
axes that we do not show. The SVG is the same byte for byte from one run to the next and keeps its texts as texts.
Lengths on paper are in inches, sizes of marks and strokes in points; a stroke's dash is a sequence of points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from ..formats import typeset

POINTS = 72.0
FONTS = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
CAP = 0.36
"""Half the height of capitals, as a share of the size: what centres a line of text on a point."""
HATCH = "vigie-hachures"

Side = Literal["left", "center", "right"]
Height = Literal["top", "center", "bottom"]
Mark = Literal["o", "D", "^"]


@dataclass
class Sheet:
    """`width` × `height` inches; `place` sets the frame that data coordinates map to, by `xlim` and `ylim`.

    `ylim` is (bottom, top): rows that go downwards have a bottom greater than their top.
    """

    width: float
    height: float
    ink: str
    size: float
    xlim: tuple[float, float] = (0.0, 1.0)
    ylim: tuple[float, float] = (0.0, 1.0)
    frame: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Margins: left, right, top, bottom."""
    parts: list[str] = field(default_factory=list)
    hatches: dict[str, str] = field(default_factory=dict)

    def place(self, left: float, right: float, top: float, bottom: float) -> None:
        self.frame = (left, right, top, bottom)

    def x(self, value: float) -> float:
        """Points from the left of the sheet."""
        left, right, _, _ = self.frame
        share = (value - self.xlim[0]) / (self.xlim[1] - self.xlim[0])
        return (left + share * (self.width - left - right)) * POINTS

    def y(self, value: float) -> float:
        """Points from the top of the sheet."""
        _, _, top, bottom = self.frame
        share = (value - self.ylim[1]) / (self.ylim[0] - self.ylim[1])
        return (top + share * (self.height - top - bottom)) * POINTS

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        edge: str = "none",
        stroke: float = 0.0,
        dash: Sequence[float] = (),
        hatch: bool = False,
    ) -> None:
        """From the corner (x, y). `hatch`: slanted lines of the edge's colour over the fill."""
        xs, ys = sorted((self.x(x), self.x(x + width))), sorted((self.y(y), self.y(y + height)))
        box = f'x="{_n(xs[0])}" y="{_n(ys[0])}" width="{_n(xs[1] - xs[0])}" height="{_n(ys[1] - ys[0])}"'
        self.parts.append(f"<rect {box} {_paint(fill, edge, stroke, dash)}/>")
        if hatch:
            name = self.hatches.setdefault(edge, f"{HATCH}-{len(self.hatches)}")
            self.parts.append(f'<rect {box} fill="url(#{name})"/>')

    def columns(self, start: float, end: float, fill: str) -> None:
        """A band over the whole height of the frame."""
        self.rectangle(start, self.ylim[0], end - start, self.ylim[1] - self.ylim[0], fill)

    def rows(self, start: float, end: float, fill: str) -> None:
        """A band over the whole width of the frame."""
        self.rectangle(self.xlim[0], start, self.xlim[1] - self.xlim[0], end - start, fill)

    def level(self, y: float, start: float, end: float, color: str, stroke: float, dash: Sequence[float] = ()) -> None:
        """A horizontal line."""
        self._line(self.x(start), self.y(y), self.x(end), self.y(y), color, stroke, dash)

    def post(self, x: float, start: float, end: float, color: str, stroke: float, dash: Sequence[float] = ()) -> None:
        """A vertical line."""
        self._line(self.x(x), self.y(start), self.x(x), self.y(end), color, stroke, dash)

    def posts(self, xs: Iterable[float], color: str, stroke: float = 0.8, dash: Sequence[float] = ()) -> None:
        """Vertical lines over the whole height of the frame."""
        for x in xs:
            self.post(x, *self.ylim, color, stroke, dash)

    def mark(self, x: float, y: float, kind: Mark, area: float, fill: str, edge: str, stroke: float = 0.0) -> None:
        """A disc (o), a diamond (D) or a triangle (^) of about `area` square points."""
        half = area**0.5 / 2
        at_x, at_y = self.x(x), self.y(y)
        paint = _paint(fill, edge, stroke, ())
        if kind == "o":
            self.parts.append(f'<circle cx="{_n(at_x)}" cy="{_n(at_y)}" r="{_n(half)}" {paint}/>')
            return
        corners = {
            "D": ((0, -half), (half, 0), (0, half), (-half, 0)),
            "^": ((0, -half), (half, half), (-half, half)),
        }[kind]
        points = " ".join(f"{_n(at_x + dx)},{_n(at_y + dy)}" for dx, dy in corners)
        self.parts.append(f'<polygon points="{points}" {paint}/>')

    def write(
        self,
        x: float,
        y: float,
        text: str,
        gap: float = 0.0,
        drop: float = 0.0,
        *,
        side: Side = "left",
        height: Height = "center",
        size: float | None = None,
        color: str | None = None,
        bold: bool = False,
        turn: float = 0.0,
        leading: float = 1.2,
    ) -> None:
        """A text at (x, y), `gap` points to the right and `drop` down, typeset. `turn`: degrees, anti-clockwise."""
        size = size or self.size
        lines = typeset(text).split("\n")
        step = size * leading
        span = step * (len(lines) - 1)
        first = {"top": size * 0.78, "center": size * CAP - span / 2, "bottom": -size * 0.22 - span}[height]
        at_x, at_y = self.x(x) + gap, self.y(y) + drop
        style = f'font-size="{_n(size)}" fill="{color or self.ink}" text-anchor="{ANCHORS[side]}"'
        style += ' font-weight="700"' if bold else ""
        style += f' transform="rotate({_n(-turn)} {_n(at_x)} {_n(at_y)})"' if turn else ""
        spans = "".join(
            f'<tspan x="{_n(at_x)}" y="{_n(at_y + first + number * step)}">{escape(line)}</tspan>'
            for number, line in enumerate(lines)
        )
        self.parts.append(f"<text {style}>{spans}</text>")

    def to_svg(self) -> str:
        width, height = self.width * POINTS, self.height * POINTS
        patterns = "".join(
            f'<pattern id="{name}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<line x1="0" y1="0" x2="0" y2="4" stroke="{color}" stroke-width="1.4"/></pattern>'
            for color, name in self.hatches.items()
        )
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}pt" height="{_n(height)}pt" '
            f'viewBox="0 0 {_n(width)} {_n(height)}">\n'
            + (f"<defs>{patterns}</defs>\n" if patterns else "")
            + f'<rect width="100%" height="100%" fill="#ffffff"/>\n<g style={quoteattr(f"font-family: {FONTS}")}>\n'
            f"{body}\n</g>\n</svg>\n"
        )

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, color: str, stroke: float, dash: Sequence[float]
    ) -> None:
        ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        self.parts.append(f'<line {ends} stroke="{color}" stroke-width="{_n(stroke)}"{_dashes(dash)}/>')


def _n(value: float) -> str:
    """A number as short as a hundredth of a point allows."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _paint(fill: str, edge: str, stroke: float, dash: Sequence[float]) -> str:
    border = f' stroke="{edge}" stroke-width="{_n(stroke)}"{_dashes(dash)}' if stroke and edge != "none" else ""
    return f'fill="{fill}"{border}'


def _dashes(dash: Sequence[float]) -> str:
    return f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
