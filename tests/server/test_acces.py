"""Who may enter, and what they reach: checked before anything starts, said in French, with a reference."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable

import pytest
from tornado.httpclient import HTTPClientError
from vigie.cli import main
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import withdraw_invitations
from vigie.server.sessions import kernel_environment

from tests.forms.ministere_forme import demande, write_forme
from tests.server.monde import CHANGER, Ligne, Monde, refuse
from tests.server.serveur_essai import CLE, serveur


@pytest.fixture(scope="module")
def monde(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("acces")
    ministere = write_forme(dossier / "ministere")
    with serveur(dossier, ministere) as lance:
        yield Monde(dossier, ministere, lance)


def test_a_link_gives_a_cookie_for_its_own_addresses_and_leaves_the_address_bar(monde):
    invitation = monde.inviter("maturite", "risques_ethique")
    retour = monde.get(f"/i/{monde.jeton(invitation)}")
    assert retour.statut == 303
    assert retour.entetes["location"] == f"/acces/{invitation.numero}/"
    temoin = retour.entetes["set-cookie"]
    assert f"Path=/acces/{invitation.numero}/" in temoin
    assert "HttpOnly" in temoin
    assert "SameSite=Lax" in temoin
    accueil = monde.get(f"/acces/{invitation.numero}/", invitation)
    assert accueil.statut == 200
    assert "Vos formulaires" in accueil.texte
    assert monde.jeton(invitation) not in monde.serveur.dit(), "no token in the log"


def test_a_visit_to_an_anonymous_form_leaves_no_line_in_the_log_and_a_named_one_does(monde):
    anonyme = monde.inviter("maturite", "signalement", role="AG", repondant="")
    nomme = monde.inviter("maturite", "risques_ethique")
    assert monde.get("/debut").statut == 404
    for invitation in (nomme, anonyme, nomme):
        assert monde.get(f"/acces/{invitation.numero}/", invitation).statut == 200
    assert monde.get("/fin").statut == 404
    monde.attendre(lambda: "GET /fin" in monde.serveur.dit())
    between = monde.serveur.dit().split("GET /debut")[1].split("GET /fin")[0]
    assert between.count("GET /acces/") == 2


def test_every_answer_forbids_what_a_page_has_no_use_for(monde):
    invitation = monde.inviter("maturite", "risques_ethique")
    for retour in (monde.get("/"), monde.get(f"/acces/{invitation.numero}/", invitation)):
        politique = retour.entetes["content-security-policy"]
        assert "default-src 'none'" in politique
        assert "script-src 'self';" in politique
        assert "unsafe" not in politique
        assert "http" not in politique
        assert retour.entetes["x-content-type-options"] == "nosniff"
        assert retour.entetes["referrer-policy"] == "same-origin"
        assert retour.entetes["cache-control"] == "no-store"
        assert "server" not in retour.entetes


def test_a_link_that_is_wrong_expired_withdrawn_or_changed_says_so_and_starts_nothing(monde):
    bon = monde.inviter("maturite")
    expire = monde.inviter("maturite", expire_le="2020-01-01T00:00:00+00:00")
    retire = monde.inviter("maturite")
    withdraw_invitations(open_store(load_ministere(monde.ministere)), [retire.numero])
    jeton = monde.jeton(bon)
    change = jeton[:20] + ("A" if jeton[20] != "A" else "B") + jeton[21:]
    pannes = [
        (monde.jeton(expire), expire.numero, "plus valable"),
        (monde.jeton(retire), retire.numero, "a été retiré"),
        (change, bon.numero, "pas valable"),
        ("n.importe", bon.numero, "pas valable"),
    ]
    for mauvais, numero, phrase in pannes:
        refuse(monde.get(f"/i/{mauvais}"), 403, phrase)
        for reste in ("", "maturite/", "maturite/canal/x", "statique/page.js"):
            refuse(monde.get(f"/acces/{numero}/{reste}", Cookie=f"vigie={mauvais}"), 403, phrase)
    assert monde.serveur.noyaux() == []


def test_a_link_opens_no_one_else_s_forms_wherever_it_is_replayed(monde):
    mien = monde.inviter("maturite")
    autre = monde.inviter("maturite", repondant="rh2", structure="centre-sud")
    for reste in ("", "maturite/", "maturite/canal/x", "statique/page.js"):
        refuse(monde.get(f"/acces/{autre.numero}/{reste}", mien), 403, "avec le lien personnel")
        refuse(monde.get(f"/acces/{autre.numero}/{reste}"), 403, "avec le lien personnel")
    refuse(monde.get(f"/acces/{mien.numero}/plan_formation/", mien), 403, "pas pour vous")
    refuse(monde.get(f"/acces/{mien.numero}/validation/", mien), 403, "pas pour vous")
    assert monde.serveur.noyaux() == []


def test_someone_who_left_or_changed_role_opens_nothing_although_their_link_is_signed(monde):
    parti = monde.inviter("maturite", repondant="parti")
    autre_role = monde.inviter("maturite", role="DIR", repondant="rh1")
    deplace = monde.inviter("maturite", repondant="rh2", structure="drh")
    for invitation in (parti, autre_role, deplace):
        refuse(monde.get(f"/acces/{invitation.numero}/", invitation), 403, "pas pour vous")
        refuse(monde.get(f"/acces/{invitation.numero}/maturite/", invitation), 403, "pas pour vous")
    assert monde.serveur.noyaux() == []


def test_nothing_of_jupyter_or_voila_and_no_file_is_at_any_address(monde):
    invitation = monde.inviter("maturite")
    chemins = ["/", "/api/kernels", "/api/contents", "/voila/tree", "/voila/static/voila.js", "/voila/files/x", "/tree",
               "/login", "/static/../cli.py", f"/acces/{invitation.numero}/statique/..%2f..%2fcli.py",
               f"/acces/{invitation.numero}/statique/page.py", f"/acces/{invitation.numero}/maturite.ipynb",
               f"/acces/{invitation.numero}/maturite/canal/inconnu"]  # fmt: skip
    for chemin in chemins:
        refuse(monde.get(chemin, invitation), 404, "Page introuvable")
    for methode in ("POST", "PUT", "DELETE", "PATCH"):
        assert monde.get(f"/acces/{invitation.numero}/maturite/", invitation, methode).statut == 405
    assert monde.serveur.noyaux() == []


def test_asking_whether_a_form_is_there_starts_nothing(monde):
    invitation = monde.inviter("maturite")
    assert monde.get(f"/acces/{invitation.numero}/maturite/", invitation, "HEAD").statut == 200
    assert monde.get(f"/acces/{invitation.numero}/", invitation).statut == 303
    assert monde.get(f"/i/{monde.jeton(invitation)}", methode="HEAD").statut == 200
    assert monde.serveur.noyaux() == []


def test_no_kernel_knows_the_key(monkeypatch, tmp_path):
    monkeypatch.setenv("VIGIE_CLE", CLE)
    monkeypatch.setenv("VIGIE_SSO_CLE", CLE)
    environ = kernel_environment(demande(tmp_path, "maturite", "RH", "rh1"))
    assert CLE not in environ.values()
    assert json.loads(environ["VIGIE_SEANCE"])["repondant"] == "rh1"


def test_no_process_of_the_server_shows_the_key_to_the_kernels(monde):
    import psutil

    (parent,) = psutil.Process(monde.serveur.processus.pid).children()
    assert CLE not in parent.environ().values()


# --- the channel ------------------------------------------------------------------------------------------------------


def test_a_page_holds_no_source_and_its_channel_speaks_to_its_form_alone(monde):
    ligne = Ligne(monde, monde.inviter("maturite"))
    for trace in ("show_form", "import ", "kernel", str(monde.ministere)):
        assert trace not in ligne.page
    (etat, enregistre), _ = ligne.parler({"t": "ouvrir"}, CHANGER)
    assert (etat["t"], enregistre["t"]) == ("etat", "enregistre")
    assert list(monde.reponses()["niveau"]) == [3]
    monde.attendre(lambda: monde.serveur.noyaux() == [])


def test_words_of_jupyter_s_protocol_mean_nothing_on_the_channel(monde):
    ligne = Ligne(monde, monde.inviter("maturite"))
    execute = {"header": {"msg_type": "execute_request"}, "content": {"code": "1/0"}, "channel": "shell"}
    (refus,), _ = ligne.parler(execute)
    assert refus["t"] == "refus"


@pytest.mark.parametrize(
    ("message", "code"), [(b"{}", 1003), ("pas du JSON", 1003), ("[1]", 1003), (json.dumps({"t": "x" * 70000}), 1009)]
)
def test_what_is_not_a_message_closes_the_channel(monde, message, code):
    recus, ferme = Ligne(monde, monde.inviter("maturite")).parler(message)
    assert recus == []
    assert ferme == code


def test_too_many_messages_close_the_channel(monde):
    recus, ferme = Ligne(monde, monde.inviter("maturite")).parler(*[{"t": "relire"}] * 400)
    assert ferme == 1008
    assert len(recus) < 400


def test_a_link_withdrawn_in_the_middle_of_a_visit_stores_nothing_more(monde):
    invitation = monde.inviter("maturite", repondant="for1", role="FOR")
    avant = len(monde.serveur.noyaux())
    ligne = Ligne(monde, invitation)
    store = open_store(load_ministere(monde.ministere))
    message = {**CHANGER, "cle": "|D2.1|niveau"}
    recus, ferme = ligne.parler(message, avant=lambda: withdraw_invitations(store, [invitation.numero]))
    assert (recus, ferme) == ([], 4403)
    assert "for1" not in set(monde.reponses()["repondant"])
    monde.attendre(lambda: len(monde.serveur.noyaux()) <= avant)


def test_another_person_or_another_site_cannot_take_a_channel(monde):
    mien = Ligne(monde, monde.inviter("maturite"))
    autre = monde.inviter("maturite", role="FOR", repondant="for1")
    for arguments in ({"temoin": monde.temoin(autre)}, {"temoin": "vigie=x"}, {"origine": "https://ailleurs.invalid"}):
        with pytest.raises(HTTPClientError) as refus:
            asyncio.run(mien.ouvrir(**arguments))
        assert refus.value.code == 403


def test_a_kernel_ends_when_its_page_closes_and_stops_with_the_server(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere) as lance:
        monde = Monde(tmp_path, ministere, lance)
        ligne = Ligne(monde, monde.inviter("maturite"))
        assert len(lance.noyaux()) == 1
        ligne.parler({"t": "ouvrir"})
        monde.attendre(lambda: lance.noyaux() == [], 8)
        Ligne(monde, monde.inviter("maturite"))
        noyaux = lance.noyaux()
        assert len(noyaux) == 1
        assert lance.arreter() == 0
        monde.attendre(lambda: not any(noyau.is_running() for noyau in noyaux))
        assert "Traceback" not in lance.dit()


def test_a_full_server_asks_to_come_back_and_lets_in_when_there_is_room(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, "--sessions=1") as lance:
        monde = Monde(tmp_path, ministere, lance)
        premiere = Ligne(monde, monde.inviter("maturite"))
        seconde = monde.inviter("maturite", role="FOR", repondant="for1")
        plein = monde.get(f"/acces/{seconde.numero}/maturite/", seconde)
        refuse(plein, 503, "Revenez dans quelques minutes")
        assert int(plein.entetes["retry-after"]) > 0
        premiere.parler({"t": "ouvrir"})
        monde.attendre(lambda: lance.noyaux() == [])
        assert monde.get(f"/acces/{seconde.numero}/maturite/", seconde).statut == 200


def test_an_incident_gives_a_reference_to_the_page_and_its_cause_to_the_server_s_log_alone(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere) as lance:
        monde = Monde(tmp_path, ministere, lance)
        ligne = Ligne(monde, monde.inviter("maturite"))

        def casser(table: str) -> Callable[[], None]:
            def renommer() -> None:
                with open_store(load_ministere(ministere)).engine.begin() as connexion:
                    connexion.exec_driver_sql(f"ALTER TABLE {table} RENAME TO ailleurs_{table}")

            return renommer

        (echec,), _ = ligne.parler(CHANGER, avant=casser("reponses"))
        assert echec["t"] == "echec"
        assert "reponses" not in echec["message"]
        reference = re.search(r"[0-9A-F]{8}", echec["message"])[0]
        monde.attendre(lambda: reference in lance.dit())
        assert "no such table" in lance.dit()

        ligne = Ligne(monde, monde.inviter("maturite", role="FOR", repondant="for1"))
        temoin = monde.temoin(ligne.invitation)
        assert ligne.parler({"t": "ouvrir"}, avant=casser("invitations")) == ([], 1011)
        page = monde.get(f"/acces/{ligne.invitation.numero}/", Cookie=temoin)
        refuse(page, 500, "Un incident est survenu")
        assert re.search(r"[0-9A-F]{8}", page.texte)[0] in lance.dit()


def test_a_port_already_taken_is_said_in_french(monde, capsys):
    assert main(["forms", str(monde.ministere), f"--port={monde.serveur.port}"]) == 2
    assert "ce port est déjà pris" in capsys.readouterr().err
