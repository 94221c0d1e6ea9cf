"""Texts and tables of the documents as a reader sees them, one function a format."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import docx
from openpyxl import load_workbook
from pypdf import PdfReader

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXTE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLEAU = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
Rows = list[list[str]]


def plain(text: str) -> str:
    """The text with ordinary spaces only and no place to break: what two formats can be compared on."""
    return re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\u00a0", " ").replace("\u202f", " ")).strip()


def compact(text: str) -> str:
    """Without any blank: a PDF cuts lines, and words with them, where the page ends."""
    return re.sub(r"\s+", "", plain(text))


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def docx_tables(content: bytes) -> list[Rows]:
    document = docx.Document(io.BytesIO(content))
    return [[[plain(cell.text) for cell in row.cells] for row in table.rows] for table in document.tables]


def odt_tree(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314


def odt_text(content: bytes) -> str:
    body = odt_tree(content).find(f"{OFFICE}body")
    return "\n".join(_odt_paragraphs(body))


def odt_tables(content: bytes) -> list[Rows]:
    return [
        [
            [plain(" ".join(_odt_paragraphs(cell))) for cell in row.findall(f"{TABLEAU}table-cell")]
            for row in table.iter(f"{TABLEAU}table-row")
        ]
        for table in odt_tree(content).iter(f"{TABLEAU}table")
    ]


def _odt_paragraphs(element: ElementTree.Element) -> Iterator[str]:
    for node in element.iter():
        if node.tag in (f"{TEXTE}p", f"{TEXTE}h"):
            yield _odt_inline(node)


def _odt_inline(node: ElementTree.Element) -> str:
    """A paragraph's text; runs of spaces are elements of their own in ODT, and drawings are not text."""
    if node.tag.endswith("}frame"):
        return ""
    parts = [node.text or ""]
    for child in node:
        parts.append(" " * int(child.get(f"{TEXTE}c", "1")) if child.tag == f"{TEXTE}s" else _odt_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def xlsx_rows(content: bytes, sheet: str) -> list[dict[str, object]]:
    """Rows of a sheet by header."""
    book = load_workbook(io.BytesIO(content))
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@cache
def text_of(path: Path) -> str:
    """Everything readable in a document, whatever its format; read once a session."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        book = load_workbook(io.BytesIO(content))
        return "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    if path.suffix == ".pptx":
        with zipfile.ZipFile(path) as archive:
            slides = sorted(name for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name))
            trees = [ElementTree.fromstring(archive.read(name)) for name in slides]  # noqa: S314
        return "\n".join(node.text or "" for tree in trees for node in tree.iter() if node.tag.endswith("}t"))
    if path.suffix == ".json":
        return json.dumps(json.loads(content), ensure_ascii=False)
    return {".docx": docx_text, ".odt": odt_text, ".pdf": pdf_text}[path.suffix](content)


def rows_under(tables: list[Rows], header: str) -> Rows:
    """Rows of the first table whose header holds `header`."""
    return next(table[1:] for table in tables if header in table[0])
