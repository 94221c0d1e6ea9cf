"""Respondents without a browser, for the measures of the forms' server: their page, their channel, their answers."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect
from vigie.forms.seance import open_seance

from tests.collecte.ministere_essai import FICHIERS, write_ministere
from tests.forms.ministere_forme import demande
from tests.server.serveur_essai import ServeurVigie, inviter, lien

VIDE = {"etat": "", "valeur": "", "commentaire": "", "preuve": "", "indicateur": ""}
ATTENTE_S = 60


def write_crowd(dossier: Path, nombre: int) -> Path:
    """The small ministry of the tests with as many people of the RH role."""
    people = "".join(f"drh;foule{rang};RH;Personne fictive;Fonction fictive\n" for rang in range(nombre))
    return write_ministere(dossier, repondants=FICHIERS["repondants.csv"] + people)


@dataclass
class Repondant:
    """`pret_s`: from asking for the page to the whole questionnaire; `gardes_s`: from an answer to « enregistre »."""

    id: str
    pret_s: float = 0
    gardes_s: list[float] = field(default_factory=list)
    reponses: dict[str, str] = field(default_factory=dict)

    async def venir(self, serveur: ServeurVigie, ministere: Path) -> None:
        invitation = inviter(ministere, demande(ministere, "maturite", "RH", self.id))
        temoin = "vigie=" + lien(ministere, invitation, "").rsplit("/", 1)[1]
        adresse = f"{serveur.origine}acces/{invitation.numero}/maturite/"
        depart = time.perf_counter()
        page = await _client().fetch(HTTPRequest(adresse, headers={"Cookie": temoin}, request_timeout=ATTENTE_S))
        canal = re.search('data-canal="([^"]+)"', page.body.decode())
        assert canal is not None
        entetes = {"Cookie": temoin, "Origin": serveur.origine.rstrip("/")}
        url = adresse.replace("http", "ws", 1) + canal[1]
        self.prise = await websocket_connect(HTTPRequest(url, headers=entetes))
        etat = await self.demander({"t": "ouvrir"})
        self.pret_s = time.perf_counter() - depart
        self.cles = [
            champ["cle"]
            for page in etat["questionnaire"]["pages"]
            for question in page["questions"]
            for champ in question["champs"]
        ]

    async def demander(self, message: dict[str, Any]) -> Any:
        await self.prise.write_message(json.dumps(message))
        recu = await asyncio.wait_for(self.prise.read_message(), ATTENTE_S)
        return json.loads(recu)

    async def repondre(self, nombre: int, toutes_les_s: float) -> None:
        """Answers spread in time, each one waited for."""
        for rang, cle in enumerate(self.cles[:nombre]):
            await asyncio.sleep(toutes_les_s * random.uniform(0.5, 1.5))  # noqa: S311 - a pace, not a secret
            valeur = str(1 + rang % 5)
            message = {"t": "changer", "n": rang + 1, "cle": cle, "base": 0}
            depart = time.perf_counter()
            recu = await self.demander({**message, "valeur": {**VIDE, "etat": "niveau", "valeur": valeur}})
            self.gardes_s.append(time.perf_counter() - depart)
            assert recu["t"] == "enregistre", recu
            self.reponses[cle] = valeur

    def partir(self) -> None:
        self.prise.close(1000)


class FormeOrdinaire:
    """The same form as anyone would make it with ipywidgets: one page at a time, the same store behind."""

    def __init__(self, ministere: str, repondant: str) -> None:
        import ipywidgets

        self.ipywidgets = ipywidgets
        self.seance = open_seance(demande(Path(ministere), "maturite", "RH", repondant))
        self.questionnaire = self.seance.questionnaire
        self.rang = -1
        self.ids: dict[str, int] = {}
        suite = ipywidgets.Button(description="Commencer")
        suite.on_click(self._avancer)
        self.suite = suite
        intro = [ipywidgets.HTML(f"<p>{texte}</p>") for texte in self.questionnaire.introduction]
        self.boite = ipywidgets.VBox([ipywidgets.HTML(f"<h2>{self.questionnaire.titre}</h2>"), *intro, suite])

    def _avancer(self, _: Any) -> None:
        self.rang += 1
        self.suite.description = "Page suivante"
        page = self.questionnaire.pages[self.rang]
        champs = [self._champ(question, champ) for question in page.questions for champ in question.champs]
        self.boite.children = [self.ipywidgets.HTML(f"<h3>{page.titre}</h3>"), *champs, self.suite]

    def _champ(self, question: Any, champ: Any) -> Any:
        choix = self.ipywidgets.RadioButtons(
            options=[(f"{option.libelle} : {option.detail}", option.valeur) for option in champ.options], value=None
        )
        textes = [self.ipywidgets.Text(description=complement.libelle) for complement in champ.complements]
        choix.observe(lambda change: self._garder(champ.cle, change["new"]), "value")
        return self.ipywidgets.VBox([self.ipywidgets.HTML(f"<b>{question.enonce}</b>"), choix, *textes])

    def _garder(self, cle: str, valeur: str) -> None:
        message = {"t": "changer", "n": 1, "cle": cle, "base": self.ids.get(cle, 0)}
        (recu, *_) = self.seance.receive({**message, "valeur": {**VIDE, "etat": "niveau", "valeur": valeur}})
        self.ids[cle] = recu["id"]


async def load_stock(adresse: str) -> float:
    """Seconds until a page of stock Voilà is whole and its kernel has answered once through its websocket."""
    depart = time.perf_counter()
    page = await _client().fetch(HTTPRequest(adresse, request_timeout=ATTENTE_S))
    noyau = re.search(r'"kernelId"\s*:\s*"([^"]+)"', page.body.decode())
    assert noyau is not None
    temoins = "; ".join(texte.split(";")[0] for texte in page.headers.get_list("Set-Cookie"))
    url = adresse.replace("http", "ws", 1) + f"api/kernels/{noyau[1]}/channels?session_id=mesure-{noyau[1]}"
    prise = await websocket_connect(HTTPRequest(url, headers={"Cookie": temoins}, connect_timeout=ATTENTE_S))
    entete = {"msg_id": "1", "session": "1", "username": "", "version": "5.3", "msg_type": "kernel_info_request"}
    demande_ = {"header": entete, "parent_header": {}, "metadata": {}, "content": {}, "channel": "shell", "buffers": []}
    await prise.write_message(json.dumps(demande_))
    while True:
        recu = json.loads(await asyncio.wait_for(prise.read_message(), ATTENTE_S))
        if recu["header"]["msg_type"] == "kernel_info_reply":
            prise.close()
            return time.perf_counter() - depart


def _client() -> AsyncHTTPClient:
    return AsyncHTTPClient(max_clients=100)
