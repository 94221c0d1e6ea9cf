"""The closed list of what may be answered: each (etape, mesure), its targets, its values, who answers.

Targets and ranges come from the referentiels. Only the codes that no YAML holds are written here: they are the words
of the exchange format.

| etape | mesure | cible | objet | valeur | rôle |
|---|---|---|---|---|---|
| maturite | niveau | D1.1… | | 1 à 5 | rôles de l'item |
| maturite | accord | M1… | | 1 à 5 | AG, `repondant` vide : l'écho est anonyme |
| maturite | arbitrage | D1.1… | | 1 à 5, commentaire requis | ATELIER |
| maturite | forcage | D1… | | 1 à 5, commentaire requis | CONSULTANT |
| competences | auto, manager, quiz, situation | A1… | | 0 à 4 | AG, `repondant` = l'agent |
| competences | note · part · nature | MET01-T1… | MET01 | 0, 0,25… 1 · 0 à 1 · A, C ou H | AG, MAN, NUM |
| risques_ethique | inventaire | statut | U01…, L01… | en_service, pilote, projet ou ecarte | tous |
| risques_ethique | marque | déclencheur, interdiction | U01…, L01… | oui ou non | tous |
| risques_ethique | gravite · vraisemblance | R01… | U01…, L01… | 1 à 4 | tous |
| risques_ethique | aggravant | aggravant | U01…, L01… | oui ou non | tous |
| risques_ethique | preuve · critere | E01… | cas ou vide | oui ou non | tous |
| risques_ethique | forcage | R01… | U01…, L01… | 1 à 4, commentaire requis | CONSULTANT |
| risques_ethique | referentiel | existe | referentiel | oui ou non | tous |
| risques_ethique | repris | E01… | referentiel | oui, partiel ou non | tous |
| plan_formation | module | A1… | | un module (M-…, L-…) ou aucun | FOR |
| validation | validation | maturite… | livrable, ou vide pour l'étape | valide ou projet | DIR |

`inventaire` of a local use case (L01…) requires a comment: its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..referentiels import Referentiels
from ..tabular import fold, listing

AGENT = "AG"
ATELIER = "ATELIER"
CONSULTANT = "CONSULTANT"
ROLES_DE_CONDUITE = (ATELIER, CONSULTANT)
"""Roles of the people who run the diagnosis, beside those of the questionnaire."""
REFERENTIEL = "referentiel"
STRUCTURE_ENTIERE = ""

_COTEURS_DE_TACHES = frozenset({AGENT, "MAN", "NUM"})
_OUI_NON = ("oui", "non")
_REPRIS = ("oui", "partiel", "non")
_STATUTS = ("en_service", "pilote", "projet", "ecarte")
_NATURES = ("A", "C", "H")
AUCUN_MODULE = "aucun"
VALIDATION = "validation"
"""Etape and measure of what the direction validates."""
ETATS_VALIDATION = ("projet", "valide")
_CAS_LOCAL = re.compile(r"L\d{2}")


class Objet(StrEnum):
    """What `objet` must hold."""

    AUCUN = "aucun"
    METIER = "metier"
    CAS = "cas"
    CAS_OU_STRUCTURE = "cas_ou_structure"
    REFERENTIEL = "referentiel"
    LIVRABLE = "livrable"


@dataclass(frozen=True, slots=True)
class Cible:
    """A target. `roles` None: any declared role. `objet`: the only one allowed, when the measure is about a job.

    `livrables`: documents of a step that are validated on their own.
    """

    id: str
    roles: frozenset[str] | None = None
    sans_objet: bool = False
    objet: str = ""
    livrables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mesure:
    """One thing measured. Exactly one of `nombres`, `intervalle` and `codes` is set."""

    etape: str
    nom: str
    referentiel: str
    """Stem of the file whose version is stamped on the answers."""
    cibles: Mapping[str, Cible]
    objet: Objet
    nombres: tuple[float, ...] = ()
    intervalle: tuple[float, float] | None = None
    codes: tuple[str, ...] = ()
    commentaire_requis: bool = False
    anonyme: bool = False
    de_l_agent: bool = False
    """The respondent is the agent concerned, listed in agents.csv."""
    par_defaut: bool = False
    """What a target is answered with when nothing else is said."""
    inconnu_admis: bool = True
    """False for a decision: « ne sait pas » makes no sense."""

    @property
    def cle(self) -> tuple[str, str]:
        return self.etape, self.nom

    @property
    def attendu(self) -> str:
        """The values allowed, for a message."""
        if self.codes:
            return listing(self.codes)
        if self.intervalle:
            return "un nombre de {} à {}".format(*map(french_number, self.intervalle))
        low, high = min(self.nombres), max(self.nombres)
        if set(self.nombres) == set(range(int(low), int(high) + 1)):
            return f"un nombre entier de {int(low)} à {int(high)}"
        return listing(map(french_number, self.nombres), separator=" ; ")

    def number(self, value: float) -> bool:
        """Whether a number is in range."""
        if self.intervalle:
            return self.intervalle[0] <= value <= self.intervalle[1]
        return value in self.nombres

    def code(self, text: str) -> str:
        """The code that `text` means, case and accents aside; "" when it is none."""
        return next((code for code in self.codes if fold(code) == fold(text)), "")


@dataclass(frozen=True)
class Mesures:
    """The closed list, by (etape, nom), with the ids of use cases known."""

    liste: Mapping[tuple[str, str], Mesure]
    cas_usage: tuple[str, ...]
    roles: tuple[str, ...]
    """Roles that a respondent may hold."""

    def __iter__(self) -> Iterator[Mesure]:
        return iter(self.liste.values())

    def of(self, etape: str, nom: str) -> Mesure | None:
        return self.liste.get((etape, nom))

    @property
    def etapes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mesure.etape for mesure in self))

    def meant(self, cible: str, etape: str, nom: str) -> Mesure | None:
        """The measure meant for a target when its etape or its name is "", None when it could be several."""
        possible = [one for one in self if cible in one.cibles and etape in ("", one.etape) and nom in ("", one.nom)]
        if len(possible) > 1:
            possible = [one for one in possible if one.par_defaut]
        return possible[0] if len(possible) == 1 else None

    def names_for(self, cible: str) -> tuple[str, ...]:
        """Measures that a target may have, all of them when no measure knows it."""
        return tuple(dict.fromkeys(one.nom for one in self if cible in one.cibles)) or tuple(one.nom for one in self)

    def names(self, etape: str) -> tuple[str, ...]:
        return tuple(mesure.nom for mesure in self if mesure.etape == etape)

    def objets(self, mesure: Mesure, cible: str) -> tuple[str, ...]:
        """Values that `objet` may take for a target, local use cases (L01…) aside."""
        if mesure.objet is Objet.METIER:
            return (mesure.cibles[cible].objet,)
        if mesure.objet is Objet.REFERENTIEL:
            return (REFERENTIEL,)
        if mesure.objet is Objet.LIVRABLE:
            return (STRUCTURE_ENTIERE, *mesure.cibles[cible].livrables)
        if mesure.objet is Objet.CAS:
            return self.cas_usage
        return (STRUCTURE_ENTIERE, *self.cas_usage) if mesure.objet is Objet.CAS_OU_STRUCTURE else (STRUCTURE_ENTIERE,)

    def objet_allowed(self, mesure: Mesure, cible: str, objet: str) -> bool:
        if mesure.objet in (Objet.CAS, Objet.CAS_OU_STRUCTURE) and is_local_case(objet):
            return True
        return objet in self.objets(mesure, cible)


def is_local_case(objet: str) -> bool:
    """L01, L02…: a use case that the structure names itself."""
    return _CAS_LOCAL.fullmatch(objet) is not None


def french_number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def list_mesures(referentiels: Referentiels, modules: Iterable[str] = ()) -> Mesures:
    """The closed list for these referentiels and the ministry's own training modules."""
    mesures = (
        *_maturite(referentiels),
        *_positionnements(referentiels),
        *_taches(referentiels),
        *_cas(referentiels),
        *_risques(referentiels),
        *_regles(referentiels),
        *_choix(referentiels, modules),
    )
    return Mesures(
        {mesure.cle: mesure for mesure in mesures},
        tuple(cas.id for cas in referentiels.cas_usages.cas_usage),
        (*(role.id for role in referentiels.maturite.roles), *ROLES_DE_CONDUITE),
    )


def _targets(ids: Iterable[str], role: str = "") -> dict[str, Cible]:
    roles = frozenset({role}) if role else None
    return {id_: Cible(id_, roles) for id_ in ids}


def _maturite(referentiels: Referentiels) -> Iterator[Mesure]:
    maturite = referentiels.maturite
    niveaux = tuple(float(niveau.niveau) for niveau in maturite.niveaux)
    items = {item.id: Cible(item.id, frozenset(item.roles), bool(item.sans_objet)) for item in maturite.items.values()}
    echo = {item.id: Cible(item.id, frozenset({AGENT}), bool(item.sans_objet)) for item in maturite.echo.items}
    dimensions = _targets((dimension.id for dimension in maturite.dimensions), CONSULTANT)

    yield Mesure("maturite", "niveau", "maturite", items, Objet.AUCUN, niveaux, par_defaut=True)
    accords = tuple(map(float, maturite.echo.accords))
    yield Mesure("maturite", "accord", "maturite", echo, Objet.AUCUN, accords, anonyme=True)
    yield _decision("maturite", "arbitrage", "maturite", _targets(items, ATELIER), Objet.AUCUN, niveaux)
    yield _decision("maturite", "forcage", "maturite", dimensions, Objet.AUCUN, niveaux)


def _decision(
    etape: str, nom: str, referentiel: str, cibles: Mapping[str, Cible], objet: Objet, niveaux: tuple[float, ...]
) -> Mesure:
    """A level that someone takes responsibility for: a reason is due, « ne sait pas » makes no sense."""
    return Mesure(etape, nom, referentiel, cibles, objet, niveaux, commentaire_requis=True, inconnu_admis=False)


def _positionnements(referentiels: Referentiels) -> Iterator[Mesure]:
    competences = referentiels.competences
    niveaux = tuple(float(niveau.niveau) for niveau in competences.niveaux)
    douces = {famille.id for famille in competences.familles if famille.douce}
    weakest = min(competences.cotation.preuves, key=lambda mode: mode.confiance)
    for mode in competences.cotation.preuves:
        ids = (item.id for item in competences.competences if not (mode.interdit_douces and item.famille in douces))
        cibles = _targets(ids, AGENT)
        yield Mesure(
            "competences",
            mode.id,
            "competences",
            cibles,
            Objet.AUCUN,
            niveaux,
            de_l_agent=True,
            par_defaut=mode is weakest,
        )


def _taches(referentiels: Referentiels) -> Iterator[Mesure]:
    metiers = referentiels.metiers
    cibles = {
        tache.id: Cible(tache.id, _COTEURS_DE_TACHES, objet=metier.id)
        for metier in metiers.metiers
        for tache in metier.taches
    }
    notes = tuple(note.valeur for note in metiers.cotation.notes)
    yield Mesure("competences", "note", "metiers", cibles, Objet.METIER, notes)
    yield Mesure("competences", "part", "metiers", cibles, Objet.METIER, intervalle=(0.0, 1.0))
    yield Mesure("competences", "nature", "metiers", cibles, Objet.METIER, codes=_NATURES)


def _cas(referentiels: Referentiels) -> Iterator[Mesure]:
    marques = [*(item.id for item in referentiels.regles.declencheurs), "interdiction"]
    aggravants = [item.id for item in referentiels.methode.aggravants]
    etape = "risques_ethique"
    yield Mesure(etape, "inventaire", "cas_usage", _targets(["statut"]), Objet.CAS, codes=_STATUTS, inconnu_admis=False)
    yield Mesure(etape, "marque", "regles", _targets(marques), Objet.CAS, codes=_OUI_NON)
    yield Mesure(etape, "aggravant", "methode_risques", _targets(aggravants), Objet.CAS, codes=_OUI_NON)


def _risques(referentiels: Referentiels) -> Iterator[Mesure]:
    methode = referentiels.methode
    ids = [risque.id for risque in referentiels.risques.risques]
    niveaux = tuple(float(niveau.niveau) for niveau in methode.niveaux)
    etape = "risques_ethique"
    for nom, echelle in (("gravite", methode.gravite), ("vraisemblance", methode.vraisemblance)):
        yield Mesure(etape, nom, "risques", _targets(ids), Objet.CAS, tuple(map(float, echelle)))
    yield _decision(etape, "forcage", "risques", _targets(ids, CONSULTANT), Objet.CAS, niveaux)


def _regles(referentiels: Referentiels) -> Iterator[Mesure]:
    regles = _targets(regle.id for regle in referentiels.regles.regles)
    etape = "risques_ethique"
    yield Mesure(etape, "preuve", "regles", regles, Objet.CAS_OU_STRUCTURE, codes=_OUI_NON)
    yield Mesure(etape, "critere", "regles", regles, Objet.CAS_OU_STRUCTURE, codes=_OUI_NON)
    yield Mesure(etape, "referentiel", "regles", _targets(["existe"]), Objet.REFERENTIEL, codes=_OUI_NON)
    yield Mesure(etape, "repris", "regles", regles, Objet.REFERENTIEL, codes=_REPRIS)


def _choix(referentiels: Referentiels, modules: Iterable[str]) -> Iterator[Mesure]:
    """What is decided by those who answer for it: the module of a need, the validation of a step or of a document."""
    formulaires = referentiels.formulaires
    known = tuple(dict.fromkeys((*(one.id for one in referentiels.formations.modules), *modules, AUCUN_MODULE)))
    services = frozenset(formulaires.plan.roles)
    besoins = {item.id: Cible(item.id, services) for item in referentiels.competences.competences}
    direction = frozenset(formulaires.validation.roles)
    etapes = {one.etape: Cible(one.etape, direction, livrables=one.livrables) for one in formulaires.validation.etapes}
    yield Mesure("plan_formation", "module", "formations", besoins, Objet.AUCUN, codes=known, inconnu_admis=False)
    yield Mesure(
        *(VALIDATION, VALIDATION, "formulaires"), etapes, Objet.LIVRABLE, codes=ETATS_VALIDATION, inconnu_admis=False
    )
