"""Ordered actions: conditions that are missing before a tool opens, items to raise, knowledge to spread (A.5, A.7).

Order: missing conditions; then dimensions by rank; within both, blocking items, key items, then the lowest value. An
item appears once. Items nobody rated are recommended only as missing conditions: a level is not raised before it is
known, the constats ask for it. « Méconnaissance » comes last, in the order of the questionnaire.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import pandas as pd

from ._maturite_analyse import Analyse, PrealableVerifie
from ._maturite_dimensions import DimensionCotee
from ._maturite_items import ItemCote
from ._maturite_lecture import TYPES, evidence, named, state, title, views
from ._maturite_reponses import ETAPE
from .chiffres import decimal, figure, known, percent, score, under
from .phrases import long_date
from .resultat import Pourquoi, Recommandation
from .typographie import quoted, spaced

REFERENTIELS = ("maturite", "fiche")


def recommend(analyse: Analyse) -> tuple[Recommandation, ...]:
    """`rang` follows the order above; `priorite` is P(d) of the item's dimension (0 without score)."""
    lines = [*_conditions(analyse), *_raises(analyse), *_communications(analyse)]
    return tuple(
        Recommandation(
            id=line_id,
            etape=ETAPE,
            action=spaced(action),
            rang=rang,
            priorite=_priority(analyse, item),
            pilote=find_pilot(analyse, item),
            livrable=item.item.livrable,
            preuve=item.item.preuve,
            pourquoi=_why(analyse, item, spaced(explication)),
            echeance=echeance,
        )
        for rang, (line_id, item, action, explication, echeance) in enumerate(lines, start=1)
    )


def find_pilot(analyse: Analyse, item: ItemCote) -> str:
    """First of the three pilots (RH, formation, numérique) among the item's roles, else the first pilot of all."""
    pilots = [role.id for role in analyse.maturite.roles if role.pilote]
    return next((role for role in item.item.roles if role in pilots), pilots[0] if pilots else "")


Ligne = tuple[str, ItemCote, str, str, date | None]
"""id, item, action, explanation, deadline."""


def _conditions(analyse: Analyse) -> Iterator[Ligne]:
    opening = analyse.dossier.structure.mise_en_service
    due = opening if opening and opening > analyse.dossier.campagne.date_reference else None
    for check in sorted(analyse.unfilled, key=lambda check: _order(check.item)):
        yield f"MAT-{check.item.id}", check.item, check.item.item.action, _explain_condition(analyse, check, due), due


def _raises(analyse: Analyse) -> Iterator[Ligne]:
    conditions = {check.item.id for check in analyse.unfilled}
    due = _horizon(analyse)
    ranked = sorted((d for d in analyse.dimensions if known(d.rang)), key=lambda dimension: dimension.rang)
    for dimension in ranked:
        low = [item for item in dimension.items if under(item.valeur, dimension.cible.valeur)]
        for item in sorted(low, key=_order):
            if item.id not in conditions:
                yield f"MAT-{item.id}", item, item.item.action, _explain_raise(analyse, dimension, item), due


def _communications(analyse: Analyse) -> Iterator[Ligne]:
    """A.5: a communication action for each item that too many people outside DIR know nothing of."""
    excluded = analyse.cotation.meconnaissance_roles_exclus
    for item in analyse.items:
        if item.meconnaissance:
            publics = [analyse.role(v.role) for v in item.roles if v.inconnus_recus and v.role not in excluded]
            action = f"Faites connaître ce qui existe sur {named(item)} à : {', '.join(publics)}."
            threshold = analyse.cotation.meconnaissance_part_nsp
            explication = (
                f"{named(item)} : {percent(item.part_inconnus_hors_exclus, threshold)} de réponses inconnues hors "
                f"{', '.join(excluded)}, seuil {percent(threshold)}."
            )
            yield f"MAT-{item.id}-COM", item, action, explication, None


def _order(item: ItemCote) -> tuple[int, float]:
    return list(TYPES).index(item.item.type), item.valeur if item.rated else math.inf


def _explain_condition(analyse: Analyse, check: PrealableVerifie, due: date | None) -> str:
    before = f" avant l'ouverture du {long_date(due)}" if due else ""
    return (
        f"Préalable à l'ouverture d'un outil : {check.prealable.motif}. {_explain_value(analyse, check.item)}, "
        f"attendu {figure(check.prealable.seuil)}{before}."
    )


def _explain_raise(analyse: Analyse, dimension: DimensionCotee, item: ItemCote) -> str:
    cible = dimension.cible
    origin = "retenue par la direction" if known(cible.retenue) else "minimale conseillée"
    level = "non concluant" if not known(dimension.niveau) else f"niveau {figure(dimension.niveau)}"
    cap = f" C'est lui qui plafonne le niveau de {dimension.id}." if item in dimension.plafonds else ""
    return (
        f"{title(dimension)} : score {score(dimension.score)}, {level}, cible {figure(cible.valeur)} ({origin}) ; "
        f"écart {decimal(dimension.ecart, 2)}, poids {figure(dimension.dimension.poids_priorite)}, "
        f"priorité {decimal(dimension.priorite, 2)}, rang {figure(dimension.rang)}. "
        f"{_explain_value(analyse, item)}.{cap}"
    )


def _explain_value(analyse: Analyse, item: ItemCote) -> str:
    """Item, type, value, then whatever made the value: roles, ceiling, arbitration."""
    roles = views(item, analyse.role)
    details = [f"{state(item)} ({roles})" if roles else state(item)]
    if item.arbitrage and item.rated:
        details.append(f"arbitré en atelier (motif : {quoted(item.arbitrage.motif)})")
    if evidence(item):
        details.append(evidence(item))
    if item.unresolved:
        details.append(f"écart entre rôles {figure(item.ecart_roles)} à arbitrer")
    if not item.rated:
        details.append("sa situation est à établir d'abord")
    return f"{named(item)} ({TYPES[item.item.type]}) est {', '.join(details)}"


def _why(analyse: Analyse, item: ItemCote, explication: str) -> Pourquoi:
    versions = analyse.dossier.referentiels.versions
    return Pourquoi(
        explication=explication,
        reponses=item.answer_ids,
        items=(item.id,),
        fiche=item.item.fiche,
        versions={name: versions[name] for name in REFERENTIELS if name in versions},
    )


def _priority(analyse: Analyse, item: ItemCote) -> float:
    priorite = next(d.priorite for d in analyse.dimensions if d.id == item.dimension)
    return priorite if known(priorite) else 0.0


def _horizon(analyse: Analyse) -> date:
    """The day by which a target is to be reached: the campaign's reference date plus the horizon of A.7."""
    start = pd.Timestamp(analyse.dossier.campagne.date_reference)
    return (start + pd.DateOffset(months=analyse.cotation.cible_horizon_mois)).date()
