"""The training plan on screen and in its folder: what is said to whom."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from vigie.steps import open_step


@pytest.fixture(scope="module")
def open_plan(ministere, sortie):
    return lambda structure: open_step("plan_formation", ministere, structure)


def words(view):
    return " ".join(BeautifulSoup(str(view.html), "html.parser").get_text(" ").split())


def test_the_choice_of_the_training_service_is_shown_with_its_reason(open_plan):
    shown = words(open_plan("scn-recrutement").show_choix())
    for part in (
        "Vérifier une sortie d’IA",
        "Les équipes de concours l’ont demandé",
        "Suivi par le plan",
        "aucun ne convient",
    ):
        assert part in shown, part


def test_when_nothing_may_be_printed_the_report_says_where_the_list_is(open_plan):
    etape = open_plan("deleg-outre-mer")
    for view in (etape.show_essentiel(), etape.show_couverture(), etape.show_non_couverts()):
        assert "la liste va au seul service de formation" in words(view)


def test_the_two_plans_stand_side_by_side_and_a_relaxed_bound_is_said_in_words(open_plan):
    shown = words(open_plan("scn-recrutement").show_comparaison())
    for part in ("Plan de référence", "Plan proposé", "Sessions par mois", "Ce seul changement ferait couvrir"):
        assert part in shown, part


def test_names_go_to_the_training_service_folder_and_nowhere_else(open_plan, sortie):
    etape = open_plan("mission-appui")
    etape.save_livrables()
    etape.save()
    folder = next(sortie.rglob("mission-appui"))
    agents = set(etape.dossier.agents["id"])
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*.json")}
    assert texts
    assert not any(agents & set(re.findall(r"[\w-]+", text)) for text in texts.values())
    lists = [path.relative_to(folder).as_posix() for path in folder.rglob("*inscriptions*")]
    assert lists == ["livrables/service_formation/inscriptions.xlsx"]
