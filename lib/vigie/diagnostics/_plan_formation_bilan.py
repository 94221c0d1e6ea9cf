"""What a plan covers, costs and gives to each group: the one measure by which plans are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._plan_formation_glouton import RANGS
from ._plan_formation_seances import Donnees, Plan


@dataclass(frozen=True, eq=False)
class Bilan:
    """`atteint`: level reached on each line of Besoins; `couvert`: lines whose required level is reached.

    `charge`: Σ q·C by rank (D.3). `ecart_equite`: largest difference of coverage rate between two groups of one
    criterion, NaN when it cannot be read. `cout`: euros, what is not known counting for nothing.
    """

    plan: Plan
    atteint: np.ndarray
    couvert: np.ndarray
    charge: tuple[float, ...]
    heures_agents: np.ndarray
    cout: float
    sessions: int
    equite: pd.DataFrame
    ecart_equite: float

    @property
    def heures(self) -> float:
        return float(self.heures_agents.sum())

    @property
    def inscrits(self) -> int:
        """People enrolled at least once."""
        return len({agent for seance in self.plan.seances for agent in seance.inscrits})

    def objective(self) -> tuple[float, ...]:
        """What the optimiser announces, in order: charge covered of rank 1, of rank 2, of rank 3. Higher is better."""
        return tuple(round(valeur, 6) for valeur in self.charge)


def assess(donnees: Donnees, plan: Plan, seuil: int) -> Bilan:
    """`seuil`: a group of fewer agents with a need is not read for fairness."""
    besoins, offre = donnees.besoins, donnees.offre
    suivi = plan.followed(len(besoins.agents), len(offre))
    atteint = besoins.actuel.copy()
    for module in np.flatnonzero(suivi.any(axis=0)).tolist():
        lignes = donnees.adequation.retenues[module]
        pris = suivi[besoins.agent[lignes], module]
        servies = lignes[pris]
        atteint[servies] = np.maximum(atteint[servies], donnees.adequation.cible[module][pris])
    part = (atteint - besoins.actuel) / besoins.ecart
    couvert = part >= 1 - 1e-9
    equite = fairness(donnees, couvert, seuil)
    return Bilan(
        plan=plan,
        atteint=atteint,
        couvert=couvert,
        charge=tuple(float((besoins.q * part)[besoins.rang == rang].sum()) for rang in RANGS),
        heures_agents=suivi @ np.nan_to_num(offre.heures),
        cout=plan_cost(donnees, plan),
        sessions=sum(seance.places is not None for seance in plan.seances),
        equite=equite,
        ecart_equite=float(equite["ecart"].max()) if len(equite) else float("nan"),
    )


def plan_cost(donnees: Donnees, plan: Plan) -> float:
    total = 0.0
    for seance in plan.seances:
        par_seance, par_place = donnees.cost(seance.module)
        total += par_seance + par_place * len(seance.inscrits)
    return total


def fairness(donnees: Donnees, couvert: np.ndarray, seuil: int) -> pd.DataFrame:
    """critere, groupe, effectif, besoins, taux, ecart (to the best served group): two groups read at least.

    `effectif`: agents of the group who have a need.
    """
    besoins = donnees.besoins
    colonnes = ["critere", "groupe", "effectif", "besoins", "taux", "ecart"]
    parts = []
    for critere in donnees.plan.equite.criteres:
        noms, groupe = np.unique(besoins.agents[critere].to_numpy().astype(str), return_inverse=True)
        de_ligne = groupe[besoins.agent]
        agents = np.bincount(groupe[np.unique(besoins.agent)], minlength=len(noms))
        lignes = np.bincount(de_ligne, minlength=len(noms))
        lus = np.flatnonzero((agents >= max(seuil, 1)) & (noms != ""))
        if len(lus) > 1:
            taux = np.bincount(de_ligne, weights=couvert, minlength=len(noms))[lus] / lignes[lus]
            vue = {
                "critere": critere,
                "groupe": noms[lus],
                "effectif": agents[lus],
                "besoins": lignes[lus],
                "taux": taux,
            }
            parts.append(pd.DataFrame({**vue, "ecart": taux.max() - taux}))
    colonnes = ["critere", "groupe", "effectif", "besoins", "taux", "ecart"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=colonnes)
