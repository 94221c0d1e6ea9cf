"""A link's token and a channel's id: what was changed, stolen, set beforehand or used again opens nothing."""

from __future__ import annotations

import ast
import asyncio
import inspect
import string
import time
from datetime import UTC, datetime, timedelta

import pytest
from tornado.httpclient import HTTPClientError
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import withdraw_invitations
from vigie.forms import liens
from vigie.forms.liens import LienRefuse, open_token
from vigie.server import proxy
from vigie.server.sessions import Sessions

from tests.forms.ministere_forme import write_forme
from tests.server.monde import CHANGER, Ligne, Monde, refuse
from tests.server.serveur_essai import CLE, serveur

CARACTERES = string.ascii_letters + string.digits + "-_.=~ %"


@pytest.fixture(scope="module")
def monde(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("jetons")
    ministere = write_forme(dossier / "ministere")
    reglages = "pages_par_adresse=Debit(9999, 999), pages_par_lien=Debit(999, 99), arrivee_s=4, absence_s=4"
    with serveur(dossier, ministere, reglages=reglages) as lance:
        yield Monde(dossier, ministere, lance)


def changes(jeton: str) -> list[str]:
    """The token with each of its signs replaced in turn, then cut, then lengthened."""
    autres = [jeton[:rang] + ("A" if signe != "A" else "B") + jeton[rang + 1 :] for rang, signe in enumerate(jeton)]
    return [*autres, *(jeton[:rang] for rang in range(1, len(jeton))), jeton + "A", jeton + "=", "A" + jeton]


def test_a_token_with_any_sign_changed_opens_nothing_on_the_server(monde):
    invitation = monde.inviter("maturite")
    jeton = monde.jeton(invitation)
    for faux in changes(jeton):
        assert monde.get(f"/acces/{invitation.numero}/", Cookie=f"vigie={faux}").statut == 403, faux
    assert monde.get(f"/acces/{invitation.numero}/", Cookie=f"vigie={jeton}").statut == 303


def test_every_sign_of_a_token_by_every_other_sign_is_refused(monde):
    invitation = monde.inviter("maturite")
    store, jeton = open_store(load_ministere(monde.ministere)), monde.jeton(invitation)
    assert open_token(store, CLE, jeton) == invitation
    for rang, signe in enumerate(jeton):
        for autre in CARACTERES:
            if autre != signe:
                with pytest.raises(LienRefuse):
                    open_token(store, CLE, jeton[:rang] + autre + jeton[rang + 1 :])


@pytest.mark.parametrize("module", [liens, proxy])
def test_secrets_are_compared_in_constant_time_and_never_by_equals(module):
    """By reading the source: what compares a signature is compare_digest, here or in itsdangerous."""
    arbre = ast.parse(inspect.getsource(module))
    appels = {ast.unparse(one.func) for one in ast.walk(arbre) if isinstance(one, ast.Call)}
    assert appels & {"compare_digest", "hmac.compare_digest"}
    secrets_ = {"token", "signature", "expected", "key", "signed", "jeton", "cle"}
    for comparaison in (one for one in ast.walk(arbre) if isinstance(one, ast.Compare)):
        egal = any(isinstance(op, ast.Eq | ast.NotEq) for op in comparaison.ops)
        assert not (egal and {ast.unparse(one) for one in (comparaison.left, *comparaison.comparators)} & secrets_)


def test_the_library_that_signs_links_compares_in_constant_time():
    import itsdangerous.signer

    verifier = inspect.getsource(itsdangerous.signer.SigningAlgorithm.verify_signature)
    assert "compare_digest" in verifier or "constant_time_compare" in verifier


def test_the_channel_s_id_is_looked_up_and_is_too_long_to_guess(monde):
    ligne = Ligne(monde, monde.inviter("maturite"))
    assert len(ligne.canal.rsplit("/", 1)[1]) >= 32
    source = inspect.getsource(Sessions.trouver)
    assert "self.ouvertes.get(id_)" in source


def test_a_channel_s_id_chosen_beforehand_is_never_taken(monde):
    """Fixation: whatever a visitor brings, the server draws the id of each page itself."""
    invitation = monde.inviter("maturite")
    choisie = "A" * 32
    page = Ligne(monde, invitation)
    temoin = monde.temoin(invitation)
    for chemin in (f"?session={choisie}", f"?canal={choisie}"):
        retour = monde.get(f"/acces/{invitation.numero}/maturite/{chemin}", Cookie=f"session={choisie}; {temoin}")
        assert retour.statut == 200
        assert choisie not in retour.texte
        assert page.canal.rsplit("/", 1)[1] not in retour.texte, "each page has its own"
        assert "set-cookie" not in retour.entetes
    page.canal = page.canal.rsplit("/", 1)[0] + "/" + choisie
    with pytest.raises(HTTPClientError) as refus:
        asyncio.run(page.ouvrir())
    assert refus.value.code == 404


def test_a_cookie_set_for_other_addresses_does_not_open_these(monde):
    """Fixation again: a cookie that someone else's link left does not make their visitor of me, nor me of them."""
    mien, leur = monde.inviter("maturite"), monde.inviter("maturite", role="FOR", repondant="for1")
    refuse(monde.get(f"/acces/{mien.numero}/", leur), 403, "avec le lien personnel")
    deux = f"{monde.temoin(leur)}; {monde.temoin(mien)}"
    statut = monde.get(f"/acces/{mien.numero}/", Cookie=deux).statut
    autre = monde.get(f"/acces/{leur.numero}/", Cookie=deux).statut
    assert sorted([statut, autre]) == [303, 403], "one cookie is read, and it opens its own addresses alone"


def test_what_was_captured_opens_nothing_once_the_link_is_withdrawn(monde):
    invitation = monde.inviter("maturite")
    ligne = Ligne(monde, invitation)
    capture = {**CHANGER, "cle": "|D1.4|niveau"}
    (enregistre,), _ = ligne.parler(capture)
    assert enregistre["t"] == "enregistre"
    avant = monde.reponses()
    withdraw_invitations(open_store(load_ministere(monde.ministere)), [invitation.numero])
    for reste in ("", "maturite/", "statique/page.js"):
        refuse(monde.get(f"/acces/{invitation.numero}/{reste}", invitation), 403, "a été retiré")
    refuse(monde.get(f"/i/{monde.jeton(invitation)}"), 403, "a été retiré")
    with pytest.raises(HTTPClientError) as refus:
        ligne.parler(capture)
    assert refus.value.code == 403
    assert monde.reponses().equals(avant)


def test_a_message_said_again_changes_nothing_and_a_closed_page_says_nothing_more(monde):
    invitation = monde.inviter("maturite", role="JUR", repondant="jur1")
    ligne = Ligne(monde, invitation)
    cle = next(f"|{id_}|niveau" for id_, item in monde.items().items() if "JUR" in item.roles)
    message = {**CHANGER, "cle": cle}
    (un, deux), _ = ligne.parler(message, message)
    assert un == deux
    plus_tard = {**message, "n": 2, "base": un["id"], "valeur": {**message["valeur"], "valeur": "5"}}
    assert len(monde.reponses()[monde.reponses()["repondant"] == "jur1"]) == 1
    monde.attendre(lambda: monde.serveur.noyaux() == [])
    with pytest.raises(HTTPClientError) as refus:
        ligne.parler(plus_tard)
    assert refus.value.code == 404, "its session ended with its page"
    reprise = Ligne(monde, invitation)
    (change, rejoue), _ = reprise.parler(plus_tard, message)
    assert change["t"] == "enregistre"
    assert rejoue["t"] == "conflit", "an old message played again writes over nothing"
    assert set(monde.reponses().query("repondant == 'jur1'")["niveau"]) == {5}


def test_a_link_past_its_day_opens_nothing_even_to_a_page_already_open(monde):
    fin = datetime.now(UTC) + timedelta(seconds=8)
    invitation = monde.inviter("maturite", role="NUM", repondant="num1", expire_le=fin.isoformat(timespec="seconds"))
    ligne = Ligne(monde, invitation)

    def attendre() -> None:
        time.sleep(max(0.0, (fin - datetime.now(UTC)).total_seconds()))

    assert ligne.parler({"t": "relire"}, avant=attendre) == ([], 4403)
    refuse(monde.get(f"/acces/{invitation.numero}/", invitation), 403, "plus valable")
