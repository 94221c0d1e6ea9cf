"""Why a need is not covered, line by line, then said for a whole need (D.3, « Sortie »)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._plan_formation_bilan import Bilan
from ._plan_formation_seances import Donnees
from .chiffres import TOLERANCE, decimal
from .phrases import enumerate_words

if TYPE_CHECKING:
    from ._plan_formation_analyse import Analyse

COUVERT = ""
AUCUN_MODULE, NON_RECEVABLE, A_DEMANDER = "aucun_module", "non_recevable", "a_demander"
DELAI, HEURES, PARTIEL, PLACES, CHOIX = "delai", "heures", "partiel", "places", "choix"
PHRASES = {
    NON_RECEVABLE: "niveau d'entrée non atteint, public non visé, ou aucune séance sur le site",
    DELAI: "aucune séance avant l'échéance",
    HEURES: "plafond d'heures atteint",
    PARTIEL: "le module n'amène pas au niveau requis, la suite est à programmer",
    PLACES: "places, sessions ou budget épuisés",
    CHOIX: "le choix du service de formation laisse ce besoin sans module",
}


def reasons(donnees: Donnees, bilan: Bilan) -> np.ndarray:
    """One reason a line of Besoins, "" when it is covered: the first thing that a solution would meet."""
    besoins, offre = donnees.besoins, donnees.offre
    plafond = besoins.agents["plafond"].to_numpy()
    reste = (plafond - bilan.heures_agents)[besoins.agent]
    convient, planifie, a_temps, tient, monte, loge = (np.zeros(len(besoins), dtype=bool) for _ in range(6))
    for module in range(len(offre)):
        lignes = donnees.adequation.retenues[module]
        convient[lignes] = True
        if not offre.planifiable[module]:
            continue
        planifie[lignes] = True
        lignes = lignes[donnees.reachable(module)[besoins.agent[lignes]]]
        a_temps[lignes] = True
        heures = float(offre.heures[module]) - TOLERANCE
        lignes = lignes[plafond[besoins.agent[lignes]] >= heures]
        tient[lignes] = True
        lignes = lignes[offre.sortie[module, besoins.competence[lignes]] > bilan.atteint[lignes] + TOLERANCE]
        monte[lignes] = True
        loge[lignes[reste[lignes] >= heures]] = True
    seuil = donnees.adequation.regle.seuil_completer - TOLERANCE
    best = np.nan_to_num(donnees.adequation.valeurs).max(axis=0, initial=0.0)
    obstacles = (
        (CHOIX, ~convient & np.isin(besoins.competence, sorted(donnees.choisies))),
        (AUCUN_MODULE, best[besoins.cellule] < seuil),
        (NON_RECEVABLE, ~convient),
        (A_DEMANDER, ~planifie),
        (DELAI, ~a_temps),
        (HEURES, ~tient),
        (PARTIEL, ~monte),
        (HEURES, ~loge),
        (PLACES, np.ones(len(besoins), dtype=bool)),
    )
    names = np.array([name for name, _ in obstacles], dtype=object)
    first = np.select([met for _, met in obstacles], range(len(obstacles)), len(obstacles) - 1)
    return np.where(bilan.couvert, COUVERT, names[first])


def explain(analyse: Analyse, cellule: int) -> str:
    """Why some of a need is left, the most frequent reason first; "" when all is covered."""
    raisons = analyse.raisons[analyse.besoins.cellule == cellule]
    raisons = raisons[raisons != COUVERT]
    if not len(raisons):
        return ""
    noms, nombres = np.unique(raisons.astype(str), return_counts=True)
    return " ; ".join(_sentence(analyse, cellule, str(noms[rang])) for rang in np.argsort(-nombres, kind="stable"))


def _sentence(analyse: Analyse, cellule: int, raison: str) -> str:
    valeur, module = analyse.donnees.adequation.best(cellule)
    if raison == AUCUN_MODULE:
        if module < 0:
            return "aucun module connu ne vise ce niveau pour ce public"
        seuil = analyse.plan.appariement.seuil_completer
        return f"aucun module adéquat (au mieux {analyse.offre.title(module)}, {decimal(valeur, 2, seuil)})"
    if raison == A_DEMANDER:
        noms = enumerate_words(analyse.offre.title(one) for one in to_ask(analyse, cellule)[:3])
        return f"à demander avant d'inscrire : {noms} (durée ou places inconnues)"
    return PHRASES[raison]


def to_ask(analyse: Analyse, cellule: int) -> list[int]:
    """Modules adequate for a need that cannot be planned yet, most adequate first."""
    valeurs = np.nan_to_num(analyse.donnees.adequation.valeurs[:, cellule])
    seuil = analyse.plan.appariement.seuil_completer - TOLERANCE
    waiting = np.flatnonzero((valeurs >= seuil) & ~analyse.offre.planifiable)
    return [int(module) for module in waiting[np.argsort(-valeurs[waiting], kind="stable")]]
