"""One item: medians by role, mean of roles, evidence ceiling, arbitration, bounds and disagreement (A.4 to A.6).

Choices where the method is silent:

* The ceiling also applies to an arbitrated value. The workshop looks at the evidence, so it records it with its
  decision (document, indicator), and what it records counts for the item: an arbitration never lifts a ceiling in
  silence, a document does.
* An item is « sans objet » only when everyone who was asked says so. Otherwise whoever does not know keeps the item in
  the count, as unknown: an unknown must never raise the low bound.
* Bounds replace each unknown *answer* by the lowest or highest level before the medians, so that an unknown inside a
  rated item widens them too. The ceiling holds for them once the item is rated; an item nobody could rate goes from
  the lowest to the highest level, since nobody was asked for its evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from ..dossier import Etat
from ..referentiels.maturite import CotationMaturite, Item
from ._maturite_reponses import Decision, Reponse
from .chiffres import INCONNU, absolute_deviation, agreement_index, at_least, known, low_median, over, under

Plafond = Literal["", "document", "indicateur"]
EtatItem = Literal["cote", "ne_sait_pas", "sans_objet", "non_repondu", "masque"]


@dataclass(frozen=True)
class CoteRole:
    """What one role says of one item. `non_repondu`: empty answers received; `non_atteint`: question left unopened."""

    role: str
    niveaux: tuple[float, ...]
    ne_sait_pas: int
    non_repondu: int
    non_atteint: int
    mediane: float
    ad: float
    rwg: float
    lecture_ad: str
    lecture_rwg: str

    @property
    def inconnus_recus(self) -> int:
        return self.ne_sait_pas + self.non_repondu

    @property
    def inconnus(self) -> int:
        return self.inconnus_recus + self.non_atteint

    def bound(self, extreme: float) -> float:
        """Median with every unknown replaced by `extreme`; unknown when the role has nothing to say."""
        return low_median([*self.niveaux, *[extreme] * self.inconnus])


@dataclass(frozen=True)
class ItemCote:
    """One item of one structure, rated or not. Values run on the scale of the levels (1 to 5)."""

    dimension: str
    item: Item
    poids: float
    etat: EtatItem
    roles: tuple[CoteRole, ...]
    reponses: tuple[Reponse, ...]
    valeur_brute: float
    valeur: float
    plafond: Plafond
    plafond_valeur: float
    """The ceiling itself, infinite when the evidence is complete."""
    arbitrage: Decision | None
    borne_basse: float
    borne_haute: float
    ecart_roles: float
    divergence: bool
    meconnaissance: bool
    part_inconnus_hors_exclus: float
    documents: tuple[str, ...]
    indicateurs: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def rated(self) -> bool:
        return self.etat == "cote"

    @property
    def applicable(self) -> bool:
        """Neither « sans objet » nor hidden: stays in the denominators."""
        return self.etat not in ("sans_objet", "masque")

    @property
    def inconnus(self) -> int:
        return sum(role.inconnus for role in self.roles)

    @property
    def exprimes(self) -> int:
        return sum(len(role.niveaux) for role in self.roles)

    @property
    def unresolved(self) -> bool:
        """A strong divergence that no workshop settled."""
        return self.divergence and self.arbitrage is None

    @property
    def answer_ids(self) -> tuple[int, ...]:
        """Stored answers behind the value, the workshop's included."""
        found = {answer.id for answer in self.reponses if answer.id and answer.etat is not Etat.MASQUE}
        return tuple(sorted(found | ({self.arbitrage.reponse.id} if self.arbitrage else set())))


def rate_item(
    dimension: str,
    item: Item,
    reponses: tuple[Reponse, ...],
    arbitrage: Decision | None,
    cotation: CotationMaturite,
    echelle: tuple[float, float],
) -> ItemCote:
    """Rates one item. `reponses`: every answer, empty ones included; `echelle`: lowest and highest level."""
    roles = tuple(_rate_role(role, group, item, cotation) for role, group in _by_role(reponses))
    medians = [role.mediane for role in roles if known(role.mediane)]
    etat = _state(reponses, item, rated=bool(medians) or arbitrage is not None)
    brute = fmean(medians) if medians else INCONNU
    shown = [answer for answer in reponses if answer.etat is not Etat.MASQUE]
    shown += [arbitrage.reponse] if arbitrage else []
    documents = _distinct(answer.preuve for answer in shown)
    indicateurs = _distinct(answer.indicateur for answer in shown)
    kind, ceiling = _ceiling(bool(documents), bool(indicateurs), cotation)
    decided = arbitrage.valeur if arbitrage else brute
    valeur = min(decided, ceiling) if etat == "cote" else INCONNU
    spread = max(medians) - min(medians) if len(medians) > 1 else INCONNU
    share = _unknown_share(roles, cotation.meconnaissance_roles_exclus)
    low, high = (_bound(etat, roles, arbitrage, ceiling, extreme) for extreme in echelle)
    return ItemCote(
        dimension=dimension,
        item=item,
        poids=cotation.poids[item.type],
        etat=etat,
        roles=roles,
        reponses=reponses,
        valeur_brute=brute,
        valeur=valeur,
        plafond=kind if etat == "cote" and over(decided, ceiling) else "",
        plafond_valeur=ceiling,
        arbitrage=arbitrage,
        borne_basse=low,
        borne_haute=high,
        ecart_roles=spread,
        divergence=at_least(spread, cotation.divergence_roles),
        meconnaissance=share > 0 and at_least(share, cotation.meconnaissance_part_nsp),
        part_inconnus_hors_exclus=share,
        documents=documents,
        indicateurs=indicateurs,
    )


def is_unknown(reponse: Reponse, item: Item) -> bool:
    """« ne sait pas », an empty answer, or a « sans objet » that the questionnaire does not allow there (A.5)."""
    if reponse.etat is Etat.SANS_OBJET:
        return not item.sans_objet
    return reponse.etat in (Etat.NE_SAIT_PAS, Etat.NON_REPONDU)


def _by_role(reponses: Iterable[Reponse]) -> list[tuple[str, list[Reponse]]]:
    groups: dict[str, list[Reponse]] = {}
    for answer in reponses:
        groups.setdefault(answer.role, []).append(answer)
    return sorted(groups.items())


def _rate_role(role: str, reponses: list[Reponse], item: Item, cotation: CotationMaturite) -> CoteRole:
    levels = tuple(sorted(answer.niveau for answer in reponses if answer.rated))
    unknown = [answer for answer in reponses if is_unknown(answer, item)]
    unreached = sum(answer.id == 0 for answer in unknown)
    empty = sum(answer.etat is Etat.NON_REPONDU for answer in unknown) - unreached
    measured = len(levels) >= cotation.dispersion_effectif_minimal
    ad = absolute_deviation(levels) if measured else INCONNU
    rwg = agreement_index(levels, cotation.dispersion_variance_reference) if measured else INCONNU
    return CoteRole(
        role=role,
        niveaux=levels,
        ne_sait_pas=len(unknown) - empty - unreached,
        non_repondu=empty,
        non_atteint=unreached,
        mediane=low_median(levels),
        ad=ad,
        rwg=rwg,
        lecture_ad=_read_ad(ad, cotation),
        lecture_rwg=_read_rwg(rwg, cotation),
    )


def _read_ad(ad: float, cotation: CotationMaturite) -> str:
    agreement, strong = cotation.dispersion_ad
    if not known(ad):
        return ""
    if over(ad, strong):
        return "forte_dispersion"
    return "a_discuter" if over(ad, agreement) else "accord_fort"


def _read_rwg(rwg: float, cotation: CotationMaturite) -> str:
    agreement, weak = cotation.dispersion_rwg
    if not known(rwg):
        return ""
    if under(rwg, weak):
        return "accord_faible"
    return "accord_fort" if at_least(rwg, agreement) else "accord_moyen"


def _state(reponses: tuple[Reponse, ...], item: Item, rated: bool) -> EtatItem:
    given = [answer for answer in reponses if answer.etat is not Etat.MASQUE]
    if reponses and not given:
        return "masque"
    if rated:
        return "cote"
    if any(is_unknown(answer, item) and answer.etat is not Etat.NON_REPONDU for answer in given):
        return "ne_sait_pas"
    if not given or any(answer.etat is Etat.NON_REPONDU for answer in given):
        return "non_repondu"
    return "sans_objet"


def _ceiling(document: bool, indicateur: bool, cotation: CotationMaturite) -> tuple[Plafond, float]:
    """A.4, step 3. An indicator without a document does not lift the first ceiling."""
    if not document:
        return "document", cotation.plafond_sans_document
    if not indicateur:
        return "indicateur", cotation.plafond_sans_indicateur
    return "", math.inf


def _bound(
    etat: EtatItem, roles: Iterable[CoteRole], arbitrage: Decision | None, ceiling: float, extreme: float
) -> float:
    if etat in ("sans_objet", "masque"):
        return INCONNU
    if etat != "cote":
        return extreme
    if arbitrage:
        return min(arbitrage.valeur, ceiling)
    medians = [median for role in roles if known(median := role.bound(extreme))]
    return min(fmean(medians), ceiling)


def _unknown_share(roles: Iterable[CoteRole], excluded: tuple[str, ...]) -> float:
    """Share of unknown answers outside the excluded roles (A.5: outside DIR); 0 when nobody else answered.

    Only answers received count: a questionnaire that is half filled in says nothing of what its author knows.
    """
    counted = [role for role in roles if role.role not in excluded]
    unknown = sum(role.inconnus_recus for role in counted)
    asked = unknown + sum(len(role.niveaux) for role in counted)
    return unknown / asked if asked else 0.0


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))
