"""Connections: so many at once, and none that keeps the server waiting.

A page is small and a form's messages too: who does not send the end of a request, or does not read what was sent, is
let go, and their place is free again. A page that was let go by mistake comes back by itself (see page.js). Who finds
no place is told so in a page, as long as not too many are being told at once.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from .debit import visitor_address
from .reglages import Reglages

JOURNAL = logging.getLogger("vigie.server")
_BATTEMENT_S = 1.0
_FICHIERS, _FICHIERS_PAR_SESSION = 200, 20
"""Open files of the server alone, then of a kernel's sockets and its page: half as many were counted."""


def raise_file_limit(reglages: Reglages) -> None:
    """Ask the system for as many open files as all that is let in may need: 1,024 is a common limit, and too few."""
    if sys.platform == "win32":
        return
    import resource

    wanted = _FICHIERS + _FICHIERS_PAR_SESSION * reglages.sessions + reglages.connexions + reglages.refus
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    possible = wanted if hard == unlimited else min(wanted, hard)
    if soft not in (unlimited, possible) and soft < possible:
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
    if possible < wanted:
        JOURNAL.warning("%d fichiers ouverts au plus, %d souhaités : relevez la limite du système", possible, wanted)


class ServeurHttp(HTTPServer):
    """Tornado's, with a cap on connections, on what waits to be read, and on how long it waits."""

    def initialize(self, application: Any, complet: Any, reglages: Reglages) -> None:  # type: ignore[override]
        """`complet`: the application that answers who finds no place; each is heard once, and shortly."""
        self._reglages = reglages
        delais = {"idle_connection_timeout": reglages.refus_s, "body_timeout": reglages.refus_s}
        self._guichet = HTTPServer(complet, no_keep_alive=True, max_header_size=reglages.entetes_octets, **delais)
        self._refusees: set[IOStream] = set()
        self._ouvertes: dict[IOStream, str] = {}
        self._par_adresse: Counter[str] = Counter()
        self._lentes: dict[IOStream, float] = {}
        super().initialize(
            application,
            xheaders=reglages.derriere,
            idle_connection_timeout=reglages.entetes_s,
            body_timeout=reglages.entetes_s,
            max_header_size=reglages.entetes_octets,
            max_body_size=reglages.corps_octets,
        )

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        # behind a proxy all come from it: only the whole is counted
        who = "" if self._reglages.derriere else visitor_address(str(address[0]), None, False)
        cap = self._reglages.connexions if self._reglages.derriere else self._reglages.connexions_par_adresse
        if self._pleine(who, cap):
            self._oublier_les_fermees()
        if self._pleine(who, cap):
            self._refuser(stream, address)
            return
        self._ouvertes[stream] = who
        self._par_adresse[who] += 1
        stream.max_write_buffer_size = self._reglages.attente_octets
        super().handle_stream(stream, address)

    def _refuser(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Say that there is no place; beyond so many at once, not even that."""
        self._refusees = {one for one in self._refusees if not one.closed()}
        if len(self._refusees) >= self._reglages.refus:
            stream.close()
            return
        self._refusees.add(stream)
        self._guichet.handle_stream(stream, address)

    async def close_all_connections(self) -> None:
        await self._guichet.close_all_connections()
        await super().close_all_connections()

    async def veiller(self) -> None:
        """Every second, let go of who reads nothing of what was sent. Runs as long as the server."""
        while True:
            await asyncio.sleep(_BATTEMENT_S)
            self._oublier_les_fermees()
            now = time.monotonic()
            all_of_them = (*self._ouvertes, *self._refusees)
            self._lentes = {one: self._lentes.get(one, now) for one in all_of_them if one.writing()}
            for stream, since in self._lentes.items():
                if now - since > self._reglages.lecture_s:
                    stream.close()

    def _pleine(self, who: str, cap: int) -> bool:
        return len(self._ouvertes) >= self._reglages.connexions or self._par_adresse[who] >= cap

    def _oublier_les_fermees(self) -> None:
        for stream in [one for one in self._ouvertes if one.closed()]:
            who = self._ouvertes.pop(stream)
            self._par_adresse[who] -= 1
            if not self._par_adresse[who]:
                del self._par_adresse[who]
