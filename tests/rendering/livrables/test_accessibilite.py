"""Documents that everyone can read: tagged PDF, headings, language, table headers, alternative texts."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise

import docx
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from . import dossiers, lecture

MM = 72 / 25.4


def walk(node, seen=None):
    """Every element of a tree of structure."""
    seen = seen if seen is not None else set()
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for child in node:
            yield from walk(child, seen)
    elif isinstance(node, dict) and id(node) not in seen:
        seen.add(id(node))
        yield node
        if "/K" in node:
            yield from walk(node["/K"], seen)


@pytest.fixture(scope="module")
def pdfs(documents):
    return {key: PdfReader(io.BytesIO(path.read_bytes())) for key, path in documents.items() if path.suffix == ".pdf"}


def test_each_pdf_declares_itself_accessible_in_french_under_its_title(pdfs):
    assert pdfs
    for (_, name), reader in pdfs.items():
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"], name
        assert root["/Lang"].lower().startswith("fr"), name
        assert root["/ViewerPreferences"]["/DisplayDocTitle"], name
        assert reader.metadata.title, name
        assert b"pdfuaid" in root["/Metadata"].get_object().get_data(), name


def test_each_pdf_tags_its_title_headings_tables_and_drawings(pdfs):
    for (_, name), reader in pdfs.items():
        elements = list(walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
        kinds = [element.get("/S") for element in elements]
        assert kinds.count("/Title") == 1, name
        assert "/H1" in kinds, name
        for table in (element for element in elements if element.get("/S") == "/Table"):
            assert any(child.get("/S") == "/TH" for child in walk(table)), name
        for element in elements:
            if element.get("/S") == "/Figure":
                described = [child.get("/Alt") for child in walk(element) if child.get("/Alt")]
                assert described, name


def test_headings_skip_no_level(documents):
    for (_, name), path in documents.items():
        if path.suffix == ".docx":
            styles = [paragraph.style.name for paragraph in docx.Document(path).paragraphs]
            levels = [int(style.split()[-1]) for style in styles if re.fullmatch(r"Heading \d", style)]
            assert levels[0] == 1, name
            assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_each_office_document_is_in_french_and_titled(documents):
    for (_, name), path in documents.items():
        if path.suffix not in (".docx", ".odt"):
            continue
        with zipfile.ZipFile(path) as archive:
            if path.suffix == ".docx":
                assert re.search(r'<w:lang [^>]*w:val="fr-FR"', archive.read("word/styles.xml").decode()), name
                assert docx.Document(path).core_properties.title, name
            else:
                styles = archive.read("styles.xml").decode()
                assert 'fo:language="fr"' in styles, name
                assert 'fo:country="FR"' in styles, name
                assert "<dc:language>fr-FR" in archive.read("meta.xml").decode(), name


def test_each_table_has_a_header_row_that_repeats(documents):
    for (_, name), path in documents.items():
        if path.suffix == ".docx":
            for table in docx.Document(path).tables:
                assert "w:tblHeader" in table.rows[0]._tr.xml, name
        elif path.suffix == ".odt":
            body = lecture.odt_tree(path.read_bytes())
            tables = list(body.iter(f"{lecture.TABLEAU}table"))
            assert all(table.find(f"{lecture.TABLEAU}table-header-rows") is not None for table in tables), name


def test_each_drawing_is_described_in_office_documents(documents):
    described = 0
    office = {name: path for (_, name), path in documents.items() if path.suffix in (".docx", ".odt")}
    for name, path in office.items():
        with zipfile.ZipFile(path) as archive:
            if path.suffix == ".docx":
                body = archive.read("word/document.xml").decode()
                alts = re.findall(r'<wp:docPr[^>]*descr="([^"]*)"', body)
                drawn = body.count("<pic:pic>")
            else:
                body = archive.read("content.xml").decode()
                alts = re.findall(r"<svg:desc>(.+?)</svg:desc>", body, re.S)
                drawn = body.count("<draw:frame")
        assert len([alt for alt in alts if alt.strip()]) == drawn, name
        described += drawn
    assert described


def test_the_state_of_validation_stands_on_every_page(documents):
    for (structure, name), path in documents.items():
        if path.suffix == ".docx":
            document = docx.Document(path)
            header = "".join(paragraph.text for paragraph in document.sections[0].header.paragraphs)
            assert "PROJET, non validé" in header or "Validé le" in header, name
            assert dossiers.dossier(structure).structure.nom in lecture.plain(header), name
        elif path.suffix == ".pdf":
            for page in PdfReader(path).pages:
                text = lecture.plain(page.extract_text())
                assert "PROJET, non validé" in text or "Validé le" in text, name


def test_an_act_stays_a_draft_when_its_step_alone_is_validated(documents):
    synthese = lecture.docx_text(documents["csrh-nord", "synthese_competences.docx"].read_bytes())
    assert "Validé le 19 novembre 2026" in lecture.plain(synthese)
    acte = lecture.docx_text(documents["csrh-nord", "referentiel_ethique.docx"].read_bytes())
    assert "PROJET, non validé" in lecture.plain(acte)


def test_fictional_data_says_so(documents):
    for (_, name), path in documents.items():
        if path.suffix != ".xlsx" or "Lisez-moi" in lecture.text_of(path):
            assert "Données fictives" in lecture.plain(lecture.text_of(path)), name


def test_pages_are_a4(pdfs):
    for (_, name), reader in pdfs.items():
        for page in reader.pages:
            sides = sorted((float(page.mediabox.width), float(page.mediabox.height)))
            assert sides == pytest.approx([210 * MM, 297 * MM], abs=1), name
