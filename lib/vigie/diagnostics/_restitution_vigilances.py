"""The sheet's cross-cutting vigilance points, each with a state computed from evidence (F3-22 to F3-37).

The state comes from the items: held when each reaches the high threshold with a document and without disagreement and
no signal objects; absent when all known items are under the low one; unknown when too few are known; to strengthen
otherwise. An item without object is left aside; without any other, the point itself is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..dossier import Etat
from ..referentiels.fiche import CotationVigilances, Vigilance
from ._accompagnement_lecture import ItemLu
from ._restitution_lecture import Lecture
from ._restitution_route import Action
from ._restitution_signaux import objections
from .chiffres import at_least, figure, under
from .phrases import enumerate_words
from .typographie import spaced

VIGILANCES = {
    "vigilance": "str",
    "libelle": "str",
    "etat": "str",  # tenu, a_renforcer, absent, inconnu or sans_objet
    "items": "str",
    "preuve": "str",  # documents shown
    "manque": "str",
    "acteur": "str",
    "actions": "str",  # ranks in the feuille de route
    "fiche": "str",
    "risques": "str",
    "regles": "str",
    "reponses": "str",
}
TENU, A_RENFORCER, ABSENT, INCONNU, SANS_OBJET = "tenu", "a_renforcer", "absent", "inconnu", "sans_objet"


@dataclass(frozen=True)
class PointJuge:
    """`items`: those that have an object here. `manques`: what stands between the point and « tenu »."""

    point: Vigilance
    etat: str
    items: tuple[ItemLu, ...]
    manques: tuple[str, ...]

    @property
    def preuves(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"{item.id} : {item.preuve}" for item in self.items if item.preuve))


def judge_points(lecture: Lecture) -> tuple[PointJuge, ...]:
    """Every point of the referentiel, in its order."""
    return tuple(_judge(point, lecture) for point in lecture.referentiels.vigilances.vigilances)


def vigilance_rows(points: Iterable[PointJuge], actions: Iterable[Action]) -> Iterator[dict[str, Any]]:
    route = list(actions)
    for judged in points:
        point = judged.point
        yield {
            "vigilance": point.id,
            "libelle": spaced(point.libelle),
            "etat": judged.etat,
            "items": ", ".join(f"{item.id} {_level(item)}" for item in judged.items),
            "preuve": spaced(" ; ".join(judged.preuves)),
            "manque": spaced(" ; ".join(judged.manques)),
            "acteur": point.acteur,
            "actions": " ".join(str(action.rang) for action in route if serves(action, point)),
            "fiche": " ".join(point.fiche),
            "risques": " ".join(point.risques),
            "regles": " ".join(point.regles),
            "reponses": " ".join(str(one) for one in sorted({one for item in judged.items for one in item.reponses})),
        }


def serves(action: Action, point: Vigilance) -> bool:
    """An action serves the points whose items, or rules, one of its recommandations is mainly about."""
    for source in action.sources:
        why = source.recommandation.pourquoi
        for ids, wanted in ((why.items, point.items), (why.regles, point.regles)):
            if len(ids) == 1 and ids[0] in wanted:
                return True
    return False


def _judge(point: Vigilance, lecture: Lecture) -> PointJuge:
    cotation = lecture.referentiels.vigilances.cotation
    items = [lecture.base.item(id_) for id_ in point.items]
    items = [item for item in items if item.etat != Etat.SANS_OBJET]
    if not items:
        return PointJuge(point, SANS_OBJET, (), ())
    missing = [*_missing(items, cotation), *(text for _, text in objections(point, lecture))]
    return PointJuge(point, _state(items, missing, cotation), tuple(items), tuple(missing))


def _state(items: list[ItemLu], missing: list[str], cotation: CotationVigilances) -> str:
    rated = [item for item in items if item.known]
    if under(len(rated) / len(items), cotation.part_connue_minimale):
        return INCONNU
    if all(under(item.valeur, cotation.seuil_absent) for item in rated):
        return ABSENT
    return A_RENFORCER if missing else TENU


def _missing(items: list[ItemLu], cotation: CotationVigilances) -> Iterator[str]:
    unknown = [item.id for item in items if not item.known]
    if unknown:
        yield f"inconnu : {enumerate_words(unknown)}"
    low = [
        f"{item.id} {_level(item)}" for item in items if item.known and not at_least(item.valeur, cotation.seuil_tenu)
    ]
    if low:
        yield f"attendu {figure(cotation.seuil_tenu)} : {enumerate_words(low)}"
    unproven = [item.id for item in items if item.known and not item.preuve]
    if unproven:
        yield f"sans document montré : {enumerate_words(unproven)}"
    apart = [item.id for item in items if item.divergent]
    if apart:
        yield f"réponses en désaccord, à arbitrer : {enumerate_words(apart)}"


def _level(item: ItemLu) -> str:
    return f"au niveau {figure(item.valeur)}" if item.known else "inconnu"
