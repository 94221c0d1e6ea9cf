"""The rules of calculation of the maturity, written with the values the referentiel holds (A.4 to A.7)."""

from __future__ import annotations

from collections.abc import Mapping

from ...referentiels.maturite import CotationMaturite
from ..formats import count, enumerate_words, number, percent


def scoring_rules(cotation: CotationMaturite, roles: Mapping[str, str]) -> list[tuple[str, str]]:
    """(rule, value) in the order of the calculation."""
    weights = ", ".join(f"{kind} {number(weight, 0)}" for kind, weight in cotation.poids.items())
    low_ad, high_ad = cotation.dispersion_ad
    high_rwg, low_rwg = cotation.dispersion_rwg
    return [
        ("Poids des items (clé, socle bloquant, ordinaire)", weights),
        ("Valeur d'un item sans document, au plus", number(cotation.plafond_sans_document, 0)),
        ("Valeur d'un item avec document mais sans indicateur, au plus", number(cotation.plafond_sans_indicateur, 0)),
        ("Niveau d'une dimension : au plus son item clé le plus faible, plus", count(cotation.marge_cle)),
        ("Dimension concluante à partir d'une part du poids coté de", percent(cotation.couverture_minimale)),
        (
            "Méconnaissance signalée à partir d'une part de « ne sait pas » de",
            percent(cotation.meconnaissance_part_nsp),
        ),
        ("Dispersion dans un rôle calculée à partir d'un effectif de", count(cotation.dispersion_effectif_minimal)),
        ("Écart moyen à la médiane (AD) : accord jusqu'à", number(low_ad)),
        ("Écart moyen à la médiane (AD) : forte dispersion au-delà de", number(high_ad)),
        ("Indice d'accord (r*wg) : accord à partir de", number(high_rwg)),
        ("Indice d'accord (r*wg) : accord faible sous", number(low_rwg)),
        ("Divergence forte entre rôles à partir d'un écart de", number(cotation.divergence_roles, 0)),
        ("Décideurs", enumerate_words([roles.get(role, role) for role in cotation.roles_decideurs])),
        (
            "Agents et encadrement de proximité",
            enumerate_words([roles.get(role, role) for role in cotation.roles_agents]),
        ),
        ("Écart décideurs et agents signalé à partir de", number(cotation.ecart_decideurs_agents, 0)),
        ("Dispositif peu visible : écart entre déclaré et vécu à partir de", number(cotation.ecart_vecu, 0)),
        ("Confiance A : part d'items prouvés d'au moins", percent(cotation.confiance_a_preuves)),
        ("Confiance A : part de « ne sait pas » sous", percent(cotation.confiance_a_nsp)),
        ("Confiance C : part d'items prouvés sous", percent(cotation.confiance_c_preuves)),
        ("Confiance C : part de « ne sait pas » d'au moins", percent(cotation.confiance_c_nsp)),
        ("Confiance C : divergences non arbitrées, plus de", count(cotation.confiance_c_divergences)),
        ("Cible retenue : au plus le niveau actuel, plus", count(cotation.cible_progression_maximale)),
        ("Horizon de la cible, en mois", count(cotation.cible_horizon_mois)),
        ("Écho anonyme : rien n'est publié sous un nombre de réponses de", count(cotation.seuil_publication)),
        ("Ni, quand toutes vont dans le même sens, sous", count(cotation.seuil_homogene)),
        ("Écho anonyme : résultat indicatif sous un taux de réponse de", percent(cotation.taux_reponse_indicatif)),
    ]
