"""Who may enter. Everything but a link itself stands under /acces/<number>/, behind the cookie that the link gave."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from tornado.web import HTTPError, RequestHandler

from ..collecte import MinistereCharge
from ..collecte.invitations import Invitation
from ..forms.demande import Demande, may_open
from ..forms.journal import log_incident
from ..forms.liens import LienRefuse, check_invitation, sign
from ..rendering.formats import typeset
from .debit import visitor_address
from .proxy import ENTETE, identified
from .reglages import Debit

if TYPE_CHECKING:
    from .serveur import Serveur

JOURNAL = logging.getLogger("vigie.server")
TEMOIN = "vigie"
"""The cookie: the token of a link, for its own addresses only."""
POLITIQUE = (
    "default-src 'none'; script-src 'self'; style-src 'self'{nonce}; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Content-Language": "fr",
}
_PASSAGERS = (429, 500, 503)
"""What the same address may give later."""
STATUTS = {400: "introuvable", 403: "sans_acces", 404: "introuvable", 405: "introuvable", 503: "complet"}


class Refus(Exception):
    """A page that says no; `motif` is its key in formulaires.yaml; `attente_s`: when to come back, if that helps."""

    def __init__(self, motif: str, statut: int = 403, attente_s: int = 0) -> None:
        super().__init__(motif)
        self.motif, self.statut, self.attente_s = motif, statut, attente_s


class Porte(RequestHandler):
    """Headers, how often one may ask, and what is said in French when something is refused or fails."""

    page = True
    """A page that someone opens, rather than what it then asks by itself."""

    def initialize(self, serveur: Serveur) -> None:
        self.serveur = serveur

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in ENTETES.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", POLITIQUE.format(nonce=""))

    @property
    def charge(self) -> MinistereCharge:
        """The ministry as it stands: read again when one of its files changes."""
        return self.serveur.charge

    def texte(self, cle: str, **mots: Any) -> str:
        return typeset(self.charge.referentiels.formulaires.serveur[cle].format(**mots))

    @property
    def adresse(self) -> str:
        """Of the visitor, as far as it can be known."""
        context = self.request.connection.context  # type: ignore[union-attr]
        transmise = self.request.headers.get("X-Forwarded-For")
        return visitor_address(context.address[0], transmise, self.serveur.reglages.derriere)

    def prepare(self) -> None:
        if self.page:
            self.compter("adresse " + self.adresse, self.serveur.reglages.pages_par_adresse)

    def compter(self, nom: str, debit: Debit) -> None:
        """Raises Refus when that name has asked too much of late."""
        if attente_s := self.serveur.compteur.prendre(nom, debit):
            raise Refus("trop_vite", 429, attente_s)

    def faire_entrer(self, invitation: Invitation, jeton: str) -> None:
        """A cookie for the addresses of this invitation, then its home."""
        chemin = f"/acces/{invitation.numero}/"
        sure = self.request.protocol == "https"
        self.set_cookie(TEMOIN, jeton, path=chemin, httponly=True, samesite="Lax", secure=sure)
        self.redirect(chemin, status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        motif = error.motif if isinstance(error, Refus) else STATUTS.get(status_code, "incident")
        attente_s = self.serveur.reglages.reessayer_s if status_code == 503 else 0
        if isinstance(error, Refus):
            status_code, attente_s = error.statut, error.attente_s
        self.avis(motif, status_code, attente_s)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A refusal is no incident; an incident is logged by `avis`, under its reference."""

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        self._cause = kwargs.get("exc_info")
        super().send_error(status_code, **kwargs)

    def avis(self, motif: str, statut: int, attente_s: int = 0) -> None:
        """A whole page on one thing. Its reference is in the log, with the cause when there is one to look for."""
        reference = secrets.token_hex(4).upper()
        cause = getattr(self, "_cause", None) if motif == "incident" else None
        if cause and cause[1]:
            log_incident(JOURNAL, "%s, référence %s", motif, reference, error=cause[1])
        else:
            JOURNAL.info("%s, référence %s", motif, reference)
        nonce = secrets.token_urlsafe(16)
        self.set_status(statut)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", POLITIQUE.format(nonce=f" 'nonce-{nonce}'"))
        if attente_s:
            self.set_header("Retry-After", str(attente_s))
        self.finish(
            self.serveur.page(
                "avis",
                titre=self.texte(f"{motif}_titre"),
                phrases=[self.texte(motif)],
                reference=reference,
                reessayer=self.texte("action_reessayer") if statut in _PASSAGERS else "",
                nonce=nonce,
            )
        )


class Rien(Porte):
    """Any other address."""

    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404)


class SansPlace(Porte):
    """Whatever is asked by a connection for which there is no place."""

    def prepare(self) -> None:
        raise Refus("complet", 503, self.serveur.reglages.reessayer_s)


class Entree(Porte):
    """The door of those whom a proxy has identified; there is none without one."""

    def get(self) -> None:
        if not (self.serveur.cle_sso and self.serveur.reglages.derriere):
            raise HTTPError(404)
        campagne = self.charge.campagne().id
        try:
            token = self.request.headers.get(ENTETE, "")
            invitation = identified(self.serveur.store, campagne, self.serveur.cle_sso, token)
        except LienRefuse as refus:
            raise Refus(refus.motif) from refus
        self.faire_entrer(invitation, sign(self.charge.ministere.id, invitation, self.serveur.cle))


class Lien(Porte):
    """A link that was sent: it gives a cookie for its own addresses, and leaves the address bar."""

    def get(self, jeton: str) -> None:
        self.faire_entrer(self.serveur.ouvrir_jeton(jeton), jeton)

    def head(self, jeton: str) -> None:
        self.serveur.ouvrir_jeton(jeton)
        self.finish()


class PorteGardee(Porte):
    """What a link opens. Checked at each request, before anything else is done."""

    invitation: Invitation

    def prepare(self) -> None:
        super().prepare()
        jeton = self.get_cookie(TEMOIN)
        if not jeton:
            raise Refus("sans_acces")
        self.invitation = self.serveur.ouvrir_jeton(jeton)
        if self.invitation.numero != self.path_kwargs["numero"]:
            raise Refus("sans_acces")
        numero, reglages = self.invitation.numero, self.serveur.reglages
        if not self.page:
            partage = "" if self.invitation.repondant else self.adresse
            self.compter(f"suites {numero} {partage}", reglages.suites)
        elif self.invitation.repondant:
            self.compter(f"lien {numero}", reglages.pages_par_lien)

    def demande(self, etape: str) -> Demande:
        """The form of that step for whom the link is. Raises Refus when it is not among what the link opens now."""
        demande = self.serveur.demande(self.invitation, etape)
        if etape not in self.invitation.etapes or not may_open(demande, self.charge):
            raise Refus("forme_refusee")
        return demande

    def encore_admise(self, etape: str) -> bool:
        """Still, in the middle of a visit."""
        try:
            check_invitation(self.serveur.store, self.invitation)
            self.demande(etape)
        except (LienRefuse, Refus):
            return False
        return True
