"""One real batch over one ministry that carries every harmless text of the corpus, and all that comes out, opened."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from vigie.rendering.formats import typeset

from tests.forms.conftest import navigateur as navigateur
from tests.rendering.livrables import lecture

from .corpus import PORTES, cases
from .ministere_hostile import STRUCTURE, write_hostile

OFFICE = (".docx", ".odt", ".pptx", ".xlsx")
AILLEURS = "exemple.invalid"
ORDRE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
AGENDA = re.compile(
    r"(BEGIN:(VCALENDAR|VEVENT)|END:(VCALENDAR|VEVENT)|VERSION:2\.0|PRODID:|CALSCALE:|METHOD:PUBLISH$|NAME:|X-WR-CALNAME:"
    r"|UID:|DTSTAMP:|DTSTART;|DTEND;|SUMMARY;|DESCRIPTION;|CATEGORIES;|STATUS:|TRANSP:|CLASS:PUBLIC$)"
)
"""Every property that our calendars hold."""


class Monde:
    """The ministry, its results, and the text of each file as a reader sees it."""

    def __init__(self, folder: Path) -> None:
        self.ministere = write_hostile(folder / "hostile", PORTES)
        self.sortie = folder / "r"
        self.folder = folder
        self.dit = self.vigie("batch", str(self.ministere), "--workers", "1")
        files = (path for path in sorted(self.sortie.rglob("*")) if path.is_file() and path.suffix)
        self.fichiers = [path for path in files if not path.name.startswith(".")]
        self.textes = {path: lecture.compact(shown(path)) for path in self.fichiers if path.suffix in LECTURES}

    def vigie(self, *arguments: str) -> str:
        """What a real command says; it must succeed."""
        environ = {**os.environ, "VIGIE_SORTIE": str(self.sortie), "VIGIE_CLE": "cle-des-essais-" * 4, "CI": "1"}
        environ.pop("VIGIE_DATABASE_URL", None)
        command = [sys.executable, "-m", "vigie.cli", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def of(self, *suffixes: str) -> list[Path]:
        found = [path for path in self.fichiers if path.suffix in suffixes]
        assert found
        return found


def _html(path: Path) -> str:
    source = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.S)
    return html.unescape(re.sub(r"<[^>]*>", "", source))


LECTURES: dict[str, Callable[[Path], str]] = {".html": _html, **dict.fromkeys((*OFFICE, ".pdf"), lecture.text_of)}


def shown(path: Path) -> str:
    return LECTURES[path.suffix](path)


@pytest.fixture(scope="module")
def monde(tmp_path_factory: pytest.TempPathFactory) -> Monde:
    return Monde(tmp_path_factory.mktemp("hostile"))


def test_every_notebook_of_the_batch_ends_well(monde):
    assert "7 carnets exécutés, 0 inchangés, 0 en échec." in monde.dit
    assert not list(monde.folder.rglob("intrus"))
    for path in monde.of(".json", ".ipynb"):
        json.loads(path.read_text(encoding="utf-8"))


@cases("texte", "porté")
def test_a_hostile_text_is_read_as_it_was_typed_in_every_format(monde, entry):
    seen = lecture.compact(typeset(entry["vu"]))
    found = {path.suffix for path, text in monde.textes.items() if seen in text}
    assert {".html", ".docx", ".odt", ".xlsx", ".pdf"} <= found


class Elements(HTMLParser):
    """What a page would run, open or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (AILLEURS in (value or "") and name in ("href", "src", "style", "action")):
                self.found.append(f"{tag} {name}={value}")
            if re.match(r"\s*(javascript|vbscript|data:text)", value or "", re.I):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "form", "base", "link"):
            self.found.append(tag)


def test_no_page_holds_an_element_that_a_text_made(monde):
    for path in monde.of(".html"):
        page = Elements()
        page.feed(path.read_text(encoding="utf-8"))
        assert page.found == [], path.name


def test_no_page_runs_asks_or_opens_anything_in_a_browser(monde, navigateur):
    said: list[str] = []
    with navigateur.new_context() as contexte:
        page = contexte.new_page()
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if AILLEURS in request.url else None)
        for path in monde.of(".html"):
            page.goto(path.as_uri())
            assert page.locator("h1").count() == 1, path.name
    assert said == []


def test_no_document_holds_a_link_a_field_or_a_file_that_a_text_made(monde):
    for path in monde.of(*OFFICE):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()}
        text = "".join(parts.values())
        assert not re.search(rf'<[^<>]*(?:Target|xlink:href|r:href)="[^"]*{re.escape(AILLEURS)}', text), path.name
        assert 'TargetMode="External"' not in text, path.name
        assert not re.search(r"<w:instrText|<w:fldSimple [^>]*DDE|<text:script|<script:|<table:dde", text), path.name
        assert set(re.findall(r'<w:\w+ [^<>]*w:instr="([^"]*)"', text)) <= {" PAGE ", " NUMPAGES "}, path.name
        assert not [name for name in parts if re.search(r"vbaProject|embeddings|externalLink|Scripts", name)], path.name


def test_no_pdf_holds_a_link_a_program_or_a_file(monde):
    for path in monde.of(".pdf"):
        content = path.read_bytes()
        assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|RichMedia)\b", content), path.name
        for page in PdfReader(path).pages:
            actions = [item.get_object().get("/A", {}) for item in page.get("/Annots", ())]
            assert not [action for action in actions if "/URI" in action], path.name


def no_formula(path: Path) -> None:
    for sheet in load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{path.name} {cell.coordinate}"
                assert cell.hyperlink is None, f"{path.name} {cell.coordinate}"


def test_no_workbook_holds_a_formula(monde):
    for path in monde.of(".xlsx"):
        no_formula(path)


def test_nothing_reorders_or_hides_what_is_read(monde):
    for path in monde.fichiers:
        if path.suffix in LECTURES:
            assert not ORDRE.search(shown(path)), path.name


def test_a_calendar_holds_only_lines_of_its_own(monde):
    for path in monde.of(".ics"):
        lines = path.read_bytes().decode("utf-8").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
        assert [line for line in lines if not AGENDA.match(line) or "\n" in line] == []
        assert lines.count("END:VEVENT") == lines.count("BEGIN:VEVENT") > 0
        assert not ORDRE.search("".join(lines))


def test_an_archive_names_only_files_beside_it(monde):
    for path in monde.of(".zip"):
        with zipfile.ZipFile(path) as archive:
            assert all(re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name) and ".." not in name for name in archive.namelist())


def test_no_personal_link_is_a_formula(monde):
    monde.vigie("invite", str(monde.ministere), "--sortie", "liens.csv", "--jusqu-au", "2099-12-31")
    with (monde.folder / "liens.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    texts = [cell for row in rows for cell in row]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]
    assert any(text.startswith("'=HYPERLINK(") for text in texts)
    assert {len(row) for row in rows} == {len(rows[0])}


def test_no_questionnaire_to_send_holds_a_formula_or_an_element(monde):
    for options in ((), ("--format", "xlsform"), ("--format", "limesurvey")):
        monde.vigie("workbook", str(monde.ministere), STRUCTURE, "--sortie", "envoi", *options)
    for path in (monde.folder / "envoi").iterdir():
        if path.suffix == ".xlsx":
            no_formula(path)
        else:
            assert not re.search(r"<(b|script|img|svg|a)\b", path.read_text(encoding="utf-8-sig")), path.name


def test_what_a_person_is_given_of_their_own_holds_no_formula(monde):
    monde.vigie("export", str(monde.ministere), f"{STRUCTURE}-rh1", "personne.xlsx")
    no_formula(monde.folder / "personne.xlsx")
