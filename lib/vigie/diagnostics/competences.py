"""Skills synthesis: who is exposed to AI, what is asked of whom, what is missing, what to hand to the training service.

Source of the rules: knowledge on competences, B (skills and safeguards), C (exposure, required and current levels),
D.1 (gap and priority), §4.3 (small groups). Every threshold is in competences.yaml, metiers.yaml, niveaux_requis.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ._competences_calcul import compute
from ._competences_constats import missing, observe
from ._competences_recommandations import recommend
from .partage import once_a_dossier
from .resultat import Resultat, nominative
from .validation import validation_text


@dataclass(frozen=True)
class ResultatCompetences(Resultat):
    """Columns of the tables: METIERS and TACHES in _competences_exposition, SYNTHESE and INDIVIDUEL in
    _competences_synthese, the others in _competences_besoins.

    Figures and headcounts follow the small-group rule (petits_effectifs).
    """

    etape: ClassVar[str] = "competences"

    agents: int
    """Agents with required levels: mandate holders are not among them."""
    agents_positionnes: int
    taux_positionnement: float
    """From 0 to 1; NaN without agents."""
    part_preuves_fortes: float
    """Share of known levels that rest on more than a declaration, from 0 to 1; NaN when too few people have one."""
    prudence: str
    seuil_effectif: int
    validation: str
    metiers: pd.DataFrame
    taches: pd.DataFrame
    besoins: pd.DataFrame
    synthese: pd.DataFrame
    douces: pd.DataFrame
    maintenir: pd.DataFrame
    profils: pd.DataFrame
    urgences: pd.DataFrame
    individuel: pd.DataFrame = nominative()  # noqa: RUF009


@once_a_dossier
def diagnose(dossier: Dossier) -> ResultatCompetences:
    """The whole step. Without agents or answers the tables are empty and `manques` says what that leaves out."""
    calcul = compute(dossier)
    referentiels = dossier.referentiels
    agents = len(calcul.agents)
    return ResultatCompetences(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=referentiels.versions,
        constats=observe(calcul),
        recommandations=recommend(calcul),
        manques=missing(calcul),
        agents=agents,
        agents_positionnes=calcul.positionnes,
        taux_positionnement=calcul.positionnes / agents if agents else np.nan,
        part_preuves_fortes=calcul.part_preuves_fortes,
        prudence=referentiels.metiers.cotation.prudence,
        seuil_effectif=referentiels.competences.cotation.seuil_effectif,
        validation=validation_text(dossier.validations, ResultatCompetences.etape),
        metiers=calcul.exposition.metiers,
        taches=calcul.exposition.taches,
        besoins=calcul.besoins,
        synthese=calcul.synthese,
        douces=calcul.douces,
        maintenir=calcul.maintenir,
        profils=calcul.profils,
        urgences=calcul.urgences,
        individuel=calcul.individuel,
    )
