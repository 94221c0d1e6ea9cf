"""The ministry's step: results of the structures side by side, and what the batch said of those that failed."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from vigie.collecte import results_file
from vigie.rendering import formats
from vigie.steps import open_step

PRESENTES = ["drh-centrale", "mission-appui", "etablissement-accueil"]
CAMPAGNE = ("demonstration", "2026-automne")
SIENNES = ("maturite", "competences", "risques_ethique", "plan_formation", "accompagnement", "restitution")


@pytest.fixture(scope="module")
def etape(ministere, tmp_path_factory):
    """Three structures with results; one of their steps failed since."""
    folder = tmp_path_factory.mktemp("ministere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SORTIE", str(folder))
        for structure in PRESENTES:
            for nom in SIENNES:
                open_step(nom, ministere, structure).save()
        failure = {"structure": "mission-appui", "etape": "risques_ethique", "statut": "echec", "reference": "V-1234"}
        manifeste = results_file(*CAMPAGNE, "x").parents[1] / "manifeste.json"
        manifeste.write_text(json.dumps({"executions": [failure]}), encoding="utf-8")
        ouverte = open_step("ministere", ministere)
        assert ouverte.resultat
        yield ouverte


def views(etape):
    return {name: str(getattr(etape, name)().html) for name in dir(etape) if name.startswith("show_")}


def test_every_view_is_readable_and_accessible(etape):
    for name, html in views(etape).items():
        page = BeautifulSoup(html, "html.parser")
        assert not re.search(r"\bnan\b|\bNone\b|<NA>|\w_\w", page.get_text(" ")), name
        assert all(image["alt"].strip() for image in page.select("img")), name
        assert all(table.caption.text for table in page.select("table")), name


def test_what_is_left_out_is_named_with_its_reason(etape):
    rows = BeautifulSoup(views(etape)["show_exclusions"], "html.parser").select("tbody tr")
    said = [" ".join(cell.get_text() for cell in row.select("th, td")) for row in rows]
    assert any("Mission d’appui" in line and "V-1234" in line for line in said)
    assert any("Direction régionale Ouest" in line and "non exécutée" in line for line in said)


def test_the_matrix_has_a_line_a_structure_and_no_mean(etape):
    page = BeautifulSoup(views(etape)["show_matrice"], "html.parser")
    assert len(page.select("tbody tr")) == len(PRESENTES)
    assert "moyenne" not in page.get_text().lower()


def test_a_prohibited_use_is_seen_at_once(etape):
    assert "Établissement public de l’accueil" in views(etape)["show_essentiel"]


def test_the_ministry_has_its_own_results(etape):
    etape.save()
    assert json.loads(results_file(*CAMPAGNE, "ministere").read_text(encoding="utf-8"))["ministere"]["attendues"] == 12


def test_a_ministry_without_results_says_so(ministere, tmp_path, monkeypatch):
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path))
    vide = open_step("ministere", ministere)
    pages = views(vide)
    assert "Aucune évaluation de la maturité" in pages["show_matrice"]
    assert "0 sur 12" in BeautifulSoup(pages["show_essentiel"], "html.parser").get_text()
    assert len(vide.resultat.exclusions) == 12 * len(SIENNES)


def test_the_charter_of_the_ministry_is_inherited_and_not_written_again(etape):
    heritage = etape.resultat.heritage
    charte = etape.ministere.documents[0]
    assert set(heritage["regle"]) <= set(charte.regles)
    assert len(heritage)
    assert formats.typeset(charte.reference) in BeautifulSoup(views(etape)["show_heritage"], "html.parser").get_text()
    assert not {f"MIN-{regle}" for regle in heritage["regle"]} & {line.id for line in etape.resultat.recommandations}


def test_points_and_actions_of_the_structures_are_side_by_side(etape):
    assert set(etape.resultat.vigilances["structure"]) == set(PRESENTES)
    assert (etape.resultat.actions["structures"] >= 2).all()
    assert len(etape.resultat.actions)
