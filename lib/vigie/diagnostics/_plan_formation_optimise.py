"""The optimised plan, from what is to be covered to sessions with names in them.

What the programme leaves free (seats, hours, modules beyond those examined for a person) is then filled as the greedy
plan would: nothing is taken away, so that no rank is covered less.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ._plan_formation_bilan import Bilan, assess
from ._plan_formation_colonnes import Colonnes, Groupe, alike, combinations, targets
from ._plan_formation_glouton import greedy
from ._plan_formation_modele import Modele
from ._plan_formation_prix import choose_columns
from ._plan_formation_programme import Programme, Solution
from ._plan_formation_seances import Donnees, Plan, Seance, make_plan

OPTIMISE = "optimise"


@dataclass(frozen=True, eq=False)
class Recherche:
    """How the optimised plan was found. `prouve`: no plan does better on the announced objective.

    `modele`: the programme solved, None when there was nothing to choose; `examinees`: combinations of modules.
    """

    bilan: Bilan
    prouve: bool
    examinees: int
    groupes: int
    modele: Modele | None = None


def optimise(donnees: Donnees, glouton: Bilan, seuil: int, fin: float) -> Recherche:
    """The best plan found before `fin` (clock of the processor); the greedy one when nothing does better."""
    groupes, toutes = examine(donnees, glouton.plan)
    if not len(toutes):
        return Recherche(glouton, True, 0, len(groupes))
    colonnes = choose_columns(donnees, groupes, toutes)
    modele = Modele(donnees, groupes, colonnes)
    solution = Programme(modele, seuil, fin).solve()
    if solution is None:
        return Recherche(glouton, False, len(toutes), len(groupes), modele)
    plan = greedy(donnees, OPTIMISE, depart=seat(donnees, groupes, solution))
    bilan = assess(donnees, plan, seuil)
    if bilan.objective() < glouton.objective():
        return Recherche(glouton, False, len(toutes), len(groupes), modele)
    return Recherche(bilan, solution.prouve and colonnes.complet, len(toutes), len(groupes), modele)


def examine(donnees: Donnees, glouton: Plan) -> tuple[tuple[Groupe, ...], Colonnes]:
    """Groups of agents alike, and the combinations of modules that each may follow."""
    cible = targets(donnees)
    groupes = alike(donnees, cible)
    return groupes, combinations(donnees, groupes, cible, glouton)


def time_limit(donnees: Donnees) -> float:
    """When a search that starts now must end, in seconds of the processor: a busy machine changes the plan less."""
    return time.process_time() + donnees.plan.optimisation.duree_max_s


def seat(donnees: Donnees, groupes: tuple[Groupe, ...], solution: Solution) -> Plan:
    """Names in seats. Those due first take the earliest periods, so that everyone is seated in time."""
    suivis = _who_follows(len(donnees.besoins.agents), groupes, solution)
    seances: list[Seance] = []
    for module in np.flatnonzero(suivis.any(axis=0)).tolist():
        agents = np.flatnonzero(suivis[:, module])
        agents = agents[np.argsort(donnees.months[agents], kind="stable")]
        lieux = [donnees.place(module, int(agent)) for agent in agents]
        for lieu in sorted(set(lieux)):
            presents = [int(agent) for agent, site in zip(agents, lieux, strict=True) if site == lieu]
            seances += _fill(donnees, solution, module, lieu, presents)
    _date(donnees, solution, seances)
    return make_plan(OPTIMISE, seances)


def _who_follows(agents: int, groupes: tuple[Groupe, ...], solution: Solution) -> np.ndarray:
    """agents × modules. Within a group people are alike: combinations are given in turn."""
    suivis = np.zeros((agents, solution.colonnes.choix.shape[1]), dtype=bool)
    servis = [0] * len(groupes)
    for numero in np.flatnonzero(solution.effectifs):
        groupe = int(solution.colonnes.groupe[numero])
        debut, nombre = servis[groupe], int(solution.effectifs[numero])
        suivis[list(groupes[groupe].agents[debut : debut + nombre])] = solution.colonnes.choix[numero]
        servis[groupe] += nombre
    return suivis


def _fill(donnees: Donnees, solution: Solution, module: int, lieu: str, agents: list[int]) -> list[Seance]:
    """Sessions of one module at one place, each with the first month of its period for the time being."""
    if donnees.offre.autonome[module]:
        return [Seance(module, lieu, 0, None, agents)]
    places = int(donnees.offre.places[module])
    debuts = [
        debut
        for (autre, site, debut, _), nombre in sorted(solution.sessions.items())
        if (autre, site) == (module, lieu)
        for _ in range(nombre)
    ]
    lots = [agents[rang : rang + places] for rang in range(0, len(agents), places)]
    return [Seance(module, lieu, debut, places, lot) for debut, lot in zip(debuts, lots, strict=False)]


def _date(donnees: Donnees, solution: Solution, seances: list[Seance]) -> None:
    """Gives each session the least busy month that suits all its people, those due first choosing first.

    With a bound on the sessions of a month, it stays in the period that the programme chose.
    """
    fins = {(module, lieu, debut): fin for module, lieu, debut, fin in solution.sessions}
    par_mois = donnees.calendrier.sessions_par_mois
    tenues = np.zeros(len(donnees.calendrier.mois), dtype=int)

    def latest(seance: Seance) -> int:
        if par_mois is None:
            return int(donnees.months[seance.inscrits].min())
        return fins[seance.module, seance.lieu, seance.mois]

    datees = [seance for seance in seances if seance.places is not None and seance.inscrits]
    for seance in sorted(datees, key=lambda one: (latest(one), one.module, one.lieu, one.mois)):
        ouverts = donnees.months_open(seance.module)
        possibles = [mois for mois in range(seance.mois, latest(seance)) if ouverts[mois]]
        seance.mois = min(possibles, key=lambda mois: (tenues[mois], mois))
        tenues[seance.mois] += 1
