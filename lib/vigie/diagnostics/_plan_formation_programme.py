"""The optimised plan: a small integer programme, solved by HiGHS (scipy.optimize.milp).

Objective: charge covered of rank 1, then of rank 2, then of rank 3, in that strict order; then, with the sessions thus
held, fairness between groups (F3-30), then few hours. Charges are whole numbers (levels × criticality × urgency), so
that weights larger than all that the lower ranks can bring keep the order strictly. When those weights would be too
large to be exact, rank 1 is first sought alone and held, and the plan is not said to be proven.
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
ECART_RELATIF = 1e-5
"""Gap at which a search is stopped when it cannot be proven anyway."""
PEU = 1e-3
"""Hours, all together, weigh less than a tenth of a point of fairness."""
PART_EQUITE = 0.25
"""Share of the time kept for fairness."""


@dataclass(frozen=True, eq=False)
class Solution:
    """`effectifs`: people by combination; `sessions`: how many, by module, place and period.

    `prouve`: no choice among these combinations covers more, ranks being strictly ordered.
    """

    colonnes: Colonnes
    effectifs: np.ndarray
    sessions: dict[Session, int]
    prouve: bool


class Programme:
    """`seuil`: groups of fewer agents are left out of fairness; `fin`: monotonic clock not to pass."""

    def __init__(self, modele: Modele, seuil: int, fin: float) -> None:
        self.modele = modele
        self.seuil = seuil
        self.fin = fin
        self.poids, self.domine = weights(modele)

    def solve(self) -> Solution | None:
        """None when no plan was found in time."""
        rows, upper = self.modele.rows, self.modele.upper
        if not self.domine:
            rows, upper = self._hold_first_rank(rows, upper)
        valeur = self.modele.colonnes.charge @ self.poids
        best, ended = self._search(-self.modele.weigh(valeur), rows, upper, self._precision(valeur))
        if best is None:
            return None
        fair = self._share_fairly(best, valeur)
        return self._solution(best if fair is None else fair, ended and self.domine)

    def _hold_first_rank(self, rows: sparse.csr_matrix, upper: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
        """The bounds, and that rank 1 is covered as far as it can be."""
        premier = self.modele.weigh(self.modele.colonnes.charge[:, 0])
        found, _ = self._search(-premier, rows, upper, ECART_RELATIF)
        if found is None:
            return rows, upper
        return _with_row(rows, upper, -premier, -float(premier @ found) + 0.5)

    def _search(
        self, cost: np.ndarray, rows: sparse.csr_matrix, upper: np.ndarray, precision: float
    ) -> tuple[np.ndarray | None, bool]:
        """(whole values, proven)."""
        reste = (self.fin - time.monotonic()) * (1 - PART_EQUITE)
        return self._milp(cost, rows, upper, Bounds(np.zeros(len(cost)), self.modele.largest), precision, reste)

    def _milp(
        self,
        cost: np.ndarray,
        rows: sparse.csr_matrix,
        upper: np.ndarray,
        bounds: Bounds,
        precision: float,
        reste: float,
        libres: int = 0,
    ) -> tuple[np.ndarray | None, bool]:
        """`libres`: last unknowns, that are rates and not numbers of people or sessions."""
        if reste <= 0:
            return None, False
        entiers = np.ones(len(cost))
        entiers[len(cost) - libres :] = 0
        options = {
            "time_limit": reste,
            "node_limit": self.modele.donnees.plan.optimisation.noeuds_max,
            "mip_rel_gap": precision,
        }
        constraints = LinearConstraint(rows, -np.inf, upper)
        result = milp(cost, integrality=entiers, bounds=bounds, constraints=constraints, options=options)
        if result.x is None:
            return None, False
        whole = np.asarray(result.x).copy()
        whole[: len(cost) - libres] = np.rint(whole[: len(cost) - libres])
        return whole, result.status == OPTIMAL

    def _precision(self, valeur: np.ndarray) -> float:
        """Relative gap under which the whole-valued objective can no longer change."""
        most = float(_best_by_group(valeur, self.modele).sum())
        return 0.5 / max(most, 1.0) if self.domine else ECART_RELATIF

    def _share_fairly(self, best: np.ndarray, valeur: np.ndarray) -> np.ndarray | None:
        """Same charge, same sessions: smallest sum, over criteria, of best minus worst rate; then few hours."""
        rates = self._rates()
        size, libres = self.modele.size, 2 * len(rates)
        wide = sparse.hstack([self.modele.rows, sparse.csr_matrix((self.modele.rows.shape[0], libres))], format="csr")
        upper = self.modele.upper
        for gain in self.modele.colonnes.charge.T:
            line = np.concatenate([-self.modele.weigh(gain), np.zeros(libres)])
            wide, upper = _with_row(wide, upper, line, float(line[:size] @ best) + 1e-6)
        lines = []
        for position, groups in enumerate(rates.values()):
            for rate in groups:
                for side, sign in ((2 * position, 1.0), (2 * position + 1, -1.0)):
                    line = np.zeros(size + libres)
                    line[: len(rate)] = sign * rate
                    line[size + side] = -sign
                    lines.append(line)
        if lines:
            wide = sparse.vstack([wide, sparse.csr_matrix(np.array(lines))], format="csr")
            upper = np.append(upper, np.zeros(len(lines)))
        held = best[len(self.modele.colonnes) :]
        low = np.concatenate([np.zeros(len(self.modele.colonnes)), held, np.zeros(libres)])
        high = np.concatenate([self.modele.largest[: len(self.modele.colonnes)], held, np.ones(libres)])
        cost = np.concatenate([self._hours(), np.tile([1.0, -1.0], len(rates))])
        found, _ = self._milp(cost, wide, upper, Bounds(low, high), PEU, self.fin - time.monotonic(), libres)
        return None if found is None else found[:size]

    def _hours(self) -> np.ndarray:
        heures = self.modele.colonnes.heures
        most = float((heures * self.modele.largest[: len(heures)]).sum()) + 1.0
        return self.modele.weigh(PEU * heures / most)

    def _rates(self) -> dict[str, list[np.ndarray]]:
        """Criterion → for each group read, what each combination adds to its coverage rate."""
        donnees, colonnes = self.modele.donnees, self.modele.colonnes
        lues = fairness(donnees, np.zeros(len(donnees.besoins), dtype=bool), self.seuil)
        rates: dict[str, list[np.ndarray]] = {}
        for critere, nom, nombre in zip(lues["critere"], lues["groupe"], lues["besoins"], strict=True):
            valeurs = donnees.besoins.agents[critere].to_numpy()
            siens = np.array([valeurs[groupe.agents[0]] == nom for groupe in self.modele.groupes])
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
    un, deux, trois = (float(_best_by_group(charge[:, rang], modele).sum()) for rang in range(charge.shape[1]))
    second = trois + 1
    premier = second * deux + trois + 1
    entieres = bool(np.allclose(charge, np.rint(charge), atol=1e-9))
    if entieres and premier * un + second * deux + trois < EXACT:
        return np.array([premier, second, 1.0]), True
    return POIDS_LARGES, False


def _best_by_group(valeur: np.ndarray, modele: Modele) -> np.ndarray:
    """For each group, what all its people would bring with their best combination."""
    best = np.zeros(len(modele.groupes))
    np.maximum.at(best, modele.colonnes.groupe, valeur)
    brought: np.ndarray = best * modele.tailles
    return brought


def _with_row(
    rows: sparse.csr_matrix, upper: np.ndarray, line: np.ndarray, limit: float
) -> tuple[sparse.csr_matrix, np.ndarray]:
    return sparse.vstack([rows, sparse.csr_matrix(line)], format="csr"), np.append(upper, limit)
