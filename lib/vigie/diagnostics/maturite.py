"""Maturity of a structure: `diagnose(dossier)` (knowledge: maturity, parts A.4 to A.7).

The calculation is in `_maturite_reponses` (answers), `_maturite_items`, `_maturite_dimensions`, `_maturite_echo`,
`_maturite_regards` and `_maturite_analyse`; sentences in `_maturite_lecture`, `_maturite_constats…` and
`_maturite_recommandations`; frames in `_maturite_tables`. Every weight, threshold and target comes from the
referentiel. There is no global score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from ..dossier import Dossier
from ._maturite_analyse import analyse
from ._maturite_constats import say_dimensions, say_opening
from ._maturite_constats_echo import list_missing, say_echo, say_participation
from ._maturite_constats_items import say_items
from ._maturite_dimensions import weakest
from ._maturite_recommandations import recommend
from ._maturite_reponses import ETAPE
from ._maturite_tables import build_tables
from .partage import once_a_dossier
from .resultat import Resultat
from .validation import validation_text


@dataclass(frozen=True)
class ResultatMaturite(Resultat):
    """Columns and dtypes of the frames: `_maturite_tables`. An unknown number is NaN, null in JSON."""

    etape: ClassVar[str] = ETAPE

    situation: str
    repondants_attendus: int
    repondants_exprimes: int
    echo_repondants: int
    echo_effectif: int
    echo_taux: float
    dimension_la_plus_faible: str
    prealables_manquants: int
    ouverture_possible: bool
    validation: str
    dimensions: pd.DataFrame
    items: pd.DataFrame
    roles: pd.DataFrame
    regards: pd.DataFrame
    echo: pd.DataFrame
    prealables: pd.DataFrame
    participation: pd.DataFrame


@once_a_dossier
def diagnose(dossier: Dossier) -> ResultatMaturite:
    """Rates one structure in one campaign. Pure: the same answers in any order give the same result."""
    done = analyse(dossier)
    return ResultatMaturite(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=dossier.referentiels.versions,
        constats=(
            say_opening(done),
            *say_dimensions(done),
            *say_items(done),
            *say_echo(done),
            *say_participation(done),
        ),
        recommandations=recommend(done),
        manques=list_missing(done),
        situation=dossier.structure.situation,
        repondants_attendus=sum(part.attendus for part in done.participation),
        repondants_exprimes=sum(part.exprimes for part in done.participation),
        echo_repondants=done.echo.repondants,
        echo_effectif=done.echo.effectif,
        echo_taux=done.echo.taux,
        dimension_la_plus_faible=weakest(done.dimensions),
        prealables_manquants=len(done.unfilled),
        ouverture_possible=not done.unfilled,
        validation=validation_text(dossier.validations, ETAPE),
        **build_tables(done),
    )
