"""The calendar of support as an iCalendar file (RFC 5545), for Outlook, Thunderbird and the like.

Whole-day events, since hours and places are still to be set. The same event keeps the same UID from one run to the
next, so that importing the file again updates it instead of doubling it. Text in, bytes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from ..diagnostics.accompagnement import ResultatAccompagnement
from ..diagnostics.validation import PROJET
from .formats import typeset
from .livrables.contexte import FICTIF, Contexte
from .tables import lines

NAMESPACE = UUID("5b6f0c1e-4c1d-5a3a-9a55-7d1e3a0f2b64")
"""Ours, and never changed: the UIDs of calendars already handed out come from it."""
PRODUCT = "-//Vigie//Accompagnement//FR"
OCTETS = 75
"""Length of a content line, its end not counted (RFC 5545, 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def make_agenda(resultat: ResultatAccompagnement, contexte: Contexte) -> bytes:
    """Every dated line of `resultat.calendrier`; the same bytes for the same result."""
    written = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _text("NAME", _name(contexte)),
        _text("X-WR-CALNAME", _name(contexte)),
        *(row for line in lines(resultat.calendrier) if line.date for row in _event(line, resultat, contexte)),
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(row)}\r\n" for row in written).encode("utf-8")


def fold(row: str) -> str:
    """A content line cut at 75 octets, never inside a character; each further piece opens with a space."""
    pieces: list[str] = []
    piece, size = "", 0
    for character in row:
        weight = len(character.encode("utf-8"))
        if size + weight > OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + weight
    return "\r\n".join([*pieces, piece])


def event_uid(evenement: str, contexte: Contexte) -> str:
    """The same for one event of one structure in one campagne, whatever its date."""
    return str(
        uuid5(NAMESPACE, "/".join((contexte.ministere.id, contexte.structure.id, contexte.campagne.id, evenement)))
    )


def _event(line: Any, resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[str]:
    day = date.fromisoformat(line.date)
    yield "BEGIN:VEVENT"
    yield f"UID:{event_uid(line.evenement, contexte)}"
    yield f"DTSTAMP:{resultat.date_reference:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield _text("SUMMARY;LANGUAGE=fr", line.intitule)
    yield _text("DESCRIPTION;LANGUAGE=fr", "\n".join(_description(line, resultat, contexte)))
    yield _text("CATEGORIES;LANGUAGE=fr", contexte.codes.get(line.type, line.type))
    yield f"STATUS:{'TENTATIVE' if resultat.validation == PROJET else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PUBLIC"
    yield "END:VEVENT"


def _description(line: Any, resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[str]:
    """What it holds, for whom, who pilots, on what ground, and that it is still a proposal."""
    if contexte.ministere.fictif:
        yield FICTIF
    yield from _contents(line.evenement, contexte)
    roles = {role.id: role.libelle for role in contexte.referentiels.maturite.roles}
    known = (
        ("Public", line.public),
        ("Pilote", roles.get(line.pilote, line.pilote)),
        ("Bases", ", ".join(line.base.split())),
        ("Fiche n° 3", ", ".join(line.fiche.split())),
        ("État", resultat.validation),
    )
    yield from (f"{label} : {text}" for label, text in known if text)
    yield (
        "Date proposée ; heure et lieu à fixer."
        if line.type != "echeance_droit"
        else "Date tirée du calendrier du droit."
    )


def _contents(evenement: str, contexte: Contexte) -> Iterable[str]:
    """The referentiel's words for a meeting, or for a point of social dialogue; nothing for a date of law."""
    accompagnement = contexte.referentiels.accompagnement
    kind, _, rest = evenement.partition("-")
    meetings = {one.id: one.contenu for one in accompagnement.rendez_vous}
    points = {f"dialogue-{one.id}": one.contenu for one in accompagnement.dialogue}
    found = meetings.get(kind) if rest and kind in meetings else points.get(evenement)
    return [f"{found}."] if found else []


def _name(contexte: Contexte) -> str:
    return f"Accompagnement à l'IA – {contexte.structure.nom}"


def _text(name: str, value: str) -> str:
    """A property whose value is text: typeset, escaped (RFC 5545, 3.3.11)."""
    return f"{name}:{typeset(value).translate(_ESCAPES)}"
