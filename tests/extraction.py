"""Everything that a file says, whatever its format: one extractor for all that Vigie hands over.

Not what a reader sees only: properties, comments, alternative texts, hidden sheets, metadata of notebooks and of PDF,
drawings, archives within archives.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

DESSINE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
ARCHIVES = (".docx", ".odt", ".xlsx", ".pptx", ".zip")
IMAGES = (".png", ".jpg", ".jpeg", ".emf", ".ttf", ".otf")
"""Pixels and fonts: nothing to read."""


def extract(path: Path) -> str:
    """All the text of a file, of any format."""
    return "\n".join(_texts(path.name, path.read_bytes()))


def _texts(name: str, content: bytes) -> Iterator[str]:
    suffix = Path(name).suffix.lower()
    if suffix in IMAGES:
        return
    if suffix in ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment.decode("utf-8", "replace")
            for member in archive.infolist():
                yield member.filename
                yield from _texts(member.filename, archive.read(member))
    elif suffix == ".pdf":
        yield from _pdf(content)
    elif suffix in (".json", ".ipynb"):
        yield from _json(json.loads(content))
    else:
        text = content.decode("utf-8-sig")
        yield html.unescape(text)
        yield from drawings(text)
        if suffix in (".xml", ".rels"):
            # words that formatting cuts into pieces
            yield "".join(ElementTree.fromstring(text).itertext())  # noqa: S314 - our own documents
        elif suffix == ".ics":
            yield re.sub(r"\r?\n[ \t]", "", text)  # folded lines


def drawings(page: str) -> list[str]:
    """Each drawing that a page holds, as SVG."""
    return [html.unescape(base64.b64decode(one).decode()) for one in DESSINE.findall(page)]


def words_of(drawing: str) -> list[str]:
    """What a drawing writes, one text after the other."""
    tree = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawings
    return ["".join(node.itertext()).strip() for node in tree.iter() if node.tag.endswith("}text")]


def pages_of(path: Path) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(path).pages]


def _json(value: Any) -> Iterator[str]:
    """Strings as they are read, the HTML and the drawings in them included; keys and numbers too."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _json(one)
    elif isinstance(value, list):
        for one in value:
            yield from _json(one)
    else:
        yield html.unescape(str(value))
        yield from drawings(str(value))


def _pdf(content: bytes) -> Iterator[str]:
    """Pages as read, with and without the ends of lines, then every string of every object: properties, outline,
    alternative texts, links, files attached."""
    reader = PdfReader(io.BytesIO(content))
    pages = [page.extract_text() for page in reader.pages]
    yield from pages
    yield "".join(pages).replace("\n", "")
    for numbers in reader.xref.values():
        for number in numbers:
            yield from _pdf_object(IndirectObject(number, 0, reader).get_object())
    for name, files in reader.attachments.items():
        yield name
        for one in files:
            yield from _texts(name, one)


def _pdf_object(value: Any) -> Iterator[str]:
    if isinstance(value, DictionaryObject):
        if value.get("/Type") == "/Metadata":
            yield value.get_data().decode("utf-8", "replace")  # type: ignore[attr-defined]
        for one in value.values():
            yield from _pdf_object(one)
    elif isinstance(value, list):
        for one in value:
            yield from _pdf_object(one)
    elif isinstance(value, str):
        yield value


Table = list[list[str]]
MOTS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DESSIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TABLEAU, TEXTE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
BALISES = {
    ".docx": (f"{MOTS}tbl", f"{MOTS}tr", f"{MOTS}tc"),
    ".pptx": (f"{DESSIN}tbl", f"{DESSIN}tr", f"{DESSIN}tc"),
    ".odt": (f"{TABLEAU}table", f"{TABLEAU}table-row", f"{TABLEAU}table-cell"),
}


def tables(path: Path) -> list[Table]:
    """Every table of a file, header first, cells as read. A PDF has none: its text is that of the DOCX beside it."""
    return [
        [[re.sub(r"\s+", " ", cell.replace("\u200b", "")).strip() for cell in row] for row in table]
        for table in _tables(path.name, path.read_bytes())
    ]


def _tables(name: str, content: bytes) -> Iterator[Table]:
    suffix = Path(name).suffix.lower()
    if suffix in BALISES:
        yield from _office_tables(content, BALISES[suffix])
    elif suffix == ".xlsx":
        for sheet in load_workbook(io.BytesIO(content)):
            yield from _sheet_tables([["" if cell is None else str(cell) for cell in row] for row in sheet.values])
    elif suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield from _tables(member.filename, archive.read(member))
    elif suffix == ".html":
        yield from _html_tables(content.decode())
    elif suffix == ".ipynb":
        for cell in json.loads(content)["cells"]:
            for output in cell.get("outputs", ()):
                yield from _html_tables("".join(output.get("data", {}).get("text/html", "")))
    elif suffix == ".json":
        for etape in json.loads(content).values():
            for rows in etape.get("tables", {}).values() if isinstance(etape, dict) else ():
                if rows:
                    head = list(rows[0])
                    yield [head, *(["" if row[one] is None else str(row[one]) for one in head] for row in rows)]


def _office_tables(content: bytes, names: tuple[str, str, str]) -> Iterator[Table]:
    table, row, cell = names
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            if member.endswith(".xml"):
                tree = ElementTree.fromstring(archive.read(member))  # noqa: S314 - our own documents
                for one in tree.iter(table):
                    yield [["".join(each.itertext()) for each in line.iter(cell)] for line in one.iter(row)]


def _sheet_tables(rows: Table) -> Iterator[Table]:
    """What stands between two blank rows, from the first row with two cells."""
    block: Table = []
    for row in [*rows, []]:
        if sum(map(bool, row)) > 1 or (block and any(row)):
            block.append(row)
        elif block:
            yield block
            block = []


def _html_tables(page: str) -> Iterator[Table]:
    for table in BeautifulSoup(page, "html.parser").select("table"):
        yield [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
