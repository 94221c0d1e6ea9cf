"""Tables, charts and lists inside a Markdown document: their content travels as JSON in a code block that only our own
pandoc filter reads, so that none of it is ever parsed as Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ..charts import Chart
from ..html import Content
from ..tables import Table
from .textes import Balisage, breakable, clean, one_line

TABLEAU, FIGURE, LISTE, PARAGRAPHE = "vigie-tableau", "vigie-figure", "vigie-liste", "vigie-paragraphe"
BOLD = 1.22
"""Width of a bold letter, in ordinary letters."""
WHOLE = 1.1
"""Width of a letter of a word that must stand whole, in letters of a running text, which spaces lighten."""
TOURS = 12
"""Halvings of the number of lines sought: far beyond what the eye sees."""
PADDING = 3.0
"""Width of the two paddings of a cell, in letters."""
WORDS_MAX = 22
"""Letters of the longest word that a column must show whole."""
LETTERS = 116
"""Letters of table text that fit across a portrait page."""
_PLACES = re.compile("[ \n\u200b]+")
"""Where a line may be cut: not at a no-break space."""


def table_block(table: Table, shares: Sequence[float] = (), heading: bool = True) -> Balisage:
    """A fenced block for one table. `shares`: widths in any unit, by default drawn from the texts; in both cases an
    ordinary word stands whole wherever there is room for it.

    `heading`: the first column heads its rows.
    """
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    headers = [clean(header) for header in table.headers]
    widths = fitted_shares(shares, headers, rows) if shares else column_shares(headers, rows)
    room = [max(int(width * LETTERS - PADDING), 1) for width in widths]
    return _fenced(
        TABLEAU,
        {
            "legende": clean(table.caption),
            "cachee": table.hidden_caption,
            "entetes": [breakable(text, int(size / BOLD) or 1) for text, size in zip(headers, room, strict=True)],
            "lignes": [[breakable(text, size) for text, size in zip(row, room, strict=True)] for row in rows],
            "nombres": list(table.numeric),
            "largeurs": widths,
            "entete_de_ligne": heading,
            "notes": [clean(note) for note in table.notes],
        },
    )


def figure_block(chart: Chart, stem: str) -> Balisage:
    """A fenced block for the drawing of a chart, `stem` being the name of its files; its table stands apart."""
    return _fenced(FIGURE, {"image": stem, "alt": clean(chart.alt), "lecture": clean(chart.lecture)})


def list_block(lines: Sequence[object]) -> Balisage:
    """A fenced block for a list, one line a value."""
    return _fenced(LISTE, {"lignes": [one_line(clean(line)) for line in lines]}) if lines else Balisage("")


def paragraph_block(text: object) -> Balisage:
    """A fenced block for a paragraph that is one value."""
    return _fenced(PARAGRAPHE, {"texte": one_line(clean(text))})


def fitted_shares(shares: Sequence[float], headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """The widths asked for, but that what a column lacks for its longest word comes from those with some to spare."""
    asked = [LETTERS * share / sum(shares) for share in shares]
    gaps = [width - floor for width, floor in zip(asked, _floors(headers, rows), strict=True)]
    lack, spare = (sum(max(sign * gap, 0.0) for gap in gaps) for sign in (-1, 1))
    if not 0 < lack <= spare:
        return [width / LETTERS for width in asked]
    return [
        (width - (gap if gap < 0 else gap * lack / spare)) / LETTERS for width, gap in zip(asked, gaps, strict=True)
    ]


def column_shares(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Widths that let every ordinary word stand whole, then make rows as low as can be: all columns as many lines."""
    floors = _floors(headers, rows)
    wanted = [_typical(column) for column in zip(headers, *rows, strict=True)]

    def widths(lines: float) -> list[float]:
        return [max(floor, PADDING + want / lines) for floor, want in zip(floors, wanted, strict=True)]

    few, many = 1.0, max(wanted, default=1.0) + 1
    for _ in range(TOURS):
        lines = (few + many) / 2
        few, many = (lines, many) if sum(widths(lines)) > LETTERS else (few, lines)
    found = widths(many)
    return [width / sum(found) for width in found]


def _cell(content: Content) -> str:
    return clean(content)


def _floors(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    return [_floor(column, bold=index == 0) for index, column in enumerate(zip(headers, *rows, strict=True))]


def _floor(column: Sequence[str], bold: bool) -> float:
    """Letters that the longest word of a column needs, the header being in bold, and the padding of its cells."""
    header, *cells = column
    body = max((_longest_word(text) for text in cells), default=0) * (BOLD if bold else WHOLE)
    return max(_longest_word(header) * BOLD, body) + PADDING


def _longest_word(text: str) -> int:
    """What holds together counts for one word: a day and its month, a word and its quotation mark."""
    return min(max(map(len, _PLACES.split(text))), WORDS_MAX)


def _typical(column: Sequence[str]) -> float:
    """Letters of a cell of the column, leaning towards its longest ones."""
    lengths = sorted(len(text) for text in column)
    return 0.4 * sum(lengths) / len(lengths) + 0.6 * lengths[int(0.8 * (len(lengths) - 1))]


def _fenced(kind: str, content: dict[str, Any]) -> Balisage:
    """JSON on one line: nothing in it can close the fence."""
    data = json.dumps(content, ensure_ascii=False).replace("`", "\\u0060")
    return Balisage(f"\n\n```{{.{kind}}}\n{data}\n```\n\n")
