"""Too slow, too big: who keeps the server waiting, or sends what no page sends, is let go, and it goes on."""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress

import psutil
import pytest

from tests.forms.ministere_forme import write_forme
from tests.server.monde import Ligne, Monde, refuse
from tests.server.serveur_essai import serveur

LENT = 2
"""Seconds that the slow are given in these tests."""


@pytest.fixture(scope="module")
def presse(tmp_path_factory):
    """A server that waits for nobody."""
    dossier = tmp_path_factory.mktemp("presse")
    ministere = write_forme(dossier / "ministere")
    delais = f"entetes_s={LENT}, lecture_s={LENT}, arrivee_s={LENT}, absence_s={LENT}"
    reglages = f"{delais}, connexions_par_adresse=60, refus=5, attente_octets=1 << 19"
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


def test_who_comes_when_every_connection_is_taken_is_told_so_in_french(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    with serveur(tmp_path, ministere, reglages=f"connexions_par_adresse=3, refus=2, refus_s={LENT}") as lance:
        monde = Monde(tmp_path, ministere, lance)
        muettes = [prise(monde) for _ in range(3)]
        for _ in range(3):  # who has been told leaves their place to the next
            retour = monde.get("/")
            refuse(retour, 503, "Revenez dans quelques minutes par le même lien.")
            assert (retour.entetes["retry-after"], retour.entetes["connection"]) == ("60", "close")
        sourdes = [prise(monde) for _ in range(2)]
        assert lache(prise(monde), 1), "too many are being told: this one is not even heard"
        assert all(lache(une, 4 * LENT) for une in sourdes), "nor waited for"
        refuse(monde.get("/"), 503, "rien n’est perdu")
        for une in muettes:
            une.close()
        assert sert(monde)


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
