"""One answer: as it was written (Saisie), checked against the closed list, as it is stored (Reponse).

Files and forms go through the same check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

import pandas as pd

from ..dossier import Etat
from ..tabular import closest, fold, listing, parse_date, parse_number
from .fiches import DATE_ATTENDUE
from .mesures import AGENT, Cible, Mesure, Mesures, is_local_case
from .ministere import MinistereCharge

INCONNU = ("nsp", "ne_sait_pas", "ne_sais_pas", "je_ne_sais_pas")
SANS_OBJET = ("so", "sans_objet")
VIDE = ("nr", "non_repondu")
CODES_ETAT: dict[str, Etat] = {
    **dict.fromkeys(INCONNU, Etat.NE_SAIT_PAS),
    **dict.fromkeys(SANS_OBJET, Etat.SANS_OBJET),
    **dict.fromkeys(VIDE, Etat.NON_REPONDU),
    "masque": Etat.MASQUE,
}
"""What people write instead of a value, once folded."""
_ETATS = {**{etat.value: etat for etat in Etat}, **CODES_ETAT}


@dataclass(frozen=True, slots=True)
class Saisie:
    """An answer as written: text everywhere, "" where nothing was written. Fields are the columns of a long file."""

    structure: str
    repondant: str = ""
    role: str = ""
    etape: str = ""
    objet: str = ""
    cible: str = ""
    mesure: str = ""
    etat: str = ""
    valeur: str = ""
    commentaire: str = ""
    preuve: str = ""
    indicateur: str = ""
    date: str = ""


COLONNES = tuple(item.name for item in fields(Saisie))
"""Columns of a long file, in order."""
CLE = ("structure", "etape", "repondant", "objet", "cible", "mesure")
"""Within a campagne, two answers with the same key are one answer and its correction."""


@dataclass(frozen=True, slots=True)
class Reponse:
    """A checked answer, ready to store. `date` "": the day it is recorded.

    `explicite` is false for an empty cell: it is stored as « non répondu » but never replaces an answer.
    """

    structure: str
    repondant: str
    role: str
    etape: str
    objet: str
    cible: str
    mesure: str
    etat: str
    niveau: float | None
    choix: str
    commentaire: str
    preuve: str
    indicateur: str
    date: str
    version: str
    anonyme: bool = False
    explicite: bool = True

    @property
    def cle(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in CLE)


def validated(campagne: str, reponse: Reponse) -> str:
    """What the audit log says of a decision of the direction."""
    what = ", ".join(part for part in (reponse.cible, reponse.objet) if part)
    return f"campagne {campagne}, structure {reponse.structure}, {what} : {reponse.choix or reponse.etat}"


@dataclass(frozen=True, slots=True)
class Faute:
    """What is wrong in one column of a Saisie."""

    colonne: str
    quoi: str
    valeur: str
    attendu: str
    que_faire: str


class Controle:
    """Checks answers against a ministry: its structures, its respondents, its closed list of measures."""

    def __init__(self, charge: MinistereCharge) -> None:
        self.mesures: Mesures = charge.mesures
        self._etapes = charge.mesures.etapes
        self._structures = charge.structures
        self._versions = charge.referentiels.versions
        self._agents = frozenset(zip(charge.agents["structure"], charge.agents["id"], strict=True))
        self._annuaire = _directory(self._agents, charge.repondants)

    def roles_of(self, structure: str, id_: str) -> frozenset[str]:
        """Every role that someone may answer in, that of an agent included; none for someone unknown."""
        return self._annuaire.get((structure, id_), frozenset())

    def is_agent(self, structure: str, id_: str) -> bool:
        return (structure, id_) in self._agents

    def check(self, saisie: Saisie) -> tuple[Reponse | None, list[Faute]]:
        """The answer, or everything that is wrong with it."""
        fautes = list(self._who(saisie))
        mesure, faults_of_target = self._what(saisie)
        fautes += faults_of_target
        if mesure is None or saisie.cible not in mesure.cibles:
            return None, fautes
        cible = mesure.cibles[saisie.cible]
        fautes += self._by_whom(saisie, mesure, cible)
        etat, niveau, choix, faults_of_value = _value(saisie, mesure, cible)
        fautes += faults_of_value
        date = parse_date(saisie.date) if saisie.date else ""
        if date is None:
            fautes.append(
                Faute("date", "la date n'a pas la bonne forme", saisie.date, DATE_ATTENDUE, "corrigez la date")
            )
        fautes += _comment(saisie, mesure, etat)
        if fautes:
            return None, fautes
        return (
            Reponse(
                structure=saisie.structure,
                repondant=saisie.repondant,
                role=saisie.role,
                etape=saisie.etape,
                objet=saisie.objet,
                cible=saisie.cible,
                mesure=saisie.mesure,
                etat=etat,
                niveau=niveau,
                choix=choix,
                commentaire=saisie.commentaire,
                preuve=saisie.preuve,
                indicateur=saisie.indicateur,
                date=date or "",
                version=self._versions[mesure.referentiel],
                anonyme=mesure.anonyme,
                explicite=any((saisie.etat, saisie.valeur, saisie.commentaire, saisie.preuve, saisie.indicateur)),
            ),
            [],
        )

    def _who(self, saisie: Saisie) -> Iterator[Faute]:
        if saisie.structure not in self._structures:
            yield _unknown("structure", "la structure est inconnue", saisie.structure, self._structures)
        if saisie.role not in self.mesures.roles:
            yield _unknown("role", "le rôle est inconnu", saisie.role, self.mesures.roles)

    def _what(self, saisie: Saisie) -> tuple[Mesure | None, list[Faute]]:
        mesures = self.mesures
        if saisie.etape not in self._etapes:
            fautes = [_unknown("etape", "l'étape est inconnue", saisie.etape, self._etapes)]
            if not saisie.mesure:
                fautes.append(_unknown("mesure", "", "", mesures.names_for(saisie.cible)))
            return None, fautes
        mesure = mesures.of(saisie.etape, saisie.mesure)
        if mesure is None:
            names = mesures.names(saisie.etape)
            return None, [_unknown("mesure", "la mesure est inconnue pour cette étape", saisie.mesure, names)]
        if saisie.cible not in mesure.cibles:
            quoi = f"la cible est inconnue pour la mesure « {mesure.nom} »"
            return mesure, [_unknown("cible", quoi, saisie.cible, mesure.cibles)]
        if not mesures.objet_allowed(mesure, saisie.cible, saisie.objet):
            allowed = mesures.objets(mesure, saisie.cible)
            quoi = f"l'objet ne va pas avec la mesure « {mesure.nom} »"
            if allowed == ("",):
                return mesure, [Faute("objet", quoi, saisie.objet, "rien", "videz cette cellule")]
            return mesure, [_unknown("objet", quoi, saisie.objet, allowed)]
        return mesure, []

    def _by_whom(self, saisie: Saisie, mesure: Mesure, cible: Cible) -> Iterator[Faute]:
        if cible.roles is not None and saisie.role in self.mesures.roles and saisie.role not in cible.roles:
            quoi = f"le rôle « {saisie.role} » ne répond pas à cette question"
            attendu = "le rôle " + listing(role for role in self.mesures.roles if role in cible.roles)
            yield Faute("cible", quoi, cible.id, attendu, "corrigez le rôle ou retirez cette réponse")
        if mesure.anonyme:
            if saisie.repondant:
                quoi = "l'écho des agents est anonyme : aucun identifiant ne doit l'accompagner"
                yield Faute("repondant", quoi, saisie.repondant, "rien", "videz cette cellule dans tout le fichier")
            for colonne in ("preuve", "indicateur"):
                if text := getattr(saisie, colonne):
                    quoi = f"l'écho des agents ne garde pas de « {colonne} »"
                    yield Faute(colonne, quoi, text, "rien", "videz cette cellule, ou écrivez-le en commentaire")
            return
        if not saisie.repondant:
            yield Faute(
                "repondant", "la colonne « repondant » est vide", "", "l'identifiant de qui répond", "complétez-la"
            )
        elif saisie.structure in self._structures:
            yield from self._known_respondent(saisie, mesure)

    def _known_respondent(self, saisie: Saisie, mesure: Mesure) -> Iterator[Faute]:
        who = (saisie.structure, saisie.repondant)
        if mesure.de_l_agent:
            if who not in self._agents:
                agents = [id_ for structure, id_ in self._agents if structure == saisie.structure]
                yield _unknown("repondant", "cet agent est inconnu dans la structure", saisie.repondant, sorted(agents))
            return
        roles = self._annuaire.get(who)
        if roles is None:
            known = sorted(id_ for structure, id_ in self._annuaire if structure == saisie.structure)
            yield _unknown("repondant", "cette personne est inconnue dans la structure", saisie.repondant, known)
        elif saisie.role in self.mesures.roles and saisie.role not in roles:
            quoi = f"« {saisie.repondant} » n'a pas ce rôle"
            yield Faute("role", quoi, saisie.role, listing(sorted(roles)), "corrigez le rôle, ou repondants.csv")


@lru_cache(maxsize=4)
def controle_of(charge: MinistereCharge) -> Controle:
    """The check of a ministry, made once for all its files."""
    return Controle(charge)


def _directory(agents: Iterable[tuple[str, str]], repondants: pd.DataFrame) -> Mapping[tuple[str, str], frozenset[str]]:
    """(structure, id) → roles; every agent of agents.csv may answer as an agent. Each set of roles is there once."""
    people = dict.fromkeys(agents, frozenset({AGENT}))
    sets: dict[frozenset[str], frozenset[str]] = {}
    for structure, id_, role in zip(repondants["structure"], repondants["id"], repondants["role"], strict=True):
        roles = people.get((structure, id_), frozenset()) | {role}
        people[structure, id_] = sets.setdefault(roles, roles)
    return people


def _value(saisie: Saisie, mesure: Mesure, cible: Cible) -> tuple[str, float | None, str, list[Faute]]:
    """Etat, number, code, and what is wrong with `etat` and `valeur`."""
    stated = _ETATS.get(fold(saisie.etat))
    meant = CODES_ETAT.get(fold(saisie.valeur))
    if saisie.etat and stated is None:
        return "", None, "", [_unknown("etat", "l'état est inconnu", saisie.etat, Etat)]
    if stated is Etat.NIVEAU and (meant is not None or not saisie.valeur):
        quoi, que_faire = "l'état « niveau » demande une valeur", "donnez la valeur ou corrigez l'état"
        return "", None, "", [Faute("valeur", quoi, saisie.valeur, mesure.attendu, que_faire)]
    if stated not in (None, Etat.NIVEAU) and saisie.valeur and meant is not stated:
        quoi = f"l'état « {stated} » ne va pas avec une valeur"
        return "", None, "", [Faute("valeur", quoi, saisie.valeur, "rien", "videz la valeur ou corrigez l'état")]
    etat = stated or meant or (Etat.NIVEAU if saisie.valeur else Etat.NON_REPONDU)
    if etat is Etat.NIVEAU:
        return _read_value(saisie.valeur, mesure)
    return etat.value, None, "", list(_state_allowed(etat, saisie, mesure, cible))


def _read_value(text: str, mesure: Mesure) -> tuple[str, float | None, str, list[Faute]]:
    code = mesure.code(text)
    if code:
        return Etat.NIVEAU.value, None, code, []
    number = parse_number(text)
    if not mesure.codes and number is not None and mesure.number(number):
        return Etat.NIVEAU.value, number, "", []
    quoi = "la valeur n'est pas admise" if number is None or mesure.codes else "la valeur est hors de l'échelle"
    return "", None, "", [Faute("valeur", quoi, text, mesure.attendu, "corrigez la valeur")]


def _state_allowed(etat: Etat, saisie: Saisie, mesure: Mesure, cible: Cible) -> Iterator[Faute]:
    colonne, shown = ("etat", saisie.etat) if saisie.etat else ("valeur", saisie.valeur)
    if etat is Etat.SANS_OBJET and not cible.sans_objet:
        quoi = f"« sans objet » n'est pas admis pour « {cible.id} »"
        attendu = f"{mesure.attendu}, ou NSP" if mesure.inconnu_admis else mesure.attendu
        yield Faute(colonne, quoi, shown, attendu, "choisissez une valeur, ou NSP si vous ne savez pas")
    if etat is Etat.NE_SAIT_PAS and not mesure.inconnu_admis:
        quoi = f"« ne sait pas » n'est pas admis pour la mesure « {mesure.nom} »"
        yield Faute(colonne, quoi, shown, mesure.attendu, "donnez la valeur ou retirez cette ligne")


def _comment(saisie: Saisie, mesure: Mesure, etat: str) -> Iterator[Faute]:
    """A decision needs its reason; a local use case needs its name."""
    if saisie.commentaire or etat != Etat.NIVEAU.value:
        return
    if mesure.commentaire_requis:
        quoi = f"la mesure « {mesure.nom} » demande un motif"
        yield Faute("commentaire", quoi, "", "le motif en une phrase", "complétez le commentaire")
    elif mesure.nom == "inventaire" and is_local_case(saisie.objet):
        quoi = f"le cas d'usage local « {saisie.objet} » n'a pas de nom"
        yield Faute("commentaire", quoi, "", "le nom de l'outil ou de l'usage", "complétez le commentaire")


def _unknown(colonne: str, quoi: str, value: str, allowed: Iterable[str]) -> Faute:
    names = [name for name in allowed if name]
    if not value:
        return Faute(colonne, f"la colonne « {colonne} » est vide", "", listing(names), "complétez cette cellule")
    proche = closest(value, names)
    return Faute(
        colonne, quoi, value, listing(names), f"écrivez « {proche} » ?" if proche else "corrigez cette cellule"
    )
