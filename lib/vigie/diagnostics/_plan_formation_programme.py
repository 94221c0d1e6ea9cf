"""The optimised plan: a small integer programme, solved by HiGHS (scipy.optimize.milp).

Objective: charge covered of rank 1, then of rank 2, then of rank 3, in that strict order; then, with the sessions thus
held, fairness between groups (F3-30), then few hours.

Small programmes are solved at once: charges are whole numbers (levels × criticality × urgency), so that weights larger
than all that the lower ranks can bring keep the order strictly, and the plan is proven. Larger ones are solved rank
after rank: each group keeps the charge of the ranks before; then, with the sessions thus held, all ranks are sought
again together. Such a plan is not said to be proven.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from ._plan_formation_bilan import fairness
from ._plan_formation_colonnes import Colonnes
from ._plan_formation_modele import Modele, Session

OPTIMAL = 0
EXACT = 1e11
"""Above this, a difference of one in the objective would be lost in rounding."""
POIDS_LARGES = np.array([1e6, 1e3, 1.0])
ECART_RELATIF = 1e-2
"""Gap at which a search that proves nothing is stopped."""
PEU = 1e-3
"""Hours, all together, weigh less than a tenth of a point of fairness."""
PAR_HEURE = 1e-6
"""Weight of an hour among charges: too little to change one."""
PART_RANG = 0.7
"""Share of the time left that one rank may take."""


@dataclass(frozen=True, eq=False)
class Solution:
    """`effectifs`: people by combination; `sessions`: how many, by module, place and period.

    `prouve`: no choice among these combinations covers more, ranks being strictly ordered.
    """

    colonnes: Colonnes
    effectifs: np.ndarray
    sessions: dict[Session, int]
    prouve: bool


@dataclass(frozen=True, eq=False)
class Bornes:
    """What a search must respect: `low` ≤ unknowns ≤ `high`, rows · unknowns ≤ `upper`."""

    rows: sparse.csr_matrix
    upper: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def row(self, line: np.ndarray, limit: float) -> Bornes:
        return self.more(sparse.csr_matrix(line), np.array([limit]))

    def more(self, lines: sparse.csr_matrix, limits: np.ndarray) -> Bornes:
        rows = sparse.vstack([self.rows, lines], format="csr")
        return Bornes(rows, np.append(self.upper, limits), self.low, self.high)

    def held(self, sessions: np.ndarray) -> Bornes:
        """With these numbers of sessions, neither more nor less."""
        people = len(self.low) - len(sessions)
        low, high = np.append(self.low[:people], sessions), np.append(self.high[:people], sessions)
        return Bornes(self.rows, self.upper, low, high)

    def rates(self, lines: list[np.ndarray], count: int) -> Bornes:
        """With `count` more unknowns, from 0 to 1, and rows ≤ 0 that bind them."""
        rows = sparse.hstack([self.rows, sparse.csr_matrix((self.rows.shape[0], count))], format="csr")
        if lines:
            rows = sparse.vstack([rows, sparse.csr_matrix(np.array(lines))], format="csr")
        upper = np.append(self.upper, np.zeros(len(lines)))
        return Bornes(rows, upper, np.append(self.low, np.zeros(count)), np.append(self.high, np.ones(count)))


class Programme:
    """`seuil`: groups of fewer agents are left out of fairness; `fin`: clock of the processor not to pass."""

    def __init__(self, modele: Modele, seuil: int, fin: float) -> None:
        self.modele = modele
        self.seuil = seuil
        self.fin = fin
        self.bornes = Bornes(modele.rows, modele.upper, np.zeros(modele.size), modele.largest)
        self.reglages = modele.donnees.plan.optimisation

    def solve(self) -> Solution | None:
        """None when no plan was found in time."""
        poids, domine = weights(self.modele)
        prouve = False
        if domine and len(self.modele.colonnes) <= self.reglages.colonnes_exactes:
            best, prouve = self._at_once(poids)
        else:
            best = self._rank_after_rank()
            best = best if best is None else self._again_together(best)
        if best is None:
            return None
        return self._solution(self._share_fairly(best), prouve)

    def _at_once(self, poids: np.ndarray) -> tuple[np.ndarray | None, bool]:
        """All ranks together, each outweighing the lower ones, down to a gap of less than one."""
        valeur = self.modele.colonnes.charge @ poids
        most = float(best_by_group(valeur, self.modele).sum())
        serrees = self.bornes.more(*self.modele.session_needed())
        return self._milp(self._cost(valeur), serrees, 0.5 / max(most, 1.0), 1.0)

    def _rank_after_rank(self) -> np.ndarray | None:
        bornes, best = self.bornes, None
        for rang in range(self.modele.colonnes.charge.shape[1]):
            charge = self.modele.colonnes.charge[:, rang]
            if not charge.any():
                continue
            found, _ = self._milp(self._cost(charge), bornes, ECART_RELATIF, PART_RANG)
            if found is None:
                return best
            best = found
            bornes = self._keep(bornes, charge, best)
        return best

    def _keep(self, bornes: Bornes, charge: np.ndarray, found: np.ndarray) -> Bornes:
        """Each group keeps at least the charge found for it."""
        colonnes = self.modele.colonnes
        par_groupe = np.bincount(
            colonnes.groupe, weights=charge * found[: len(colonnes)], minlength=len(self.modele.groupes)
        )
        seuls = self.modele.tailles == 1
        high = bornes.high.copy()
        moindres = seuls[colonnes.groupe] & (charge < par_groupe[colonnes.groupe] - PAR_HEURE)
        high[: len(colonnes)][moindres] = 0
        kept = Bornes(bornes.rows, bornes.upper, bornes.low, high)
        served = np.flatnonzero(par_groupe > 0)
        lines = [np.where(colonnes.groupe == groupe, -np.where(seuls[groupe], 1.0, charge), 0.0) for groupe in served]
        if not lines:
            return kept
        rows = sparse.csr_matrix(np.array([self.modele.weigh(line) for line in lines]))
        limits = np.where(seuls[served], -1.0, -par_groupe[served] + PAR_HEURE)
        return kept.more(rows, limits)

    def _again_together(self, best: np.ndarray) -> np.ndarray:
        """All ranks together, with the sessions found: quick, since only people move."""
        cost = self._cost(self.modele.colonnes.charge @ POIDS_LARGES)
        held = self.bornes.held(best[len(self.modele.colonnes) :])
        found, _ = self._milp(cost, held, 1e-6, PART_RANG)
        return found if found is not None and float(cost @ found) < float(cost @ best) else best

    def _cost(self, valeur: np.ndarray) -> np.ndarray:
        return -self.modele.weigh(valeur - PAR_HEURE * self.modele.colonnes.heures)

    def _milp(
        self, cost: np.ndarray, bornes: Bornes, precision: float, part: float, libres: int = 0
    ) -> tuple[np.ndarray | None, bool]:
        """(whole values, proven to `precision`), in this part of the time left.

        `libres`: last unknowns, that are rates and not numbers of people or sessions.
        """
        reste = (self.fin - time.process_time()) * part
        if reste <= 0:
            return None, False
        entiers = np.ones(len(cost))
        entiers[len(cost) - libres :] = 0
        result = milp(
            cost,
            integrality=entiers,
            bounds=Bounds(bornes.low, bornes.high),
            constraints=LinearConstraint(bornes.rows, -np.inf, bornes.upper),
            options={"time_limit": reste, "node_limit": self.reglages.noeuds_max, "mip_rel_gap": precision},
        )
        if result.x is None:
            return None, False
        whole = np.asarray(result.x).copy()
        whole[: len(cost) - libres] = np.rint(whole[: len(cost) - libres])
        return whole, result.status == OPTIMAL

    def _share_fairly(self, best: np.ndarray) -> np.ndarray:
        """Same charge, same sessions: smallest sum, over criteria, of best minus worst rate; then few hours."""
        rates = self._rates()
        size, libres = self.modele.size, 2 * len(rates)
        bornes = self.bornes.held(best[len(self.modele.colonnes) :])
        for charge in self.modele.colonnes.charge.T:
            line = -self.modele.weigh(charge)
            bornes = bornes.row(line, float(line @ best) + PAR_HEURE)
        lines = []
        for position, groups in enumerate(rates.values()):
            for rate in groups:
                for side, sign in ((2 * position, 1.0), (2 * position + 1, -1.0)):
                    line = np.zeros(size + libres)
                    line[: len(rate)] = sign * rate
                    line[size + side] = -sign
                    lines.append(line)
        heures = self.modele.colonnes.heures
        most = float((heures * self.modele.largest[: len(heures)]).sum()) + 1.0
        cost = np.concatenate([self.modele.weigh(PEU * heures / most), np.tile([1.0, -1.0], len(rates))])
        found, _ = self._milp(cost, bornes.rates(lines, libres), PEU, 1.0, libres)
        return best if found is None else found[:size]

    def _rates(self) -> dict[str, list[np.ndarray]]:
        """Criterion → for each group read, what each combination adds to its coverage rate."""
        donnees, colonnes = self.modele.donnees, self.modele.colonnes
        lues = fairness(donnees, np.zeros(len(donnees.besoins), dtype=bool), self.seuil)
        premiers = donnees.besoins.agents.iloc[[groupe.agents[0] for groupe in self.modele.groupes]]
        rates: dict[str, list[np.ndarray]] = {}
        for critere, nom, nombre in zip(lues["critere"], lues["groupe"], lues["besoins"], strict=True):
            siens = premiers[critere].to_numpy() == nom
            rate = np.where(siens[colonnes.groupe], colonnes.couverts / nombre, 0.0)
            rates.setdefault(str(critere), []).append(rate)
        return rates

    def _solution(self, values: np.ndarray, prouve: bool) -> Solution:
        effectifs, sessions = np.split(values.astype(int), [len(self.modele.colonnes)])
        tenues = {cle: int(nombre) for cle, nombre in zip(self.modele.sessions, sessions, strict=True) if nombre}
        return Solution(self.modele.colonnes, effectifs, tenues, prouve)


def weights(modele: Modele) -> tuple[np.ndarray, bool]:
    """(weights of ranks 1, 2, 3; whether each outweighs all that the lower ranks can bring)."""
    charge = modele.colonnes.charge
    un, deux, trois = (float(best_by_group(charge[:, rang], modele).sum()) for rang in range(charge.shape[1]))
    second = trois + 1
    premier = second * deux + trois + 1
    entieres = bool(np.allclose(charge, np.rint(charge), atol=1e-9))
    if entieres and premier * un + second * deux + trois < EXACT:
        return np.array([premier, second, 1.0]), True
    return POIDS_LARGES, False


def best_by_group(valeur: np.ndarray, modele: Modele) -> np.ndarray:
    """For each group, what all its people would bring with their best combination."""
    best = np.zeros(len(modele.groupes))
    np.maximum.at(best, modele.colonnes.groupe, valeur)
    brought: np.ndarray = best * modele.tailles
    return brought
