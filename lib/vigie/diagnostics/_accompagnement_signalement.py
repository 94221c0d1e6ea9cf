"""Routes of a report: to whom, within which delay, legal or proposed, on which base, how each was checked (5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..referentiels.base import Confiance
from ..referentiels.gouvernance import Delai, Route
from ._accompagnement_lecture import Lecture
from .phrases import long_date
from .typographie import lower_first, spaced

ROUTES = {
    "nature": "str",
    "voie": "str",
    "destinataire": "str",
    "delai": "str",
    "base": "str",
    "confiance": "str",
    "id": "str",
}
NATURES = {"legal": "légal", "propose": "proposé", "sans_delai": ""}


def route_rows(lecture: Lecture) -> Iterator[dict[str, Any]]:
    """Every route, whatever the structure: a procedure does not depend on who answered."""
    for route in lecture.gouvernance.signalement.routes:
        yield {
            "nature": spaced(route.nature),
            "voie": route.libelle,
            "destinataire": spaced(route.destinataire),
            "delai": spaced(_delay_words(route, lecture)),
            "base": " ".join(lecture.citable(route.bases)),
            "confiance": route.confiance.value,
            "id": route.id,
        }


def delay_text(delai: Delai, lecture: Lecture) -> str:
    """« sept jours ouvrés (légal ; de mémoire, à vérifier) », « réponse sous cinq jours (proposé) »."""
    said = [NATURES[delai.nature]] if NATURES[delai.nature] else []
    if delai.confiance is not None and delai.confiance is not Confiance.TEXTE:
        said.append(lower_first(lecture.dossier.referentiels.libelles.code(delai.confiance.value)))
    return f"{delai.texte} ({' ; '.join(said)})" if said else delai.texte


def applies_from(route: Route, lecture: Lecture) -> date | None:
    """The day from which a route applies, when it is still to come."""
    if not route.dates_de:
        return None
    dates = [value.en_vigueur for value in lecture.bases[route.dates_de].application if value.en_vigueur]
    return max(dates) if dates and max(dates) > lecture.jour else None


def _delay_words(route: Route, lecture: Lecture) -> str:
    due = applies_from(route, lecture)
    parts = [delay_text(route.delai, lecture)]
    parts += [f"applicable à compter du {long_date(due)}"] if due else []
    parts += [lower_first(route.reserve)] if route.reserve else []
    return " ; ".join(parts)
