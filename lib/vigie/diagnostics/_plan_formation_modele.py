"""The integer programme of the plan: unknowns and bounds (F3-28, D.3 « Places »).

Unknowns: x, how many people of each group follow each combination of modules; s, how many sessions of each module are
held at each place in each period.

Seats: agents of one deadline may use the sessions of any earlier period, and deadlines are nested; so « those due by d
are no more than the seats held by d », for every d, is enough for everyone to be seated in time. Without a bound on the
sessions of a month, a session held as early as possible serves everyone: one period is then enough.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from ._plan_formation_colonnes import Colonnes, Groupe
from ._plan_formation_seances import Donnees

Session = tuple[int, str, int, int]
"""Module, place, first month of the period, month after its last."""


class Modele:
    """A·(x, s) ≤ b and 0 ≤ (x, s) ≤ `largest`, written once.

    `mois`: months usable by each group; `lieux`: module → for each group, the place where it follows it; `sieges`:
    module and groups (booleans) of each row of seats, which come after those of the groups.
    """

    def __init__(self, donnees: Donnees, groupes: tuple[Groupe, ...], colonnes: Colonnes) -> None:
        self.donnees = donnees
        self.groupes = groupes
        self.colonnes = colonnes
        premiers = [groupe.agents[0] for groupe in groupes]
        self.mois = donnees.months[premiers]
        self.tailles = np.array([len(groupe.agents) for groupe in groupes], dtype="float64")
        self.periodes = _periods(donnees, self.mois)
        self.suivis = [int(module) for module in np.flatnonzero(colonnes.choix.any(axis=0))]
        self.lieux = {
            module: np.array([donnees.place(module, agent) for agent in premiers], dtype=object)
            for module in self.suivis
        }
        self.sessions = self._sessions()
        self.largest = np.concatenate([self.tailles[colonnes.groupe], self._most_sessions()])
        self.sieges: list[tuple[int, np.ndarray]] = []
        self.rows, self.upper = self._rows()

    @property
    def size(self) -> int:
        return len(self.colonnes) + len(self.sessions)

    def weigh(self, values: np.ndarray) -> np.ndarray:
        """One value a combination, nothing for sessions: a cost of the programme."""
        return np.concatenate([values, np.zeros(len(self.sessions))])

    def _sessions(self) -> list[Session]:
        """One unknown a module that needs seats, a place and a period whose months are open to it."""
        found: list[Session] = []
        for module in self.suivis:
            if not self.donnees.offre.autonome[module]:
                ouverts = self.donnees.months_open(module)
                periodes = [periode for periode in self.periodes if ouverts[periode[0]]]
                kept = periodes[:1] if self.donnees.calendrier.sessions_par_mois is None else periodes
                found += [(module, lieu, *periode) for lieu in sorted(set(self.lieux[module])) for periode in kept]
        return found

    def _most_sessions(self) -> np.ndarray:
        """Sessions that would seat everyone."""
        most = [
            np.ceil(self.tailles[self.lieux[module] == lieu].sum() / self.donnees.offre.places[module])
            for module, lieu, *_ in self.sessions
        ]
        return np.array(most, dtype="float64")

    def _rows(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        """People of a group, seats by deadline, sessions of a module, sessions of a month, budget; in that order."""
        table = _Rows(self.size)
        table.people(self.colonnes.groupe, self.tailles)
        self._seats(table)
        self._holding(table)
        self._budget(table)
        return table.build()

    def _seats(self, table: _Rows) -> None:
        for module, lieu in dict.fromkeys((module, lieu) for module, lieu, *_ in self.sessions):
            chez = self.lieux[module] == lieu
            suivent = np.flatnonzero(self.colonnes.choix[:, module] & chez[self.colonnes.groupe])
            mois = self.mois[self.colonnes.groupe[suivent]]
            places = float(self.donnees.offre.places[module])
            before = -1
            for echeance in sorted(set(mois.tolist()), reverse=True):
                tenues = self._numbers(_held_by(module, lieu, echeance))
                if len(tenues) == before:
                    continue
                before = len(tenues)
                dus = suivent[mois <= echeance]
                table.row([*dus, *tenues], [*np.ones(len(dus)), *[-places] * len(tenues)], 0.0)
                self.sieges.append((module, chez & (self.mois <= echeance)))

    def _holding(self, table: _Rows) -> None:
        """What the training service can hold: sessions of a module over the plan, sessions of a month."""
        limites = self.donnees.offre.column("sessions_max")
        for module in dict.fromkeys(module for module, *_ in self.sessions):
            if not np.isnan(limites[module]):
                siennes = self._numbers(_of_module(module))
                table.row(siennes, np.ones(len(siennes)), float(limites[module]))
        par_mois = self.donnees.calendrier.sessions_par_mois
        if par_mois is not None:
            for periode in self.periodes:
                tenues = self._numbers(_in_period(periode))
                table.row(tenues, np.ones(len(tenues)), float(par_mois * (periode[1] - periode[0])))

    def _budget(self, table: _Rows) -> None:
        budget = self.donnees.contraintes.budget
        if budget is not None:
            couts = np.array([self.donnees.cost(module) for module in range(len(self.donnees.offre))])
            par_place = self.colonnes.choix @ couts[:, 1]
            par_seance = [couts[module, 0] for module, *_ in self.sessions]
            table.row(np.arange(self.size), [*par_place, *par_seance], float(budget))

    def session_needed(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Rows that whole numbers imply and fractions do not: nobody of a group follows a module that is not held.

        They bring the continuous programme much nearer to the whole one, and cost more than they save in a large one.
        """
        table = _Rows(self.size)
        for module, lieu in dict.fromkeys((module, lieu) for module, lieu, *_ in self.sessions):
            moindres = (self.lieux[module] == lieu) & (self.tailles < self.donnees.offre.places[module])
            for groupe in np.flatnonzero(moindres):
                suivent = np.flatnonzero(self.colonnes.choix[:, module] & (self.colonnes.groupe == groupe))
                if len(suivent):
                    tenues = self._numbers(_held_by(module, lieu, int(self.mois[groupe])))
                    ensemble = [-self.tailles[groupe]] * len(tenues)
                    table.row([*suivent, *tenues], [*np.ones(len(suivent)), *ensemble], 0.0)
        return table.build()

    def _numbers(self, keep: Callable[[Session], bool]) -> list[int]:
        """Positions of the unknown sessions that `keep` chooses."""
        return [len(self.colonnes) + rang for rang, session in enumerate(self.sessions) if keep(session)]


def _held_by(module: int, lieu: str, echeance: int) -> Callable[[Session], bool]:
    return lambda session: session[:2] == (module, lieu) and session[3] <= echeance


def _of_module(module: int) -> Callable[[Session], bool]:
    return lambda session: session[0] == module


def _in_period(periode: tuple[int, int]) -> Callable[[Session], bool]:
    return lambda session: session[2:] == periode


class _Rows:
    """Sparse rows, added one by one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.upper: list[float] = []

    def row(self, columns: Any, values: Any, upper: float) -> None:
        columns = np.asarray(columns, dtype=int)
        numero = np.full(len(columns), len(self.upper))
        self.parts.append((numero, columns, np.asarray(values, dtype="float64")))
        self.upper.append(upper)

    def people(self, groupe: np.ndarray, tailles: np.ndarray) -> None:
        """One row a group: its people follow one combination at most."""
        self.parts.append((len(self.upper) + groupe, np.arange(len(groupe)), np.ones(len(groupe))))
        self.upper += tailles.tolist()

    def build(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        if not self.parts:
            return sparse.csr_matrix((0, self.size)), np.zeros(0)
        rows, columns, values = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(self.upper), self.size)), np.array(self.upper)


def _periods(donnees: Donnees, mois_groupes: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Runs of months alike for every module and every deadline: within one, it does not matter which month is taken."""
    ouverts = donnees.calendrier.ouverts
    nombre = len(donnees.calendrier.mois)
    coupures = {0, nombre, *(int(mois) for mois in mois_groupes)}
    coupures |= {mois for mois in range(1, nombre) if (ouverts[:, mois] != ouverts[:, mois - 1]).any()}
    return tuple(pairwise(sorted(coupures)))
