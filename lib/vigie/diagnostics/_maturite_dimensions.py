"""One dimension: score, level and what caps it, coverage, bounds, confidence, target, gap, priority (A.4 to A.7).

Choices where the method is silent:

* No level is computed, shown or overridden under the coverage threshold: an override cannot stand for missing answers,
  it is printed beside « partiel ». A blocking item that is hidden also leaves the dimension « partiel ».
* Only the target set by the direction is brought back to L + 2; the advised minimum above L + 2 is said to need two
  stages but stays whole, so that raising an answer never raises a gap.
* Two dimensions of equal priority and level keep the order of the questionnaire.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from ..referentiels.maturite import CotationMaturite, Dimension
from ._maturite_items import ItemCote
from ._maturite_reponses import Decision
from .chiffres import INCONNU, at_least, known, over, under, whole

EtatDimension = Literal["concluant", "partiel", "sans_reponse"]


@dataclass(frozen=True)
class Cible:
    """Advised minimum for the structure's situation, target set by the direction (unknown if none), target used."""

    conseillee: float
    retenue: float = INCONNU
    valeur: float = INCONNU
    date: str = ""
    decision: str = ""

    @property
    def lowered(self) -> bool:
        return known(self.retenue) and under(self.valeur, self.retenue)


@dataclass(frozen=True)
class DimensionCotee:
    """Unknown numbers are NaN. `plafonds`: the items that hold the level under the integer part of the score."""

    dimension: Dimension
    items: tuple[ItemCote, ...]
    score: float
    score_bas: float
    score_haut: float
    couverture: float
    etat: EtatDimension
    niveau_calcule: float
    plafonds: tuple[ItemCote, ...]
    forcage: Decision | None
    confiance: Literal["A", "B", "C"]
    part_preuves: float
    part_nsp: float
    divergences: int
    cible: Cible
    rang: float = INCONNU

    @property
    def id(self) -> str:
        return self.dimension.id

    @property
    def niveau(self) -> float:
        """The level shown: the consultant's when there is one, never without a conclusive computed level."""
        if self.forcage and known(self.niveau_calcule):
            return self.forcage.valeur
        return self.niveau_calcule

    @property
    def ecart(self) -> float:
        return max(0.0, self.cible.valeur - self.score) if known(self.score) else INCONNU

    @property
    def niveau_restant(self) -> float:
        return max(0.0, self.cible.valeur - self.niveau) if known(self.niveau) else INCONNU

    @property
    def priorite(self) -> float:
        return self.ecart * self.dimension.poids_priorite

    @property
    def to_raise(self) -> bool:
        """A gap of score, or a level that a blocking item holds under the target."""
        return over(self.ecart, 0) or over(self.niveau_restant, 0)

    @property
    def mean_value(self) -> float:
        """Unweighted mean of the rated items: the « v moyen » compared with what agents live (A.6)."""
        values = [item.valeur for item in self.items if item.rated]
        return fmean(values) if values else INCONNU

    @property
    def missing(self) -> tuple[ItemCote, ...]:
        """Items of the denominator that nobody rated."""
        return tuple(item for item in self.items if item.applicable and not item.rated)


def rate_dimension(
    dimension: Dimension,
    items: tuple[ItemCote, ...],
    forcage: Decision | None,
    cible: Cible,
    cotation: CotationMaturite,
) -> DimensionCotee:
    rated = [item for item in items if item.rated]
    applicable = [item for item in items if item.applicable]
    weight = sum(item.poids for item in applicable)
    couverture = sum(item.poids for item in rated) / weight if weight else INCONNU
    score = _mean([(item.valeur, item.poids) for item in rated])
    conclusive = at_least(couverture, cotation.couverture_minimale) and all(
        item.rated for item in items if item.item.type == "socle"
    )
    etat: EtatDimension = "sans_reponse" if not rated else "concluant" if conclusive else "partiel"
    niveau, plafonds = _level(score, rated, cotation) if etat == "concluant" else (INCONNU, ())
    proofs = sum(bool(item.documents) for item in applicable) / len(applicable) if applicable else INCONNU
    nsp = _unknown_share(applicable)
    divergences = sum(item.unresolved for item in items)
    rating = DimensionCotee(
        dimension=dimension,
        items=items,
        score=score,
        score_bas=_mean([(item.borne_basse, item.poids) for item in applicable]),
        score_haut=_mean([(item.borne_haute, item.poids) for item in applicable]),
        couverture=couverture,
        etat=etat,
        niveau_calcule=niveau,
        plafonds=plafonds,
        forcage=forcage,
        confiance=_confidence(proofs, nsp, divergences, cotation),
        part_preuves=proofs,
        part_nsp=nsp,
        divergences=divergences,
        cible=cible,
    )
    return replace(rating, cible=_limited(cible, rating.niveau, cotation))


def rank(dimensions: Sequence[DimensionCotee]) -> tuple[DimensionCotee, ...]:
    """Gives 1 to the highest priority; at equal priority, to the lowest level (A.7). Nothing to raise: no rank."""

    def order(dimension: DimensionCotee) -> tuple[float, float]:
        priority = round(dimension.priorite, 9) if known(dimension.priorite) else 0.0
        return -priority, dimension.niveau if known(dimension.niveau) else math.inf

    ranked = sorted((dimension for dimension in dimensions if dimension.to_raise), key=order)
    places = {dimension.id: float(place) for place, dimension in enumerate(ranked, start=1)}
    return tuple(replace(dimension, rang=places.get(dimension.id, INCONNU)) for dimension in dimensions)


def weakest(dimensions: Iterable[DimensionCotee]) -> str:
    """Id of the conclusive dimension with the lowest level, then the lowest score; "" without any (A.4, step 8)."""
    conclusive = [dimension for dimension in dimensions if known(dimension.niveau)]
    lowest = min(conclusive, key=lambda dimension: (dimension.niveau, round(dimension.score, 9)), default=None)
    return lowest.id if lowest else ""


def _level(score: float, rated: Iterable[ItemCote], cotation: CotationMaturite) -> tuple[float, tuple[ItemCote, ...]]:
    """A.4, steps 6 and 7: the level, and the items that bring it under the integer part of the score."""
    limits = [(_limit(item, cotation), item) for item in rated if item.item.type != "ordinaire"]
    level = min([whole(score), *(limit for limit, _ in limits)])
    if level == whole(score):
        return float(level), ()
    capping = [item for limit, item in limits if limit == level]
    return float(level), tuple(sorted(capping, key=lambda item: (item.item.type != "socle", item.valeur)))


def _limit(item: ItemCote, cotation: CotationMaturite) -> int:
    return whole(item.valeur) + (cotation.marge_cle if item.item.type == "cle" else 0)


def _mean(weighted: Sequence[tuple[float, float]]) -> float:
    weight = sum(poids for _, poids in weighted)
    return sum(value * poids for value, poids in weighted) / weight if weight else INCONNU


def _unknown_share(items: Iterable[ItemCote]) -> float:
    """Unknown answers over answers asked; an item that nobody was asked counts for one unknown answer."""
    counts = [(item.inconnus, item.exprimes) for item in items]
    pairs = [(1, 0) if unknown + rated == 0 else (unknown, rated) for unknown, rated in counts]
    asked = sum(unknown + rated for unknown, rated in pairs)
    return sum(unknown for unknown, _ in pairs) / asked if asked else INCONNU


def _confidence(proofs: float, nsp: float, divergences: int, cotation: CotationMaturite) -> Literal["A", "B", "C"]:
    """A.6. A dimension without any item to rate is C."""
    weak = under(proofs, cotation.confiance_c_preuves) or at_least(nsp, cotation.confiance_c_nsp)
    if weak or divergences > cotation.confiance_c_divergences or not known(proofs):
        return "C"
    strong = at_least(proofs, cotation.confiance_a_preuves) and under(nsp, cotation.confiance_a_nsp)
    return "A" if strong and not divergences else "B"


def _limited(cible: Cible, niveau: float, cotation: CotationMaturite) -> Cible:
    if not known(cible.retenue):
        return replace(cible, valeur=cible.conseillee)
    if not known(niveau):
        return replace(cible, valeur=cible.retenue)
    return replace(cible, valeur=min(cible.retenue, niveau + cotation.cible_progression_maximale))
