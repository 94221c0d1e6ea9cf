"""Residual risk: what proven rules take away, and who accepts what is left (4.2, step 5).

Only a proven rule reduces anything; one more proof can therefore never raise the residual level. A level forced by
the consultant moves the starting point; proven rules then take away as many levels as they do in the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..referentiels.droit import MethodeRisques
from ._risques_ethique_cotation import Cotation, read_level
from ._risques_ethique_regles import RegleAppliquee


@dataclass(frozen=True)
class Residuel:
    """`niveau` is None for a risk without level; `plancher`: the legal floor raised it."""

    reduction_v: int
    reduction_g: int
    niveau: int | None
    plancher: bool
    couvert: bool
    """At least one applicable rule of this risk is proven."""
    acceptation: str


def residual(cotation: Cotation, appliquees: Sequence[RegleAppliquee], methode: MethodeRisques) -> Residuel:
    """Residual of one risk in one case; `appliquees` are the rules applicable to that case."""
    linked = [item for item in appliquees if cotation.risque in item.regle.risques]
    reduction_v, reduction_g = likelihood_notches(linked, methode), gravity_notches(linked, methode)
    before = _level_after(cotation, reduction_v, reduction_g, methode)
    owed = any(item.oblige and not item.preuve.prouvee for item in linked)
    after = max(before, methode.plancher_residuel) if before is not None and owed else before
    return Residuel(
        reduction_v=reduction_v,
        reduction_g=reduction_g,
        niveau=after,
        plancher=after != before,
        couvert=any(item.preuve.prouvee for item in linked),
        acceptation=next((item.acceptation for item in methode.niveaux if item.niveau == after), ""),
    )


def likelihood_notches(linked: Sequence[RegleAppliquee], methode: MethodeRisques) -> int:
    """Notches of likelihood taken away: none, some, or the full reduction when every V rule is proven."""
    rules = [item for item in linked if "V" in item.regle.effet]
    proven = sum(item.preuve.prouvee for item in rules)
    if not proven:
        return 0
    full = proven == len(rules) and len(rules) >= methode.reduction_v_totale_regles_minimum
    return methode.reduction_v_totale if full else methode.reduction_v_partielle


def gravity_notches(linked: Sequence[RegleAppliquee], methode: MethodeRisques) -> int:
    """One reduction at most, as soon as one G rule is proven."""
    return methode.reduction_g if any("G" in item.regle.effet and item.preuve.prouvee for item in linked) else 0


def _level_after(cotation: Cotation, reduction_v: int, reduction_g: int, methode: MethodeRisques) -> int | None:
    if cotation.niveau is None or cotation.gravite_aggravee is None or cotation.vraisemblance is None:
        return cotation.niveau_force
    read = read_level(
        max(cotation.gravite_aggravee - reduction_g, min(methode.gravite)),
        max(cotation.vraisemblance - reduction_v, min(methode.vraisemblance)),
        methode,
    )
    if cotation.niveau_force is None or read is None:
        return read
    lowest = min(niveau.niveau for niveau in methode.niveaux)
    return max(cotation.niveau_force - (cotation.niveau - read), lowest)
