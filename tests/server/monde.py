"""A ministry, the server of its forms and a page without a browser: what the tests of the server speak with."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect
from vigie.collecte import load_ministere, open_store
from vigie.forms.demande import Demande

from tests.collecte.ministere_essai import CAMPAGNE
from tests.server.serveur_essai import Retour, ServeurVigie, inviter, lien

VIDE = {"etat": "", "valeur": "", "commentaire": "", "preuve": "", "indicateur": ""}
CHANGER = {
    "t": "changer",
    "n": 1,
    "cle": "|D1.1|niveau",
    "base": 0,
    "valeur": {**VIDE, "etat": "niveau", "valeur": "3"},
}


@dataclass
class Monde:
    """A ministry and the server of its forms, for all the tests of this file."""

    dossier: Path
    ministere: Path
    serveur: ServeurVigie

    def inviter(self, *etapes: str, role: str = "RH", repondant: str = "rh1", structure: str = "drh", **more: str):
        qui = Demande(str(self.ministere), structure, etapes[0], role, repondant)
        return inviter(self.ministere, qui, *etapes, **more)

    def jeton(self, invitation) -> str:
        return lien(self.ministere, invitation, "").rsplit("/", 1)[1]

    def temoin(self, invitation) -> str:
        return f"vigie={self.jeton(invitation)}"

    def get(self, chemin: str, invitation=None, methode: str = "GET", **entetes: str) -> Retour:
        if invitation is not None:
            entetes["Cookie"] = self.temoin(invitation)
        return self.serveur.demander(methode, chemin, **entetes)

    def reponses(self):
        return open_store(load_ministere(self.ministere)).answers(CAMPAGNE, "drh")

    def items(self):
        return load_ministere(self.ministere).referentiels.maturite.items

    def attendre(self, vrai: Callable[[], bool], secondes: float = 15) -> None:
        limite = time.monotonic() + secondes
        while not vrai():
            assert time.monotonic() < limite
            time.sleep(0.1)


def refuse(retour: Retour, statut: int, phrase: str) -> None:
    """A plain page in French: a title, what to do, a reference, nothing about the machine."""
    assert retour.statut == statut
    assert '<html lang="fr">' in retour.texte
    assert phrase in retour.texte
    assert re.search(r"Référence à donner .*[0-9A-F]{8}", retour.texte)
    for trace in ("Traceback", "Error", ".py", "tornado", "Tornado", "jupyter"):
        assert trace not in retour.texte
        assert trace not in str(retour.entetes)


class Ligne:
    """A page without a browser: what its channel answers, and why it was closed."""

    def __init__(self, monde: Monde, invitation, etape: str = "maturite") -> None:
        self.monde, self.invitation = monde, invitation
        page = monde.get(f"/acces/{invitation.numero}/{etape}/", invitation)
        assert page.statut == 200
        self.page = page.texte
        self.canal = f"/acces/{invitation.numero}/{etape}/" + re.search('data-canal="([^"]+)"', page.texte)[1]

    async def ouvrir(self, temoin: str | None = None, origine: str | None = None) -> Any:
        entetes = {"Cookie": temoin or self.monde.temoin(self.invitation)}
        entetes["Origin"] = origine or self.monde.serveur.origine.rstrip("/")
        adresse = self.monde.serveur.origine.replace("http", "ws").rstrip("/") + self.canal
        return await websocket_connect(HTTPRequest(adresse, headers=entetes))

    def parler(self, *messages: Any, avant: Callable[[], Any] | None = None) -> tuple[list[Any], int | None]:
        """Replies up to the channel's end or to as many as messages, and the code it was closed with."""

        async def scenario():
            prise = await self.ouvrir()
            if avant:
                avant()
            recus: list[Any] = []
            for message in messages:
                binaire = isinstance(message, bytes)
                texte = message if isinstance(message, str | bytes) else json.dumps(message)
                await prise.write_message(texte, binary=binaire)
            while len(recus) < len(messages):
                recu = await asyncio.wait_for(prise.read_message(), 10)
                if recu is None:
                    break
                recus.append(json.loads(recu))
            code = prise.close_code
            prise.close(1000)
            await asyncio.sleep(0.1)  # both ends say goodbye
            return recus, code

        return asyncio.run(scenario())
