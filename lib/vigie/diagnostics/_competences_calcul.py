"""The whole calculation of the step, before anything is said about it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..dossier import Dossier
from ._competences_agents import months_until, place_in_audiences, read_agents
from ._competences_besoins import needs, new_profiles, openings, skills_to_keep, soft_skills
from ._competences_campagnes import people, told_by_difference
from ._competences_exposition import Exposition, rate_exposure
from ._competences_niveaux import measure_gaps
from ._competences_synthese import individual_lines, synthesise
from .partage import once_a_dossier


@dataclass(frozen=True)
class Calcul:
    """`agents`: those with required levels; `mandats`: number of agents who hold a mandate and are never rated.

    `lignes`: one row an agent and a required competence, soft skills included; it never leaves the calculation.
    """

    dossier: Dossier
    agents: pd.DataFrame
    mandats: int
    exposition: Exposition
    lignes: pd.DataFrame
    besoins: pd.DataFrame
    synthese: pd.DataFrame
    douces: pd.DataFrame
    maintenir: pd.DataFrame
    profils: pd.DataFrame
    urgences: pd.DataFrame
    individuel: pd.DataFrame

    @property
    def positionnes(self) -> int:
        """Agents with a known level in at least one required competence; soft skills, voluntary, do not count."""
        return int(self._connues["agent"].nunique())

    @property
    def part_preuves_fortes(self) -> float:
        """Share of the known levels that rest on more than a declaration; NaN when too few people have one."""
        if self.positionnes < self.dossier.referentiels.competences.cotation.seuil_effectif:
            return float("nan")
        modes = self.dossier.referentiels.competences.cotation.preuves
        fortes = [position for position, mode in enumerate(modes) if mode.forte]
        return float(self._connues["mode"].isin(fortes).mean())

    @property
    def _connues(self) -> pd.DataFrame:
        return self.lignes[self.lignes["actuel"].notna() & ~self.lignes["douce"]]


@once_a_dossier
def compute(dossier: Dossier) -> Calcul:
    """Exposure, then audiences, then gaps, then what may be printed of them."""
    referentiels = dossier.referentiels
    tous, exposition, agents, lignes = _measure(dossier)
    tues, muettes = _untold(dossier, lignes, agents)
    return Calcul(
        dossier=dossier,
        agents=agents,
        mandats=int(tous["mandat"].sum()),
        exposition=exposition,
        lignes=lignes,
        besoins=needs(lignes, referentiels, tues),
        synthese=synthesise(lignes, agents, referentiels, muettes),
        douces=soft_skills(lignes, referentiels, tues),
        maintenir=skills_to_keep(lignes, referentiels, tues),
        profils=new_profiles(agents, exposition.metiers, referentiels),
        urgences=openings(agents, referentiels),
        individuel=individual_lines(lignes, agents, referentiels),
    )


def _measure(dossier: Dossier) -> tuple[pd.DataFrame, Exposition, pd.DataFrame, pd.DataFrame]:
    """Everyone, the exposure of the jobs, the agents with required levels, their lines."""
    tous = read_agents(dossier)
    ouverture = pd.Series(pd.to_datetime([str(dossier.structure.mise_en_service or "")], errors="coerce"))
    mois = float(months_until(ouverture, dossier.campagne.date_reference).iloc[0])
    exposition = rate_exposure(dossier, tous, mois)
    agents = place_in_audiences(tous, exposition.metiers, dossier.referentiels)
    return tous, exposition, agents, measure_gaps(dossier, agents)


def _untold(dossier: Dossier, lignes: pd.DataFrame, agents: pd.DataFrame) -> tuple[frozenset[int], frozenset[int]]:
    """Competences that what the campagne before printed forbids to print today: at all, by audience."""
    before = dossier.anterieur
    if before is None or before.agents.empty:
        return frozenset(), frozenset()
    _, _, anciens, anciennes = _measure(before)
    synthese = synthesise(anciennes, anciens, before.referentiels)
    return told_by_difference(people(anciennes, anciens), people(lignes, agents), synthese, dossier.referentiels)
