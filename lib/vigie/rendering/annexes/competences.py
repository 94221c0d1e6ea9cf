"""Thresholds of the skills synthesis, written with the values the referentiels hold (C.1, C.4, D.1)."""

from __future__ import annotations

from collections.abc import Mapping

from ...referentiels.competences import CotationCompetences, CotationExposition
from ..formats import count, enumerate_words, number, percent


def exposure_rules(cotation: CotationExposition) -> list[tuple[str, str]]:
    """(rule, value) of the exposure of a job family."""
    notes = [(f"Note d'une tâche : {note.libelle.lower()}", number(note.valeur, 2)) for note in cotation.notes]
    return [
        *notes,
        ("Note d'une tâche humaine par principe, au plus", number(cotation.plafond_humain)),
        ("Exposition très forte à partir de", number(cotation.seuil_tres_forte)),
        ("Exposition forte à partir de", number(cotation.seuil_forte)),
        ("Exposition modérée si la moyenne plus l'écart-type atteint", number(cotation.seuil_moderee_haut)),
        ("Cotations indépendantes, au moins", count(cotation.cotations_minimales)),
        ("Tâches par métier", f"{count(cotation.taches_minimum)} à {count(cotation.taches_maximum)}"),
        ("Impact relevé d'un cran si l'outil ouvre dans, en mois", count(cotation.releve_ouverture_mois)),
    ]


def need_rules(
    cotation: CotationCompetences, audiences: Mapping[str, str], codes: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(rule, value) of current levels, ranks and small groups."""
    classes = enumerate_words([codes.get(name, name).lower() for name in cotation.rang1_classes], "ou")
    publics = enumerate_words([audiences.get(name, name) for name in cotation.rang1_publics], "ou")
    return [
        *((f"Confiance : {mode.libelle.lower()}", number(mode.confiance, 2)) for mode in cotation.preuves),
        ("Écart entre deux modes de preuve, signalé à partir de", count(cotation.ecart_modes_signale)),
        *((_urgency(step.mois_max), count(step.valeur)) for step in cotation.urgences),
        ("Besoin à confirmer sous une confiance moyenne de", percent(cotation.confiance_a_confirmer)),
        ("Rang 1 : criticité de la compétence", count(cotation.rang1_criticite)),
        ("Rang 1 : impact", classes),
        ("Rang 1 : public", publics),
        ("Rang 1 : ouverture de l'outil dans, en mois", count(cotation.rang1_ouverture_mois)),
        ("Rang 2 : écart × criticité × urgence d'au moins", number(cotation.rang2_priorite, 0)),
        ("Aucun chiffre sous un effectif de", count(cotation.seuil_effectif)),
        ("Ni, quand toutes les personnes sont dans le même cas, sous", count(cotation.seuil_homogene)),
        (
            "Aucun écart moyen, charge ou confiance quand les personnes en besoin sont moins de",
            count(cotation.seuil_effectif),
        ),
    ]


def _urgency(months: int | None) -> str:
    return f"Urgence à {count(months)} mois ou moins de l'ouverture" if months else "Urgence au-delà, ou sans date"
