"""Thresholds of the training plan, written with the values the referentiel holds (D.3 to D.6)."""

from __future__ import annotations

from collections.abc import Mapping

from ...referentiels.parcours_formation import Appariement, ParcoursFormation
from ..formats import count, enumerate_words, number, percent


def matching_rules(regle: Appariement) -> list[tuple[str, str]]:
    """(rule, value) of the adequacy of a module to a need."""
    return [
        ("Module retenu à partir d'une adéquation de", number(regle.seuil_retenir, 2)),
        ("Module retenu et complété à partir de", number(regle.seuil_completer, 2)),
        *((_age(palier.mois_max), number(palier.valeur)) for palier in regle.fraicheur),
        ("Fraîcheur : date de mise à jour inconnue", number(regle.fraicheur_inconnue)),
        *((f"Contexte : {contexte.libelle}", number(contexte.valeur)) for contexte in regle.contextes),
    ]


def plan_rules(plan: ParcoursFormation, codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """(rule, value) of creations, of the calendar, of fairness and of the search."""
    creation, calendrier, reglages = plan.creation, plan.calendrier, plan.optimisation
    criteres = enumerate_words([codes.get(critere, critere).lower() for critere in plan.equite.criteres])
    return [
        ("Création interne d'un besoin de rang 2 à partir de, en agents", count(creation.effectif_interne)),
        ("Sources à chercher avant toute création", count(creation.gisements_minimum)),
        ("Formation achevée avant l'ouverture de l'outil, en mois", count(calendrier.avance_mois)),
        ("Horizon du plan, en mois", count(calendrier.horizon_mois)),
        ("Critères d'équité", criteres),
        ("Écart d'accès signalé au-delà de", percent(plan.equite.ecart_alerte)),
        ("Temps donné à la recherche du plan, en secondes", number(reglages.duree_max_s)),
        ("Modules comparés pour une même personne, au plus", count(reglages.modules_par_agent)),
        ("Limite desserrée : heures par agent, en plus", number(reglages.relache_heures)),
        ("Limite desserrée : budget, en plus", percent(reglages.relache_budget)),
        ("Limite desserrée : sessions, en plus", count(reglages.relache_sessions)),
    ]


def _age(months: int | None) -> str:
    return f"Fraîcheur : contenu de moins de {count(months)} mois" if months else "Fraîcheur : contenu plus ancien"
