"""The report of an executed notebook: one file, accessible, silent about its code, honest about failures."""

from __future__ import annotations

import re
from itertools import pairwise

import nbformat.v4 as v4
import pytest
from bs4 import BeautifulSoup
from vigie.rendering.report import Meta, css_string, exporter, outline, read_meta, render_report
from vigie.rendering.views import View, figure, findings

from .test_charts import draw_bullet, draw_heat_map

HEADER = {
    "titre": "Évaluation de la maturité",
    "ministere": "Ministère d'essai",
    "structure": "Direction d'essai",
    "campagne": "Automne 2026",
    "date": "2026-11-24",
    "versions": {"maturite": "2026.11"},
    "validation": "PROJET, non validé",
    "fictif": True,
}


def output(view, kind="execute_result"):
    data, metadata = view._repr_mimebundle_()
    extra = {"execution_count": 1} if kind == "execute_result" else {}
    return v4.new_output(kind, data=data, metadata=metadata, **extra)


def code(*outputs, tags=("analyse",), source="secret = 1"):
    cell = v4.new_code_cell(source, metadata={"tags": list(tags)})
    cell.outputs = list(outputs)
    return cell


def notebook(*cells, **header):
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# 1. Titre du carnet\n\nÀ quoi sert l'étape ?"),
            v4.new_markdown_cell("Conseil au consultant", metadata={"tags": ["guide"]}),
            code(tags=["parameters"], source='ministere: str = "essai"  # Aide\nstructure: str = "dir"'),
            code(tags=["injected-parameters"], source='structure = "autre"'),
            code(output(View("en-tête", meta={**HEADER, **header}))),
            *cells,
        ]
    )


def section(title="Première partie"):
    return v4.new_markdown_cell(f"## {title}\n\nUn récit.")


def failure(name="ValueError", value="boum"):
    traceback = ["\x1b[31mTraceback\x1b[0m", f"{name}: {value}"]
    return v4.new_output("error", ename=name, evalue=value, traceback=traceback)


@pytest.fixture(scope="module")
def page():
    node = notebook(section(), code(output(figure(draw_heat_map()))), section("Deuxième partie : l'IA"))
    return render_report(node)


@pytest.fixture(scope="module")
def soup(page):
    return BeautifulSoup(page, "html.parser")


def test_the_page_is_in_french_with_one_main_title(soup):
    assert soup.html["lang"] == "fr"
    assert [title.text for title in soup.select("h1")] == ["Évaluation de la maturité"]


def test_headings_never_skip_a_level(soup):
    levels = [int(title.name[1]) for title in soup.select("h1, h2, h3, h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_header_says_who_what_when_and_in_which_state(soup):
    text = soup.header.text
    for expected in ("Ministère d’essai", "Direction d’essai", "Automne 2026", "24\u00a0novembre 2026", "PROJET"):
        assert expected in text
    assert "Données fictives" in text
    assert "maturite\u00a02026.11" in soup.footer.text


def test_a_validated_report_has_no_box_to_sign():
    signed = BeautifulSoup(render_report(notebook(validation="Validé le 18 novembre 2026")), "html.parser")
    assert signed.select_one(".visa") is None
    assert "Validé le 18" in signed.header.text


def test_a_draft_can_be_signed(soup):
    assert [term.text for term in soup.select(".visa dt")] == ["Validé le", "Par (nom, fonction)", "Signature"]


def test_the_contents_lead_to_every_section(soup):
    links = soup.select("nav a")
    assert [link.text for link in links] == ["Première partie", "Deuxième partie\u00a0: l’IA"]
    assert all(soup.find(id=link["href"][1:]) for link in links)


def test_landmarks_and_a_skip_link_are_there(soup):
    assert len(soup.select("header.entete")) == len(soup.select("main")) == len(soup.select("footer")) == 1
    assert soup.select_one("body > a")["href"] == "#contenu"
    assert soup.nav["aria-labelledby"] == soup.nav.h2["id"]


def test_identifiers_are_unique(soup):
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))


def test_every_picture_has_words(soup):
    assert soup.select("img")
    assert all(image["alt"].strip() for image in soup.select("img"))
    assert all(svg.get("role") == "img" and svg.title for svg in soup.select("svg"))


def test_every_table_has_a_caption_and_scoped_headers(soup):
    assert soup.select("table")
    for table in soup.select("table"):
        assert table.caption.text.strip()
        assert all(cell.get("scope") in ("col", "row") for cell in table.select("th"))


def test_nothing_is_loaded_and_nothing_runs(page, soup):
    assert not soup.select("script, link, iframe, object, embed")
    sources = [tag.get(name, "") for tag in soup.select("*") for name in ("src", "srcset", "poster", "data")]
    assert all(source.startswith("data:") for source in sources if source)
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", page)


def test_no_code_and_no_advice_to_the_consultant_is_shown(page):
    assert "secret" not in page
    assert "Conseil au consultant" not in page
    assert "injected" not in page
    assert 'structure = "autre"' not in page


def test_the_page_is_light(page):
    assert len(page.encode()) < 60_000


def test_typography_reaches_the_story(soup):
    assert "À quoi sert l’étape\u202f?" in soup.main.text


def test_the_paper_has_a_running_header_and_page_numbers(page):
    assert '@top-left { content: "Direction d’essai" }' in page
    assert "counter(page)" in page
    assert "size: A4" in page


def test_a_running_header_cannot_break_out_of_its_style():
    assert "</style>" not in css_string('</style><script>"\\')


def test_a_title_given_in_a_result_is_escaped():
    page = render_report(notebook(structure="<script>alert(1)</script>"))
    assert "<script>" not in page


def test_errors_written_for_a_consultant_are_shown_in_french():
    page = BeautifulSoup(
        render_report(notebook(code(failure("Introuvable", "La structure « x » est inconnue")))), "html.parser"
    )
    panel = page.main.select_one(".vg-alerte")
    assert "La structure «\u00a0x\u00a0» est inconnue" in panel.text
    assert panel.details.pre["lang"] == "en"


def test_an_unforeseen_error_shows_a_reference_and_folds_its_detail():
    page = BeautifulSoup(render_report(notebook(code(failure()))), "html.parser")
    panel = page.main.select_one(".vg-alerte")
    panel_without_detail = panel.text.replace(panel.details.text, "")
    assert "boum" not in panel_without_detail
    assert re.search(r"V-[0-9a-f]{8}", panel_without_detail)
    assert "\x1b" not in panel.text
    assert "Rapport incomplet" in page.header.text
    assert page.select_one(".visa") is None


def test_the_reference_of_the_batch_is_the_one_shown():
    node = notebook(code(failure()))
    node.metadata["vigie"] = {"reference": "V-batch123"}
    assert "V-batch123" in render_report(node)


def test_the_report_stops_where_the_run_stopped():
    page = render_report(notebook(section(), code(failure()), section("Jamais atteinte")))
    assert "Première partie" in page
    assert "Jamais atteinte" not in page


def test_the_marks_papermill_leaves_on_failure_are_not_shown():
    cell = v4.new_markdown_cell("An Exception was encountered", metadata={"tags": ["papermill-error-cell-tag"]})
    assert "An Exception" not in render_report(notebook(cell, code(failure())))


def test_warnings_of_libraries_are_not_shown_but_printed_text_is():
    streams = [v4.new_output("stream", name=name, text=f"dit par {name}") for name in ("stdout", "stderr")]
    page = render_report(notebook(code(*streams)))
    assert "dit par stdout" in page
    assert "dit par stderr" not in page


def test_a_run_that_failed_at_once_is_named_by_its_parameters():
    node = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# 1. Titre du carnet"),
            code(tags=["parameters"], source='ministere: str = "essai"  # Aide'),
            code(failure()),
        ],
        metadata={"papermill": {"parameters": {"structure": "dir-est"}}},
    )
    meta = read_meta(node)
    assert (meta.titre, meta.ministere, meta.structure) == ("Titre du carnet", "essai", "dir-est")


def test_a_header_given_by_the_caller_wins():
    assert "Autre titre" in render_report(notebook(), Meta(titre="Autre titre"))


def test_the_second_section_begins_a_page_of_paper():
    body, entries = outline("<h2>Un</h2><h3>x</h3><h2>Deux</h2><h2>Un</h2>")
    assert re.findall(r'<h2 class="nouvelle-page" id="([^"]+)"', body) == ["deux"]
    assert [anchor for anchor, _ in entries] == ["un", "deux", "un-2"]


def test_a_report_is_read_from_a_file_too(tmp_path):
    path = tmp_path / "carnet.ipynb"
    path.write_text(v4.writes(notebook()), encoding="utf-8")
    assert "Direction d’essai" in render_report(path)


def test_the_exporter_is_built_once():
    assert exporter() is exporter()


def test_two_reports_of_the_same_notebook_are_equal(page):
    node = notebook(section(), code(output(figure(draw_heat_map()))), section("Deuxième partie : l'IA"))
    assert render_report(node) == page


def test_other_displays_are_shown_too():
    display = output(View(figure(draw_bullet()), findings([])), "display_data")
    assert "<figure" in render_report(notebook(code(display)))
