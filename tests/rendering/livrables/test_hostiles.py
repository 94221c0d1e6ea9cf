"""What people type is text: never a link, an image, a field, a formula nor a piece of code of a document."""

from __future__ import annotations

import dataclasses
import re
import zipfile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from vigie.diagnostics.resultat import Constat
from vigie.rendering.formats import typeset
from vigie.rendering.livrables import Contexte, make_livrables
from vigie.rendering.livrables.textes import neutralise

from tests.hostiles.corpus import TEXTES, cases

from . import dossiers, lecture

BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def poisoned(frame, column):
    """The frame with a hostile text in each row of a column, in turn."""
    return frame.assign(**{column: [TEXTES[row % len(TEXTES)] for row in range(len(frame))]})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Documents of the maturity and ethics steps whose free texts are all hostile, and the structure's name too."""
    folder = tmp_path_factory.mktemp("hostile")
    maturite = dossiers.resultat("csrh-nord", "maturite")
    items = maturite.items.assign(divergence=True)
    maturite = dataclasses.replace(
        maturite,
        items=poisoned(poisoned(items, "preuve"), "motif_arbitrage").assign(arbitrage=3.0),
        constats=tuple(Constat("ESSAI", text, "attention") for text in TEXTES),
        manques=tuple(TEXTES),
        recommandations=tuple(
            dataclasses.replace(line, action=text) for line, text in zip(maturite.recommandations, TEXTES, strict=False)
        ),
    )
    ethique = dossiers.resultat("csrh-nord", "risques_ethique")
    ethique = dataclasses.replace(
        ethique, cas=poisoned(ethique.cas, "libelle"), regles=poisoned(ethique.regles, "preuve_fournie"),
        risques=poisoned(ethique.risques, "motif_forcage"), referentiel_existe=True, referentiel_reference=TEXTES[0],
    )  # fmt: skip
    contexte = Contexte.of(dossiers.dossier("csrh-nord"))
    nom = "=1+1 <b>[x](https://exemple.invalid)</b> \u202e #eval(1) & ]]> \\ {{ 7 }}"
    contexte = dataclasses.replace(contexte, structure=contexte.structure.model_copy(update={"nom": nom}))
    made = [*make_livrables(maturite, contexte, folder), *make_livrables(ethique, contexte, folder)]
    return {path.name: path for path in made}


@cases("texte", "porté")
def test_a_hostile_text_reads_as_it_was_typed(hostile, entry):
    seen = lecture.compact(typeset(entry["vu"]))
    for kind in ("docx", "odt"):
        assert seen in lecture.compact(lecture.text_of(hostile[f"rapport_maturite.{kind}"])), kind


@cases("texte", "porté")
def test_a_hostile_text_reads_as_it_was_typed_in_the_pdf(hostile, entry):
    """Right-to-left scripts and ligatures apart, whose letters a PDF stores in another order."""
    seen = lecture.compact(typeset(entry["vu"]))
    assert seen in lecture.compact(lecture.text_of(hostile["rapport_maturite.pdf"]))


def test_no_link_leaves_a_document(hostile):
    for path in (path for path in hostile.values() if path.suffix in (".docx", ".odt")):
        with zipfile.ZipFile(path) as archive:
            text = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
        assert "exemple.invalid" in text or path.stem != "rapport_maturite"
        assert not re.search(r'(?:Target|xlink:href|r:href)="[^"]*exemple\.invalid', text), path.name
        assert not re.search(r'TargetMode="External"', text), path.name
    for path in (path for path in hostile.values() if path.suffix == ".pdf"):
        for page in PdfReader(path).pages:
            uris = [item.get_object().get("/A", {}).get("/URI") for item in page.get("/Annots", ())]
            assert [uri for uri in uris if uri] == [], path.name


def test_no_image_but_our_drawings_enters_a_document(hostile):
    with zipfile.ZipFile(hostile["rapport_maturite.docx"]) as archive:
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 1
    with zipfile.ZipFile(hostile["rapport_maturite.odt"]) as archive:
        assert len([name for name in archive.namelist() if name.startswith("Pictures/")]) == 1


def test_no_field_nor_heading_comes_from_a_text(hostile):
    clean = dossiers.make("csrh-nord", "maturite", hostile["rapport_maturite.docx"].parent / "propre")
    for name in ("rapport_maturite.docx",):
        with zipfile.ZipFile(hostile[name]) as archive:
            body = archive.read("word/document.xml").decode()
            header = archive.read("word/header1.xml").decode() + archive.read("word/footer1.xml").decode()
        with zipfile.ZipFile(clean[name]) as archive:
            expected = archive.read("word/document.xml").decode()
        assert body.count('w:val="Heading1"') == expected.count('w:val="Heading1"')
        assert body.count('w:val="Title"') == 1
        assert "<w:fldSimple" not in body
        assert "<w:instrText" not in body
        assert re.findall(r'w:instr="([^"]*)"', header) == [" PAGE ", " NUMPAGES "]


def test_no_document_reorders_what_is_read(hostile):
    for path in hostile.values():
        assert not BIDI.search(lecture.text_of(path)), path.name


def test_a_workbook_holds_no_formula_and_quotes_what_looks_like_one(hostile):
    for path in (path for path in hostile.values() if path.suffix == ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            sheets = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)
        assert "<f>" not in sheets
        assert "<hyperlink" not in sheets
        for sheet in load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                        assert cell.quotePrefix, cell.coordinate


@pytest.mark.parametrize("text", TEXTES)
def test_neutralising_twice_changes_nothing_more(text):
    assert neutralise(neutralise(text)) == neutralise(text)
