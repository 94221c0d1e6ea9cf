"""What the plan must cover: one line an agent and a gap, each agent with a path, a deadline and a number of hours.

Soft skills stay out: voluntary, never individual, they are only offered in free access (B.3, D.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from ._competences_calcul import Calcul
from ._plan_formation_calendrier import Calendrier, deadlines, months_left

CRITERES = ("site", "categorie", "sexe")
"""Columns of the agents that fairness is read by."""


@dataclass(frozen=True, eq=False)
class Besoins:
    """`agents`: agent, site, categorie, sexe, public, parcours, plafond, limite, mois, en_retard; one row an agent.

    `membre`: agents × audiences. The other arrays have one value a line: `agent` and `competence` are positions,
    `cellule` the row of the synthesis that counts the line, `q` the priority.
    """

    agents: pd.DataFrame
    membre: np.ndarray
    agent: np.ndarray
    competence: np.ndarray
    cellule: np.ndarray
    actuel: np.ndarray
    requis: np.ndarray
    q: np.ndarray
    rang: np.ndarray

    @property
    def ecart(self) -> np.ndarray:
        ecart: np.ndarray = self.requis - self.actuel
        return ecart

    def __len__(self) -> int:
        return len(self.agent)


def read_needs(dossier: Dossier, calcul: Calcul, calendrier: Calendrier) -> Besoins:
    """The gaps of `calcul`, soft skills left out, in the order of agents and competences."""
    referentiels = dossier.referentiels
    lignes = calcul.lignes
    lignes = lignes[~lignes["douce"] & (lignes["ecart"] > 0) & (lignes["priorite"] > 0)]
    lignes = lignes.sort_values(["agent", "competence"], kind="stable")
    publics: list[str] = [public.id for public in referentiels.niveaux_requis.publics]
    public = pd.Index(publics).get_indexer(pd.Index(calcul.agents["public"]))
    agent = lignes["agent"].to_numpy()
    competence = lignes["competence"].to_numpy()
    return Besoins(
        agents=_agents(dossier, calcul, calendrier),
        membre=calcul.agents[publics].to_numpy(dtype=bool),
        agent=agent,
        competence=competence,
        cellule=_cells(calcul.synthese, publics, referentiels)[competence, public[agent]],
        actuel=lignes["actuel"].to_numpy(dtype="float64"),
        requis=lignes["requis"].to_numpy(dtype="float64"),
        q=lignes["priorite"].to_numpy(dtype="float64"),
        rang=lignes["rang"].fillna(0).to_numpy(dtype="int64"),
    )


def _agents(dossier: Dossier, calcul: Calcul, calendrier: Calendrier) -> pd.DataFrame:
    plan = dossier.referentiels.parcours_formation
    agents = calcul.agents[["agent", *CRITERES, "public"]].copy()
    agents["parcours"], heures = fullest_paths(calcul.agents, dossier.referentiels)
    limite = dossier.contraintes.heures_par_agent
    agents["plafond"] = heures if limite is None else np.minimum(heures, limite)
    agents["limite"] = deadlines(calcul.agents["ouverture"], plan.calendrier)
    agents["mois"], agents["en_retard"] = months_left(agents["limite"], calendrier.mois, plan.calendrier)
    return agents.reset_index(drop=True)


def fullest_paths(agents: pd.DataFrame, referentiels: Referentiels) -> tuple[np.ndarray, np.ndarray]:
    """(path, hours) of each agent: the longest of the paths of their audiences (D.5); an individual one has no bound.

    Of two as long, the later of the referentiel.
    """
    heures = np.full(len(agents), -1.0)
    noms = np.full(len(agents), "", dtype=object)
    for parcours in referentiels.parcours_formation.parcours:
        duree = np.inf if parcours.duree_max_h is None else parcours.duree_max_h
        plus = agents[list(parcours.publics)].any(axis=1).to_numpy(dtype=bool) & (heures <= duree)
        heures[plus], noms[plus] = duree, parcours.id
    return noms, np.maximum(heures, 0.0)


def _cells(synthese: pd.DataFrame, publics: Sequence[str], referentiels: Referentiels) -> np.ndarray:
    """competences × audiences → row of the synthesis, -1 where it has none."""
    positions = {competence.id: rang for rang, competence in enumerate(referentiels.competences.competences)}
    cellules = np.full((len(positions), len(publics)), -1)
    for rang, ligne in enumerate(synthese.to_dict("records")):
        for public in str(ligne["publics_regroupes"] or ligne["public"]).split():
            cellules[positions[str(ligne["competence"])], publics.index(public)] = rang
    return cellules
