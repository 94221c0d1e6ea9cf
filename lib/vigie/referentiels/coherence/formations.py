"""The training offer and the rules of the plan: the ids they declare and cite, and what must hold within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from ...errors import Anomalie
from ..parcours_formation import ActionFormation, RegleParcours
from .citations import Citation, Kind, ids_of

if TYPE_CHECKING:
    from .. import Referentiels

OFFRE, PLAN = "formations.yaml", "parcours_formation.yaml"
PROPRE_AU_MINISTERE = "L-"
"""Modules whose id starts so belong to a ministry's own catalogue."""


def training_kinds(referentiels: Referentiels) -> Mapping[str, Kind]:
    plan = referentiels.parcours_formation
    return {
        "module": Kind("module", OFFRE, ids_of(referentiels.formations.modules)),
        "gisement": Kind("source de modules", PLAN, ids_of(plan.creation.gisements)),
        "contexte": Kind("contexte de module", PLAN, ids_of(plan.appariement.contextes)),
        "parcours": Kind("parcours", PLAN, ids_of(plan.parcours)),
        "regle_parcours": Kind("règle des parcours", PLAN, ids_of(plan.regles)),
        "action_formation": Kind("sorte d'action", PLAN, ids_of(plan.actions)),
    }


def cited_by_training(referentiels: Referentiels) -> Iterator[Citation]:
    for module in referentiels.formations.modules:
        competences = tuple(niveau.competence for niveau in module.competences)
        yield Citation(OFFRE, module.id, "competences", "competence", competences)
        yield Citation(OFFRE, module.id, "publics", "public", module.publics)
        yield Citation(OFFRE, module.id, "gisement", "gisement", (module.gisement,))
        yield Citation(OFFRE, module.id, "contexte", "contexte", (module.contexte,))
        yield Citation(OFFRE, module.id, "fiche", "fiche", module.fiche)
    plan = referentiels.parcours_formation
    for parcours in plan.parcours:
        yield Citation(PLAN, parcours.id, "competences", "competence", parcours.competences)
        yield Citation(PLAN, parcours.id, "publics", "public", parcours.publics)
        yield Citation(PLAN, parcours.id, "fiche", "fiche", parcours.fiche)
        if parcours.reprend:
            yield Citation(PLAN, parcours.id, "reprend", "parcours", (parcours.reprend,))
    yield Citation(PLAN, "creation", "pilotes", "role", plan.creation.pilotes)
    porteurs: tuple[RegleParcours | ActionFormation, ...] = (*plan.regles, *plan.actions)
    for porteur in porteurs:
        yield Citation(PLAN, porteur.id, "fiche", "fiche", porteur.fiche)


def check_offer(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A module of the shared offer says where and when it was checked, and keeps to the shared ids."""
    for module in referentiels.formations.modules:
        if module.id.startswith(PROPRE_AU_MINISTERE):
            yield _setting(OFFRE, module.id, module.id, "un identifiant qui commence par M-")
        if not module.reference or module.verifie_le is None:
            yield _setting(OFFRE, module.id, module.reference, "une référence et une date de vérification")
        if module.acces == "restreint" and not (module.acces_code and module.acces_limites):
            yield _setting(OFFRE, module.id, module.acces_code, "pour un accès restreint, ses limites et son code")
        if module.acces != "restreint" and module.acces_code:
            yield _setting(OFFRE, module.id, module.acces_code, "un code d'accès seulement quand l'accès est restreint")


def check_paths(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Each audience has one path, a path takes up an earlier one, hours are in order, pilots are pilots."""
    plan = referentiels.parcours_formation
    attribues = [public for parcours in plan.parcours for public in parcours.publics]
    for public in referentiels.niveaux_requis.publics:
        if attribues.count(public.id) != 1:
            yield _setting(PLAN, f"parcours, {public.id}", attribues.count(public.id), "un parcours par public")
    vus: set[str] = set()
    for parcours in plan.parcours:
        if parcours.reprend and parcours.reprend not in vus:
            yield _setting(PLAN, parcours.id, parcours.reprend, "un parcours décrit plus haut")
        vus.add(parcours.id)
        heures = (parcours.duree_min_h, parcours.duree_max_h)
        if (heures[0] is None) != (heures[1] is None) or (heures[0] or 0) > (heures[1] or 0):
            yield _setting(PLAN, parcours.id, heures, "deux durées en ordre, ou aucune")
    pilotes = [role.id for role in referentiels.maturite.roles if role.pilote]
    for action in plan.actions:
        if action.pilote not in pilotes:
            yield _setting(PLAN, action.id, action.pilote, "l'un des trois pilotes")
    for pilote in plan.creation.pilotes:
        if pilote not in pilotes:
            yield _setting(PLAN, "creation, pilotes", pilote, "l'un des trois pilotes")


def check_plan_settings(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Thresholds in their natural order, every age and every context given a value, enough sources to search."""
    plan = referentiels.parcours_formation
    regle = plan.appariement
    if not 0 < regle.seuil_completer <= regle.seuil_retenir <= 1:
        lu = f"{regle.seuil_completer}, {regle.seuil_retenir}"
        yield _setting(PLAN, "appariement", lu, "deux seuils en ordre, plus que 0 et au plus 1")
    for tot, tard in pairwise(regle.fraicheur):
        ages_en_ordre = tot.mois_max is not None and (tard.mois_max is None or tot.mois_max < tard.mois_max)
        if not ages_en_ordre or tot.valeur < tard.valeur:
            yield _setting(PLAN, "fraicheur", f"{tot.mois_max}, {tard.mois_max}", "du plus récent au plus ancien")
    if not regle.fraicheur or regle.fraicheur[-1].mois_max is not None:
        yield _setting(PLAN, "fraicheur", "", "un dernier palier sans limite d'âge")
    requis = [gisement.id for gisement in plan.creation.gisements if gisement.requis]
    if len(requis) < plan.creation.gisements_minimum:
        lu = f"{len(requis)} sources requises"
        yield _setting(PLAN, "gisements", lu, f"au moins {plan.creation.gisements_minimum} sources requises")
    if not 0 < plan.equite.ecart_alerte <= 1:
        yield _setting(PLAN, "ecart_alerte", plan.equite.ecart_alerte, "une part, plus que 0 et au plus 1")


def _setting(fichier: str, cle: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le réglage « {cle} » est incohérent", f"{fichier}, {cle}", str(valeur), attendu, "corrigez ce réglage"
    )
