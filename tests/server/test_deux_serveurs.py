"""Two servers of forms on one PostgreSQL, behind one address: a respondent goes from one to the other mid-form."""

from __future__ import annotations

from tests.forms.ministere_forme import demande, reponses
from tests.forms.navigation import visite
from tests.server.aiguillage import aiguillage
from tests.server.serveur_essai import inviter, lien, serveur


def niveaux(ministere) -> dict[str, float]:
    stored = reponses(ministere)
    return dict(zip(stored["cible"], stored["niveau"], strict=True))


def test_a_respondent_goes_from_one_server_to_the_other_and_loses_nothing(
    tmp_path, base_postgresql, monkeypatch, ministere, navigateur
):
    monkeypatch.setenv("VIGIE_DATABASE_URL", base_postgresql)
    with (
        serveur(tmp_path, ministere) as un,
        serveur(tmp_path, ministere) as deux,
        aiguillage(un.port) as devant,
        visite(navigateur, devant) as v,
    ):
        invitation = inviter(ministere, demande(ministere, "maturite", "RH", "rh1"))
        v.page.goto(lien(ministere, invitation, devant.origine))
        v.attendre()
        v.bouton("Commencer").click()
        v.repondre("D1.1", "3. Structuré")
        v.attendre_etat("Enregistré à")
        assert len(un.noyaux()) == 1

        un.tuer()
        v.repondre("D1.4", "2. Amorcé")
        v.attendre_etat("Hors connexion")
        devant.changer(deux.port)
        v.attendre_etat("Rechargez la page", 30)
        v.page.get_by_role("button", name="Recharger sans rien perdre").click()
        v.attendre_etat("Enregistré à", 30)
        assert len(deux.noyaux()) == 1
        assert v.question("D1.1").get_by_label("3. Structuré").is_checked()
        assert v.question("D1.4").get_by_label("2. Amorcé").is_checked()
        assert niveaux(ministere) == {"D1.1": 3, "D1.4": 2}

        v.aller_a_la_fin()
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        un.lancer()
        devant.changer(un.port)
        v.recharger()
        assert "Vous avez déjà répondu à 2 questions" in v.page.locator(".vq").inner_text()
