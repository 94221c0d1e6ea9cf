"""Every view of every step, on structures that differ in all that can go wrong."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from vigie.errors import Introuvable, ParametreInvalide
from vigie.rendering import formats
from vigie.rendering.views import META, View
from vigie.steps import open_step
from vigie.steps.base import ETAPES

STRUCTURES = ["drh-centrale", "scn-recrutement", "deleg-outre-mer", "operateur-foncier", "mission-appui", "scn-sirh"]
PROPRES = [etape for etape in ETAPES if etape not in ("accueil", "ministere")]


@pytest.fixture(scope="session")
def open_etape(ministere, sortie):
    cache = {}

    def ouvrir(etape, structure=""):
        if (etape, structure) not in cache:
            cache[etape, structure] = open_step(etape, ministere, structure)
        return cache[etape, structure]

    return ouvrir


def views(etape):
    """Name of each show_* method → its HTML."""
    names = [name for name in dir(etape) if name.startswith("show_")]
    assert names
    return {name: str(getattr(etape, name)().html) for name in names}


def text(html):
    return BeautifulSoup(html, "html.parser").get_text(" ")


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("nom", PROPRES)
def test_every_view_says_something_readable(open_etape, nom, structure):
    for name, html in views(open_etape(nom, structure)).items():
        words = text(html)
        assert words.strip(), name
        assert not re.search(r"\bnan\b|\bNone\b|\bTrue\b|\bFalse\b|<NA>|\w_\w", words), name


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("nom", PROPRES)
def test_every_view_is_accessible(open_etape, nom, structure):
    for name, html in views(open_etape(nom, structure)).items():
        page = BeautifulSoup(html, "html.parser")
        assert all(image["alt"].strip() for image in page.select("img")), name
        assert all(table.caption and table.caption.text for table in page.select("table")), name
        assert all(cell.get("scope") for cell in page.select("th")), name
        assert not page.select("script, h1, h2"), name


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("nom", ["competences", "plan_formation"])
def test_no_agent_is_ever_shown_nor_saved(open_etape, nom, structure):
    etape = open_etape(nom, structure)
    shown = " ".join(views(etape).values()) + str(etape.resultat.to_json())
    agents = set(etape.dossier.agents["id"])
    assert agents
    assert not agents & set(re.findall(r"[\w-]+", shown))


def test_a_masked_line_shows_what_is_required_and_no_figure(open_etape):
    etape = open_etape("competences", "mission-appui")
    page = BeautifulSoup(str(etape.show_synthese().html), "html.parser")
    hidden = page.select_one("details table")
    assert [cell.text for cell in hidden.select("thead th")] == ["Compétence", "Public", "Niveau requis"]
    masked = (etape.resultat.synthese["etat"] == "masque").sum()
    assert len(hidden.select("tbody tr")) == masked > 0


def test_an_unpublished_echo_is_masked(open_etape):
    etape = open_etape("maturite", "mission-appui")
    assert not etape.resultat.echo["publie"].any()
    assert "masqué" in text(str(etape.show_echo().html))


def test_the_first_view_says_strengths_priorities_conditions_and_quality(open_etape):
    words = text(str(open_etape("maturite", "csrh-nord").show_essentiel().html))
    for expected in ("Trois points d’appui", "Trois priorités", "Ne pas ouvrir encore", "Qualité des données"):
        assert expected in words


def test_a_priority_is_not_also_a_strength(open_etape):
    for structure in STRUCTURES:
        cards = BeautifulSoup(str(open_etape("maturite", structure).show_essentiel().html), "html.parser")
        strengths, priorities = (
            {line.text.split(" ")[0] for line in card.select("li")} for card in cards.select(".vg-carte")
        )
        assert not strengths & priorities


def test_the_profile_prints_the_very_figures_of_the_result(open_etape):
    etape = open_etape("maturite", "drh-centrale")
    rows = BeautifulSoup(str(etape.show_profil().html), "html.parser").select("tbody tr")
    dimensions = etape.resultat.dimensions
    assert [row.select("td")[0].text for row in rows] == [formats.score(value) for value in dimensions["score"]]
    assert [row.select("td")[4].text for row in rows] == [formats.count(value) for value in dimensions["niveau"]]


def test_a_dimension_without_answer_has_no_level(open_etape):
    etape = open_etape("maturite", "scn-sirh")
    silent = etape.resultat.dimensions.query("etat == 'sans_reponse'")
    assert len(silent)
    assert "Aucune réponse" in text(str(etape.show_dimensions().html))


def test_every_finding_is_printed_somewhere(open_etape):
    for nom in PROPRES:
        for structure in STRUCTURES:
            etape = open_etape(nom, structure)
            shown = " ".join(text(html) for html in views(etape).values())
            shown = re.sub(r"\s+", " ", shown)
            missing = [
                constat.code
                for constat in etape.resultat.constats
                if re.sub(r"\s+", " ", formats.typeset(constat.texte)) not in shown
            ]
            assert not missing, (nom, structure, missing)


def test_every_recommendation_is_printed_with_its_reason(open_etape):
    for nom in PROPRES:
        etape = open_etape(nom, "scn-recrutement")
        page = BeautifulSoup(str(etape.show_actions().html), "html.parser")
        assert len(page.select(".vg-actions > li")) == len(etape.resultat.recommandations)
        assert len(page.select(".vg-pourquoi")) == len(etape.resultat.recommandations)


def test_a_prohibited_use_opens_the_report(open_etape):
    words = text(str(open_etape("risques_ethique", "etablissement-accueil").show_essentiel().html))
    assert "Alerte" in words
    assert "interdi" in words.partition("Alerte")[2]


def test_thresholds_are_those_of_the_referentiel(open_etape):
    etape = open_etape("maturite", "drh-centrale")
    cells = [cell.text for cell in BeautifulSoup(str(etape.show_seuils().html), "html.parser").select("td")]
    assert formats.percent(etape.referentiels.maturite.cotation.couverture_minimale) in cells


def test_the_header_is_recorded_with_the_first_output(open_etape):
    data, metadata = open_etape("maturite", "drh-centrale")._repr_mimebundle_()
    assert metadata[META]["structure"] == "Direction des ressources humaines (fictive)"
    assert metadata[META]["validation"].startswith("Validé le 18 novembre 2026")
    assert metadata[META]["fictif"] is True
    assert "<style>" in data["text/html"]


def test_an_unknown_step_or_structure_is_refused_in_french(ministere):
    with pytest.raises(ParametreInvalide, match="étape inconnue"):
        open_step("inconnue", ministere, "drh-centrale")
    with pytest.raises(Introuvable, match="introuvable"):
        open_step("maturite", ministere, "nulle-part")


def test_views_are_views(open_etape):
    assert isinstance(open_etape("maturite", "drh-centrale").show_profil(), View)
