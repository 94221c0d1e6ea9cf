"""The kernel's side of one open form: each message of the page is checked, stored, answered. It knows no widget.

A change is in the store, and on disk, before the page is told « enregistre ». What the page says is checked twice:
against this person's questionnaire (nothing else can be reached), then as any answer received by the ministry.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from ..collecte import MinistereCharge, Store, form_lot, load_ministere, open_store, read_results, synchronise
from ..collecte.formulaire import Envoi, Feuille, last_envoi, read_form, read_rows, record_envoi, write_answer
from ..collecte.reponses import Reponse, controle_of
from ..collecte.signalements import record_signalement
from ..errors import ImportRefuse
from ..referentiels.formulaires import Formulaire
from ..rendering.formats import long_date, typeset
from ._saisies import answered, check_report, read_row, to_saisie
from .demande import AGENT, Demande, genre_of
from .faits import Faits, read_faits
from .journal import log_incident
from .messages import Message, RefusError, Valeur, parse_message
from .modele import SEPARATEUR, Champ, Questionnaire
from .questionnaire import build_questionnaire

JOURNAL = logging.getLogger("vigie.forms")
Reply = dict[str, Any]
RESTITUES = ("maturite", "competences", "exposition", "risques_ethique")
"""Forms whose answers are told back to whoever gave them."""
MESURES_DE_FAITS = ("inventaire", "marque", "referentiel")
"""Measures that add or take away pages."""


def open_seance(demande: Demande) -> Seance:
    """The session of a form, once the files received are in the store: recorded later, they would cover newer answers.

    A file that cannot be read is the consultant's affair: it neither shuts the form nor is shown, only logged.
    Raises Introuvable, ParametreInvalide, MinistereInvalide or ReferentielInvalide.
    """
    seance = Seance(load_ministere(demande.ministere), demande)
    try:
        synchronise(seance.charge, seance.campagne.id)
    except ImportRefuse as refus:
        places = sorted({anomalie.ou.partition(",")[0] for anomalie in refus.anomalies})
        JOURNAL.warning("fichiers reçus non enregistrés : %s", ", ".join(places))
    return seance


@dataclass(frozen=True)
class Avancement:
    """Where someone is with a form. `envoye_le` is a day in words, "" if it was not sent; counts are of what is due."""

    titre: str
    duree: str
    questions: int
    reponses: int
    restantes: int
    envoye_le: str


class Seance:
    """One form opened by one person. `receive` is all that a page can reach."""

    def __init__(self, charge: MinistereCharge, demande: Demande, auteur: str = "") -> None:
        """`auteur`: the account that fills the form in for someone else."""
        self.charge = charge
        self.demande = demande
        self.genre = genre_of(demande, charge)
        self.campagne = charge.campagne(demande.campagne or None)
        self.forme: Formulaire = charge.referentiels.formulaires.formulaire(self.genre)
        self.feuille = Feuille(
            campagne=self.campagne.id,
            structure=demande.structure,
            repondant=demande.repondant,
            role=demande.role or AGENT,
            etape=self.forme.etape,
            jeton=secrets.token_hex(32),
            versions=charge.referentiels.versions,
            auteur=auteur,
        )
        self._remis: dict[str, Reply] = {}
        self._questionnaire: Questionnaire | None = None

    @cached_property
    def store(self) -> Store:
        return open_store(self.charge)

    @property
    def questionnaire(self) -> Questionnaire:
        if self._questionnaire is None:
            self._questionnaire = self._build()
        return self._questionnaire

    @property
    def identifiant(self) -> str:
        """Names this form in the browser's own store, without saying whose it is."""
        parts = (self.charge.ministere.id, self.campagne.id, self.demande.structure, self.genre)
        whole = "\0".join((*parts, self.demande.role, self.demande.repondant))
        return hashlib.sha256(whole.encode()).hexdigest()[:24]

    @property
    def faits(self) -> Faits:
        """Read again each time: use cases come and go."""
        if not self._immediate:
            return Faits()
        where = (self.charge.ministere.id, self.campagne.id, self.demande.structure)
        wide = self.genre == "risques_ethique"
        reponses = self.store.answers(self.campagne.id, self.demande.structure) if wide else None
        resultats = read_results(*where) if self.genre in ("plan_formation", "validation") else {}
        return read_faits(self.charge, self.demande, reponses, resultats)

    def receive(self, content: object) -> list[Reply]:
        """The replies to one message, in order. Never raises: what goes wrong is said to the page, and in the log."""
        n = content.get("n") if isinstance(content, dict) else None
        n = n if type(n) is int else 0
        try:
            message = parse_message(content, self.charge.referentiels.formulaires.limites.message_octets)
            return list(getattr(self, f"_{message.t}")(message))
        except RefusError as refus:
            return [{"t": "refus", "n": n, "message": self._text(refus.texte, **refus.mots)}]
        except Exception as error:
            return [{"t": "echec", "n": n, "message": self._incident(error)}]

    def answers(self) -> pd.DataFrame:
        """Current answers of this person to this etape, dossier.REPONSES; none for an anonymous form."""
        return read_form(self.store, self.feuille)

    def avancement(self) -> Avancement:
        """What is done and what is left; an anonymous form does not know."""
        stored, champs, attendus = self._values(), self.questionnaire.champs, self.questionnaire.attendus
        left = sum(not answered(champs[cle], stored.get(cle)) for cle in attendus)
        done = sum(answered(champ, stored.get(cle)) for cle, champ in champs.items())
        envoi = last_envoi(self.store, self.feuille, self.genre) if self._immediate else None
        sent = long_date(envoi.jour) if envoi else ""
        return Avancement(self.forme.titre, self.forme.duree, len(champs), done, left, sent)

    def _ouvrir(self, message: Message) -> Iterator[Reply]:
        envoi = last_envoi(self.store, self.feuille, self.genre) if self._immediate else None
        self._questionnaire = None
        yield {
            "t": "etat",
            "formulaire": self.identifiant,
            "questionnaire": self.questionnaire.to_json(),
            "textes": self._texts(),
            "restituable": self.genre in RESTITUES,
            "reponses": self._stored(),
            "recu": self._receipt(envoi) if envoi else None,
        }

    def _relire(self, message: Message) -> Iterator[Reply]:
        yield {"t": "reponses", "reponses": self._stored()}

    def _changer(self, message: Message) -> Iterator[Reply]:
        if not self._immediate:
            raise RefusError("refus_inconnu")
        champ = self._champ(message.cle)
        ecriture = write_answer(self.store, self.feuille, self._checked(champ, message.valeur), message.base)
        reply = {"n": message.n, "cle": champ.cle, "id": ecriture.id}
        if ecriture.actuelle is not None:
            yield {"t": "conflit", **reply, "valeur": read_row(champ, ecriture.actuelle).to_json()}
            return
        yield {"t": "enregistre", **reply}
        if champ.mesure in MESURES_DE_FAITS:
            yield from self._changed_pages()

    def _envoyer(self, message: Message) -> Iterator[Reply]:
        if not self._immediate:
            raise RefusError("refus_inconnu")
        stored = self._values()
        nombre = sum(answered(champ, stored.get(cle)) for cle, champ in self.questionnaire.champs.items())
        yield {
            "t": "recu",
            **self._receipt(record_envoi(self.store, self.feuille, self.genre, nombre, message.jeton)),
        }

    def _remettre(self, message: Message) -> Iterator[Reply]:
        """An anonymous form: all of it at once; one opening of the form sends one."""
        if self._immediate:
            raise RefusError("refus_inconnu")
        if message.jeton not in self._remis:
            if self._remis:
                raise RefusError("refus_ferme")
            given = {cle: valeur for cle, valeur in (message.reponses or {}).items() if not valeur.vide}
            for cle in given:
                self._champ(cle)
            remise = self._report if self.genre == "signalement" else self._echo
            self._remis[message.jeton] = remise(given, message.jeton)
        yield self._remis[message.jeton]

    def _restituer(self, message: Message) -> Iterator[Reply]:
        if self.genre not in RESTITUES:
            raise RefusError("refus_inconnu")
        from .restitution import render_own  # diagnostics and charts: only when asked for

        yield {"t": "restitution", "html": render_own(self)}

    @property
    def _immediate(self) -> bool:
        return self.forme.remise == "immediate"

    def _echo(self, given: Mapping[str, Valeur], jeton: str) -> Reply:
        champs = self.questionnaire.champs
        saisies = [to_saisie(champs[cle], valeur, self.feuille) for cle, valeur in given.items() if valeur.etat]
        if not saisies:
            raise RefusError("refus_vide")
        try:
            lot = form_lot(self.charge, saisies, jeton)
        except ImportRefuse as refus:
            raise RefusError("refus_inconnu") from refus
        self.store.record(self.campagne.id, lot)
        restantes = sum(cle not in given for cle in self.questionnaire.attendus)
        return {"t": "recu", **_sent("", date.today().isoformat(), len(saisies), restantes)}

    def _report(self, given: Mapping[str, Valeur], jeton: str) -> Reply:
        champs = check_report(self.questionnaire, given)
        depot = record_signalement(self.store, self.demande.structure, self.forme.sigle, champs, jeton)
        return {"t": "recu", **_sent(depot.numero, depot.jour, len(champs), 0)}

    def _receipt(self, envoi: Envoi) -> Reply:
        stored, champs = self._values(), self.questionnaire.champs
        left = [cle for cle in self.questionnaire.attendus if not answered(champs[cle], stored.get(cle))]
        return _sent(f"{self.forme.sigle}-{envoi.id:06d}", envoi.jour, envoi.reponses, len(left))

    def _champ(self, cle: str) -> Champ:
        champ = self.questionnaire.champs.get(cle)
        if champ is None:
            raise RefusError("refus_inconnu")
        return champ

    def _checked(self, champ: Champ, valeur: Valeur) -> Reponse:
        reponse, fautes = controle_of(self.charge).check(to_saisie(champ, valeur, self.feuille))
        if reponse is None:
            nom = any(faute.colonne == "commentaire" for faute in fautes)
            raise RefusError("refus_nom" if nom else "refus_inconnu")
        return reponse

    def _values(self) -> Mapping[str, Valeur]:
        return {cle: valeur for cle, (_, valeur) in self._rows().items()}

    def _stored(self) -> dict[str, Reply]:
        return {cle: {"id": id_, "valeur": valeur.to_json()} for cle, (id_, valeur) in self._rows().items()}

    def _rows(self) -> Mapping[str, tuple[int, Valeur]]:
        """Key → id and value of what this person answered, as far as this questionnaire asks it."""
        if not self._immediate:
            return {}
        champs = self.questionnaire.champs
        found = {}
        for row in read_rows(self.store, self.feuille):
            champ = champs.get(SEPARATEUR.join((row["objet"], row["cible"], row["mesure"])))
            if champ is not None:
                found[champ.cle] = (int(row["id"]), read_row(champ, row))
        return found

    def _changed_pages(self) -> Iterator[Reply]:
        """The questionnaire again, when what was just said adds or takes away questions."""
        before = self.questionnaire
        self._questionnaire = None
        if self.questionnaire.pages != before.pages:
            yield {"t": "questionnaire", "questionnaire": self.questionnaire.to_json(), "reponses": self._stored()}

    def _build(self) -> Questionnaire:
        referentiels = self.charge.referentiels
        roles = {role.id: role.libelle for role in referentiels.maturite.roles}
        parts = [self.charge.structure(self.demande.structure).nom]
        if self._immediate and self.demande.role in roles:
            parts.append(roles[self.demande.role])
        return build_questionnaire(
            self.genre,
            self.demande.role,
            referentiels,
            self.faits,
            sous_titre=", ".join(parts),
            echeance=long_date(self.campagne.cloture) if self.campagne.cloture else "",
        )

    def _texts(self) -> dict[str, str]:
        """Texts of the page, typeset; words in braces stay."""
        return {key: typeset(text) for key, text in self.charge.referentiels.formulaires.interface.items()}

    def _text(self, id_: str, **mots: str) -> str:
        return typeset(self.charge.referentiels.formulaires.interface[id_].format(**mots))

    def _incident(self, error: BaseException) -> str:
        """A reference to give to whoever reads the log; the log has the cause, never an answer."""
        reference = secrets.token_hex(4).upper()
        log_incident(JOURNAL, "incident %s, formulaire %s", reference, self.genre, error=error)
        return self._text("incident", reference=reference)


def _sent(numero: str, jour: str, nombre: int, restantes: int) -> Reply:
    return {"numero": numero, "date": long_date(jour), "nombre": nombre, "restantes": restantes}
