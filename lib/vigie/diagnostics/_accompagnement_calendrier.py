"""When people meet: events counted from the day of the diagnosis, from each opening, from the first use (D.5, F3-28).

What should precede an opening falls on a working day before; what follows, on a working day after. What should already
have taken place is caught up, before the opening if it is still to come. Nothing is dated before the diagnosis, and
nothing is dated that depends on an opening nobody knows, unless a tool is already used: its opening then counts as
today.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..referentiels.accompagnement import RendezVous
from ._accompagnement_lecture import Lecture, Ouverture
from .jours_ouvres import add_months
from .phrases import count
from .typographie import spaced

CALENDRIER = {
    "date": "str",
    "type": "str",
    "intitule": "str",
    "public": "str",
    "pilote": "str",
    "base": "str",
    "fiche": "str",
    "evenement": "str",
}
HORS_AGENTS = ("TA", "RP", "NA")
"""Audiences that every structure has, whoever its agents are."""
ORDRE = ("consultation", "information", "nouveaux_arrivants", "atelier", "suivi", "vigilance", "echeance_droit")


@dataclass(frozen=True)
class Evenement:
    """One dated event. `id` stays the same from one diagnosis to the next; `retard`: it should have come before."""

    id: str
    jour: date
    type: str
    intitule: str
    publics: tuple[str, ...]
    pilote: str
    bases: tuple[str, ...] = ()
    fiche: tuple[str, ...] = ()
    rendez_vous: str = ""
    ouverture: date | None = None
    retard: bool = False


def plan_meetings(lecture: Lecture) -> tuple[Evenement, ...]:
    """Every event of the referentiel's rendez-vous, in the order of their dates."""
    events: list[Evenement] = []
    for rendez_vous in lecture.accompagnement.rendez_vous:
        if rendez_vous.ancre == "ouverture":
            events += _around_openings(rendez_vous, lecture)
        else:
            events += _from_today(rendez_vous, lecture)
    return ordered(events)


def ordered(events: Iterable[Evenement]) -> tuple[Evenement, ...]:
    return tuple(sorted(events, key=lambda event: (event.jour, ORDRE.index(event.type), event.id)))


def calendar_rows(events: Iterable[Evenement], lecture: Lecture) -> Iterator[dict[str, Any]]:
    for event in events:
        yield {
            "date": event.jour.isoformat(),
            "type": event.type,
            "intitule": spaced(event.intitule),
            "public": spaced(" ; ".join(lecture.public_name(public) for public in event.publics)),
            "pilote": event.pilote,
            "base": " ".join(lecture.citable(event.bases)),
            "fiche": " ".join(event.fiche),
            "evenement": event.id,
        }


def catch_up(lecture: Lecture, before: date | None = None) -> date:
    """The day at which what is late is set; before `before` when that day is still to come and leaves room."""
    ahead = timedelta(days=lecture.accompagnement.calendrier.rattrapage_jours)
    day = lecture.jours.on_or_after(lecture.jour + ahead)
    if before is None or before <= lecture.jour:
        return day
    latest = lecture.jours.before(before)
    return min(day, latest) if latest > lecture.jour else day


def day_before(lecture: Lecture, opening: date, months: int) -> tuple[date, bool]:
    """The working day `months` before an opening, and whether it had to be caught up."""
    wanted = lecture.jours.on_or_before(add_months(opening, -months))
    if wanted > lecture.jour:
        return wanted, False
    return catch_up(lecture, opening), True


def _from_today(rendez_vous: RendezVous, lecture: Lecture) -> Iterator[Evenement]:
    """Events counted from the diagnosis, or from the first use of a tool."""
    publics = _present(rendez_vous.publics, lecture)
    start = lecture.jour if rendez_vous.ancre == "reference" else _first_use(lecture)
    if not publics or start is None:
        return
    limit = add_months(lecture.jour, lecture.accompagnement.calendrier.horizon_mois)
    for number, months in enumerate(_offsets(rendez_vous, start, limit), 1):
        day = lecture.jours.on_or_after(add_months(start, months) + timedelta(days=rendez_vous.jours))
        if lecture.jour < day <= lecture.jours.on_or_after(limit):
            yield _event(rendez_vous, f"{rendez_vous.id}-{number}", day, publics)


def _around_openings(rendez_vous: RendezVous, lecture: Lecture) -> Iterator[Evenement]:
    for ouverture in lecture.ouvertures:
        publics = tuple(public for public in rendez_vous.publics if public in ouverture.publics)
        opening = ouverture.jour or (lecture.jour if lecture.uses_tool else None)
        if publics and opening:
            yield from _around(rendez_vous, ouverture, opening, publics, lecture)


def _around(
    rendez_vous: RendezVous, ouverture: Ouverture, opening: date, publics: tuple[str, ...], lecture: Lecture
) -> Iterator[Evenement]:
    limit = add_months(max(lecture.jour, opening), lecture.accompagnement.calendrier.horizon_mois)
    title = rendez_vous.intitule + _groups(rendez_vous, sum(ouverture.publics[public] for public in publics))
    kept = []
    for number, months in enumerate(_offsets(rendez_vous, opening, limit), 1):
        name = f"{rendez_vous.id}-o{ouverture.rang}-{number}"
        if months < 0:
            day, late = day_before(lecture, opening, -months)
        else:
            day, late = lecture.jours.on_or_after(add_months(opening, months)), False
        if day > lecture.jour:
            event = _event(rendez_vous, name, day, publics, title)
            kept.append(replace(event, ouverture=opening, retard=late))
    if not kept:
        event = _event(rendez_vous, f"{rendez_vous.id}-o{ouverture.rang}-0", catch_up(lecture), publics, title)
        kept.append(replace(event, ouverture=opening, retard=True))
    for event in kept:
        late_title = f"{event.intitule} (à rattraper)"
        yield replace(event, intitule=late_title) if event.retard else event


def _event(
    rendez_vous: RendezVous, name: str, day: date, publics: tuple[str, ...], title: str | None = None
) -> Evenement:
    return Evenement(
        id=name,
        jour=day,
        type=rendez_vous.type,
        intitule=title or rendez_vous.intitule,
        publics=publics,
        pilote=rendez_vous.pilote,
        bases=rendez_vous.bases,
        fiche=rendez_vous.fiche,
        rendez_vous=rendez_vous.id,
    )


def _offsets(rendez_vous: RendezVous, start: date, limit: date) -> Sequence[int]:
    """Months from `start`: those of the referentiel, then one a period up to `limit`."""
    if rendez_vous.periode_mois is None:
        return rendez_vous.mois
    offsets = [rendez_vous.mois[0]]
    while add_months(start, offsets[-1] + rendez_vous.periode_mois) <= limit:
        offsets.append(offsets[-1] + rendez_vous.periode_mois)
    return offsets


def _present(publics: Iterable[str], lecture: Lecture) -> tuple[str, ...]:
    """Audiences that the structure has: those of its agents, and those that every structure has."""
    seen = {public for ouverture in lecture.ouvertures for public in ouverture.publics}
    return tuple(public for public in publics if public in HORS_AGENTS or public in seen)


def _first_use(lecture: Lecture) -> date | None:
    return lecture.jour if lecture.uses_tool else lecture.prochaine_ouverture


def _groups(rendez_vous: RendezVous, effectif: int) -> str:
    """« : 4 séances de 12 personnes au plus », when the number of people is known and does not fit in one."""
    most = rendez_vous.participants_max
    if most is None or effectif <= most:
        return ""
    return f" : {count(math.ceil(effectif / most), 'séance')} de {most} personnes au plus"
