"""Too many, too often, too slow, too big: nobody already at work is harmed, and who is refused is told what to do."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import secrets
import socket
import statistics
import time
from collections import Counter
from contextlib import suppress

import psutil
import pytest
from tornado.httpclient import HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import Invitation, record_invitations
from vigie.server.debit import Compteur
from vigie.server.reglages import Debit

from tests.collecte.ministere_essai import CAMPAGNE
from tests.forms.ministere_forme import write_forme
from tests.server.monde import CHANGER, Ligne, Monde, refuse
from tests.server.serveur_essai import LOINTAIN, Retour, serveur

SESSIONS = int(os.environ.get("VIGIE_SESSIONS_ESSAI", "6"))
OUVERTURES, DUREE_S = 500, 10
LENT = 2
"""Seconds that the slow are given in these tests."""


@pytest.fixture(scope="module")
def presse(tmp_path_factory):
    """A server that waits for nobody."""
    dossier = tmp_path_factory.mktemp("presse")
    ministere = write_forme(dossier / "ministere")
    reglages = (
        f"entetes_s={LENT}, lecture_s={LENT}, absence_s={LENT}, connexions_par_adresse=60, attente_octets=1 << 19"
    )
    with serveur(dossier, ministere, reglages=reglages) as lance:
        yield Monde(dossier, ministere, lance)


def prise(monde: Monde, recu: int = 0) -> socket.socket:
    un = socket.socket()
    if recu:
        un.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, recu)
    un.settimeout(15)
    un.connect(("127.0.0.1", monde.serveur.port))
    return un


def lache(un: socket.socket, secondes: float) -> bool:
    """Is the connection ended by the server within that time, whatever it says before?"""
    un.settimeout(0.2)
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        with suppress(TimeoutError):
            try:
                if not un.recv(1 << 16):
                    return True
            except ConnectionError:
                return True
    return False


def sert(monde: Monde) -> bool:
    """A page, at once."""
    debut = time.monotonic()
    return monde.get("/").statut == 404 and time.monotonic() - debut < 1


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
        assert comptes[200] == SESSIONS - 2, "whoever may enter does"
        assert noyaux == SESSIONS
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
        assert Counter(retour.statut for retour in ensemble)[503] >= 6, "its kernels are capped when asked all at once"
        assert len(lance.noyaux()) <= 2


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


# --- too slow ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "debut",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Lent: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nx"],
    ids=["rien", "en-tete", "corps"],
)
def test_who_does_not_end_a_request_is_let_go(presse, debut):
    un = prise(presse)
    un.sendall(debut)
    debut_s = time.monotonic()
    while not lache(un, 0.4) and time.monotonic() - debut_s < 4 * LENT:
        with suppress(OSError):
            un.sendall(b"x")  # a byte from time to time buys no time
    assert LENT - 1 < time.monotonic() - debut_s < 3 * LENT
    assert sert(presse)


def test_connections_that_say_nothing_take_the_place_of_nobody_for_long(presse):
    muettes = [prise(presse) for _ in range(80)]
    assert sum(lache(une, 0.01) for une in muettes[-10:]) == 10, "beyond the cap of one address: not even heard"
    limite = time.monotonic() + 4 * LENT
    while time.monotonic() < limite:
        with suppress(OSError):
            if sert(presse):
                break
        time.sleep(0.1)
    else:
        raise AssertionError("never served again")
    for une in muettes:
        une.close()


def memoire(monde: Monde) -> int:
    return psutil.Process(monde.serveur.processus.pid).memory_info().rss


def trame(texte: str) -> bytes:
    """A text frame as a browser sends it, masked (with zeros)."""
    corps = texte.encode()
    longueur = bytes([0x80 | len(corps)]) if len(corps) < 126 else bytes([0xFE]) + len(corps).to_bytes(2, "big")
    return b"\x81" + longueur + bytes(4) + corps


def relier(monde: Monde, recu: int = 0) -> socket.socket:
    """The channel of a fresh page, by hand: what no browser does may be done with it."""
    ligne = Ligne(monde, monde.inviter("maturite"))
    un = prise(monde, recu)
    demande = (
        f"GET {ligne.canal} HTTP/1.1\r\nHost: 127.0.0.1:{monde.serveur.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: {monde.serveur.origine.rstrip('/')}\r\nCookie: {monde.temoin(ligne.invitation)}\r\n\r\n"
    )
    un.sendall(demande.encode())
    assert b"101" in un.recv(12)
    return un


def test_a_page_that_asks_for_all_and_reads_nothing_is_let_go_and_fills_nothing(presse):
    avant = memoire(presse)
    un = relier(presse, recu=4096)
    un.sendall(trame('{"t": "ouvrir"}') * 140)
    pire = 0
    limite = time.monotonic() + 30
    while len(presse.serveur.noyaux()) and time.monotonic() < limite:
        pire = max(pire, memoire(presse) - avant)
        time.sleep(0.1)
    assert presse.serveur.noyaux() == [], "its kernel ended too"
    assert pire < 40e6
    assert sert(presse)
    un.close()


def test_a_file_that_nobody_reads_is_not_kept_waiting_for_them(presse):
    invitation = presse.inviter("maturite")
    nom = re.search(r"statique/(formulaire-\w+\.js)", Ligne(presse, invitation).page)[1]
    un = prise(presse, recu=2048)
    chemin = f"/acces/{invitation.numero}/statique/{nom}"
    un.sendall(f"GET {chemin} HTTP/1.1\r\nHost: x\r\nCookie: {presse.temoin(invitation)}\r\n\r\n".encode() * 200)
    time.sleep(3 * LENT)
    recu = 0
    with suppress(OSError):
        while morceau := un.recv(1 << 16):
            recu += len(morceau)
    entier = len(presse.get(chemin, invitation).texte.encode())
    assert 0 < recu < 100 * entier
    assert sert(presse)


# --- too big ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "demande",
    [
        b"GET /i/" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: vigie=" + b"a" * 20000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-N: 1\r\n" * 3000 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"ffff\r\n"
        + b"a" * 0xFFFF
        + b"\r\n10\r\n",
        b"\x00\xff" * 10000,
    ],
    ids=["adresse", "temoin", "en-tetes", "corps", "corps-immense", "negatif", "deux-tailles", "morceaux", "octets"],
)
def test_a_request_that_is_too_big_or_malformed_is_cut_and_the_server_goes_on(presse, demande):
    un = prise(presse)
    with suppress(ConnectionError):
        un.sendall(demande)
    assert lache(un, 3 * LENT)
    assert sert(presse)
    assert presse.serveur.noyaux() == []
    assert "Traceback" not in presse.serveur.dit()


def test_a_message_too_big_in_pieces_or_announced_so_closes_the_channel(presse):
    morceau = b"\x01\xfe" + (40000).to_bytes(2, "big") + bytes(4) + b"a" * 40000
    suite = b"\x00" + morceau[1:]
    annonce = b"\x81\xff" + (1 << 40).to_bytes(8, "big") + bytes(4)
    for attaque in (morceau + suite, annonce):
        avant = memoire(presse)
        un = relier(presse)
        un.sendall(attaque)
        assert lache(un, 10)
        assert memoire(presse) - avant < 20e6
    presse.attendre(lambda: presse.serveur.noyaux() == [])
    assert sert(presse)
