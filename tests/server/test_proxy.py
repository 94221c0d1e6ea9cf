"""The door of those whom a proxy has identified: its signed header opens what that person was invited to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import string
import time

import pytest
from vigie.cli import main
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import withdraw_invitations
from vigie.forms.liens import LienRefuse
from vigie.server.proxy import identified

from tests.forms.ministere_forme import demande, write_forme
from tests.server.serveur_essai import inviter, serveur

CLE_SSO = "cle-du-portail-" * 4


def jeton(cle: str = CLE_SSO, alg: str = "HS256", **claims) -> str:
    """A JSON Web Token as a proxy makes it."""
    whole = {"aud": "vigie", "exp": time.time() + 60, "structure": "drh", "repondant": "rh1", **claims}
    parts = [json.dumps({"alg": alg, "typ": "JWT"}).encode(), json.dumps(whole).encode()]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.new(cle.encode(), signed, hashlib.sha256).digest()).rstrip(b"=")
    return (signed + b"." + signature).decode()


@pytest.fixture(scope="module")
def monde(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("proxy")
    ministere = write_forme(dossier / "ministere")
    with serveur(dossier, ministere, "--derriere-un-proxy", VIGIE_SSO_CLE=CLE_SSO) as lance:
        yield ministere, lance


def entrer(lance, token: str, **entetes: str):
    return lance.demander("GET", "/entree", X_Vigie_Identite=token, **entetes)


def test_whom_the_proxy_names_enters_what_they_were_invited_to(monde):
    ministere, lance = monde
    invitation = inviter(ministere, demande(ministere, "maturite", "RH", "rh1"))
    retour = entrer(lance, jeton(), X_Forwarded_Proto="https")
    assert retour.statut == 303
    assert retour.entetes["location"] == f"/acces/{invitation.numero}/"
    temoin = retour.entetes["set-cookie"]
    assert "HttpOnly" in temoin
    assert "Secure" in temoin
    suite = lance.demander("GET", f"/acces/{invitation.numero}/", Cookie=temoin.split(";")[0])
    assert suite.entetes["location"] == "maturite/"


def test_an_identity_that_is_not_the_proxy_s_is_refused(monde):
    _, lance = monde
    bon = jeton()
    for mauvais in (
        "", "a.b.c", jeton("x" * 60), jeton(alg="none"), jeton(aud="autre"), jeton(exp=time.time() - 1),
        jeton(exp=time.time() + 86400), jeton(exp="bientôt"), jeton(repondant=""), jeton(structure=None),
        bon[:-2], bon.rsplit(".", 1)[0] + ".", bon.rsplit(".", 1)[0],
    ):  # fmt: skip
        retour = entrer(lance, mauvais)
        assert retour.statut == 403, mauvais
        assert "pas pu être vérifiée" in retour.texte
        assert "set-cookie" not in retour.entetes
    assert lance.noyaux() == []


def test_an_identity_with_any_sign_changed_or_past_its_minute_is_refused(monde):
    ministere, lance = monde
    inviter(ministere, demande(ministere, "maturite", "RH", "rh1"))
    store, campagne = open_store(load_ministere(ministere)), load_ministere(ministere).campagne().id
    bon = jeton()
    assert identified(store, campagne, CLE_SSO, bon).repondant == "rh1"
    for rang, signe in enumerate(bon):
        for autre in string.ascii_letters + string.digits + "-_=.+/":
            if autre != signe:
                with pytest.raises(LienRefuse):
                    identified(store, campagne, CLE_SSO, bon[:rang] + autre + bon[rang + 1 :])
    bref = jeton(exp=time.time() + 2)
    assert entrer(lance, bref).statut == 303
    time.sleep(2.1)
    assert entrer(lance, bref).statut == 403, "captured, and used again too late"


def test_who_was_not_invited_or_no_longer_is_does_not_enter(monde):
    ministere, lance = monde
    invitation = inviter(ministere, demande(ministere, "maturite", "FOR", "for1"))
    assert entrer(lance, jeton(repondant="for1")).statut == 303
    assert entrer(lance, jeton(repondant="for1", role="RH")).statut == 403
    withdraw_invitations(open_store(load_ministere(ministere)), [invitation.numero])
    for claims in ({"repondant": "for1"}, {"repondant": "jur1"}, {"structure": "centre-sud"}):
        retour = entrer(lance, jeton(**claims))
        assert retour.statut == 403
        assert "Aucune invitation à votre nom" in retour.texte


def test_there_is_no_such_door_without_a_proxy(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, VIGIE_SSO_CLE=CLE_SSO) as lance:
        inviter(ministere, demande(ministere, "maturite", "RH", "rh1"))
        assert entrer(lance, jeton()).statut == 404


def test_a_short_key_of_the_proxy_is_refused_before_anything_is_served(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VIGIE_CLE", "k" * 40)
    monkeypatch.setenv("VIGIE_SSO_CLE", "courte")
    ministere = write_forme(tmp_path / "ministere")
    assert main(["forms", str(ministere), "--derriere-un-proxy", "--port=1"]) == 2
    assert "trop courte" in capsys.readouterr().err
