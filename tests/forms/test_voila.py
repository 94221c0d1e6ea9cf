"""The form's widget in stock Voilà, which any house may already run: nothing of our server is needed."""

from __future__ import annotations

from tests.forms.ministere_forme import demande, reponses
from tests.forms.navigation import visite
from tests.forms.voila_essai import servi


def test_a_respondent_fills_comes_back_and_sends(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.repondre("D1.1", "3. Structuré")
        v.attendre_etat("Enregistré à")
        assert list(reponses(ministere)["niveau"]) == [3]
        serveur.tuer_les_noyaux()
        v.recharger()
        assert v.question("D1.1").get_by_label("3. Structuré").is_checked()
        v.aller_a_la_fin()
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        assert v.console == []
        assert v.ailleurs == []
