"""Rating of risks: several raters, one notch of aggravation, a level read in the matrix (4.2, steps 2 to 4).

The retained gravity and likelihood are the upper median of the ratings: with two raters the more severe of the two,
with four the third. Ranks are never averaged. A risk that nobody rated has no level at all: it is never a low one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..referentiels import Referentiels
from ..referentiels.droit import MethodeRisques
from ._risques_ethique_cas import Cas
from ._risques_ethique_reponses import Reponse, Reponses, ids, latest

GRAVITE, VRAISEMBLANCE, FORCAGE = "gravite", "vraisemblance", "forcage"
CONSULTANT = "CONSULTANT"


@dataclass(frozen=True)
class Cotation:
    """One risk in one case. Numbers are None when not rated; `niveau` is 1 (low) to 4 (critical)."""

    cas: str
    risque: str
    cotes_gravite: tuple[int, ...] = ()
    cotes_vraisemblance: tuple[int, ...] = ()
    coteurs: int = 0
    """People who gave both gravity and likelihood."""
    ecart: bool = False
    aggravants: tuple[str, ...] = ()
    gravite: int | None = None
    vraisemblance: int | None = None
    gravite_aggravee: int | None = None
    niveau: int | None = None
    niveau_force: int | None = None
    motif: str = ""
    forcage_refuse: bool = False
    """An override without a reason, or by someone who is not the consultant: not applied, but said."""
    hors_echelle: tuple[int, ...] = ()
    """Ids of answers out of the scale, left out and said."""
    reponses: tuple[int, ...] = ()

    @property
    def niveau_retenu(self) -> int | None:
        return self.niveau if self.niveau_force is None else self.niveau_force


def rate_case(cas: Cas, reponses: Reponses, referentiels: Referentiels) -> tuple[Cotation, ...]:
    """Every risk that someone was asked about in this case and did not declare « sans objet », sorted by id."""
    found = []
    for risque in reponses.targets(cas.id, GRAVITE, VRAISEMBLANCE, FORCAGE):
        given = [
            reponse for mesure in (GRAVITE, VRAISEMBLANCE, FORCAGE) for reponse in reponses.get(mesure, cas.id, risque)
        ]
        if any(reponse.etat != "sans_objet" for reponse in given):
            found.append(rate_risk(cas, risque, reponses, referentiels.methode))
    return tuple(found)


def rate_risk(cas: Cas, risque: str, reponses: Reponses, methode: MethodeRisques) -> Cotation:
    """Retained ratings and level of one risk in one case."""
    gravites, wrong_g = _ratings(reponses.get(GRAVITE, cas.id, risque), methode.gravite)
    vraisemblances, wrong_v = _ratings(reponses.get(VRAISEMBLANCE, cas.id, risque), methode.vraisemblance)
    force, motif, refuse, used = _override(reponses.get(FORCAGE, cas.id, risque), methode)
    cotes_g, cotes_v = tuple(sorted(gravites.values())), tuple(sorted(vraisemblances.values()))
    gravite, vraisemblance = upper_median(cotes_g), upper_median(cotes_v)
    aggravee = None if gravite is None else aggravate(gravite, bool(cas.aggravants), methode)
    return Cotation(
        cas=cas.id,
        risque=risque,
        cotes_gravite=cotes_g,
        cotes_vraisemblance=cotes_v,
        coteurs=len(gravites.keys() & vraisemblances.keys()),
        ecart=any(spread(cotes) >= methode.ecart_a_discuter for cotes in (cotes_g, cotes_v)),
        aggravants=cas.aggravants,
        gravite=gravite,
        vraisemblance=vraisemblance,
        gravite_aggravee=aggravee,
        niveau=read_level(aggravee, vraisemblance, methode),
        niveau_force=force,
        motif=motif,
        forcage_refuse=refuse,
        hors_echelle=(*wrong_g, *wrong_v),
        reponses=ids(
            [item for item in reponses.get(GRAVITE, cas.id, risque) if item.niveau is not None],
            [item for item in reponses.get(VRAISEMBLANCE, cas.id, risque) if item.niveau is not None],
            used,
        ),
    )


def upper_median(cotes: Sequence[int]) -> int | None:
    """Median; with an even number of ratings, the higher of the two middle ones. None without rating."""
    return sorted(cotes)[len(cotes) // 2] if cotes else None


def spread(cotes: Sequence[int]) -> int:
    """Notches between the lowest and the highest rating."""
    return max(cotes) - min(cotes) if cotes else 0


def aggravate(gravite: int, aggravee: bool, methode: MethodeRisques) -> int:
    """One notch more if at least one aggravant is true, never above the scale (4.2, step 3)."""
    return min(gravite + 1, max(methode.gravite)) if aggravee else gravite


def read_level(gravite: int | None, vraisemblance: int | None, methode: MethodeRisques) -> int | None:
    """Level in the matrix; None as soon as one of the two is unknown."""
    if gravite is None or vraisemblance is None:
        return None
    return methode.matrice[gravite][vraisemblance - 1]  # type: ignore[index]


def _ratings(
    reponses: tuple[Reponse, ...], scale: Collection[int]
) -> tuple[dict[tuple[str, str], int], tuple[int, ...]]:
    """Rating of each (repondant, role), and ids of the answers out of the scale.

    The last rating of a person holds, should two be left.
    """
    ratings: dict[tuple[str, str], int] = {}
    wrong = []
    for reponse in sorted(reponses, key=lambda item: (item.date, item.id)):
        if reponse.niveau is None:
            continue
        if reponse.niveau not in scale:
            wrong.append(reponse.id)
            continue
        ratings[reponse.repondant, reponse.role] = int(reponse.niveau)
    return ratings, tuple(wrong)


def _override(
    reponses: tuple[Reponse, ...], methode: MethodeRisques
) -> tuple[int | None, str, bool, tuple[Reponse, ...]]:
    """Level forced by the consultant, its reason, whether an override was refused, the answer used."""
    levels = {niveau.niveau for niveau in methode.niveaux}
    given = [reponse for reponse in reponses if reponse.niveau is not None]
    valid = [
        reponse for reponse in given if reponse.role == CONSULTANT and reponse.commentaire and reponse.niveau in levels
    ]
    last = latest(valid)
    if last is None or last.niveau is None:
        return None, "", bool(given), ()
    return int(last.niveau), last.commentaire, len(valid) < len(given), (last,)
