"""One kernel a visit: started on request, capped, ended when nobody is there any more.

Nothing depends on a kernel lasting: each change is in the store before it is acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.session import Session as Langue

from ..collecte.invitations import Invitation
from ..forms.demande import VARIABLE, Demande
from ..forms.journal import log_incident
from ..kernels import OPTIONS
from ..kernels.server_manager import VigieKernelManager
from .reglages import Reglages

JOURNAL = logging.getLogger("vigie.server")
SECRETS = ("VIGIE_CLE", "VIGIE_SSO_CLE")
"""Variables that no kernel gets."""
_BATTEMENT_S = 1.0
_FIN_S = 5.0
_RELANCE_S = 0.05


def kernel_environment(demande: Demande) -> dict[str, str]:
    """What a visitor's kernel knows: the server's environment without its secrets, and whom the form is for."""
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return {**kept, VARIABLE: demande.to_json()}


class Complet(Exception):
    """No kernel is to be had now."""


@dataclass(eq=False)
class Session:
    """A kernel, and the page that talks to it. `modele`: the only widget that the page may reach."""

    id: str
    invitation: Invitation
    etape: str
    noyau: VigieKernelManager
    part: str = ""
    """On whose share of the kernels it is counted."""
    modele: str = ""
    ecouter: Callable[[Any], None] | None = None
    """The open channel of the page, if there is one."""
    depuis: float = field(default_factory=time.monotonic)
    """Since when no page is there, or the last message of one that is."""
    arrivee: bool = False
    """A page has spoken, once at least."""
    partie: bool = False
    """The page said that it was leaving."""
    _langue: Any = None
    _shell: Any = None
    _iopub: Any = None

    @property
    def nom(self) -> str:
        """For the log: its whole id is half of what opens its channel."""
        return self.id[:6]

    async def brancher(self) -> None:
        """Speak with a kernel that is ready, from now on. Raises TimeoutError when it does not answer.

        A subscription takes a moment to reach the kernel, and what it says before is lost: ask until it is heard.
        """
        # a session of our own: one that reads a message twice takes the second for a forgery
        self._langue = Langue(key=self.noyau.session.key)
        self._shell = self.noyau.connect_shell()
        self._iopub = self.noyau.connect_iopub()
        entendu = asyncio.Event()
        self._iopub.on_recv(lambda _: entendu.set())
        async with asyncio.timeout(_FIN_S):
            while not entendu.is_set():
                self._langue.send(self._shell, "kernel_info_request")
                with suppress(TimeoutError):
                    await asyncio.wait_for(entendu.wait(), _RELANCE_S)
        self._iopub.on_recv(self._entendre)

    @property
    def absente(self) -> bool:
        """Its page was given, and nobody speaks from it: a page still being made is not absent."""
        return self.ecouter is None and (self.modele != "" or self.partie)

    def accueillir(self, ecouter: Callable[[Any], None]) -> None:
        """A page is there; it replaces the one that was."""
        self.ecouter, self.partie, self.depuis = ecouter, False, time.monotonic()
        self.arrivee = True

    def quitter(self, ecouter: Callable[[Any], None], partie: bool) -> None:
        """A page is no longer there, unless another has taken its place."""
        if self.ecouter == ecouter:
            self.ecouter, self.partie, self.depuis = None, partie, time.monotonic()

    def congedier(self) -> None:
        """Nobody may come back."""
        self.ecouter, self.partie, self.modele = None, True, ""

    def dire(self, content: dict[str, Any]) -> None:
        """Hand a page's message to its widget."""
        self.depuis = time.monotonic()
        data = {"method": "custom", "content": content}
        self._langue.send(self._shell, "comm_msg", {"comm_id": self.modele, "data": data})

    def _entendre(self, frames: list[bytes]) -> None:
        _, frames = self._langue.feed_identities(frames)
        message = self._langue.deserialize(frames)
        content = message["content"]
        if message["msg_type"] == "stream":
            JOURNAL.warning("noyau %s : %s", self.nom, str(content.get("text", "")).strip())
        elif message["msg_type"] == "comm_msg" and content.get("comm_id") == self.modele and self.ecouter:
            data = content.get("data", {})
            if data.get("method") == "custom":
                self.ecouter(data["content"])

    async def fermer(self) -> None:
        for stream in (self._shell, self._iopub):
            if stream is not None and not stream.closed():
                stream.close()
        await asyncio.wait_for(self.noyau.shutdown_kernel(now=True), _FIN_S)


class Sessions:
    """All the visits of this server."""

    def __init__(self, reglages: Reglages) -> None:
        self.reglages = reglages
        self.ouvertes: dict[str, Session] = {}
        self._departs = asyncio.Semaphore(reglages.departs)
        self._promises: list[str] = []
        """Shares on which a kernel is about to start."""
        self._fins: set[asyncio.Task[None]] = set()

    async def ouvrir(self, invitation: Invitation, demande: Demande, adresse: str = "") -> Session:
        """A kernel for one form of one person, or of nobody known at that address. Raises Complet."""
        part = invitation.numero if invitation.repondant else f"anonyme {adresse}"
        partants = self._reserver(part, bool(invitation.repondant))
        noyau = VigieKernelManager(kernel_name="python3")
        try:
            await asyncio.gather(*(self.fermer(one) for one in partants))
            async with asyncio.timeout(self.reglages.depart_s), self._departs:
                await noyau.start_kernel(env=kernel_environment(demande), extra_arguments=list(OPTIONS))
        except BaseException as error:
            # it may have started all the same
            with suppress(Exception):
                await asyncio.wait_for(noyau.shutdown_kernel(now=True), _FIN_S)
            if isinstance(error, TimeoutError):
                raise Complet from error
            raise
        finally:
            self._promises.remove(part)
        session = Session(secrets.token_urlsafe(24), invitation, demande.etape, noyau, part)
        self.ouvertes[session.id] = session
        return session

    @property
    def _anonymes(self) -> int:
        return max(1, int(self.reglages.sessions * self.reglages.part_anonyme))

    def trouver(self, id_: str, invitation: Invitation, etape: str) -> Session | None:
        """The visit of that id, if it is this person's and on this form."""
        session = self.ouvertes.get(id_)
        same = session is not None and session.invitation == invitation and session.etape == etape
        return session if same else None

    def _reserver(self, part: str, connue: bool) -> list[Session]:
        """Promise a kernel at once, for others ask meanwhile; gives the visits to end before it starts.

        A known person's own abandoned pages go first; then nobody's page is closed for another's. Raises Complet.
        """
        mine = [one for one in self.ouvertes.values() if one.part == part]
        absent = sorted((one for one in mine if one.absente), key=lambda one: one.depuis) if connue else []
        cap = self.reglages.sessions_par_lien if connue else self._anonymes
        excess = len(mine) + self._promises.count(part) - cap + 1
        if excess > len(absent):
            raise Complet
        partants = absent[: max(0, excess)]
        if len(self.ouvertes) - len(partants) + len(self._promises) >= self.reglages.sessions:
            raise Complet
        for one in partants:
            self.ouvertes.pop(one.id, None)
        self._promises.append(part)
        return partants

    async def fermer(self, session: Session) -> None:
        self.ouvertes.pop(session.id, None)
        try:
            await session.fermer()
        except Exception as error:
            log_incident(JOURNAL, "noyau %s : arrêt incomplet", session.nom, error=error)

    async def veiller(self) -> None:
        """Every second, end what nobody uses. Runs as long as the server."""
        while True:
            await asyncio.sleep(_BATTEMENT_S)
            for session in list(self.ouvertes.values()):
                if self._finie(session) or not await session.noyau.is_alive():
                    self.ouvertes.pop(session.id, None)
                    fin = asyncio.create_task(self.fermer(session))
                    self._fins.add(fin)
                    fin.add_done_callback(self._fins.discard)

    def _finie(self, session: Session) -> bool:
        silence = time.monotonic() - session.depuis
        if session.ecouter is not None:
            return silence > self.reglages.inactivite_s
        if session.partie:
            return silence > self.reglages.fermeture_s
        return silence > (self.reglages.absence_s if session.arrivee else self.reglages.arrivee_s)

    async def tout_fermer(self) -> None:
        await asyncio.gather(*(self.fermer(session) for session in list(self.ouvertes.values())))
