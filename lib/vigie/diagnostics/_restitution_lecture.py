"""What the restitution reads, once: the other steps just diagnosed, the referentiels, what the direction validated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from . import _accompagnement_analyse, accompagnement, plan_formation
from ._accompagnement_lecture import Lecture as LectureAccompagnement
from .plan_formation import ResultatPlanFormation
from .regles_communes import merge_cases
from .resultat import Recommandation, Resultat
from .validation import VALIDE, last_validation

ETAPE = "restitution"
FEUILLE = "feuille_de_route"


@dataclass(frozen=True)
class Lecture:
    """`analyse`: the calculation of support, which holds the first three results. `resultats`: those of every step, in
    the order of the steps."""

    dossier: Dossier
    analyse: _accompagnement_analyse.Analyse
    plan: ResultatPlanFormation
    resultats: tuple[Resultat, ...]

    @property
    def jour(self) -> date:
        return self.dossier.campagne.date_reference

    @property
    def referentiels(self) -> Referentiels:
        return self.dossier.referentiels

    @property
    def base(self) -> LectureAccompagnement:
        """Items, uses, marks, proofs and openings, as support reads them."""
        return self.analyse.lecture

    @cached_property
    def etapes(self) -> tuple[str, ...]:
        return tuple(resultat.etape for resultat in self.resultats)

    @property
    def recommandations(self) -> Iterator[Recommandation]:
        for resultat in self.resultats:
            yield from resultat.recommandations

    @cached_property
    def rangs(self) -> dict[str, int]:
        """Competence → rank of the need of the structure, when someone has it."""
        besoins = self.base.competences.besoins.dropna(subset=["rang"])
        return {str(name): int(rank) for name, rank in zip(besoins["competence"], besoins["rang"], strict=True)}

    @cached_property
    def prealables(self) -> frozenset[str]:
        """Items that are conditions before a tool opens, and are not met."""
        rows = self.base.maturite.prealables
        return frozenset(rows.loc[~rows["rempli"], "item"])

    @cached_property
    def regles(self) -> pd.DataFrame:
        """Rules that apply, each once for all uses."""
        return merge_cases(self.base.risques.regles)

    def is_validated(self, etape: str, livrable: str = "") -> bool:
        last = last_validation(self.dossier.validations, etape, livrable)
        return last is not None and last.etat == VALIDE


def read(dossier: Dossier) -> Lecture:
    """Runs each step once: support already stands on the first three."""
    analyse = _accompagnement_analyse.analyse(dossier)
    base = analyse.lecture
    plan = plan_formation.diagnose(dossier)
    resultats = (base.maturite, base.competences, base.risques, plan, accompagnement.conclude(analyse))
    return Lecture(dossier, analyse, plan, resultats)
