"""The channel between a page and its form's widget. It carries messages of that form, and nothing of Jupyter's own: a
page cannot run code, open a comm or reach another kernel, for there are no words for it."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from tornado.iostream import StreamBufferFullError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..forms.journal import log_incident
from .debit import Seau
from .portes import PorteGardee
from .sessions import Session

JOURNAL = logging.getLogger("vigie.server")
REFUS, NATURE, DEBIT, PANNE = 4403, 1003, 1008, 1011
"""Why a channel is closed: no longer admitted, not a message, too many of them, an incident of ours."""
_MOITIE = re.compile("[\ud800-\udfff]")
_DEPARTS = (1000, 1001, 1009)
"""Codes of a page that was closed or left, or that said too much: it comes back at once, or not at all."""


class Canal(PorteGardee, WebSocketHandler):
    """One page, one session."""

    session: Session
    page = False

    def prepare(self) -> None:
        super().prepare()
        etape = self.path_kwargs["etape"]
        self.demande(etape)
        session = self.serveur.sessions.trouver(self.path_kwargs["session"], self.invitation, etape)
        if session is None or not session.modele:
            raise HTTPError(404)
        self.session = session
        self._prise = self.request.connection.stream  # type: ignore[union-attr]
        self.seau = Seau(self.serveur.reglages.messages)

    def open(self, *_: str, **__: str) -> None:
        self.session.accueillir(self._transmettre)

    def on_message(self, message: str | bytes) -> None:
        try:
            self._recevoir(message)
        except Exception as error:
            # the page keeps what it has, and finds out why when it comes back
            log_incident(JOURNAL, "canal interrompu, formulaire %s", self.session.etape, error=error)
            self._rompre(PANNE)

    def _recevoir(self, message: str | bytes) -> None:
        content = _read(message)
        if content is None:
            self._rompre(NATURE)
        elif not self.seau.prendre():
            self._rompre(DEBIT)
        elif not self.encore_admise(self.session.etape):
            self.close(REFUS)
            self.session.congedier()
        else:
            self.session.dire(content)

    def on_close(self) -> None:
        self.session.quitter(self._transmettre, self.close_code in _DEPARTS)

    def _rompre(self, code: int) -> None:
        self.close(code)
        self.session.quitter(self._transmettre, True)

    def _transmettre(self, content: Any) -> None:
        try:
            self.write_message(json.dumps(content, ensure_ascii=False)).add_done_callback(_ignorer)
        except WebSocketClosedError:
            self.session.quitter(self._transmettre, False)
        except StreamBufferFullError:
            # a page that reads nothing: there is no room to tell it why
            self._prise.close()
            self.session.quitter(self._transmettre, False)


def _ignorer(ecrite: Any) -> None:
    """A page that leaves while it is told something is no incident: on_close says it."""
    if not ecrite.cancelled():
        ecrite.exception()


def _read(message: str | bytes) -> dict[str, Any] | None:
    """A JSON object as text; None for anything else, numbers that JSON does not have included.

    Half a sign, which no UTF-8 can carry, becomes one that no form takes: the form then says that it refuses it.
    """
    if isinstance(message, bytes):
        return None
    try:
        content = json.loads(message)
        whole = json.dumps(content, ensure_ascii=False, allow_nan=False)
        if _MOITIE.search(whole):
            content = json.loads(_MOITIE.sub(r"\\u0000", whole))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
