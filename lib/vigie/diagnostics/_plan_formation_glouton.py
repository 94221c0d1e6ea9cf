"""The greedy plan (D.3): module after module, the one that covers most of what is left per hour, rank after rank.

It is the plan that a training service would draw by hand, and what the optimised plan is compared with.
"""

from __future__ import annotations

import heapq

import numpy as np
import pandas as pd

from ._plan_formation_besoins import CRITERES
from ._plan_formation_seances import Donnees, Plan, Reservation, make_plan
from .chiffres import TOLERANCE

GLOUTON = "glouton"
RANGS = (1, 2, 3)


def greedy(donnees: Donnees, nom: str = GLOUTON, depart: Plan | None = None) -> Plan:
    """Rank 1 is served as far as it can be before rank 2 counts, and rank 2 before rank 3.

    `depart`: a plan already made, of which nothing is taken away; only what is left is served.
    """
    etat = _Etat(donnees, depart)
    for rang in RANGS:
        etat.serve(rang)
    return make_plan(nom, [seance for seances in etat.reservation.seances.values() for seance in seances])


class _Etat:
    """What is covered, and what hours are left, as enrolments are made."""

    def __init__(self, donnees: Donnees, depart: Plan | None) -> None:
        self.donnees = donnees
        self.reservation = Reservation(donnees)
        self.atteint = donnees.besoins.actuel.copy()
        self.heures = donnees.besoins.agents["plafond"].to_numpy(dtype="float64").copy()
        limite = donnees.besoins.agents["limite"].fillna(pd.Timestamp.max)
        self.limite = limite.to_numpy().astype("int64")
        pairs = donnees.besoins.agents[list(CRITERES)].assign(limite=self.limite)
        self.groupe = pairs.groupby([*pairs], sort=False).ngroup().to_numpy()
        self.inscrits = np.zeros((len(donnees.besoins.agents), len(donnees.offre)), dtype=bool)
        for seance in depart.seances if depart else ():
            self.reservation.resume(seance)
            self._follow(seance.module, seance.inscrits)

    def serve(self, rang: int) -> None:
        """One pass: each module once, best first. What a module brings only falls as others are followed, so a module
        that is still ahead of the others' former values is the best."""
        modules = np.flatnonzero(self.donnees.offre.planifiable).tolist()
        file = [cle for module in modules if (cle := self._key(module, rang))]
        heapq.heapify(file)
        while file:
            module = file[0][2]
            cle = self._key(module, rang)
            if cle is None:
                heapq.heappop(file)
            elif len(file) > 1 and cle > min(file[1:3]):
                heapq.heapreplace(file, cle)
            else:
                heapq.heappop(file)
                self.enrol(module, rang)

    def _key(self, module: int, rang: int) -> tuple[float, int, int] | None:
        """Order of choice: most covered per hour; ties, the order of offers, then the id. None: brings nothing."""
        gain = float(self.gains(int(module), rang).sum())
        if gain <= TOLERANCE:
            return None
        par_heure = gain / float(self.donnees.offre.heures[module])
        return -round(par_heure, 9), int(self.donnees.offre.ordre[module]), int(module)

    def gains(self, module: int, rang: int) -> np.ndarray:
        """q newly covered for each agent who can still follow the module, over needs up to this rank."""
        besoins = self.donnees.besoins
        lignes = self.donnees.adequation.retenues[module]
        monte = np.clip(self.donnees.adequation.cible[module] - self.atteint[lignes], 0, None)
        q = np.where(besoins.rang[lignes] <= rang, besoins.q[lignes] * monte / besoins.ecart[lignes], 0.0)
        gains: np.ndarray = np.bincount(besoins.agent[lignes], weights=q, minlength=len(besoins.agents))
        libres = ~self.inscrits[:, module] & (self.heures >= self.donnees.offre.heures[module] - TOLERANCE)
        return np.where(libres & self.donnees.reachable(module), gains, 0.0)

    def enrol(self, module: int, rang: int) -> None:
        """A seat for each agent who gains, in the order of D.3, until there is none left."""
        self._follow(module, [agent for agent in self._order(module, rang) if self.reservation.take(module, agent)])

    def _follow(self, module: int, pris: list[int]) -> None:
        self.inscrits[pris, module] = True
        self.heures[pris] -= self.donnees.offre.heures[module]
        lignes = self.donnees.adequation.retenues[module]
        suivies = np.isin(self.donnees.besoins.agent[lignes], pris)
        servies = lignes[suivies]
        self.atteint[servies] = np.maximum(self.atteint[servies], self.donnees.adequation.cible[module][suivies])

    def _order(self, module: int, rang: int) -> list[int]:
        """Best rank served, then the opening date, then in turn among sites, categories and genders (F3-30)."""
        besoins = self.donnees.besoins
        gains = self.gains(module, rang)
        lignes = self.donnees.adequation.retenues[module]
        monte = self.donnees.adequation.cible[module] > self.atteint[lignes]
        servies = lignes[monte & (besoins.rang[lignes] <= rang)]
        rangs = np.full(len(besoins.agents), RANGS[-1] + 1)
        np.minimum.at(rangs, besoins.agent[servies], besoins.rang[servies])
        file = np.flatnonzero(gains > TOLERANCE)
        tour = _turns(rangs[file] * (self.groupe.max(initial=0) + 1) + self.groupe[file])
        ordre = np.lexsort((file, tour, self.limite[file], rangs[file]))
        return [int(agent) for agent in file[ordre]]


def _turns(groupe: np.ndarray) -> np.ndarray:
    """When each agent's turn comes, from 0 to 1, so that groups of any size advance together."""
    _, codes, tailles = np.unique(groupe, return_inverse=True, return_counts=True)
    ordre = np.argsort(codes, kind="stable")
    debuts = np.concatenate([[0], np.cumsum(tailles)])[codes[ordre]]
    rangs = np.empty(len(codes), dtype="int64")
    rangs[ordre] = np.arange(len(codes)) - debuts
    turns: np.ndarray = (rangs + 0.5) / tailles[codes]
    return turns
