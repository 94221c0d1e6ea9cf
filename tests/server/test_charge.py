"""Too many, too often: nobody already at work is harmed, and who is refused is told what to do."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import secrets
import statistics
import time
from collections import Counter

import psutil
import pytest
from tornado.httpclient import HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import Invitation, record_invitations
from vigie.forms.demande import Demande
from vigie.kernels.server_manager import VigieKernelManager
from vigie.server.debit import Compteur
from vigie.server.reglages import Debit, Reglages
from vigie.server.sessions import Complet, Session, Sessions

from tests.collecte.ministere_essai import CAMPAGNE
from tests.forms.ministere_forme import write_forme
from tests.server.monde import CHANGER, Ligne, Monde, refuse
from tests.server.serveur_essai import LOINTAIN, Retour, serveur

SESSIONS = int(os.environ.get("VIGIE_SESSIONS_ESSAI", "6"))
OUVERTURES, DUREE_S = 500, 10


# --- too many ---------------------------------------------------------------------------------------------------------


def liens(monde: Monde, nombre: int) -> list[Invitation]:
    """As many links, each of its own number."""
    qui = (CAMPAGNE, "drh", "RH", "rh1", ("maturite",), LOINTAIN)
    made = [Invitation(secrets.token_hex(12), *qui) for _ in range(nombre)]
    record_invitations(open_store(load_ministere(monde.ministere)), made)
    return made


async def ouvrir_tous(monde: Monde, invitations: list[Invitation], duree_s: float) -> list[Retour]:
    client = SimpleAsyncHTTPClient(force_instance=True, max_clients=len(invitations))

    async def un(rang: int, invitation: Invitation) -> Retour:
        await asyncio.sleep(rang * duree_s / len(invitations))
        adresse = f"{monde.serveur.origine}acces/{invitation.numero}/maturite/"
        entetes = {"Cookie": monde.temoin(invitation), "X-Forwarded-For": f"192.0.2.{rang}"}
        retour = await client.fetch(HTTPRequest(adresse, headers=entetes, request_timeout=60), raise_error=False)
        texte = retour.body.decode() if retour.body else ""
        return Retour(retour.code, {nom.lower(): valeur for nom, valeur in retour.headers.items()}, texte)

    return await asyncio.gather(*(un(rang, invitation) for rang, invitation in enumerate(invitations)))


async def travailler(ligne: Ligne, fin: asyncio.Event) -> list[float]:
    """Someone answers, one change after the other; seconds that each took to be said saved."""
    attentes, base = [], 0
    page = await ligne.ouvrir()
    while not fin.is_set():
        valeur = {**CHANGER["valeur"], "valeur": str(1 + len(attentes) % 5)}
        debut = time.monotonic()
        await page.write_message(json.dumps({**CHANGER, "n": len(attentes) + 1, "base": base, "valeur": valeur}))
        dit = json.loads(await asyncio.wait_for(page.read_message(), 30))
        assert dit["t"] == "enregistre", dit
        base = dit["id"]
        attentes.append(time.monotonic() - debut)
        await asyncio.sleep(0.15)
    page.close(1000)
    await asyncio.sleep(0.1)
    return attentes


@pytest.fixture
def peu_de_fichiers():
    """As a system that gives few open files to whoever does not ask for more."""
    doux, dur = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, dur))
    yield lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (doux, dur))
    resource.setrlimit(resource.RLIMIT_NOFILE, (doux, dur))


def test_five_hundred_opens_in_ten_seconds_harm_nobody_at_work(tmp_path, peu_de_fichiers):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, f"--sessions={SESSIONS}") as lance:
        peu_de_fichiers()
        monde = Monde(tmp_path, ministere, lance)
        ligne = Ligne(monde, monde.inviter("maturite", role="FOR", repondant="for1"))
        ligne_rh = Ligne(monde, monde.inviter("maturite"))
        foule = liens(monde, OUVERTURES)
        avant = psutil.Process(lance.processus.pid).memory_info().rss

        async def scenario():
            fin = asyncio.Event()
            travail = asyncio.create_task(travailler(ligne_rh, fin))
            retours = await ouvrir_tous(monde, foule, DUREE_S)
            noyaux = len(lance.noyaux())
            fin.set()
            return retours, noyaux, await travail

        retours, noyaux, attentes = asyncio.run(scenario())
        apres = psutil.Process(lance.processus.pid).memory_info().rss
        comptes = Counter(retour.statut for retour in retours)
        fichiers = psutil.Process(lance.processus.pid).num_fds()
        temps = f"médiane {statistics.median(attentes):.3f} s, pire {max(attentes):.3f} s sur {len(attentes)}"
        print(f"{comptes}, {noyaux} noyaux, {fichiers} fichiers, {(apres - avant) / 1e6:.0f} Mo, {temps}")
        assert set(comptes) == {200, 429, 503}, "one address, whatever it says of itself"
        assert comptes[200] >= SESSIONS - 2, "whoever may enter does"
        assert noyaux <= SESSIONS
        assert len(attentes) >= 5
        assert max(attentes) < 5
        assert apres - avant < 150e6
        refuse(next(retour for retour in retours if retour.statut == 503), 503, "Revenez dans quelques minutes")
        trop = next(retour for retour in retours if retour.statut == 429)
        refuse(trop, 429, "Attendez une minute, puis ouvrez de nouveau le formulaire")
        assert "Réessayer" in trop.texte
        assert 0 < int(trop.entetes["retry-after"]) <= 60
        assert "Traceback" not in lance.dit()
        (etat,), _ = ligne.parler({"t": "ouvrir"})
        assert etat["t"] == "etat", "the page that said nothing meanwhile is still there"


# --- too often --------------------------------------------------------------------------------------------------------


def test_one_link_asked_again_and_again_is_told_to_wait_and_others_are_not(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, reglages="pages_par_lien=Debit(10, 0.5), sessions_par_lien=2") as lance:
        monde = Monde(tmp_path, ministere, lance)
        presse, autre = monde.inviter("maturite"), monde.inviter("maturite", role="FOR", repondant="for1")
        statuts = [monde.get(f"/acces/{presse.numero}/", presse).statut for _ in range(13)]
        assert statuts[:10] == [303] * 10
        assert statuts[-1] == 429
        assert monde.get(f"/acces/{autre.numero}/", autre).statut == 303
        time.sleep(2.2)
        assert monde.get(f"/acces/{presse.numero}/", presse).statut == 303, "and it comes back"

        ensemble = asyncio.run(ouvrir_tous(monde, [autre] * 8, 0))
        assert {retour.statut for retour in ensemble} <= {200, 503}
        assert len(lance.noyaux()) <= 2
        assert "formulaire non rendu" not in lance.dit(), "no page is cut while it is made"


def test_kernels_of_one_link_are_capped_while_none_has_started_yet(tmp_path, monkeypatch):
    async def scenario() -> list[object]:
        assez = asyncio.Event()

        async def start_kernel(self, **_):
            await assez.wait()

        monkeypatch.setattr(VigieKernelManager, "start_kernel", start_kernel)
        sessions = Sessions(Reglages(tmp_path, sessions_par_lien=2))
        lien = Invitation("a" * 24, CAMPAGNE, "drh", "RH", "rh1", ("maturite",), LOINTAIN)
        demande = Demande(str(tmp_path), "-", "-")
        ouvertures = [asyncio.create_task(sessions.ouvrir(lien, demande)) for _ in range(8)]
        await asyncio.wait(ouvertures, timeout=0.05)
        refusees = [one for one in ouvertures if one.done()]
        assez.set()
        retours = await asyncio.gather(*ouvertures, return_exceptions=True)
        assert len(refusees) == 6, "refused at once, not after the others have started"

        encore = await asyncio.gather(sessions.ouvrir(lien, demande), return_exceptions=True)
        return retours + encore

    natures = Counter(type(retour) for retour in asyncio.run(scenario()))
    assert natures == {Session: 2, Complet: 7}, "a page still being made does not leave its place to another"


def test_an_anonymous_link_never_takes_every_place(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, "--sessions=4") as lance:
        monde = Monde(tmp_path, ministere, lance)
        anonymes = [
            monde.inviter("maturite", role="AG", repondant=""),
            monde.inviter("signalement", role="AG", repondant=""),
        ]
        statuts = [monde.get(f"/acces/{one.numero}/{one.etapes[0]}/", one).statut for one in anonymes * 2]
        assert statuts == [200, 200, 503, 503]
        connue = monde.inviter("maturite")
        assert monde.get(f"/acces/{connue.numero}/maturite/", connue).statut == 200


def test_behind_a_proxy_an_address_is_the_one_that_the_proxy_adds(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, reglages="derriere=True, pages_par_adresse=Debit(3, 0.1)") as lance:
        monde = Monde(tmp_path, ministere, lance)
        # what a visitor writes comes first, what the proxy adds comes last
        faux = [{"X_Forwarded_For": f"203.0.113.{n}, 192.0.2.7", "X_Real_IP": f"192.0.2.{n}"} for n in range(4)]
        memes = [monde.get("/", **entetes) for entetes in faux]
        assert [retour.statut for retour in memes] == [404, 404, 404, 429]
        refuse(memes[-1], 429, "Attendez une minute")
        assert monde.get("/", X_Forwarded_For="192.0.2.7, 192.0.2.8").statut == 404
        voisins = [monde.get("/", X_Forwarded_For=f"2001:db8:1:2::{n}") for n in range(4)]
        assert [retour.statut for retour in voisins] == [404, 404, 404, 429], "one network, one visitor"
        assert monde.get("/", X_Forwarded_For="2001:db8:1:3::1").statut == 404


def test_what_is_counted_is_forgotten_before_it_fills_anything():
    compteur = Compteur(100)
    attentes = [compteur.prendre(str(n % 1000), Debit(1, 0.01)) for n in range(5000)]
    assert len(compteur) == 100
    assert set(attentes) == {0}
    assert compteur.prendre("999", Debit(1, 0.01)) > 0
