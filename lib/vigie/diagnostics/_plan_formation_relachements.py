"""What one relaxed bound would change, estimated by the continuous programme: quick, and never less than without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ._plan_formation_analyse import Analyse, with_deadline, with_hours
from ._plan_formation_modele import Modele
from ._plan_formation_optimise import examine
from ._plan_formation_prix import choose_columns, continuous_charge
from ._plan_formation_seances import Donnees
from .cadres import frame_of
from .chiffres import percent
from .phrases import count

RELACHEMENTS = {"contrainte": "str", "valeur": "str", "gain": "str", "explication": "str"}
SANS_GAIN = "aucun gain"
MOINDRE = 0.005
"""Share of a rank's charge under which a gain is not said."""
MODULES_CITES = 3


@dataclass(frozen=True)
class Essai:
    """A bound, relaxed by so much. `reprend`: the combinations are the same, only bounds change."""

    contrainte: str
    valeur: str
    change: Callable[[Donnees], Donnees]
    reprend: bool


def relaxation_table(analyse: Analyse) -> pd.DataFrame:
    """One row a bound that exists. In a large structure, bounds that change what a person may follow are left out."""
    modele = analyse.recherche.modele
    if modele is None or not analyse.publiable:
        return frame_of([], RELACHEMENTS)
    avant = continuous_charge(modele)
    grand = len(modele.colonnes) > analyse.plan.optimisation.colonnes_relachees
    essais = [essai for essai in _trials(analyse) if essai.reprend or not grand]
    return frame_of([_row(essai, avant, _after(analyse, essai, modele)) for essai in essais], RELACHEMENTS)


def _trials(analyse: Analyse) -> Iterator[Essai]:
    reglages, contraintes = analyse.plan.optimisation, analyse.donnees.contraintes
    heures = reglages.relache_heures
    yield Essai("Heures par agent", f"+ {heures:g} h", lambda donnees: with_hours(donnees, heures), False)
    if contraintes.budget is not None:
        budget = contraintes.budget * (1 + reglages.relache_budget)
        yield Essai("Budget", f"+ {percent(reglages.relache_budget)}", _bounds(budget=budget), True)
    if contraintes.sessions_par_mois is not None:
        plus = contraintes.sessions_par_mois + reglages.relache_sessions
        change = _bounds(sessions_par_mois=plus)
        yield Essai("Sessions par mois", f"+ {reglages.relache_sessions}", change, True)
    for module in _saturated(analyse):
        nom = f"Sessions de {analyse.offre.title(module)}"
        yield Essai(nom, f"+ {reglages.relache_sessions}", _more_sessions(module, reglages.relache_sessions), True)
    if analyse.besoins.agents["limite"].notna().any():
        avance = count(analyse.plan.calendrier.avance_mois, "mois", "mois")
        yield Essai("Échéance", f"sans l'avance de {avance}", lambda donnees: with_deadline(donnees, 0), False)


def _after(analyse: Analyse, essai: Essai, modele: Modele) -> np.ndarray:
    donnees = essai.change(analyse.donnees)
    if essai.reprend:
        return continuous_charge(Modele(donnees, modele.groupes, modele.colonnes))
    groupes, toutes = examine(donnees, analyse.retenu.plan)
    return continuous_charge(Modele(donnees, groupes, choose_columns(donnees, groupes, toutes)))


def _row(essai: Essai, avant: np.ndarray, apres: np.ndarray) -> Mapping[str, Any]:
    tete = {"contrainte": essai.contrainte, "valeur": essai.valeur}
    for rang, (base, charge) in enumerate(zip(avant, apres, strict=True), 1):
        part = (charge - base) / base if base > 0 else float(charge > 0)
        if part > MOINDRE:
            gain = f"{percent(part)} de charge de rang {rang} en plus"
            return {**tete, "gain": gain, "explication": f"Ce seul changement ferait couvrir environ {gain}."}
        if part < -MOINDRE:
            break
    phrase = "Ce changement seul ne ferait rien couvrir de plus : une autre limite tient le plan."
    return {**tete, "gain": SANS_GAIN, "explication": phrase}


def _saturated(analyse: Analyse) -> list[int]:
    """Modules all of whose sessions are held, and for which people wait; the longest waits first."""
    limites = analyse.offre.column("sessions_max")
    tenues = np.zeros(len(analyse.offre))
    for seance in analyse.retenu.plan.seances:
        tenues[seance.module] += seance.places is not None
    attentes = []
    for module in np.flatnonzero(tenues >= np.where(np.isnan(limites), np.inf, limites)).tolist():
        lignes = analyse.donnees.adequation.retenues[module]
        reste = lignes[analyse.donnees.adequation.cible[module] > analyse.retenu.atteint[lignes]]
        if len(reste):
            attentes.append((-float(analyse.besoins.q[reste].sum()), module))
    return [module for _, module in sorted(attentes)[:MODULES_CITES]]


def _bounds(**changes: Any) -> Callable[[Donnees], Donnees]:
    def change(donnees: Donnees) -> Donnees:
        contraintes = donnees.contraintes.model_copy(update=changes)
        par_mois = contraintes.sessions_par_mois
        calendrier = replace(donnees.calendrier, sessions_par_mois=par_mois)
        return replace(donnees, contraintes=contraintes, calendrier=calendrier)

    return change


def _more_sessions(module: int, plus: int) -> Callable[[Donnees], Donnees]:
    def change(donnees: Donnees) -> Donnees:
        limites = donnees.offre.column("sessions_max").copy()
        limites[module] += plus
        return replace(donnees, offre=replace(donnees.offre, cadre=donnees.offre.cadre.assign(sessions_max=limites)))

    return change
