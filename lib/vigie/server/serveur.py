"""The server: its addresses, its life. Nothing of Voilà's or Jupyter's own addresses is served."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import re
import signal
import sys
from functools import cached_property
from typing import Any

import jinja2
import nbformat
import tornado.web

from ..collecte import MinistereCharge, Store, load_ministere, open_store
from ..collecte.invitations import Invitation
from ..errors import Anomalie, ParametreInvalide, VigieError
from ..forms.cle import read_key, read_proxy_key
from ..forms.demande import Demande
from ..forms.journal import log_incident
from ..forms.liens import PREFIXE, LienRefuse, open_token
from ..kernels import provisioner
from ..paths import templates_dir
from ..rendering.formats import typeset
from . import statique
from .canal import Canal
from .debit import Compteur
from .pages import Accueil, Fichier, Formulaire
from .portes import Entree, Lien, Refus, Rien, SansPlace
from .prises import ServeurHttp, raise_file_limit
from .reglages import Reglages
from .rendu import NOYAU, Rendu
from .sessions import SECRETS, Session, Sessions

JOURNAL = logging.getLogger("vigie.server")
PRECHAUFFE = "vigie.forms.prechauffe"
_NUMERO, _ETAPE = r"(?P<numero>[0-9a-f]+)", r"(?P<etape>[a-z_]+)"
_NOMME = re.compile(r"(/acces/|/canal/)[^/]+")
_PING_S = 20
_COMPTES = 20_000
"""Addresses and links counted at once: some megabytes."""
_INCIDENT = 500
"""First status of an incident of ours, which is logged whoever was there."""


class Serveur:
    """What handlers share."""

    def __init__(self, reglages: Reglages) -> None:
        self.reglages = reglages
        self._charge: MinistereCharge | None = None
        self._fautif = False
        self.cle = read_key(self.charge.chemin)
        self.cle_sso = read_proxy_key() if reglages.derriere else ""
        for name in SECRETS:
            os.environ.pop(name, None)
        self.sessions = Sessions(reglages)
        self.compteur = Compteur(_COMPTES)
        folder = templates_dir() / "voila" / "templates" / "vigie"
        self._gabarits = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)

    @property
    def charge(self) -> MinistereCharge:
        """The ministry's files as they stand; as they last stood well, while someone is mending them.

        Raises VigieError when they never were.
        """
        try:
            self._charge = load_ministere(self.reglages.ministere)
            self._fautif = False
        except VigieError as error:
            if self._charge is None:
                raise
            if not self._fautif:
                self._fautif = True
                log_incident(JOURNAL, "fichiers du ministère fautifs, ceux d'avant servent encore", error=error)
        return self._charge

    @cached_property
    def store(self) -> Store:
        return open_store(self.charge)

    def ouvrir_jeton(self, jeton: str) -> Invitation:
        """Raises Refus."""
        try:
            return open_token(self.store, self.cle, jeton)
        except LienRefuse as refus:
            raise Refus(refus.motif) from refus

    def demande(self, invitation: Invitation, etape: str) -> Demande:
        chemin, one = str(self.reglages.ministere), invitation
        return Demande(chemin, one.structure, etape, one.role, one.repondant, one.campagne)

    def nommer(self, invitation: Invitation) -> str:
        """« Direction des ressources humaines, Service RH »."""
        roles = {role.id: role.libelle for role in self.charge.referentiels.maturite.roles}
        structure = self.charge.structures.get(invitation.structure)
        parts = (structure.nom if structure else "", roles.get(invitation.role, ""))
        return typeset(", ".join(part for part in parts if part))

    def page(self, gabarit: str, **mots: Any) -> str:
        textes = {key: typeset(text) for key, text in self.charge.referentiels.formulaires.serveur.items()}
        style = statique.files()["page.css"].contenu.decode()
        common = {"textes": textes, "ministere": typeset(self.charge.ministere.nom), "style": style}
        return self._gabarits.get_template(f"{gabarit}.html.j2").render(**common, **mots)

    def ressources(self, session: Session, titre: str, accueil: str = "", reference: str = "") -> dict[str, Any]:
        """What the template of a form's page is filled with."""
        textes = self.charge.referentiels.formulaires.serveur
        return {
            "titre": typeset(titre),
            "ministere": typeset(self.charge.ministere.nom),
            "textes": {key: typeset(text) for key, text in textes.items() if "{" not in text},
            "fichiers": {name: f"../statique/{file.nom}" for name, file in statique.files().items()},
            "canal": f"canal/{session.id}",
            "accueil": accueil,
            "reference": f"{typeset(textes['reference'])} {reference}",
        }

    async def repeter(self) -> None:
        """A page for nobody, before the first visitor: who comes first must not wait for what is only made once."""
        personne = Invitation("", "", "", "", "", (), "")
        session = await self.sessions.ouvrir(personne, Demande(str(self.reglages.ministere), "-", "-"))
        carnet = nbformat.v4.new_notebook(metadata={"kernelspec": NOYAU})
        carnet.cells = [nbformat.v4.new_code_cell(f"import {PRECHAUFFE}")]
        async for _ in Rendu(session, carnet, self.ressources(session, "")).pages():
            pass
        await self.sessions.fermer(session)

    def application(self) -> tornado.web.Application:
        shared = {"serveur": self}
        acces = rf"/acces/{_NUMERO}/"
        return tornado.web.Application(
            [
                (PREFIXE + r"(?P<jeton>[^/]+)/?", Lien, shared),
                (r"/entree", Entree, shared),
                (acces, Accueil, shared),
                (acces + r"statique/(?P<nom>[\w.-]+)", Fichier, shared),
                (acces + _ETAPE + "/", Formulaire, shared),
                (acces + _ETAPE + r"/canal/(?P<session>[\w-]+)", Canal, shared),
            ],
            default_handler_class=Rien,
            default_handler_args=shared,
            log_function=_log,
            websocket_ping_interval=_PING_S,
            websocket_max_message_size=self.charge.referentiels.formulaires.limites.message_octets,
        )

    def complet(self) -> tornado.web.Application:
        """What answers when there is no place for one connection more."""
        return tornado.web.Application(
            default_handler_class=SansPlace, default_handler_args={"serveur": self}, log_function=_log
        )

    async def servir(self) -> None:
        """Until it is told to stop. Raises ParametreInvalide when the port cannot be had."""
        await self.repeter()
        http = ServeurHttp(self.application(), self.complet(), self.reglages)
        try:
            http.listen(self.reglages.port, self.reglages.ip)
        except OSError as error:
            raise _port_refuse(self.reglages.port, error) from error
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
        veilles = [asyncio.create_task(one.veiller()) for one in (self.sessions, http)]
        print(f"Formulaires de « {self.charge.ministere.nom} » : http://{self.reglages.ip}:{self.reglages.port}/")
        print("Les liens s'obtiennent avec « vigie invite ». Ctrl-C pour arrêter.", flush=True)
        await stop.wait()
        http.stop()
        for veille in veilles:
            veille.cancel()
        await self.sessions.tout_fermer()
        await http.close_all_connections()


def serve(reglages: Reglages) -> None:
    """Serve the forms of a ministry until Ctrl-C or SIGTERM."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        part for part in (str(templates_dir()), os.environ.get("JUPYTER_PATH", "")) if part
    )
    raise_file_limit(reglages)
    serveur = Serveur(reglages)
    os.environ[provisioner.VARIABLE] = provisioner.NOM
    os.environ["VIGIE_PRECHARGES"] = PRECHAUFFE
    os.environ["VIGIE_PRECHAUFFE"] = str(reglages.ministere)
    provisioner.warm_up()
    asyncio.run(serveur.servir())


def _log(handler: tornado.web.RequestHandler) -> None:
    """No token in the log, for whoever reads it could open the form; nor what names a link, which is a person's. No
    visit to an anonymous form: its hour could be put beside that of a named one."""
    invitation = getattr(handler, "invitation", None)
    if invitation is not None and not invitation.repondant and handler.get_status() < _INCIDENT:
        return
    path = PREFIXE if handler.request.path.startswith(PREFIXE) else _NOMME.sub(r"\1…", handler.request.path)
    spent = 1000 * handler.request.request_time()
    JOURNAL.info("%d %s %s %.0f ms", handler.get_status(), handler.request.method, path, spent)


def _port_refuse(port: int, error: OSError) -> ParametreInvalide:
    taken = error.errno == errno.EADDRINUSE
    quoi = "ce port est déjà pris" if taken else "ce port ne peut pas être ouvert"
    que_faire = "arrêtez l'autre programme, ou changez de port"
    return ParametreInvalide([Anomalie(quoi, "--port", str(port), "un port libre", que_faire)])
