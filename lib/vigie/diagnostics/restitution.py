"""Restitution: vigilance points, feuille de route, before and after, validations (F3-22 to F3-37, A.7, D.6, 4.3).

Every other step is diagnosed once, on the same dossier, and nothing here is rated again: this step gathers, places,
merges and compares. The private modules `_restitution_…` hold one part each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from ..dossier import Dossier
from ._restitution_avant_apres import AVANT_APRES, before_after
from ._restitution_constats import list_missing, observe
from ._restitution_lecture import ETAPE, read
from ._restitution_route import FEUILLE_DE_ROUTE, plan_actions, route_rows
from ._restitution_validations import VALIDATIONS, validation_rows
from ._restitution_versions import VERSIONS, version_rows
from ._restitution_vigilances import TENU, VIGILANCES, judge_points, vigilance_rows
from .cadres import frame_of
from .resultat import Resultat
from .typographie import spaced
from .validation import VALIDE, validation_text


@dataclass(frozen=True)
class ResultatRestitution(Resultat):
    """Columns of the tables: in the module of each. `recommandations`: the actions of the feuille de route, each with
    the reasons of all the recommandations it brings together.

    `campagne_avant`: label of the campagne compared, "" without any.
    """

    etape: ClassVar[str] = ETAPE

    validation: str
    vigilances_tenues: int
    recommandations_reunies: int
    etapes_validees: int
    campagne_avant: str
    vigilances: pd.DataFrame
    feuille_de_route: pd.DataFrame
    avant_apres: pd.DataFrame
    versions_comparees: pd.DataFrame
    validations: pd.DataFrame


def diagnose(dossier: Dossier) -> ResultatRestitution:
    """The whole step for one structure. The same answers in any order give the same result."""
    lecture = read(dossier)
    actions = plan_actions(lecture)
    points = judge_points(lecture)
    changes, comparaisons = before_after(lecture)
    validations = frame_of(validation_rows(lecture), VALIDATIONS)
    steps = validations[validations["livrable"].eq("") & validations["etape"].ne(ETAPE)]
    return ResultatRestitution(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=dossier.referentiels.versions,
        constats=tuple(observe(points, actions, changes, lecture)),
        recommandations=tuple(action.to_recommandation() for action in actions),
        manques=tuple(spaced(sentence) for sentence in list_missing(comparaisons, lecture)),
        validation=validation_text(dossier.validations, ETAPE),
        vigilances_tenues=sum(judged.etat == TENU for judged in points),
        recommandations_reunies=sum(len(action.sources) for action in actions),
        etapes_validees=int(steps["etat"].eq(VALIDE).sum()),
        campagne_avant=dossier.anterieur.campagne.libelle if dossier.anterieur else "",
        vigilances=frame_of(vigilance_rows(points, actions), VIGILANCES),
        feuille_de_route=frame_of(route_rows(actions, lecture), FEUILLE_DE_ROUTE),
        avant_apres=frame_of(changes, AVANT_APRES),
        versions_comparees=frame_of(version_rows(comparaisons), VERSIONS),
        validations=validations,
    )
