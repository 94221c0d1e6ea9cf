"""The log of the server says what happened, when and with which reference; never to whom, nor what they said."""

from __future__ import annotations

import re

from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import withdraw_invitations

from tests.forms.ministere_forme import write_forme
from tests.server.monde import CHANGER, Ligne, Monde
from tests.server.serveur_essai import serveur
from tests.server.test_proxy import CLE_SSO, entrer, jeton

PHRASE = "Une phrase que personne d'autre ne doit lire"
NOMME = {**CHANGER, "valeur": {**CHANGER["valeur"], "commentaire": PHRASE}}


def casser(monde: Monde, table: str, vers: str) -> None:
    with open_store(load_ministere(monde.ministere)).engine.begin() as connexion:
        connexion.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {vers}")


def test_no_person_no_answer_and_no_key_is_ever_in_the_log(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    options = {"VIGIE_SSO_CLE": CLE_SSO}
    with serveur(tmp_path, ministere, "--derriere-un-proxy", **options) as lance:
        monde = Monde(tmp_path, ministere, lance)
        rh, agent = monde.inviter("maturite"), monde.inviter("competences", role="AG", repondant="AG1")
        retire = monde.inviter("maturite", role="FOR", repondant="for1")
        identite = jeton()
        jetons = [monde.jeton(one) for one in (rh, agent, retire)]

        for invitation, un in zip((rh, agent, retire), jetons, strict=True):
            monde.get(f"/i/{un}")
            monde.get(f"/i/{un}X")
            monde.get(f"/i/{un}/autre")
            monde.get(f"/acces/{invitation.numero}/", Cookie=f"vigie={un}X")
            monde.get(f"/acces/{invitation.numero}/validation/", invitation)
        assert entrer(lance, identite).statut == 303
        assert entrer(lance, jeton(repondant="jur1")).statut == 403
        withdraw_invitations(open_store(load_ministere(ministere)), [retire.numero])
        monde.get(f"/acces/{retire.numero}/", retire)

        lignes = [Ligne(monde, rh), Ligne(monde, agent, "competences")]
        (dit, renvoi), _ = lignes[0].parler(NOMME, {"t": "restituer"})
        assert (dit["t"], renvoi["t"]) == ("enregistre", "restitution")
        lignes[1].parler({"t": "ouvrir"}, {"t": "x", "cle": PHRASE})
        lignes.append(Ligne(monde, rh))
        lignes[-1].parler("{" + PHRASE)

        lignes.append(Ligne(monde, rh))
        encore = {**NOMME, "cle": "|D1.4|niveau"}
        (echec,), _ = lignes[-1].parler(encore, avant=lambda: casser(monde, "reponses", "ailleurs"))
        assert echec["t"] == "echec"
        casser(monde, "ailleurs", "reponses")

        # a file that is wrong, and what is wrong names people: who is here stays, who comes is told whom to see
        numero, temoin = rh.numero, monde.temoin(rh)
        with (ministere / "repondants.csv").open("a", encoding="utf-8") as fichier:
            fichier.write("drh;rh1;RH;Personne fictive;Fonction fictive\n")
        assert monde.get(f"/acces/{numero}/", Cookie=temoin).statut == 303
        page = monde.get(f"/acces/{numero}/maturite/", Cookie=temoin)
        assert page.statut == 200
        assert "Prévenez la personne qui vous a envoyé le lien" in page.texte
        assert "rh1" not in page.texte
        assert "Personne fictive" not in page.texte

        reference = re.search(r"[0-9A-F]{8}", echec["message"])[0]
        monde.attendre(lambda: reference in lance.dit())
        journal = lance.dit()
        assert "no such table" in journal, "its cause is there"
        assert journal.count("fichiers du ministère fautifs") == 1
        sessions = [ligne.canal.rsplit("/", 1)[1] for ligne in lignes]
        numeros = [rh.numero, agent.numero, retire.numero]
        personnes = ["rh1", "for1", "jur1", "AG1", "Personne fictive", "Fonction fictive", "Cheffe de service"]
        secrets = [*jetons, identite, *sessions, *numeros, *personnes, PHRASE, CLE_SSO]
        assert [un for un in secrets if un in journal] == []
