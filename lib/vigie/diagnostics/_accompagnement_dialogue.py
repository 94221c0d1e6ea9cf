"""Social dialogue: what is due, to whom, when, on which base, and where it stands (F3-35, F3-36; law-ethics, 5.3).

* done: the rule that the point rests on is proven;
* without object: no active use carries what makes the point due, and every active use was asked;
* to be checked: nobody answered for a use that could make it due: silence never makes a consultation useless;
* late: an opinion or an information is due before use, and people already work with the tool;
* proposed: a faculty, or what the law does not ask; to do: the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..referentiels.accompagnement import EtatDialogue, PointDialogue
from ..referentiels.base import Confiance
from ._accompagnement_calendrier import Evenement, catch_up, day_before
from ._accompagnement_lecture import Cas, Lecture
from .jours_ouvres import add_months
from .typographie import lower_first, spaced

DIALOGUE = {
    "sujet": "str",
    "formation_competente": "str",
    "moment": "str",
    "base": "str",
    "confiance": "str",
    "echeance": "str",
    "etat": "str",
    "id": "str",
}
DUS = ("avis", "information")
"""Natures that the law asks for; the others are a faculty or a proposal."""
CONTRAIGNANT = "contraignant"
PUBLICS = ("RP",)
PILOTE = "RH"
DOUTE = list(Confiance)
"""From what was read in the text to what is remembered."""


@dataclass(frozen=True)
class PointJuge:
    """`cas`: the uses that make the point due; `sans_reponse`: those nobody answered for; `serre`: the opening is
    closer than the time that a consultation takes."""

    point: PointDialogue
    etat: EtatDialogue
    echeance: date | None
    serre: bool
    cas: tuple[Cas, ...]
    sans_reponse: tuple[Cas, ...]
    reponses: tuple[int, ...]


def judge_dialogue(lecture: Lecture) -> tuple[PointJuge, ...]:
    """Every point of the referentiel, in its order."""
    return tuple(_judge(point, lecture) for point in lecture.accompagnement.dialogue)


def dialogue_rows(points: Iterable[PointJuge], lecture: Lecture) -> Iterator[dict[str, Any]]:
    for juge in points:
        point = juge.point
        yield {
            "sujet": spaced(point.sujet),
            "formation_competente": spaced(point.formation_competente),
            "moment": spaced(point.moment),
            "base": " ".join(lecture.citable(point.bases)),
            "confiance": weakest(point.bases, lecture),
            "echeance": juge.echeance.isoformat() if juge.echeance else "",
            "etat": juge.etat,
            "id": point.id,
        }


def dialogue_events(points: Iterable[PointJuge]) -> Iterator[Evenement]:
    for juge in points:
        if juge.echeance:
            yield Evenement(
                id=f"dialogue-{juge.point.id}",
                jour=juge.echeance,
                type="consultation",
                intitule=f"Dialogue social : {lower_first(juge.point.sujet)}",
                publics=PUBLICS,
                pilote=PILOTE,
                bases=juge.point.bases,
                fiche=juge.point.fiche,
                retard=juge.etat == "en_retard",
            )


def weakest(ids: Iterable[str], lecture: Lecture) -> str:
    """How the least checked of the binding bases was checked, of all when none binds; "" without base."""
    bases = [lecture.bases[id_] for id_ in lecture.citable(ids)]
    binding = [base for base in bases if base.force == CONTRAIGNANT] or bases
    return max((base.confiance for base in binding), key=DOUTE.index).value if binding else ""


def _judge(point: PointDialogue, lecture: Lecture) -> PointJuge:
    cas, sans_reponse = _concerned(point, lecture)
    etat = _state(point, cas, sans_reponse, lecture)
    due, tight = _due(point, etat, lecture)
    return PointJuge(point, etat, due, tight, cas, sans_reponse, _answers(point, cas, lecture))


def _concerned(point: PointDialogue, lecture: Lecture) -> tuple[tuple[Cas, ...], tuple[Cas, ...]]:
    """Active uses that make the point due, and those for which nobody answered."""
    if point.declencheur != "marques":
        return lecture.cas, ()
    cas = tuple(one for one in lecture.cas if set(point.marques) & set(one.marques))
    silent = tuple(
        one
        for one in lecture.cas
        if one not in cas and any(not lecture.choices("marque", one.id, marque) for marque in point.marques)
    )
    return cas, silent


def _state(point: PointDialogue, cas: tuple[Cas, ...], sans_reponse: tuple[Cas, ...], lecture: Lecture) -> EtatDialogue:
    if point.declencheur == "marques" and not cas:
        return "a_verifier" if sans_reponse else "sans_objet"
    if point.declencheur == "outil" and not cas and not any(one.jour for one in lecture.ouvertures):
        return "sans_objet"
    if point.regle and lecture.proven(point.regle):
        return "fait"
    if point.nature not in DUS:
        return "propose"
    if point.echeance == "avant_ouverture" and any(one.in_use for one in cas):
        return "en_retard"
    due = _law_date(point, lecture) if point.echeance == "droit" else None
    if due and due <= lecture.jour and any(one.in_use for one in cas):
        return "en_retard"
    return "a_faire"


def _due(point: PointDialogue, etat: EtatDialogue, lecture: Lecture) -> tuple[date | None, bool]:
    """The day by which the point is dealt with, and whether time is short; None when it is done, without object, or
    depends on no known date."""
    if etat in ("fait", "sans_objet", "a_verifier") or point.echeance == "aucune":
        return None, False
    if etat == "en_retard":
        return catch_up(lecture), False
    if point.echeance == "proposee":
        due = add_months(lecture.jour, point.echeance_mois) + timedelta(days=point.echeance_jours)
        return lecture.jours.on_or_after(due), False
    if point.echeance == "droit" and (law := _law_date(point, lecture)) and law > lecture.jour:
        return lecture.jours.before(law), False
    opening = lecture.prochaine_ouverture
    months = lecture.accompagnement.calendrier.consultation_avance_mois
    return day_before(lecture, opening, months) if opening else (None, False)


def _law_date(point: PointDialogue, lecture: Lecture) -> date | None:
    """The last date of application that the point's bases hold."""
    dates = [value.en_vigueur for id_ in point.bases for value in lecture.bases[id_].application if value.en_vigueur]
    return max(dates, default=None)


def _answers(point: PointDialogue, cas: tuple[Cas, ...], lecture: Lecture) -> tuple[int, ...]:
    found = set(lecture.proof_ids(point.regle)) if point.regle else set()
    objets = [one.id for one in cas]
    for marque in point.marques:
        found |= set(lecture.answer_ids("risques_ethique", ("marque",), objets=objets, cible=marque))
    if point.declencheur != "toujours":
        found |= set(lecture.answer_ids("risques_ethique", ("inventaire",), objets=objets))
    return tuple(sorted(found))
