"""Evaluation tools, their safeguards, and the indicators of follow-up (F3-20, F3-21; B.3, D.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..referentiels.accompagnement import OutilEvaluation
from ._accompagnement_lecture import ETAPE, Lecture
from .typographie import lower_first, spaced
from .validation import PROJET, validation_text

EVALUATION = {
    "outil": "str",
    "public": "str",
    "moment": "str",
    "contenu": "str",
    "precaution": "str",
    "id": "str",
}
INDICATEURS = {"indicateur": "str", "libelle": "str", "calcul": "str", "alerte": "str"}


def is_chosen(outil: OutilEvaluation, lecture: Lecture) -> bool:
    """An optional tool is used only once the direction validated it as a livrable of its own (validations.csv)."""
    return not outil.facultatif or validation_text(lecture.dossier.validations, ETAPE, outil.id) != PROJET


def evaluation_rows(lecture: Lecture) -> Iterator[dict[str, Any]]:
    """Every tool, the optional ones included: that they are not decided is said in `moment`."""
    for outil in lecture.accompagnement.outils:
        yield {
            "outil": spaced(outil.libelle),
            "public": spaced(" ; ".join(lecture.public_name(public) for public in outil.publics)),
            "moment": spaced(_moment(outil, lecture)),
            "contenu": spaced(outil.contenu),
            "precaution": spaced(_precaution(outil)),
            "id": outil.id,
        }


def indicator_rows(lecture: Lecture) -> Iterator[dict[str, Any]]:
    for indicateur in lecture.accompagnement.indicateurs:
        yield {
            "indicateur": indicateur.id,
            "libelle": spaced(indicateur.libelle),
            "calcul": spaced(indicateur.calcul),
            "alerte": spaced(indicateur.alerte),
        }


def _moment(outil: OutilEvaluation, lecture: Lecture) -> str:
    if not outil.facultatif:
        return outil.moment
    if not is_chosen(outil, lecture):
        return f"Non décidé à ce jour. {outil.moment}"
    decision = validation_text(lecture.dossier.validations, ETAPE, outil.id)
    return f"Retenu par la structure ({lower_first(decision)}). {outil.moment}"


def _precaution(outil: OutilEvaluation) -> str:
    """The tool's own precaution, what never enters it, and the safeguards on soft skills that hold for it."""
    parts = [outil.precaution.rstrip(".")]
    if outil.exclusions:
        parts.append(f"N'y entrent jamais : {', '.join(lower_first(text) for text in outil.exclusions)}")
    if outil.garde_fous:
        parts.append(f"Garde-fous des compétences douces : {', '.join(outil.garde_fous)}")
    return ". ".join(parts) + "."
