"""What a link opens: the home of someone with several forms, a form, the files of its page."""

from __future__ import annotations

import asyncio
import logging
import secrets

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from ..forms.demande import Demande, may_open
from ..forms.journal import log_incident
from ..forms.seance import Avancement, Seance
from ..rendering.formats import long_date, typeset
from . import statique
from .portes import PorteGardee, Refus
from .rendu import Rendu, cut_notebook
from .sessions import Complet, Session

JOURNAL = logging.getLogger("vigie.server")
_TOUJOURS = "private, max-age=31536000, immutable"


class Fichier(PorteGardee):
    """A file of the page, named by its content."""

    page = False

    def get(self, numero: str, nom: str) -> None:
        file = statique.by_name().get(nom)
        if file is None:
            raise HTTPError(404)
        self.set_header("Content-Type", file.nature)
        self.set_header("Cache-Control", _TOUJOURS)
        self.finish(file.contenu)


class Accueil(PorteGardee):
    """Forms of one person: what is done, what is left. A single form opens at once."""

    def head(self, numero: str) -> None:
        self.finish()

    async def get(self, numero: str) -> None:
        asked = [self.serveur.demande(self.invitation, etape) for etape in self.invitation.etapes]
        demandes = [demande for demande in asked if may_open(demande, self.charge)]
        if not demandes:
            raise Refus("forme_refusee")
        if len(demandes) == 1:
            self.redirect(f"{demandes[0].etape}/", status=303)
            return
        avancements = await asyncio.to_thread(self._avancements, demandes)
        campagne = self.charge.campagne(self.invitation.campagne)
        echeance = self.texte("accueil_echeance", jour=long_date(campagne.cloture)) if campagne.cloture else ""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            self.serveur.page(
                "accueil",
                titre=self.texte("accueil_titre"),
                sous_titre=self.serveur.nommer(self.invitation),
                echeance=echeance,
                feuille=f"statique/{statique.files()['page.css'].nom}",
                formes=[self._forme(demande, faite) for demande, faite in zip(demandes, avancements, strict=True)],
            )
        )

    def _avancements(self, demandes: list[Demande]) -> list[Avancement]:
        return [Seance(self.charge, demande).avancement() for demande in demandes]

    def _forme(self, demande: Demande, faite: Avancement) -> dict[str, str]:
        nature, etat, action = self._etat(faite)
        return {
            "titre": typeset(faite.titre),
            "duree": typeset(faite.duree),
            "adresse": f"{demande.etape}/",
            "nature": nature,
            "etat": etat,
            "action": self.texte(action),
        }

    def _etat(self, faite: Avancement) -> tuple[str, str, str]:
        """Nature, sentence, what the button says."""
        if faite.envoye_le:
            key = "envoye_reste" if faite.restantes else "envoye"
            return "envoye", self.texte(key, jour=faite.envoye_le, restantes=faite.restantes), "action_revoir"
        if not faite.questions:
            return "vide", self.texte("rien_encore"), "action_voir"
        if not faite.reponses:
            return "neuf", self.texte("a_commencer"), "action_commencer"
        if faite.restantes == 0:
            return "rempli", self.texte("rempli"), "action_continuer"
        key = "commence" if faite.reponses > 1 else "commence_un"
        return "commence", self.texte(key, faites=faite.reponses, total=faite.questions), "action_continuer"


class Formulaire(PorteGardee):
    """A form, in a kernel of its own. Asking whether it is there starts nothing."""

    def head(self, numero: str, etape: str) -> None:
        self.demande(etape)
        self.finish()

    async def get(self, numero: str, etape: str) -> None:
        demande = self.demande(etape)
        try:
            session = await self.serveur.sessions.ouvrir(self.invitation, demande, self.adresse)
        except Complet as error:
            raise Refus("complet", 503, self.serveur.reglages.reessayer_s) from error
        self.set_header("Content-Type", "text/html; charset=utf-8")
        try:
            await self._envoyer(session, demande)
        except BaseException:
            await self.serveur.sessions.fermer(session)
            raise

    async def _envoyer(self, session: Session, demande: Demande) -> None:
        reference = secrets.token_hex(4).upper()
        forme = Seance(self.charge, demande).forme
        accueil = "../" if len(self.invitation.etapes) > 1 else ""
        ressources = self.serveur.ressources(session, forme.titre, accueil, reference)
        rendu = Rendu(session, cut_notebook(demande), ressources)
        try:
            async for html in rendu.pages():
                self.write(html)
                await self.flush()
        except StreamClosedError:
            await self.serveur.sessions.fermer(session)
        except Exception as error:
            log_incident(JOURNAL, "formulaire non rendu, référence %s", reference, error=error)
            await self.serveur.sessions.fermer(session)
            if not self._headers_written:
                raise
            self.finish(f'<p class="vp-alerte" role="alert">{self.texte("incident")} {reference}</p>')
