"""What a respondent does, in a real browser before a real Voilà: fill, leave, come back, send, read what it says."""

from __future__ import annotations

import re

import pytest
from vigie.collecte import load_ministere, open_store
from vigie.collecte.signalements import read_signalements

from tests.collecte.ministere_essai import anonymous_rows
from tests.forms.ministere_forme import INVENTAIRE, demande, reponses
from tests.forms.navigation import LARGE, TELEPHONE, visite
from tests.server.serveur_essai import servi

PAGES_RH = 8


def test_a_respondent_fills_leaves_comes_back_sends_and_reads_what_their_answers_say(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.repondre("D1.1", "3. Structuré")
        v.attendre_etat("Enregistré à")
        v.question("D1.4").get_by_text("Preuve et commentaire").click()
        v.question("D1.4").get_by_label("Preuve : document").fill("Accord-cadre « IA et RH » du 3 mars 2026")
        v.repondre("D1.4", "Ne sait pas")
        v.attendre_etat("Enregistré à")
        stored = reponses(ministere).set_index("cible")
        assert stored.loc["D1.1", "niveau"] == 3
        assert stored.loc["D1.4", "preuve"] == "Accord-cadre « IA et RH » du 3 mars 2026"
        v.bouton("Page suivante").click()
        assert v.titre.startswith(f"Page 2 sur {PAGES_RH}")

        v.recharger()
        assert v.titre.startswith(f"Page 2 sur {PAGES_RH}"), "the page where they were"
        v.bouton("Page précédente").click()
        assert v.question("D1.1").get_by_label("3. Structuré").is_checked()
        assert v.question("D1.4").get_by_label("Preuve : document").input_value().startswith("Accord-cadre")
        assert "1 complète sur 8" in v.page.locator(".vq-pages summary").inner_text()

        v.aller_a_la_fin()
        assert v.page.locator(".vq-manquantes li").count() == 28
        v.bouton("Envoyer").click()
        recu = v.page.locator(".vq-recu")
        recu.wait_for()
        assert re.search(r"MAT-\d{6}", recu.inner_text())
        restitution = v.page.locator(".vq-restitution img")
        restitution.wait_for()
        texte = v.page.locator(".vq-restitution").inner_text()
        assert "Calculé sur vos seules réponses" in texte
        assert "Ce qui ferait monter chaque dimension" in texte
        assert "à partir de 10 personnes" in texte
        assert v.accessible() == []

        v.recharger()
        assert v.titre == "Présentation"
        assert "Vous avez déjà répondu à 2 questions" in v.page.locator(".vq").inner_text()
        assert v.console == []
        assert v.ailleurs == []


def test_a_person_who_uses_only_the_keyboard_answers_and_sends(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.atteindre("Commencer")
        v.page.keyboard.press("Enter")
        assert v.focus() == v.titre, "the heading of the new screen is read first"
        for _ in range(2):
            v.tabuler_jusqua("input[type=radio]")
            v.page.keyboard.press("Space")
            v.page.keyboard.press("ArrowDown")
        v.attendre_etat("Enregistré à")
        assert sorted(reponses(ministere)["niveau"]) == [2, 2]
        for _ in range(PAGES_RH - 1):
            v.atteindre("Page suivante")
            v.page.keyboard.press("Enter")
        v.atteindre("Relire et envoyer")
        v.page.keyboard.press("Enter")
        v.atteindre("Envoyer")
        assert v.contour() != "none", "the focus is seen"
        v.page.keyboard.press("Enter")
        v.page.locator(".vq-recu").wait_for()
        assert v.focus() == "Réponses envoyées"
        assert v.console == []


def test_an_anonymous_form_leaves_no_trace_before_it_is_sent_and_no_name_after(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.repondre("M1", "Plutôt d'accord")
        assert "Rien n’est enregistré avant l’envoi" in v.etat
        assert v.page.evaluate("() => Object.keys(localStorage)") == []
        assert anonymous_rows(open_store(load_ministere(ministere))) == []
        v.aller_a_la_fin()
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        assert [row["cible"] for row in anonymous_rows(open_store(load_ministere(ministere)))] == ["M1"]
        assert reponses(ministere).empty, "one answer waits in the urn"
        assert v.page.evaluate("() => Object.keys(localStorage)") == []
        assert v.console == []


def test_a_report_asks_for_what_is_due_gives_a_number_and_forgets_a_name_withdrawn(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "signalement")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.question("faits").get_by_role("textbox").fill("Un compte rendu d'entretien a été résumé par un outil.")
        v.bouton("Page suivante").click()
        v.repondre("declarant_ou_anonyme", "Donner mon nom")
        v.question("declarant_ou_anonyme").get_by_label("Votre nom et un moyen").fill("Personne fictive")
        v.bouton("Relire et envoyer").click()
        v.bouton("Envoyer").click()
        alerte = v.page.locator(".vq-alerte")
        assert "demande une réponse" in alerte.inner_text()
        assert v.accessible() == []
        alerte.get_by_role("button").first.click()
        v.remplir_ce_qui_est_du()
        v.bouton("Page suivante").click()
        v.repondre("declarant_ou_anonyme", "Rester anonyme")
        v.bouton("Relire et envoyer").click()
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        numero = re.search(r"SIG(-[2-9A-Z]{4}){3}", v.page.locator(".vq-recu").inner_text())
        assert numero
        kept = read_signalements(open_store(load_ministere(ministere)))
        assert set(kept["numero"]) == {numero[0]}
        assert "Personne fictive" not in set(kept["valeur"])
        assert v.page.evaluate("() => Object.keys(localStorage)") == []
        assert v.console == []


FORMES = {
    "maturite": ("maturite", "RH", "rh1"),
    "echo": ("maturite", "", ""),
    "competences": ("competences", "AG", "AG1"),
    "exposition": ("competences", "MAN", "man1"),
    "risques_ethique": ("risques_ethique", "RH", "rh1"),
    "validation": ("validation", "DIR", "dir1"),
    "signalement": ("signalement", "", ""),
}


@pytest.mark.parametrize("ecran", [LARGE, TELEPHONE], ids=["large", "telephone"])
@pytest.mark.parametrize("genre", FORMES)
def test_every_page_of_every_form_is_accessible_and_fits(tmp_path, ministere, navigateur, genre, ecran):
    (ministere / "reponses" / "inventaire.csv").write_text(INVENTAIRE, encoding="utf-8")
    qui = demande(ministere, *FORMES[genre])
    with servi(tmp_path, qui) as serveur, visite(navigateur, serveur, ecran) as v:
        v.ouvrir()
        vus = []
        while True:
            v.deplier()
            vus.append(v.titre)
            assert v.accessible() == [], v.titre
            assert v.deborde() <= 0, v.titre
            suite = v.suite()
            if suite is None:
                break
            suite.click()
        assert len(vus) > 2
        assert vus[-1] == "Relire et envoyer"
        assert v.console == []
        assert v.ailleurs == []
