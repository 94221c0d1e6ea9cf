"""Sessions and seats: what a plan is made of, and a booking that never exceeds what the training service can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..referentiels.contraintes_formation import ContraintesStructure
from ..referentiels.parcours_formation import ParcoursFormation
from ._plan_formation_adequation import Adequation
from ._plan_formation_besoins import Besoins
from ._plan_formation_calendrier import Calendrier
from ._plan_formation_offre import Offre
from .chiffres import TOLERANCE

A_DISTANCE = ""
"""Place of what is followed from anywhere."""


@dataclass(frozen=True, eq=False)
class Donnees:
    """All that a plan is made from. Nothing here is ever changed.

    `choisies`: competences (positions) for which the training service chose; `appariement`: the matching before that,
    so that modules left aside are still offered to whoever would change their mind.
    """

    besoins: Besoins
    offre: Offre
    adequation: Adequation
    calendrier: Calendrier
    contraintes: ContraintesStructure
    plan: ParcoursFormation
    appariement: Adequation
    choisies: frozenset[int] = frozenset()

    def place(self, module: int, agent: int) -> str:
        """Site where this agent follows this module."""
        return A_DISTANCE if self.offre.column("a_distance")[module] else str(self._sites[agent])

    def cost(self, module: int) -> tuple[float, float]:
        """(a session, a seat) in euros. What is not known counts for nothing, and is said elsewhere."""
        return float(self._costs[module, 0]), float(self._costs[module, 1])

    def months_open(self, module: int) -> np.ndarray:
        """T booleans: months in which a session may be held; a module followed at any time is open in all."""
        if self.offre.autonome[module]:
            return np.ones(len(self.calendrier.mois), dtype=bool)
        ouverts: np.ndarray = self.calendrier.ouverts[module]
        return ouverts

    def reachable(self, module: int) -> np.ndarray:
        """Agents for whom a session can be held before their deadline."""
        ouverts = np.flatnonzero(self.months_open(module))
        premier = ouverts[0] if len(ouverts) else len(self.calendrier.mois)
        dans_les_temps: np.ndarray = np.greater(self.months, premier)
        return dans_les_temps

    @cached_property
    def months(self) -> np.ndarray:
        """Months usable by each agent, from the first."""
        mois: np.ndarray = self.besoins.agents["mois"].to_numpy()
        return mois

    @cached_property
    def _sites(self) -> np.ndarray:
        sites: np.ndarray = self.besoins.agents["site"].to_numpy(dtype=object)
        return sites

    @cached_property
    def _costs(self) -> np.ndarray:
        costs: np.ndarray = np.nan_to_num(
            np.stack([self.offre.column("cout_session"), self.offre.column("cout_place")], axis=1)
        )
        return costs


@dataclass
class Seance:
    """One session. `places` is None for a module followed at any time: one « session » gathers its followers."""

    module: int
    lieu: str
    mois: int
    places: int | None
    inscrits: list[int] = field(default_factory=list)

    @property
    def libre(self) -> bool:
        return self.places is None or len(self.inscrits) < self.places


@dataclass(frozen=True)
class Plan:
    """Sessions with someone in them, by module, place and month. `nom`: glouton or optimise."""

    nom: str
    seances: tuple[Seance, ...]

    def enrolments(self) -> list[tuple[int, int]]:
        """(agent, module), by agent."""
        return sorted((agent, seance.module) for seance in self.seances for agent in seance.inscrits)

    def followed(self, agents: int, modules: int) -> np.ndarray:
        """agents × modules booleans."""
        suivis = np.zeros((agents, modules), dtype=bool)
        for agent, module in self.enrolments():
            suivis[agent, module] = True
        return suivis


def make_plan(nom: str, seances: Iterable[Seance]) -> Plan:
    tenues = [seance for seance in seances if seance.inscrits]
    return Plan(nom, tuple(sorted(tenues, key=lambda seance: (seance.module, seance.lieu, seance.mois))))


class Reservation:
    """Takes seats one by one; a seat that would break a bound is refused."""

    def __init__(self, donnees: Donnees) -> None:
        self.donnees = donnees
        self.seances: dict[tuple[int, str], list[Seance]] = {}
        self.depense = 0.0
        self._par_module: dict[int, int] = {}
        self._par_mois = [0] * len(donnees.calendrier.mois)

    def take(self, module: int, agent: int) -> bool:
        """A seat for this agent, in the earliest session that suits, else in a new one; False when there is none."""
        lieu = self.donnees.place(module, agent)
        derniers = int(self.donnees.months[agent])
        _, par_place = self.donnees.cost(module)
        if not self._affordable(par_place):
            return False
        for seance in self.seances.get((module, lieu), []):
            if seance.mois < derniers and seance.libre:
                seance.inscrits.append(agent)
                self.depense += par_place
                return True
        return self._open(module, lieu, derniers, agent)

    def resume(self, seance: Seance) -> None:
        """A session of a plan already made, with its people: it counts, and its free seats may be taken."""
        par_seance, par_place = self.donnees.cost(seance.module)
        copie = Seance(seance.module, seance.lieu, seance.mois, seance.places, list(seance.inscrits))
        self.seances.setdefault((seance.module, seance.lieu), []).append(copie)
        self.depense += par_seance + par_place * len(seance.inscrits)
        if seance.places is not None:
            self._count(seance.module, seance.mois)

    def _count(self, module: int, mois: int) -> None:
        self._par_module[module] = self._par_module.get(module, 0) + 1
        self._par_mois[mois] += 1

    def _open(self, module: int, lieu: str, derniers: int, agent: int) -> bool:
        par_seance, par_place = self.donnees.cost(module)
        autonome = bool(self.donnees.offre.autonome[module])
        mois = next((mois for mois in range(derniers) if self._may_open(module, mois, autonome)), None)
        if mois is None or not self._affordable(par_seance + par_place):
            return False
        places = None if autonome else int(self.donnees.offre.places[module])
        tenues = self.seances.setdefault((module, lieu), [])
        tenues.append(Seance(module, lieu, mois, places, [agent]))
        tenues.sort(key=lambda seance: seance.mois)
        self.depense += par_seance + par_place
        if not autonome:
            self._count(module, mois)
        return True

    def _may_open(self, module: int, mois: int, autonome: bool) -> bool:
        if autonome:
            return True
        limite = self.donnees.offre.column("sessions_max")[module]
        if not np.isnan(limite) and self._par_module.get(module, 0) >= limite:
            return False
        par_mois = self.donnees.calendrier.sessions_par_mois
        if par_mois is not None and self._par_mois[mois] >= par_mois:
            return False
        return bool(self.donnees.months_open(module)[mois])

    def _affordable(self, cout: float) -> bool:
        budget = self.donnees.contraintes.budget
        return budget is None or self.depense + cout <= budget + TOLERANCE
