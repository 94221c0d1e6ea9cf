"""Everything computed once, before any table or sentence: needs, offer, matching, the two plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ..referentiels.parcours_formation import ParcoursFormation
from ._competences_calcul import Calcul, compute
from ._plan_formation_adequation import match
from ._plan_formation_besoins import Besoins, read_needs
from ._plan_formation_bilan import Bilan, assess
from ._plan_formation_calendrier import months_left, plan_calendar
from ._plan_formation_choix import chosen, keep_chosen, read_choices
from ._plan_formation_glouton import greedy
from ._plan_formation_motifs import reasons
from ._plan_formation_offre import Offre, read_offer
from ._plan_formation_optimise import Recherche, optimise, time_limit
from ._plan_formation_seances import Donnees
from .petits_effectifs import MASQUE


@dataclass(frozen=True, eq=False)
class Analyse:
    """`calcul`: the skills synthesis that the plan starts from. `recherche.bilan`: the plan proposed."""

    dossier: Dossier
    calcul: Calcul
    donnees: Donnees
    glouton: Bilan
    recherche: Recherche

    @property
    def retenu(self) -> Bilan:
        return self.recherche.bilan

    @property
    def besoins(self) -> Besoins:
        return self.donnees.besoins

    @property
    def offre(self) -> Offre:
        return self.donnees.offre

    @property
    def plan(self) -> ParcoursFormation:
        return self.donnees.plan

    @property
    def seuil(self) -> int:
        return self.dossier.referentiels.competences.cotation.seuil_effectif

    @property
    def synthese(self) -> pd.DataFrame:
        return self.calcul.synthese

    @cached_property
    def publiee(self) -> np.ndarray:
        """Rows of the synthesis whose figures may be printed."""
        return np.asarray(self.synthese["etat"].ne(MASQUE), dtype=bool)

    @cached_property
    def comptes(self) -> np.ndarray:
        """Lines of Besoins that totals count: those of printed rows, for no total to give a masked row back."""
        return np.asarray(self.publiee[self.besoins.cellule], dtype=bool)

    def covered(self, bilan: Bilan, rang: int | None = None) -> int:
        """Needs that a plan covers, of one rank if given, among those that totals count."""
        lignes = self.comptes & bilan.couvert
        return int((lignes if rang is None else lignes & (self.besoins.rang == rang)).sum())

    def covered_load(self, bilan: Bilan) -> float:
        """Σ q·C of a plan (D.3), over the needs that totals count."""
        part = (bilan.atteint - self.besoins.actuel) / self.besoins.ecart
        return float((self.besoins.q * part)[self.comptes].sum())

    @property
    def publiable(self) -> bool:
        """True when totals of the plan are about enough people to be printed."""
        return self.retenu.inscrits >= self.seuil

    @property
    def needs_printed(self) -> bool:
        """True when totals of needs are too: some of them are in a printed row."""
        return self.publiable and bool(self.comptes.any())

    @cached_property
    def suivis(self) -> np.ndarray:
        """agents × modules of the plan proposed."""
        return self.retenu.plan.followed(len(self.besoins.agents), len(self.offre))

    @cached_property
    def raisons(self) -> np.ndarray:
        """Why each line of Besoins is not covered, "" when it is."""
        return reasons(self.donnees, self.retenu)

    def publics(self, cellule: int) -> str:
        """Audiences of a row of the synthesis, separated by spaces."""
        ligne = self.synthese.iloc[cellule]
        return str(ligne["publics_regroupes"] or ligne["public"])


def analyse(dossier: Dossier) -> Analyse:
    calcul = compute(dossier)
    donnees = gather(dossier, calcul)
    seuil = dossier.referentiels.competences.cotation.seuil_effectif
    fin = time_limit(donnees)
    glouton = assess(donnees, greedy(donnees), seuil)
    return Analyse(dossier, calcul, donnees, glouton, optimise(donnees, glouton, seuil, fin))


def gather(dossier: Dossier, calcul: Calcul) -> Donnees:
    plan = dossier.referentiels.parcours_formation
    offre = read_offer(dossier)
    calendrier = plan_calendar(dossier, offre)
    besoins = read_needs(dossier, calcul, calendrier)
    appariement = match(besoins, offre, len(calcul.synthese), plan.appariement)
    ids = [competence.id for competence in dossier.referentiels.competences.competences]
    voulus = {ids.index(competence): modules for competence, modules in chosen(read_choices(dossier)).items()}
    adequation = keep_chosen(appariement, besoins, offre, voulus) if voulus else appariement
    return Donnees(besoins, offre, adequation, calendrier, dossier.contraintes, plan, appariement, frozenset(voulus))


def with_hours(donnees: Donnees, heures: float) -> Donnees:
    """The same, with so many more hours for each agent."""
    agents = donnees.besoins.agents
    besoins = replace(donnees.besoins, agents=agents.assign(plafond=agents["plafond"] + heures))
    return replace(donnees, besoins=besoins)


def with_deadline(donnees: Donnees, avance_mois: int) -> Donnees:
    """The same, training being over so many months before each tool opens."""
    regle = donnees.plan.calendrier
    limites = donnees.besoins.agents["limite"] + pd.DateOffset(months=regle.avance_mois - avance_mois)
    mois, retard = months_left(limites, donnees.calendrier.mois, regle)
    agents = donnees.besoins.agents.assign(limite=limites, mois=mois, en_retard=retard)
    return replace(donnees, besoins=replace(donnees.besoins, agents=agents))
