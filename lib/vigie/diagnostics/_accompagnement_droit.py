"""Dates at which the law that concerns the structure begins to apply, from the calendar of the step on risks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from ..referentiels.base import Confiance
from ._accompagnement_calendrier import Evenement
from ._accompagnement_lecture import Lecture
from .jours_ouvres import add_months
from .phrases import count, enumerate_words

NOMMES = 3
"""Up to this number of texts are named in the title of a date; the others are counted."""
PUBLICS = ("ED", "RF")
PILOTE = "JUR"


def law_events(lecture: Lecture) -> Iterator[Evenement]:
    """One event a date to come, within the horizon; its title says when a date was not read in the text."""
    limit = add_months(lecture.jour, lecture.accompagnement.calendrier.horizon_droit_mois)
    rows = lecture.risques.calendrier
    rows = rows[(rows["date"] > lecture.jour.isoformat()) & (rows["date"] <= limit.isoformat())]
    for day, group in rows.groupby("date", sort=True):
        yield Evenement(
            id=f"droit-{day}",
            jour=date.fromisoformat(str(day)),
            type="echeance_droit",
            intitule=_title(group),
            publics=PUBLICS,
            pilote=PILOTE,
            bases=tuple(dict.fromkeys(group["base"])),
        )


def _title(group: pd.DataFrame) -> str:
    names = list(dict.fromkeys(group["base"]))
    if len(names) > NOMMES:
        names = [*names[: NOMMES - 1], count(len(names) - NOMMES + 1, "autre texte", "autres textes")]
    unread = group.loc[group["confiance"] != Confiance.TEXTE, "base"].nunique()
    doubt = f" (date à vérifier pour {count(unread, 'texte')})" if unread else ""
    return f"Application du droit : {enumerate_words(names)}{doubt}"
