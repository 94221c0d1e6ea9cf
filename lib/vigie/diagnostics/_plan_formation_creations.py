"""Requests to create, adapt or share a module, each with the proof of a search in the existing offer (D.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from ..referentiels.contraintes_formation import RechercheOffre
from ..referentiels.parcours_formation import DecisionCreation, GisementRecherche
from ._competences_niveaux import is_soft
from ._plan_formation_analyse import Analyse
from .cadres import frame_of
from .chiffres import INCONNU, TOLERANCE, decimal
from .phrases import count, enumerate_words, long_date

CREATIONS = {
    "demande": "str",
    "competences": "str",
    "niveau_vise": "float64",  # the highest of those asked for
    "niveaux": "str",  # « B1:2-3 C1:2 »: lowest and highest level asked for, by competence
    "public": "str",
    "effectif": "float64",
    "decision": "str",
    "echeance": "str",  # ISO, "" without any date
    "pilotes": "str",  # separated by « ; », as are searches
    "motif": "str",
    "gisements": "str",
}
CREER: Final = "creation"
ADAPTER: Final = "adaptation"
MUTUALISER: Final = "mutualisation"
LIBRE: Final = "libre_acces"
ORDRE: tuple[DecisionCreation, ...] = (CREER, ADAPTER, MUTUALISER, LIBRE)
SIGLES: Mapping[str, str] = {CREER: "CRE", ADAPTER: "ADA", MUTUALISER: "MUT", LIBRE: "LIB"}
NON_PUBLIABLE = "public d'effectif non publiable"


@dataclass(frozen=True)
class Demande:
    """One request: needs (rows of the synthesis) of one family of competences that call for the same decision.

    A family makes one graded module, so that a designer receives one request and not one a level.
    """

    id: str
    decision: DecisionCreation
    famille: str
    niveaux: Mapping[str, tuple[int, int]]
    """Competence → (lowest, highest) level required of those who lack it."""
    cellules: tuple[int, ...]
    echeance: date | None

    @property
    def competences(self) -> tuple[str, ...]:
        return tuple(self.niveaux)

    @property
    def niveau(self) -> int:
        """The highest level asked for; 0 when none is."""
        return max((haut for _, haut in self.niveaux.values()), default=0)


def requests(analyse: Analyse) -> tuple[Demande, ...]:
    """Every request, the most binding decision first. Soft skills only call for free resources."""
    groupes: dict[tuple[int, str], list[int]] = {}
    for cellule in np.unique(analyse.besoins.cellule).tolist():
        decision = decide_creation(analyse, cellule)
        if decision:
            famille = _competence(analyse, cellule).famille
            groupes.setdefault((ORDRE.index(decision), famille), []).append(cellule)
    found = [
        _request(analyse, ORDRE[rang], famille, tuple(cellules))
        for (rang, famille), cellules in sorted(groupes.items())
    ]
    return (*found, *_soft(analyse))


def decide_creation(analyse: Analyse, cellule: int) -> DecisionCreation | None:
    """D.4 for one need; None when an adequate module exists."""
    regle = analyse.plan.appariement
    valeur, module = analyse.donnees.adequation.best(cellule)
    rang = int(analyse.besoins.rang[analyse.besoins.cellule == cellule].min())
    if valeur < regle.seuil_completer - TOLERANCE:
        if rang == 1:
            return CREER
        if rang == 2:
            return CREER if lacking(analyse, cellule) >= analyse.plan.creation.effectif_interne else MUTUALISER
        return LIBRE
    sans_contexte = valeur / float(analyse.offre.contexte[module])
    contexte_seul = valeur < regle.seuil_retenir - TOLERANCE <= sans_contexte
    return ADAPTER if contexte_seul and rang < 3 else None


def lacking(analyse: Analyse, cellule: int) -> int:
    """N of D.4: agents of the structure with a gap in this competence that no module answers."""
    seuil = analyse.plan.appariement.seuil_completer - TOLERANCE
    besoins = analyse.besoins
    competence = besoins.competence[besoins.cellule == cellule][0]
    siennes = np.unique(besoins.cellule[besoins.competence == competence])
    sans_module = [one for one in siennes.tolist() if analyse.donnees.adequation.best(one)[0] < seuil]
    return int(np.isin(besoins.cellule, sans_module).sum())


def request_table(analyse: Analyse, demandes: Iterable[Demande]) -> pd.DataFrame:
    return frame_of((_row(analyse, demande) for demande in demandes), CREATIONS)


def searches(analyse: Analyse, competences: Iterable[str]) -> list[tuple[GisementRecherche, list[RechercheOffre]]]:
    """Required sources, with the searches recorded for these competences, the latest first."""
    voulues = set(competences)
    found = []
    for gisement in analyse.plan.creation.gisements:
        if gisement.requis:
            faites = [
                recherche
                for recherche in analyse.dossier.recherches
                if recherche.gisement == gisement.id
                and (not recherche.competences or voulues <= set(recherche.competences))
            ]
            found.append((gisement, sorted(faites, key=lambda one: one.date, reverse=True)))
    return found


def proven(analyse: Analyse, competences: Iterable[str]) -> bool:
    """True when enough sources were searched for these competences."""
    faites = [gisement for gisement, recherches in searches(analyse, competences) if recherches]
    return len(faites) >= analyse.plan.creation.gisements_minimum


def search_sentence(analyse: Analyse, gisement: GisementRecherche, faites: list[RechercheOffre]) -> str:
    """« MENTOR : 5 modules connus, cherché le 2 novembre 2026, rien d'adapté »."""
    connus = int((analyse.offre.column("gisement") == gisement.id).sum())
    tete = f"{gisement.libelle} : {count(connus, 'module connu', 'modules connus')}"
    if not faites:
        return f"{tete}, recherche à faire"
    derniere = faites[0]
    resultat = derniere.resultat.replace(";", ",").strip().removesuffix(".")
    return f"{tete}, cherché le {long_date(derniere.date)}, {resultat}"


def _row(analyse: Analyse, demande: Demande) -> Mapping[str, Any]:
    return {
        "demande": demande.id,
        "competences": " ".join(demande.competences),
        "niveau_vise": float(demande.niveau) if demande.niveau else INCONNU,
        "niveaux": " ".join(
            f"{competence}:{write_levels(*levels)}" for competence, levels in demande.niveaux.items() if levels[1]
        ),
        "public": _audiences(analyse, demande),
        "effectif": headcount(analyse, demande),
        "decision": demande.decision,
        "echeance": demande.echeance.isoformat() if demande.echeance and demande.decision != LIBRE else "",
        "pilotes": " ; ".join(_pilots(analyse)) if demande.decision != LIBRE else "",
        "motif": reason(analyse, demande),
        "gisements": " ; ".join(
            search_sentence(analyse, gisement, faites)
            for gisement, faites in searches(analyse, demande.competences)
            if faites
        ),
    }


def headcount(analyse: Analyse, demande: Demande) -> float:
    """People with one of these gaps; NaN when one of the needs is masked, since it could be deduced."""
    if not demande.cellules or not analyse.publiee[list(demande.cellules)].all():
        return INCONNU
    besoins = analyse.besoins
    return float(len(np.unique(besoins.agent[np.isin(besoins.cellule, demande.cellules)])))


def reason(analyse: Analyse, demande: Demande) -> str:
    """What D.4 read: best adequacy, rank, number."""
    if not demande.cellules:
        return "Compétences douces : offre volontaire, jamais individuelle."
    adequation = analyse.donnees.adequation
    regle = analyse.plan.appariement
    visibles = [cellule for cellule in demande.cellules if analyse.publiee[cellule]]
    rang = int(min(analyse.besoins.rang[np.isin(analyse.besoins.cellule, demande.cellules)]))
    action = analyse.plan.creation.decisions[demande.decision]
    texte = f"Besoin de rang {rang}"
    if visibles:
        best = max(adequation.best(cellule)[0] for cellule in visibles)
        limite = regle.seuil_retenir if demande.decision == ADAPTER else regle.seuil_completer
        texte += f", meilleure adéquation {decimal(best, 2, limite)} (seuil {decimal(limite, 2)})"
    if demande.decision == ADAPTER:
        texte += ", le contexte seul manque"
    return f"{texte} : {action}."


def _audiences(analyse: Analyse, demande: Demande) -> str:
    """Audiences that may be named, in the order of the referentiel."""
    vus = {
        public
        for cellule in demande.cellules
        if analyse.publiee[cellule]
        for public in analyse.publics(cellule).split()
    }
    ordre = [public.id for public in analyse.dossier.referentiels.niveaux_requis.publics]
    if not demande.cellules:
        return ordre[0]
    return " ".join(public for public in ordre if public in vus) or NON_PUBLIABLE


def write_levels(bas: int, haut: int) -> str:
    """« 2-3 », « 3 »."""
    return str(haut) if bas == haut else f"{bas}-{haut}"


def _request(analyse: Analyse, decision: DecisionCreation, famille: str, cellules: tuple[int, ...]) -> Demande:
    besoins = analyse.besoins
    niveaux: dict[str, tuple[int, int]] = {}
    for cellule in cellules:
        competence = str(analyse.synthese["competence"].iat[cellule])
        requis = besoins.requis[besoins.cellule == cellule]
        if not analyse.publiee[cellule]:
            requis = _required_of_masked(analyse, competence)
        bas, haut = int(requis.min()), int(requis.max())
        vus = niveaux.get(competence, (bas, haut))
        niveaux[competence] = (min(bas, vus[0]), max(haut, vus[1]))
    ident = f"{SIGLES[decision]}-{famille}"
    return Demande(ident, decision, famille, niveaux, cellules, _deadline(analyse, cellules))


def _required_of_masked(analyse: Analyse, competence: str) -> np.ndarray:
    """Levels required of every masked audience, lacking or not: a request must not say which small group has a gap."""
    masquees = ~analyse.publiee & analyse.synthese["competence"].eq(competence).to_numpy(dtype=bool)
    required: np.ndarray = analyse.synthese["requis"].to_numpy()[masquees]
    return required


def _soft(analyse: Analyse) -> Iterator[Demande]:
    """Free resources for the soft skills that the structure as a whole needs; nothing else is known of them."""
    besoins = analyse.calcul.besoins
    referentiel = analyse.dossier.referentiels.competences
    douces = {competence.id for competence in referentiel.competences if is_soft(competence, referentiel)}
    demandees = besoins.loc[besoins["competence"].isin(douces) & besoins["besoin"].gt(0), "competence"]
    if len(demandees):
        yield Demande(f"{SIGLES[LIBRE]}-F", LIBRE, "F", dict.fromkeys(demandees, (0, 0)), (), None)


def _deadline(analyse: Analyse, cellules: Iterable[int]) -> date | None:
    """The first deadline to come among all those of whom these competences are required, with a gap or not."""
    lignes = analyse.calcul.lignes
    referentiel = analyse.dossier.referentiels
    competences = [competence.id for competence in referentiel.competences.competences]
    cles = {
        (competences.index(str(analyse.synthese["competence"].iloc[cellule])), public)
        for cellule in cellules
        for public in analyse.publics(cellule).split()
    }
    public = analyse.besoins.agents["public"].to_numpy()[lignes["agent"]]
    concernes = [cle in cles for cle in zip(lignes["competence"], public, strict=True)]
    agents = np.unique(lignes["agent"].to_numpy()[np.array(concernes, dtype=bool)])
    limites = analyse.besoins.agents["limite"].iloc[agents]
    futures = limites[limites > pd.Timestamp(analyse.dossier.campagne.date_reference)]
    return futures.min().date() if len(futures) else None


def _pilots(analyse: Analyse) -> list[str]:
    labels = {role.id: role.libelle for role in analyse.dossier.referentiels.maturite.roles}
    return [labels[pilote] for pilote in analyse.plan.creation.pilotes]


def _competence(analyse: Analyse, cellule: int) -> Any:
    id_ = analyse.synthese["competence"].iloc[cellule]
    return next(one for one in analyse.dossier.referentiels.competences.competences if one.id == id_)


def missing_searches(analyse: Analyse, demandes: Iterable[Demande]) -> str:
    """Sources still to be searched for the requests that need a proof, as a list; "" when there are none."""
    manquants = [
        gisement.libelle
        for demande in demandes
        if demande.decision != LIBRE and not proven(analyse, demande.competences)
        for gisement, faites in searches(analyse, demande.competences)
        if not faites
    ]
    return enumerate_words(dict.fromkeys(manquants))
