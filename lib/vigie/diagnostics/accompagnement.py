"""Support and governance: `diagnose(dossier)` (F3-13, F3-14, F3-17 to F3-23, F3-28, F3-29, F3-31, F3-35 to F3-37).

What exists is read from the answers to the other steps; what is due, from the law and from the dates; what is proposed,
from the referentiels governance and accompagnement. The private modules `_accompagnement_…` hold one part each. Nothing
here reads an unknown as done, as absent, or as useless to consult on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from ..dossier import Dossier
from ._accompagnement_analyse import Analyse
from ._accompagnement_analyse import analyse as analyse
from ._accompagnement_calendrier import CALENDRIER, calendar_rows
from ._accompagnement_constats import list_missing, support_constats
from ._accompagnement_constats_instances import instance_constats
from ._accompagnement_dialogue import DIALOGUE, DUS, dialogue_rows
from ._accompagnement_evaluation import EVALUATION, INDICATEURS, evaluation_rows, indicator_rows, is_chosen
from ._accompagnement_gouvernance import COMPOSITION, GOUVERNANCE, composition_rows, governance_rows
from ._accompagnement_kit import KIT, kit_rows
from ._accompagnement_lecture import ETAPE
from ._accompagnement_lignes import PILOTAGE, piloting_rows
from ._accompagnement_recommandations import recommend
from ._accompagnement_signalement import ROUTES, route_rows
from .cadres import frame_of
from .resultat import Resultat
from .typographie import spaced
from .validation import validation_text


@dataclass(frozen=True)
class ResultatAccompagnement(Resultat):
    """Columns of the tables: in the module of each. A column `id` (`evenement` in the calendar) holds the stable id of
    the referentiel behind the line; other cells are ready to be read.

    `ouverture`: ISO date of the first opening to come, "" without any. `entretien_retenu`: the direction validated the
    use of the annual interview's grid.
    """

    etape: ClassVar[str] = ETAPE

    validation: str
    formule: str
    """reseau, commission or les_deux."""
    mutualisee: bool
    ouverture: str
    outil_utilise: bool
    documents_manquants: int
    kit_accessible: bool
    rendez_vous: int
    consultations_dues: int
    """Opinions and informations that the law asks for, still to do, late or to be checked."""
    entretien_retenu: bool
    kit: pd.DataFrame
    calendrier: pd.DataFrame
    gouvernance: pd.DataFrame
    composition: pd.DataFrame
    routes: pd.DataFrame
    pilotage: pd.DataFrame
    dialogue: pd.DataFrame
    evaluation: pd.DataFrame
    indicateurs: pd.DataFrame


def diagnose(dossier: Dossier) -> ResultatAccompagnement:
    """The whole step for one structure. The same answers in any order give the same result."""
    return conclude(analyse(dossier))


def conclude(found: Analyse) -> ResultatAccompagnement:
    """Tables and sentences from the calculation, for who already has it and the three diagnoses that it holds."""
    lecture, dossier = found.lecture, found.lecture.dossier
    lines = recommend(found)
    opening = lecture.prochaine_ouverture
    return ResultatAccompagnement(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=dossier.referentiels.versions,
        constats=(*support_constats(found), *instance_constats(found)),
        recommandations=tuple(line.recommandation for line in lines),
        manques=tuple(spaced(sentence) for sentence in list_missing(found)),
        validation=validation_text(dossier.validations, ETAPE),
        formule=found.gouvernance.formule,
        mutualisee=found.gouvernance.mutualisee,
        ouverture=opening.isoformat() if opening else "",
        outil_utilise=lecture.uses_tool,
        documents_manquants=len(found.missing_documents),
        kit_accessible=found.reachable,
        rendez_vous=sum(bool(event.rendez_vous) for event in found.evenements),
        consultations_dues=_due(found),
        entretien_retenu=all(is_chosen(outil, lecture) for outil in lecture.accompagnement.outils),
        kit=frame_of(kit_rows(found.kit, lecture.jour), KIT),
        calendrier=frame_of(calendar_rows(found.evenements, lecture), CALENDRIER),
        gouvernance=frame_of(governance_rows(found.gouvernance, lecture), GOUVERNANCE),
        composition=frame_of(composition_rows(found.gouvernance, lecture), COMPOSITION),
        routes=frame_of(route_rows(lecture), ROUTES),
        pilotage=frame_of(piloting_rows(lines, lecture), PILOTAGE),
        dialogue=frame_of(dialogue_rows(found.dialogue, lecture), DIALOGUE),
        evaluation=frame_of(evaluation_rows(lecture), EVALUATION),
        indicateurs=frame_of(indicator_rows(lecture), INDICATEURS),
    )


def _due(found: Analyse) -> int:
    return sum(
        juge.point.nature in DUS and juge.etat in ("a_faire", "en_retard", "a_verifier") for juge in found.dialogue
    )
