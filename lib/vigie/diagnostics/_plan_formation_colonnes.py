"""Combinations of modules that one person may follow, from which the integer programme chooses.

Agents alike in everything that matters form one group. For each group every set of its useful modules that holds in its
hours is examined; of those that take the same seats, only the best is kept, since what needs no seat takes nothing from
anybody. Hours and entry levels are thus exact, and left out of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ._plan_formation_besoins import CRITERES
from ._plan_formation_glouton import RANGS
from ._plan_formation_seances import Donnees, Plan
from .chiffres import TOLERANCE


@dataclass(frozen=True, eq=False)
class Groupe:
    """Agents (positions) with the same lines, the same modules, place, deadline and hours. `lignes`: of the first."""

    agents: tuple[int, ...]
    lignes: np.ndarray


@dataclass(frozen=True, eq=False)
class Colonnes:
    """C combinations. `choix`: C × modules; `charge`: C × ranks; `couverts`: needs wholly covered, for one person.

    `complet`: every combination of every group was examined. `du_glouton`: those that the greedy plan uses.
    """

    groupe: np.ndarray
    choix: np.ndarray
    charge: np.ndarray
    couverts: np.ndarray
    heures: np.ndarray
    du_glouton: np.ndarray
    complet: bool = False

    def __len__(self) -> int:
        return len(self.groupe)

    def take(self, kept: np.ndarray) -> Colonnes:
        """Some of them: the search is then partial."""
        parts = (self.groupe, self.choix, self.charge, self.couverts, self.heures, self.du_glouton)
        return Colonnes(*(part[kept] for part in parts))


def targets(donnees: Donnees) -> np.ndarray:
    """modules × lines: level that a planned module leads to, 0 where it may not be followed for that line."""
    besoins, offre = donnees.besoins, donnees.offre
    cible = np.zeros((len(offre), len(besoins)), dtype="float32")
    for module in np.flatnonzero(offre.planifiable).tolist():
        lignes = donnees.adequation.retenues[module]
        heures = besoins.agents["plafond"].to_numpy() >= offre.heures[module] - TOLERANCE
        possible = (donnees.reachable(module) & heures)[besoins.agent[lignes]]
        cible[module, lignes[possible]] = donnees.adequation.cible[module][possible]
    return cible


def alike(donnees: Donnees, cible: np.ndarray) -> tuple[Groupe, ...]:
    """Agents with something to gain, grouped, in the order of their first member."""
    besoins = donnees.besoins
    bornes = np.searchsorted(besoins.agent, np.arange(len(besoins.agents) + 1))
    lignes = np.stack([besoins.competence, besoins.actuel, besoins.requis, besoins.q, besoins.rang]).astype("float32")
    cles = besoins.agents[[*CRITERES, "mois", "plafond"]].to_numpy()
    groupes: dict[tuple[object, ...], list[int]] = {}
    for agent in range(len(besoins.agents)):
        debut, fin = bornes[agent], bornes[agent + 1]
        if cible[:, debut:fin].any():
            cle = (*cles[agent], lignes[:, debut:fin].tobytes(), cible[:, debut:fin].tobytes())
            groupes.setdefault(cle, []).append(agent)
    return tuple(
        Groupe(tuple(agents), np.arange(bornes[agents[0]], bornes[agents[0] + 1])) for agents in groupes.values()
    )


def combinations(donnees: Donnees, groupes: tuple[Groupe, ...], cible: np.ndarray, glouton: Plan) -> Colonnes:
    """Every combination worth examining, and those of the greedy plan, so that the optimum is never under it."""
    rares = scarce(donnees)
    limite = donnees.plan.optimisation.modules_par_agent
    suivis = glouton.followed(len(donnees.besoins.agents), len(donnees.offre))
    heures = np.nan_to_num(donnees.offre.heures)
    plafonds = donnees.besoins.agents["plafond"].to_numpy()
    rien = np.zeros((0, len(donnees.offre)), dtype=bool)
    zero = np.zeros(0)
    parts = [(zero.astype(int), rien, np.zeros((0, len(RANGS))), zero, zero, zero.astype(bool))]
    complet = True
    for numero, groupe in enumerate(groupes):
        vue = _Vue(donnees, groupe, cible, heures, float(plafonds[groupe.agents[0]]))
        modules, tous = vue.useful(rares, limite)
        complet &= tous
        choix = vue.best_by_seats(modules, rares)
        siens = suivis[list(groupe.agents)]
        siens = siens[siens.any(axis=1)]
        if len(siens) > 1:
            siens = np.unique(siens, axis=0)
        choix = np.concatenate([choix, siens[~_among(siens, choix)]])
        parts.append((np.full(len(choix), numero), choix, *vue.value(choix), _among(choix, siens)))
    arrays = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return replace(Colonnes(*arrays), complet=complet)  # type: ignore[arg-type]


def scarce(donnees: Donnees) -> np.ndarray:
    """Modules that take something from the others: seats, or money under a budget."""
    couteux = np.nan_to_num(donnees.offre.column("cout_place")) > 0
    rares: np.ndarray = ~donnees.offre.autonome | (couteux & (donnees.contraintes.budget is not None))
    return rares


class _Vue:
    """One group's needs and modules, as small dense arrays."""

    def __init__(
        self, donnees: Donnees, groupe: Groupe, cible: np.ndarray, heures_modules: np.ndarray, plafond: float
    ) -> None:
        besoins = donnees.besoins
        self.heures_modules = heures_modules
        self.plafond = plafond
        self.actuel = besoins.actuel[groupe.lignes]
        self.ecart = besoins.ecart[groupe.lignes]
        self.q = besoins.q[groupe.lignes]
        self.rangs = np.stack([besoins.rang[groupe.lignes] == rang for rang in RANGS], axis=1).astype("float64")
        self.cible = cible[:, groupe.lignes].astype("float64")

    def useful(self, rares: np.ndarray, limite: int) -> tuple[list[int], bool]:
        """Modules that add something and that no free one replaces, the most useful `limite` of them; whether all."""
        modules = [int(module) for module in np.flatnonzero((self.cible > 0).any(axis=1))]
        libres = [module for module in modules if not rares[module]]
        gardes = [module for module in modules if not any(self._replaces(libre, module, rares) for libre in libres)]
        if len(gardes) <= limite:
            return gardes, True
        seuls = np.zeros((len(gardes), len(self.heures_modules)), dtype=bool)
        seuls[np.arange(len(gardes)), gardes] = True
        charge, _, heures = self.value(seuls)
        par_heure = charge / heures[:, None]
        ordre = np.lexsort((gardes, -par_heure[:, 2], -par_heure[:, 1], -par_heure[:, 0]))
        return sorted(gardes[position] for position in ordre[:limite]), False

    def best_by_seats(self, modules: list[int], rares: np.ndarray) -> np.ndarray:
        """Sets × modules of the offer: for each set of seats, the set that covers most; none that covers no more."""
        bits = subsets(len(modules))
        bits = bits[bits @ self.heures_modules[modules] <= self.plafond + TOLERANCE]
        choix = np.zeros((len(bits), len(self.heures_modules)), dtype=bool)
        choix[:, modules] = bits
        charge, couverts, heures = self.value(choix)
        sieges = rares[modules]
        cles = bits[:, sieges] @ (1 << np.arange(int(sieges.sum())))
        nombre = bits.sum(axis=1)
        ordre = np.lexsort((nombre, heures, -couverts, -charge[:, 2], -charge[:, 1], -charge[:, 0], cles))
        premiers = ordre[np.unique(cles[ordre], return_index=True)[1]]
        gardes: np.ndarray = choix[_worth_their_seats(premiers, cles, charge)]
        return gardes

    def value(self, choix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(charge by rank, needs wholly covered, hours) of each set, for one person."""
        atteint = np.broadcast_to(self.actuel, (len(choix), len(self.actuel))).copy()
        for module in np.flatnonzero(choix.any(axis=0)):
            np.maximum(atteint, np.where(choix[:, module, None], self.cible[module], 0.0), out=atteint)
        part = (atteint - self.actuel) / self.ecart
        return (part * self.q) @ self.rangs, (part >= 1 - 1e-9).sum(axis=1), choix @ self.heures_modules

    def _replaces(self, libre: int, module: int, rares: np.ndarray) -> bool:
        """True when `libre`, that takes nothing from anybody, lasts no longer and leads at least as far everywhere."""
        if libre == module:
            return False
        if self.heures_modules[libre] > self.heures_modules[module] + TOLERANCE:
            return False
        if not (self.cible[libre] >= self.cible[module]).all():
            return False
        egaux = not rares[module] and self.heures_modules[libre] == self.heures_modules[module]
        return libre < module or not (egaux and (self.cible[libre] == self.cible[module]).all())


def _worth_their_seats(premiers: np.ndarray, cles: np.ndarray, charge: np.ndarray) -> np.ndarray:
    """Without the empty set, nor a set that covers no more than the same with a seat less."""
    numeros, valeurs = cles[premiers], charge[premiers].round(6)
    taille = int(numeros.max(initial=0)).bit_length()
    connues = np.full((1 << taille, valeurs.shape[1]), np.nan)
    connues[numeros] = valeurs
    utiles = valeurs.any(axis=1)
    for bit in (1 << rang for rang in range(taille)):
        utiles &= (numeros & bit == 0) | (connues[numeros & ~bit] != valeurs).any(axis=1)
    gardes: np.ndarray = premiers[utiles]
    return gardes


@lru_cache(maxsize=16)
def subsets(taille: int) -> np.ndarray:
    """2^n × n booleans."""
    bits: np.ndarray = (np.arange(1 << taille)[:, None] >> np.arange(taille)[None, :] & 1).astype(bool)
    return bits


def _among(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which rows are found in the others."""
    found: np.ndarray = (rows[:, None, :] == others[None, :, :]).all(axis=2).any(axis=1)
    return found
