"""A frame becomes an accessible HTML table: caption, scoped headers in French, and words for what has no number.

An absent value is written « — » and explained under the table; a value withheld because the group is too small is
written « masqué ». Colour is never the only sign: a coloured cell always carries its text.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from . import formats
from .html import Content, element, hidden_text, join

Formatter = Callable[[object], Content]
WITHHELD = frozenset({"masque"})
IDENTIFIER = 8
NAME = 24
"""Up to the first length a row heading is an identifier, kept narrow; beyond the second, a name, kept readable."""
SHORT = 14
"""Up to this number of rows a table is kept whole on a printed page."""
ABSENT_NOTE = "« — » : pas de valeur (sans réponse, non calculé ou sans objet)."
MASKED_NOTE = "« masqué » : effectif trop faible pour être publié sans risquer de reconnaître quelqu'un."


@dataclass(frozen=True)
class Column:
    """A column to show. `header` empty = the label of `libelles.yaml`; `render` None = chosen from the values.

    `numeric` aligns to the right; None = numbers are, texts are not.
    """

    name: str
    header: str = ""
    render: Formatter | None = None
    numeric: bool | None = None
    wide: bool = False
    """Text that deserves the room (an action, a rule)."""


Columns = Sequence[Column | str]
"""A name alone stands for a column shown as it comes."""


@dataclass(frozen=True)
class Table:
    """A table ready to write: texts only. The first column heads its rows."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]
    numeric: tuple[bool, ...]
    wide: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    hidden_caption: bool = field(default=False)
    """True when the table stands under a figure that already says what it is about."""

    def to_html(self) -> Markup:
        head = element("tr", *(self._header(index) for index in range(len(self.headers))))
        body = (element("tr", *(self._cell(row, index) for index in range(len(row)))) for row in self.rows)
        caption = element("caption", self.caption, class_="vg-lu" if self.hidden_caption else None)
        class_ = "vg-table vg-entier" if len(self.rows) <= SHORT else "vg-table"
        table = element("table", caption, element("thead", head), element("tbody", *body), class_=class_)
        # A table may be wider than a phone: its frame scrolls, so it takes the keyboard and has a name.
        label = f"Tableau : {self.caption}"
        frame = element("div", table, class_="vg-cadre", role="group", tabindex=0, aria_label=label)
        return join([frame, *(element("p", note, class_="vg-note") for note in self.notes)])

    def _header(self, index: int) -> Markup:
        return element("th", self.headers[index], scope="col", class_=self._class(index))

    def _cell(self, row: Sequence[Content], index: int) -> Markup:
        content = row[index]
        if content == formats.ABSENT:
            content = element("span", formats.ABSENT, aria_hidden="true") + hidden_text("pas de valeur")
        if index == 0:
            return element("th", content, scope="row", class_=self._class(index))
        return element("td", content, class_=self._class(index))

    def _class(self, index: int) -> str | None:
        longest = max((len(str(row[0])) for row in self.rows), default=0) if index == 0 else 0
        flags = (
            ("vg-n", self.numeric[index]),
            ("vg-large", self.wide[index]),
            ("vg-nom", longest > NAME),
            ("vg-id", 0 < longest <= IDENTIFIER),
        )
        return " ".join(name for name, flag in flags if flag) or None


def table(
    frame: pd.DataFrame,
    columns: Columns,
    caption: str,
    labels: Mapping[str, str],
    notes: Sequence[str] = (),
    hidden_caption: bool = False,
) -> Table:
    """The table of `columns` of `frame`, one row a row, in its order. `labels`: column name → French header.

    A row whose `etat` is masked, or whose `publie` is false, has its missing numbers written « masqué »; so has a
    column `x` where `x_masque` is true.
    Raises KeyError on a column the frame does not have.
    """
    wanted = [column if isinstance(column, Column) else Column(column) for column in columns]
    series = [frame[column.name] for column in wanted]
    cells = [values.to_numpy() if isinstance(values.dtype, np.dtype) else values.tolist() for values in series]
    renders = [column.render or _default_render(values) for column, values in zip(wanted, series, strict=True)]
    withheld = _withheld(frame)
    nowhere = [False] * len(frame)
    own = [frame[f"{one.name}_masque"].tolist() if f"{one.name}_masque" in frame else nowhere for one in wanted]
    rows = tuple(
        tuple(
            _render(render, values[row], withheld[row] or masked[row])
            for render, values, masked in zip(renders, cells, own, strict=True)
        )
        for row in range(len(frame))
    )
    return Table(
        caption=caption,
        headers=tuple(column.header or labels.get(column.name, column.name) for column in wanted),
        rows=rows,
        numeric=tuple(
            _is_number(values) if column.numeric is None else column.numeric
            for column, values in zip(wanted, series, strict=True)
        ),
        wide=tuple(column.wide for column in wanted),
        notes=(*notes, *_automatic_notes(rows)),
        hidden_caption=hidden_caption,
    )


def lines(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows as objects with one attribute a column, untyped as cells are."""
    columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
    yield from map(_row_of(tuple(map(str, frame.columns)))._make, zip(*columns, strict=True))


@lru_cache(maxsize=256)
def _row_of(names: tuple[str, ...]) -> Any:
    """The class of such rows: making one costs more than a table's rows."""
    return namedtuple("Ligne", names, rename=True)


def coded(labels: Mapping[str, str]) -> Formatter:
    """A formatter that writes the label of a code; an unknown code is written as it is."""
    return lambda value: formats.ABSENT if formats.is_absent(value) else labels.get(str(value), str(value))


def as_is(value: object) -> Content:
    """A formatter for cells that already hold HTML, or text to be written as it stands."""
    return value if isinstance(value, Markup) else str(value)


def _render(render: Formatter, value: object, withheld: bool) -> Content:
    if formats.is_absent(value):
        return formats.MASKED if withheld and value != "" else formats.ABSENT
    return render(value)


def _withheld(frame: pd.DataFrame) -> list[bool]:
    masked = frame["etat"].isin(WITHHELD) if "etat" in frame else pd.Series(False, index=frame.index)
    unpublished = ~frame["publie"].astype(bool) if "publie" in frame else pd.Series(False, index=frame.index)
    return [bool(value) for value in masked | unpublished]


def _automatic_notes(rows: Sequence[Sequence[Content]]) -> list[str]:
    cells = {str(cell) for row in rows for cell in row}
    found = ((formats.ABSENT, ABSENT_NOTE), (formats.MASKED, MASKED_NOTE))
    return [note for mark, note in found if mark in cells]


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _default_render(values: pd.Series) -> Formatter:
    if pd.api.types.is_bool_dtype(values):
        return formats.yes_no
    if _is_number(values):
        known = values.dropna()
        whole = bool((known == known.round()).all())
        return formats.count if whole else formats.number
    return str
