"""What the direction validated, step by step and document by document (F3-34); the rest is a draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._restitution_lecture import Lecture
from .validation import last_validation

VALIDATIONS = {
    "etape": "str",
    "livrable": "str",  # "" = the step
    "etat": "str",  # valide or projet
    "date": "str",
    "par": "str",
}
PROJET = "projet"


def validation_rows(lecture: Lecture) -> Iterator[dict[str, Any]]:
    """A row a step and a row each document validated on its own, in the order of the referentiel."""
    for one in lecture.referentiels.formulaires.validation.etapes:
        for livrable in ("", *one.livrables):
            last = last_validation(lecture.dossier.validations, one.etape, livrable)
            yield {
                "etape": one.etape,
                "livrable": livrable,
                "etat": last.etat if last else PROJET,
                "date": last.date if last else "",
                "par": last.par if last else "",
            }
