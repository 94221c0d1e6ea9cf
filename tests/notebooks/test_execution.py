"""Notebooks run end to end on the demonstration, as anyone runs them: papermill, then the report."""

from __future__ import annotations

import json
import os
import re
import shutil

import nbformat
import papermill
import pytest
from axe_core_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from papermill.exceptions import PapermillExecutionError
from playwright.sync_api import sync_playwright
from vigie.batch.etapes import list_etapes
from vigie.kernels import NOTRE
from vigie.kernels.forked import why_not_fork
from vigie.paths import notebooks_dir, params_dir
from vigie.rendering.report import render_report

from ..kernels.carnets import in_clean_process, stripped

STRUCTURE = "etablissement-accueil"
OPTIONS = {"progress_bar": False, "start_timeout": 120, "execution_timeout": 300}
LIMIT = 400_000


@pytest.fixture(scope="module")
def lieu(tmp_path_factory):
    """A copy of the demonstration, and a folder for what the notebooks write."""
    folder = tmp_path_factory.mktemp("carnets")
    originaux = shutil.ignore_patterns("*.sqlite*")
    shutil.copytree(params_dir() / "ministeres" / "demonstration", folder / "demonstration", ignore=originaux)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SORTIE", str(folder / "resultats"))
        yield folder


@pytest.fixture(scope="module")
def executes(lieu):
    """The notebooks, run in order: those of the structure, then the ministry's."""
    parameters = {"ministere": str(lieu / "demonstration")}
    done = {}
    for etape in list_etapes():
        propres = parameters if etape.ministere else {**parameters, "structure": STRUCTURE}
        nom, source = etape.notebook.stem, str(etape.notebook)
        done[nom] = papermill.execute_notebook(source, str(lieu / f"{nom}.ipynb"), parameters=propres, **OPTIONS)
    return done


@pytest.fixture(scope="module")
def rapports(executes):
    return {nom: render_report(node) for nom, node in executes.items()}


def test_every_cell_runs_and_shows_something(executes):
    for nom, node in executes.items():
        silent = [
            cell.id
            for cell in node.cells
            if cell.cell_type == "code" and "analyse" in cell.metadata.tags and not cell.outputs
        ]
        assert silent == [], nom


def test_each_notebook_saves_its_part(executes, lieu):
    folder = lieu / "resultats" / "demonstration" / "2026-automne"
    parts = json.loads((folder / STRUCTURE / "resultats.json").read_text(encoding="utf-8"))
    assert set(parts) == {etape.id for etape in list_etapes() if not etape.ministere}
    assert json.loads((folder / "ministere" / "resultats.json").read_text(encoding="utf-8"))["ministere"]


def test_reports_are_whole_light_and_french(rapports):
    for nom, page in rapports.items():
        soup = BeautifulSoup(page, "html.parser")
        assert len(page.encode()) < LIMIT, nom
        assert soup.html["lang"] == "fr"
        assert len(soup.select("h1")) == 1
        assert "Mode d'emploi" not in page
        assert "open_step" not in page
        assert "Rapport incomplet" not in page
        assert not soup.select("script")
        assert all(image["alt"] for image in soup.select("img"))


def test_the_report_is_headed_by_the_structure_and_its_state(rapports):
    header = BeautifulSoup(rapports["1_maturite"], "html.parser").header.text
    for expected in ("Établissement public de l’accueil", "Automne 2026", "PROJET, non validé", "Données fictives"):
        assert expected in header


def test_a_failing_step_stops_papermill_and_leaves_a_report_to_read(lieu):
    output = lieu / "echec.ipynb"
    with pytest.raises(PapermillExecutionError, match="Introuvable"):
        papermill.execute_notebook(
            str(notebooks_dir() / "1_maturite.ipynb"),
            str(output),
            parameters={"ministere": str(lieu / "demonstration"), "structure": "nulle-part"},
            **OPTIONS,
        )
    page = render_report(nbformat.read(output, as_version=4))
    assert "Rapport incomplet" in page
    assert "Structure «\u00a0nulle-part\u00a0» introuvable" in page
    assert os.environ["VIGIE_SORTIE"] not in BeautifulSoup(page, "html.parser").header.text


@pytest.mark.parametrize("largeur", [1280, 360])
def test_axe_finds_no_violation_in_any_report(rapports, tmp_path, largeur):
    """Playwright's event loop ends with the test: notebooks run after it."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": largeur, "height": 900})
        for nom, content in rapports.items():
            (tmp_path / f"{nom}.html").write_text(content, encoding="utf-8")
            page.goto((tmp_path / f"{nom}.html").as_uri())
            found[nom] = [f"{one['id']} : {one['nodes'][0]['html'][:150]}" for one in Axe().run(page)["violations"]]
        browser.close()
    assert {nom: violations for nom, violations in found.items() if violations} == {}


def _forked(source: str, output: str, parameters: dict[str, str]) -> tuple[object, str]:
    """The notebook as our engine leaves it, and what it raised; where no thread runs, or it could not fork."""
    assert why_not_fork() == ""
    error = ""
    try:
        papermill.execute_notebook(source, output, parameters=parameters, engine_name=NOTRE, **OPTIONS)
    except PapermillExecutionError as raised:
        error = f"{raised.ename}: {raised.evalue}"
    return nbformat.read(output, as_version=4), error


def _comparable(node) -> str:
    """The notebook without what is drawn at random: the form, whose token no other opening has, and references.

    Widgets are compared by tests/kernels, on cells of their own.
    """
    node = stripped(node)
    node.metadata.pop("widgets", None)
    for cell in node.cells:
        if "formulaire" in cell.metadata.get("tags", []):
            cell.outputs = [output for output in cell.outputs if output.output_type == "error"]
    return re.sub(r"référence [0-9A-F]{8}", "référence", nbformat.writes(node))


@pytest.mark.parametrize("nom", [etape.notebook.stem for etape in list_etapes()])
def test_our_engine_leaves_the_same_notebook_as_papermill_s_own(nom, executes, lieu):
    stock = executes[nom]
    parameters = dict(stock.metadata.papermill.parameters)
    ours, error = in_clean_process(
        _forked, str(notebooks_dir() / f"{nom}.ipynb"), str(lieu / "moteur.ipynb"), parameters
    )
    assert error == ""
    assert _comparable(ours) == _comparable(stock)


def test_our_engine_leaves_the_same_notebook_when_a_step_fails(lieu):
    source = str(notebooks_dir() / "2_competences.ipynb")
    parameters = {"ministere": str(lieu / "demonstration"), "structure": "nulle-part"}
    with pytest.raises(PapermillExecutionError) as raised:
        papermill.execute_notebook(source, str(lieu / "echec.ipynb"), parameters=parameters, **OPTIONS)
    ours, error = in_clean_process(_forked, source, str(lieu / "moteur.ipynb"), parameters)
    assert error == f"{raised.value.ename}: {raised.value.evalue}"
    assert _comparable(ours) == _comparable(nbformat.read(lieu / "echec.ipynb", as_version=4))
