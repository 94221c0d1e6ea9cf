"""The training service chooses modules on the real results of a plan: in words, with its reasons, and it is kept."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from vigie.collecte import load_ministere, open_store, results_file
from vigie.forms.demande import Demande
from vigie.steps import open_step

from tests.forms.navigation import LARGE, TELEPHONE, visite
from tests.server.serveur_essai import servi

DEMONSTRATION = Path(__file__).parents[2] / "params" / "ministeres" / "demonstration"
STRUCTURE, CAMPAGNE = "drh-centrale", "2026-automne"


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    """The demonstration's ministry with the plan of one structure, as its notebook saves it; beside it, its results."""
    dossier = tmp_path_factory.mktemp("modules")
    ministere = dossier / "ministere"
    shutil.copytree(DEMONSTRATION, ministere, ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    with pytest.MonkeyPatch.context() as ici:
        ici.setenv("VIGIE_SORTIE", str(dossier / "resultats"))
        for etape in ("competences", "plan_formation"):
            open_step(etape, str(ministere), STRUCTURE, CAMPAGNE).save()
    return ministere


def who(ministere: Path, rang: int) -> Demande:
    charge = load_ministere(ministere)
    mine = charge.repondants[(charge.repondants["structure"] == STRUCTURE) & (charge.repondants["role"] == "FOR")]
    return Demande(str(ministere), STRUCTURE, "plan_formation", "FOR", str(mine["id"].iloc[rang]))


@pytest.mark.parametrize("ecran", [LARGE, TELEPHONE], ids=["large", "telephone"])
def test_modules_are_chosen_on_a_real_plan_in_words(plan, navigateur, ecran, monkeypatch):
    monkeypatch.setenv("VIGIE_SORTIE", str(plan.parent / "resultats"))
    qui = who(plan, (LARGE, TELEPHONE).index(ecran))
    with servi(plan.parent, qui) as serveur, visite(navigateur, serveur, ecran) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        assert v.titre == "Les modules proposés"
        questions = v.page.locator(".vq-question")
        assert questions.count() > 5
        textes = [question.inner_text() for question in questions.all()]
        publics = [re.search(r"Publics\s: (.+)\.", texte)[1] for texte in textes]
        assert any("managers de proximité" in un for un in publics)
        codes = [code for un in publics for code in re.findall(r"\b(?:AC[123]|TA|MP|RF|ED|NP)\b", un)]
        assert codes == [], "no code where words are expected"
        assert v.accessible() == []
        assert v.deborde() <= 0

        premiere = questions.first
        competence = premiere.get_attribute("data-question")
        premiere.get_by_role("radio").first.check()
        v.attendre_etat("Enregistré à")
        premiere.get_by_role("textbox").fill("Sessions ouvertes au bon moment.")
        v.page.keyboard.press("Tab")
        v.attendre_etat("Enregistré à")
        seconde = questions.nth(1)
        seconde.get_by_label("Aucun de ces modules").check()
        v.attendre_etat("Enregistré à")
        v.recharger()
        assert premiere.get_by_role("radio").first.is_checked()
        assert premiere.get_by_role("textbox").input_value() == "Sessions ouvertes au bon moment."
        assert v.console == []
        assert v.ailleurs == []

    saved = results_file("demonstration", CAMPAGNE, STRUCTURE).read_text(encoding="utf-8")
    proposes = json.loads(saved)["plan_formation"]["tables"]["modules"]
    reponses = open_store(load_ministere(plan)).answers(CAMPAGNE, STRUCTURE)
    mine = reponses[(reponses["repondant"] == qui.repondant) & (reponses["mesure"] == "module")].set_index("cible")
    assert mine.loc[competence, "choix"] in {module["module"] for module in proposes}
    assert mine.loc[competence, "commentaire"] == "Sessions ouvertes au bon moment."
    assert "aucun" in set(mine["choix"])
