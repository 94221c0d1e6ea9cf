"""Training plan: from gaps to modules, paths, sessions, enrolments, and requests to create (F3-05, F3-06, F3-08).

Source of the rules: knowledge on competences, D.2 (modules), D.3 (matching), D.4 (creation), D.5 (paths), D.6
(fairness); F3-28 (before the tool opens), F3-30 (equal access). Weights, thresholds, hours and bounds are in
parcours_formation.yaml; the offer in formations.yaml and in the ministry's own catalogue. The private modules
`_plan_formation_…` hold one part each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ._plan_formation_analyse import Analyse, analyse
from ._plan_formation_choix import choice_rows, read_choices
from ._plan_formation_constats import missing, observe
from ._plan_formation_creations import request_table, requests
from ._plan_formation_listes import enrolment_table, session_table
from ._plan_formation_parcours import path_table
from ._plan_formation_phrases import explain_plan, explain_search
from ._plan_formation_recommandations import recommend
from ._plan_formation_relachements import relaxation_table
from ._plan_formation_tables import comparison_table, coverage_table, fairness_table, module_table, uncovered_table
from .chiffres import INCONNU
from .resultat import Resultat, nominative
from .validation import validation_text

ETAPE = "plan_formation"


@dataclass(frozen=True)
class ResultatPlanFormation(Resultat):
    """Columns of the tables: in the private module of each. A need is the gap of one agent on one competence.

    Figures follow the small-group rule: totals of the plan are NaN when fewer people than `seuil_effectif` are
    enrolled. `inscriptions` alone names agents.
    """

    etape: ClassVar[str] = ETAPE

    validation: str
    seuil_effectif: int
    agents: int
    """Agents with required levels: mandate holders are not among them."""
    besoins: float
    besoins_couverts: float
    part_couverte: float
    """From 0 to 1."""
    inscrits: float
    heures_totales: float
    cout: float
    """Euros; what a provider did not say counts for nothing, and a constat says so."""
    budget: float
    """Euros, NaN without any."""
    prouve: bool
    """No choice of modules covers more within the same bounds."""
    optimisation: tuple[str, ...]
    """How the plan was chosen, in sentences."""
    recherche_gisements: tuple[str, ...]
    """What is known of each source of modules, and what was searched there."""
    parcours: pd.DataFrame
    modules: pd.DataFrame
    choix: pd.DataFrame
    sessions: pd.DataFrame
    couverture: pd.DataFrame
    non_couverts: pd.DataFrame
    creations: pd.DataFrame
    equite: pd.DataFrame
    comparaison: pd.DataFrame
    relachements: pd.DataFrame
    inscriptions: pd.DataFrame = nominative()  # noqa: RUF009


def diagnose(dossier: Dossier) -> ResultatPlanFormation:
    """The whole step. Without agents, answers or modules tables are empty, and `manques` says what that leaves out."""
    found = analyse(dossier)
    demandes = requests(found)
    modules, couverture, equite = module_table(found), coverage_table(found), fairness_table(found)
    choix = choice_rows(read_choices(dossier), dossier, _adequate(found))
    budget = found.donnees.contraintes.budget
    return ResultatPlanFormation(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=dossier.referentiels.versions,
        constats=observe(found, demandes, equite, choix),
        recommandations=recommend(found, demandes, equite),
        manques=missing(found),
        validation=validation_text(dossier.validations, ETAPE),
        seuil_effectif=found.seuil,
        agents=len(found.besoins.agents),
        budget=INCONNU if budget is None else budget,
        prouve=found.recherche.prouve,
        optimisation=explain_plan(found),
        recherche_gisements=explain_search(found),
        parcours=path_table(found, modules),
        modules=modules,
        choix=choix,
        sessions=session_table(found),
        couverture=couverture,
        non_couverts=uncovered_table(couverture),
        creations=request_table(found, demandes),
        equite=equite,
        comparaison=comparison_table(found),
        relachements=relaxation_table(found),
        inscriptions=enrolment_table(found),
        **_totals(found),
    )


def _totals(found: Analyse) -> dict[str, float]:
    """Totals about everyone enrolled, NaN when these are too few; masked needs are left out of them."""
    retenu, total = found.retenu, int(found.comptes.sum())
    couverts = found.covered(retenu)
    totals = {
        "besoins": float(total),
        "besoins_couverts": float(couverts),
        "part_couverte": couverts / total if total else INCONNU,
        "inscrits": float(retenu.inscrits),
        "heures_totales": retenu.heures,
        "cout": retenu.cout,
    }
    if not found.needs_printed:
        totals |= dict.fromkeys(("besoins", "besoins_couverts", "part_couverte"), INCONNU)
    return totals if found.publiable else dict.fromkeys(totals, INCONNU)


def _adequate(found: Analyse) -> Mapping[str, frozenset[str]]:
    """Competence → modules kept for one of its needs, the choice of the training service applied."""
    ids = [one.id for one in found.dossier.referentiels.competences.competences]
    pairs: dict[str, set[str]] = {}
    for module, lignes in enumerate(found.donnees.adequation.retenues):
        for place in np.unique(found.besoins.competence[lignes]):
            pairs.setdefault(ids[place], set()).add(found.offre.id(module))
    return {competence: frozenset(modules) for competence, modules in pairs.items()}
