"""The continuous programme: what a seat is worth, which combinations to look at, what a relaxed bound would change."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linprog

from ._plan_formation_colonnes import Colonnes, Groupe
from ._plan_formation_modele import Modele
from ._plan_formation_seances import Donnees

POIDS_RANGS = np.array([1e4, 1e2, 1.0])
"""Enough to choose what to look at; the integer programme has weights that are strictly ordered."""
PRECISION = 1e-6


def choose_columns(donnees: Donnees, groupes: tuple[Groupe, ...], colonnes: Colonnes) -> Colonnes:
    """At most `colonnes_max` of them (referentiel), those of the greedy plan always among them.

    Rounds of the continuous programme give a price to each seat; each round adds, for each group, the combination that
    is worth most at those prices. Then the nearest ones fill what room is left.
    """
    reglages = donnees.plan.optimisation
    if len(colonnes) <= reglages.colonnes_max:
        return colonnes
    valeur = colonnes.charge @ POIDS_RANGS
    kept = colonnes.du_glouton.copy()
    kept[_best_of_groups(valeur, colonnes.groupe)] = True
    reduits = valeur
    for _ in range(reglages.tours_max):
        vues = np.flatnonzero(kept)
        reduits = valeur - _prices(Modele(donnees, groupes, colonnes.take(vues)), valeur[vues], colonnes)
        meilleures = _best_of_groups(np.where(kept, -np.inf, reduits), colonnes.groupe)
        nouvelles = meilleures[reduits[meilleures] > PRECISION]
        if not len(nouvelles):
            break
        kept[nouvelles] = True
    place = reglages.colonnes_max - int(kept.sum())
    if place > 0:
        kept[np.argsort(np.where(kept, np.inf, -reduits), kind="stable")[:place]] = True
    return colonnes.take(np.flatnonzero(kept))


def continuous_charge(modele: Modele) -> np.ndarray:
    """Charge covered by rank when people and sessions may be fractions: no plan covers more of rank 1."""
    valeur = modele.colonnes.charge @ POIDS_RANGS
    found = _solve(modele, valeur)
    charge: np.ndarray = modele.colonnes.charge.T @ found.x[: len(modele.colonnes)]
    return charge


def _prices(modele: Modele, valeur: np.ndarray, toutes: Colonnes) -> np.ndarray:
    """What each combination of `toutes` would cost at the prices of the continuous programme."""
    duals = -np.asarray(_solve(modele, valeur).ineqlin.marginals)
    prix = np.zeros((len(modele.groupes), toutes.choix.shape[1]))
    for numero, (module, groupes) in enumerate(modele.sieges, len(modele.groupes)):
        prix[groupes, module] += duals[numero]
    if modele.donnees.contraintes.budget is not None:
        prix += duals[-1] * np.array([modele.donnees.cost(module)[1] for module in range(prix.shape[1])])
    cout: np.ndarray = duals[toutes.groupe] + (toutes.choix * prix[toutes.groupe]).sum(axis=1)
    return cout


def _solve(modele: Modele, valeur: np.ndarray) -> Any:
    bounds = np.stack([np.zeros(modele.size), modele.largest], axis=1)
    return linprog(-modele.weigh(valeur), A_ub=modele.rows, b_ub=modele.upper, bounds=bounds, method="highs")


def _best_of_groups(valeur: np.ndarray, groupe: np.ndarray) -> np.ndarray:
    ordre = np.lexsort((-valeur, groupe))
    best: np.ndarray = ordre[np.unique(groupe[ordre], return_index=True)[1]]
    return best
