"""How far a module answers a need (D.3): coverage, admissibility, adequacy, decision.

A need is read at the level of the synthesis: a competence and an audience, or audiences grouped under the threshold.
« Competences visées » is understood as those of the need: A is computed need by need, and the adequacy of a module is
that over the needs it is kept for. A module that answers one need well is not set aside for what it does not teach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..referentiels.parcours_formation import Appariement
from ._plan_formation_besoins import Besoins
from ._plan_formation_offre import Offre
from .chiffres import TOLERANCE, at_least

RETENIR, COMPLETER, INSUFFISANT = "retenir", "completer", "insuffisant"


@dataclass(frozen=True, eq=False)
class Adequation:
    """`valeurs`: modules × rows of the synthesis, 0 where a module does not reach a need, NaN where nobody needs it.

    `recevables`: modules → lines of Besoins that it may serve. `retenues`: those of needs where it is kept (A ≥ 0.30).
    `cible`: modules → level that it leads to on each of its `retenues`.
    """

    valeurs: np.ndarray
    recevables: tuple[np.ndarray, ...]
    retenues: tuple[np.ndarray, ...]
    cible: tuple[np.ndarray, ...]
    regle: Appariement

    def best(self, cellule: int) -> tuple[float, int]:
        """(adequacy, module) of the best module for a need; (0, -1) when none reaches it."""
        values = np.nan_to_num(self.valeurs[:, cellule])
        module = int(values.argmax()) if len(values) else -1
        return (float(values[module]), module) if module >= 0 and values[module] > 0 else (0.0, -1)

    def decide(self, valeur: float) -> str:
        return decide(valeur, self.regle)


def coverage(actuel: np.ndarray, requis: np.ndarray, entree: np.ndarray, sortie: np.ndarray) -> np.ndarray:
    """C (D.3): share of ]actuel ; requis] that ]entree ; sortie] crosses; 0 when there is nothing to cross."""
    croise = np.clip(np.minimum(requis, sortie) - np.maximum(actuel, entree), 0, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts: np.ndarray = np.where(requis > actuel, croise / (requis - actuel), 0.0)
    return parts


def decide(valeur: float, regle: Appariement) -> str:
    """Retenir, completer or insuffisant, at the thresholds of D.3."""
    if at_least(valeur, regle.seuil_retenir):
        return RETENIR
    return COMPLETER if at_least(valeur, regle.seuil_completer) else INSUFFISANT


def match(besoins: Besoins, offre: Offre, cellules: int, regle: Appariement) -> Adequation:
    """A of every module for every need. `cellules`: number of rows of the synthesis."""
    poids_q = np.bincount(besoins.cellule, weights=besoins.q, minlength=cellules)
    demandes = poids_q > 0
    valeurs = np.full((len(offre), cellules), np.nan)
    recevables, retenues, cible = [], [], []
    for module in range(len(offre)):
        lignes = _admissible(besoins, offre, module)
        sortie = offre.sortie[module, besoins.competence[lignes]]
        entree = offre.entree[module, besoins.competence[lignes]]
        parts = coverage(besoins.actuel[lignes], besoins.requis[lignes], entree, sortie)
        couvert = np.bincount(besoins.cellule[lignes], weights=besoins.q[lignes] * parts, minlength=cellules)
        valeurs[module, demandes] = offre.poids[module] * couvert[demandes] / poids_q[demandes]
        gardees = np.nan_to_num(valeurs[module]) >= regle.seuil_completer - TOLERANCE
        kept = lignes[gardees[besoins.cellule[lignes]]]
        recevables.append(lignes)
        retenues.append(kept)
        cible.append(np.minimum(offre.sortie[module, besoins.competence[kept]], besoins.requis[kept]))
    return Adequation(valeurs, tuple(recevables), tuple(retenues), tuple(cible), regle)


def module_adequacy(adequation: Adequation, besoins: Besoins, offre: Offre, module: int) -> float:
    """A of the module over the needs it is kept for, else over all those it aims at; NaN when nobody needs it."""
    cellules = np.unique(besoins.cellule[adequation.retenues[module]])
    if not len(cellules):
        cellules = np.unique(besoins.cellule[offre.sortie[module, besoins.competence] > 0])
    poids_q = np.bincount(besoins.cellule, weights=besoins.q, minlength=adequation.valeurs.shape[1])[cellules]
    if not poids_q.sum():
        return float("nan")
    return float((np.nan_to_num(adequation.valeurs[module, cellules]) * poids_q).sum() / poids_q.sum())


def _admissible(besoins: Besoins, offre: Offre, module: int) -> np.ndarray:
    """R (D.3): lines of agents aimed at, whose entry level is reached, that the module raises, on a site it is held."""
    niveaux = offre.sortie[module, besoins.competence] > besoins.actuel
    niveaux &= offre.entree[module, besoins.competence] <= besoins.actuel
    vises = (besoins.membre @ offre.publics[module]) & bool(offre.accessible[module])
    if offre.sites[module] and not offre.column("a_distance")[module]:
        vises &= besoins.agents["site"].isin(offre.sites[module]).to_numpy(dtype=bool)
    return np.flatnonzero(niveaux & vises[besoins.agent])
