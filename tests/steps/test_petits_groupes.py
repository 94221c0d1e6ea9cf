"""Every format of the skills synthesis of the two smallest structures: no headcount under the threshold anywhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from bs4 import BeautifulSoup
from vigie.rendering.livrables import Contexte, make_livrables
from vigie.steps import open_step

SEUIL = 10
PETITES = ["mission-appui", "deleg-outre-mer"]
EFFECTIFS = ("Effectif", "Agents du périmètre")
MAINTENIR = "à maintenir"
"""What is counted there is a part of a printed group: its threshold is the group's."""
MOTS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module", params=PETITES)
def etape(request, ministere, sortie):
    return open_step("competences", ministere, request.param)


@pytest.fixture(scope="module")
def livrables(etape, tmp_path_factory):
    folder = tmp_path_factory.mktemp("livrables")
    return {path.suffix: path for path in make_livrables(etape.resultat, Contexte.of(etape.dossier), folder)}


def small(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9]", text.strip()))


def test_results_hold_no_small_headcount(etape):
    tables = json.loads(json.dumps(etape.resultat.to_json()))["tables"]
    for name, rows in tables.items():
        printed = [row["effectif"] for row in rows if row.get("effectif") is not None and name != "maintenir"]
        assert not [number for number in printed if 0 < number < SEUIL], name
    assert any(row["effectif_masque"] for row in tables["urgences"])


def test_html_tables_hold_no_small_headcount_and_say_that_it_is_masked(etape):
    masked = 0
    for name in (one for one in dir(etape) if one.startswith("show_")):
        for table in BeautifulSoup(str(getattr(etape, name)().html), "html.parser").select("table"):
            heads = [cell.get_text() for cell in table.select("thead th")]
            if MAINTENIR in str(table.caption):
                continue
            for place in (number for number, head in enumerate(heads) if head in EFFECTIFS):
                cells = [row.select("th, td")[place].get_text() for row in table.select("tbody tr")]
                assert not [text for text in cells if small(text)], (name, table.caption.text)
                masked += cells.count("masqué")
    assert masked


def test_the_workbook_holds_no_small_headcount(livrables):
    book = openpyxl.load_workbook(livrables[".xlsx"], read_only=True)
    seen = 0
    for sheet in book:
        rows = [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        header = next((number for number, row in enumerate(rows) if "Effectif" in row), None)
        if header is None:
            continue
        place = rows[header].index("Effectif")
        values = [row[place] for row in rows[header + 1 :] if len(row) > place]
        assert not [value for value in values if small(value.removesuffix(".0"))], sheet.title
        seen += 1
    assert seen


def test_the_document_holds_no_small_headcount(livrables):
    content = zipfile.ZipFile(livrables[".docx"]).read("word/document.xml")
    seen = 0
    for table in ElementTree.parse(io.BytesIO(content)).iter(f"{MOTS}tbl"):  # noqa: S314 - our own document
        rows = [
            ["".join(node.text or "" for node in cell.iter(f"{MOTS}t")) for cell in row.iter(f"{MOTS}tc")]
            for row in table.iter(f"{MOTS}tr")
        ]
        if not rows or "Effectif" not in rows[0] or "Niveau médian" in rows[0]:
            continue
        place = rows[0].index("Effectif")
        assert not [row[place] for row in rows[1:] if len(row) > place and small(row[place])], rows[0]
        seen += 1
    assert seen
