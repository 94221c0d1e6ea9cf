"""What was shown as saved is saved, and what was typed is not lost: a network that fails, a kernel or a server that
dies, two tabs."""

from __future__ import annotations

from tests.forms.ministere_forme import demande, reponses
from tests.forms.navigation import visite
from tests.server.serveur_essai import servi


def niveaux(ministere) -> dict[str, float]:
    stored = reponses(ministere)
    return dict(zip(stored["cible"], stored["niveau"], strict=True))


def test_what_is_answered_without_network_stays_in_the_page_and_goes_when_it_comes_back(
    tmp_path,
    ministere,
    navigateur,
):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.reseau.rendre_muet()
        v.repondre("D1.1", "4. Déployé et suivi")
        v.attendre_etat("Hors connexion, vos réponses sont gardées dans cette page")
        assert v.accessible() == []
        v.repondre("D1.4", "2. Amorcé")
        assert niveaux(ministere) == {}
        v.reseau.retablir()
        v.attendre_etat("De nouveau enregistré", 20)
        assert niveaux(ministere) == {"D1.1": 4, "D1.4": 2}
        assert v.console == []


def test_a_killed_kernel_or_server_loses_nothing(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.repondre("D1.1", "2. Amorcé")
        v.attendre_etat("Enregistré à")
        serveur.tuer()
        v.repondre("D1.4", "3. Structuré")
        v.attendre_etat("Hors connexion")
        assert niveaux(ministere) == {"D1.1": 2}
        serveur.lancer()
        v.attendre_etat("Rechargez la page", 30)
        v.page.get_by_role("button", name="Recharger sans rien perdre").click()
        v.attendre_etat("Enregistré à", 30)
        assert niveaux(ministere) == {"D1.1": 2, "D1.4": 3}
        assert v.question("D1.4").get_by_label("3. Structuré").is_checked()

        serveur.tuer_les_noyaux()
        v.repondre("D1.1", "5. Ancré et partagé")
        v.attendre_etat("Rechargez la page", 30)
        v.page.get_by_role("button", name="Recharger sans rien perdre").click()
        v.attendre_etat("Enregistré à", 30)
        assert niveaux(ministere) == {"D1.1": 5, "D1.4": 3}


def test_two_tabs_never_overwrite_in_silence(tmp_path, ministere, navigateur):
    with (
        servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur,
        visite(navigateur, serveur) as ici,
        visite(navigateur, serveur) as ailleurs,
    ):
        for v in (ici, ailleurs):
            v.ouvrir()
            v.bouton("Commencer").click()
        ailleurs.repondre("D1.1", "2. Amorcé")
        ailleurs.attendre_etat("Enregistré à")
        ici.repondre("D1.1", "4. Déployé et suivi")
        ici.attendre_etat("À confirmer")
        assert niveaux(ministere) == {"D1.1": 2}
        assert ici.accessible() == []
        ici.bouton("Garder celle d’ici").click()
        ici.attendre_etat("Enregistré à")
        assert niveaux(ministere) == {"D1.1": 4}

        ailleurs.repondre("D1.1", "3. Structuré")
        ailleurs.attendre_etat("À confirmer")
        ailleurs.bouton("Garder celle d’ailleurs").click()
        ailleurs.attendre_etat("Enregistré à")
        assert ailleurs.question("D1.1").get_by_label("4. Déployé et suivi").is_checked()
        assert niveaux(ministere) == {"D1.1": 4}
        assert ici.console == ailleurs.console == []


def test_the_last_word_typed_is_saved_when_the_page_closes(tmp_path, ministere, navigateur):
    with servi(tmp_path, demande(ministere, "maturite", "RH", "rh1")) as serveur, visite(navigateur, serveur) as v:
        v.ouvrir()
        v.bouton("Commencer").click()
        v.repondre("D1.1", "2. Amorcé")
        v.question("D1.1").get_by_text("Preuve et commentaire").click()
        v.question("D1.1").get_by_label("Commentaire").press_sequentially("Liste à jour")
        v.recharger()
        v.question("D1.1").get_by_label("Commentaire").wait_for()
        assert v.question("D1.1").get_by_label("Commentaire").input_value() == "Liste à jour"
        assert list(reponses(ministere)["commentaire"]) == ["Liste à jour"]
