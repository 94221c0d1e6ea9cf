"""Tables to work with: XLSX with frozen headers, filters, French dates, numbers as numbers, and no formula ever.

Every text is written as a string cell; one that a spreadsheet could read as a formula also carries the quote prefix,
so that editing the cell does not turn it into one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .. import formats
from ..tables import WITHHELD
from .references import jetons as j
from .references.identite import Identite
from .textes import clean

Genre = Literal["", "texte", "nombre", "entier", "pourcent", "date", "code", "oui_non"]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
CELL_MAX = 32_000
"""A cell holds 32,767 characters; a longer text is cut, and says so."""
COUPE = " […] texte coupé"
NAME_MAX = 31
FRONT_WIDTH = 110
WIDTHS = (8, 60)
"""Narrowest and widest column, in characters."""
LINE = 13.0
"""Height of a line of text, in points. Rows are given theirs: not every suite works it out when it opens a file."""
LINES_MAX = 30
A4, A3 = 9, 8
WIDE = 220
"""From this number of characters on, a sheet prints on A3."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NAME_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
NUMBERS: Mapping[str, str] = {"nombre": "#,##0.0", "entier": "#,##0", "pourcent": "0 %", "date": "dd/mm/yyyy"}


@dataclass(frozen=True)
class Champ:
    """A column of a sheet. `entete` empty = the label of libelles.yaml; `genre` empty = chosen from the values."""

    nom: str
    entete: str = ""
    genre: Genre = ""


@dataclass(frozen=True)
class Feuille:
    """A sheet: one row a row of `cadre`. A row whose `etat` is masked has its missing numbers written « masqué »."""

    titre: str
    cadre: pd.DataFrame
    champs: Sequence[Champ | str]
    legende: str = ""


def write_workbook(
    feuilles: Sequence[Feuille],
    identite: Identite,
    day: date,
    labels: Mapping[str, str],
    codes: Mapping[str, str],
    notes: Sequence[str] = (),
) -> bytes:
    """The workbook: a page that says what it is, then the sheets. Same content, same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {
            "title": identite.titre,
            "author": identite.structure,
            "comments": f"{identite.etat}. {identite.fictif}".strip(),
            "created": datetime.combine(day, time()),
        }
    )
    styles = _Styles(book)
    _write_front(book.add_worksheet("Lisez-moi"), feuilles, identite, styles, notes)
    for feuille in feuilles:
        sheet = book.add_worksheet(_sheet_name(feuille.titre))
        _write_sheet(sheet, feuille, identite, styles, labels, codes)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": j.POLICE, "font_size": 10, "valign": "top"}
        head = {"bold": True, "bg_color": f"#{j.ENTETE}", "bottom": 2, "bottom_color": f"#{j.BLEU}", "text_wrap": True}
        self.titre: Format = book.add_format({**base, "bold": True, "font_size": 16, "font_color": f"#{j.BLEU}"})
        self.gras: Format = book.add_format({**base, "bold": True})
        self.projet: Format = book.add_format({**base, "bold": True, "font_color": f"#{j.ROUGE}"})
        self.entete: Format = book.add_format({**base, **head})
        self.texte: Format = book.add_format({**base, "text_wrap": True})
        self.cite: Format = book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.nombres: dict[str, Format] = {
            genre: book.add_format({**base, "num_format": pattern}) for genre, pattern in NUMBERS.items()
        }

    def of_text(self, text: str) -> Format:
        return self.cite if text.startswith(FORMULAS) else self.texte


def _write_front(
    sheet: Worksheet, feuilles: Sequence[Feuille], identite: Identite, styles: _Styles, notes: Sequence[str]
) -> None:
    lines: list[tuple[str, Format]] = [
        (identite.titre, styles.titre),
        (identite.ministere, styles.gras),
        (identite.structure, styles.texte),
        (identite.periode, styles.texte),
        (identite.etat, styles.projet if identite.projet else styles.gras),
        *(((identite.fictif, styles.gras),) if identite.fictif else ()),
        ("", styles.texte),
        *((f"{feuille.titre} : {feuille.legende}".removesuffix(" : "), styles.texte) for feuille in feuilles),
        ("", styles.texte),
        *((note, styles.texte) for note in notes),
    ]
    sheet.set_column(0, 0, FRONT_WIDTH)
    for row, (text, style) in enumerate(lines):
        shown = clean(text) if text else ""
        sheet.write_string(row, 0, shown, styles.cite if shown.startswith(FORMULAS) else style)
        sheet.set_row(row, (2 if style is styles.titre else 1) * LINE * _lines(shown, FRONT_WIDTH) + 2)
    _page(sheet, identite)


def _write_sheet(
    sheet: Worksheet,
    feuille: Feuille,
    identite: Identite,
    styles: _Styles,
    labels: Mapping[str, str],
    codes: Mapping[str, str],
) -> None:
    champs = [champ if isinstance(champ, Champ) else Champ(champ) for champ in feuille.champs]
    withheld = (
        feuille.cadre["etat"].isin(WITHHELD).to_list() if "etat" in feuille.cadre else [False] * len(feuille.cadre)
    )
    heights = [1] * (len(feuille.cadre) + 1)
    total = 0
    for column, champ in enumerate(champs):
        header = clean(champ.entete or labels.get(champ.nom, champ.nom))
        values = feuille.cadre[champ.nom]
        genre = champ.genre or _genre(values, codes)
        cells = [header, *_cells(values, genre, codes, withheld)]
        sheet.write_string(0, column, header, styles.entete)
        wanted = [len(header) + 3]
        wanted += [
            _write_cell(sheet, row, column, value, genre, styles) for row, value in enumerate(cells[1:], start=1)
        ]
        width = min(max(*wanted, WIDTHS[0]), WIDTHS[1])
        sheet.set_column(column, column, width)
        total += width
        heights = [max(pair) for pair in zip(heights, (_lines(cell, width) for cell in cells), strict=True)]
    for row, lines in enumerate(heights):
        sheet.set_row(row, LINE * min(lines, LINES_MAX) + 2)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(feuille.cadre), len(champs) - 1)
    sheet.repeat_rows(0)
    _page(sheet, identite, A3 if total > WIDE else A4)


def _write_cell(sheet: Worksheet, row: int, column: int, value: object, genre: str, styles: _Styles) -> int:
    """Writes one cell; gives back the characters it would like."""
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), styles.nombres["date"])
        return 12
    if isinstance(value, float):
        sheet.write_number(row, column, value, styles.nombres[genre])
        return 10
    text = str(value)
    if not text:
        sheet.write_blank(row, column, None, styles.texte)
        return 0
    sheet.write_string(row, column, text, styles.of_text(text))
    return max(map(len, text.split("\n"))) + 2


def _cells(
    values: pd.Series, genre: str, codes: Mapping[str, str], withheld: Sequence[bool]
) -> Iterator[float | date | str]:
    for value, masked in zip(values, withheld, strict=True):
        if formats.is_absent(value):
            yield formats.MASKED if masked and genre in NUMBERS and genre != "date" else ""
        elif genre == "date":
            yield date.fromisoformat(str(value)[:10])
        elif genre in NUMBERS:
            yield float(value)
        elif genre == "oui_non":
            yield formats.capitalize(formats.yes_no(value))
        else:
            yield _text(codes.get(str(value), str(value)) if genre == "code" else str(value))


def _text(value: str) -> str:
    text = clean(value)
    return text if len(text) <= CELL_MAX else text[: CELL_MAX - len(COUPE)] + COUPE


def _genre(values: pd.Series, codes: Mapping[str, str]) -> Genre:
    """What the values are: yes or no, numbers, dates, codes that all have a label, else text."""
    if pd.api.types.is_bool_dtype(values):
        return "oui_non"
    known = values.dropna()
    if pd.api.types.is_numeric_dtype(values):
        return "entier" if bool((known == known.round()).all()) else "nombre"
    texts = [str(value) for value in known if value != ""]
    if texts and all(_ISO.fullmatch(text) for text in texts):
        return "date"
    return "code" if texts and all(text in codes for text in texts) else "texte"


def _sheet_name(title: str) -> str:
    return _NAME_FORBIDDEN.sub(" ", title)[:NAME_MAX].strip("' ")


def _lines(cell: object, width: int) -> int:
    """Lines that a cell takes once wrapped at `width` characters."""
    return sum(1 + len(line) // width for line in str(cell).split("\n")) if isinstance(cell, str) else 1


def _page(sheet: Worksheet, identite: Identite, paper: int = A4) -> None:
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    escaped = identite.structure.replace("&", "&&")
    sheet.set_footer(f"&L&8{escaped} – {identite.etat}&R&8page &P sur &N")
