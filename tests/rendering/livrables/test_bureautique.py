"""The office suite of the State's machines opens what we hand over: LibreOffice, without a screen."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from pypdf import PdfReader

from . import lecture

STRUCTURE = "scn-recrutement"


@pytest.fixture(scope="module")
def opened(documents, tmp_path_factory):
    """File name → the PDF that LibreOffice makes of it, all in one start of the suite."""
    suite = shutil.which("soffice")
    assert suite, "LibreOffice manque : sh tests/outils_systeme.sh"
    folder = tmp_path_factory.mktemp("ouverts")
    sources = []
    for (structure, name), path in documents.items():
        if structure == STRUCTURE and path.suffix in (".docx", ".odt", ".pptx", ".xlsx"):
            copy = folder / f"{path.stem}_{path.suffix[1:]}{path.suffix}"
            copy.write_bytes(path.read_bytes())
            sources.append((name, copy))
    profile = f"-env:UserInstallation=file://{folder / 'profil'}"
    subprocess.run(
        [
            suite,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *(str(path) for _, path in sources),
        ],
        capture_output=True,
        timeout=280,
        check=True,
    )
    return {name: copy.with_suffix(".pdf") for name, copy in sources}


def test_libreoffice_opens_every_document(opened):
    assert opened
    for name, path in opened.items():
        assert path.exists(), name
        assert len(PdfReader(path).pages) >= 1, name


def test_the_opened_document_shows_its_title_its_state_and_numbered_pages(opened):
    for name, path in opened.items():
        if name.endswith((".docx", ".odt")):
            pages = PdfReader(path).pages
            first = lecture.plain(pages[0].extract_text())
            assert "PROJET, non validé" in first or "Validé le" in first, name
            assert f"page 1 sur {len(pages)}" in first, name


def test_the_opened_docx_and_odt_hold_the_same_words(documents, opened):
    for name in opened:
        if name.endswith(".docx"):
            twin = documents[STRUCTURE, name.replace(".docx", ".odt")]
            written = lecture.compact(lecture.text_of(documents[STRUCTURE, name]))
            assert sorted(written) == sorted(lecture.compact(lecture.text_of(twin))), name
