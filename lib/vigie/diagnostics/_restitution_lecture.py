"""What the restitution reads, once: the other steps just diagnosed, the referentiels, what the direction validated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from . import _accompagnement_analyse, accompagnement
from ._accompagnement_lecture import Lecture as LectureAccompagnement
from ._restitution_plan import PlanLu, read_plan
from .plan_formation import ETAPE as PLAN
from .regles_communes import merge_cases
from .resultat import Recommandation, Resultat
from .validation import VALIDE, last_validation

ETAPE = "restitution"
FEUILLE = "feuille_de_route"


@dataclass(frozen=True)
class EtapeLue:
    """What a step recommends, and what was missing to it."""

    etape: str
    recommandations: tuple[Recommandation, ...]
    manques: tuple[str, ...]


@dataclass(frozen=True)
class Lecture:
    """`analyse`: the calculation of support, which holds the first three results. `lues`: every step, in order."""

    dossier: Dossier
    analyse: _accompagnement_analyse.Analyse
    plan: PlanLu
    lues: tuple[EtapeLue, ...]

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
        return tuple(lue.etape for lue in self.lues)

    @property
    def recommandations(self) -> Iterator[Recommandation]:
        for lue in self.lues:
            yield from lue.recommandations

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
    plan = read_plan(dossier)
    before = (base.maturite, base.competences, base.risques)
    lues = (
        *(_read_step(resultat) for resultat in before),
        EtapeLue(PLAN, plan.recommandations, plan.manques),
        _read_step(accompagnement.conclude(analyse)),
    )
    return Lecture(dossier, analyse, plan, lues)


def _read_step(resultat: Resultat) -> EtapeLue:
    return EtapeLue(resultat.etape, resultat.recommandations, resultat.manques)
