"""Scales, matrix, classes and thresholds of the risk method, with the values the referentiel holds (4.2)."""

from __future__ import annotations

from ...referentiels.droit import MethodeRisques
from ..formats import count, enumerate_words


def method_rules(methode: MethodeRisques) -> list[tuple[str, str]]:
    """(rule, value): scales, matrix and thresholds of the method."""
    levels: dict[int, str] = {entry.niveau: entry.libelle.lower() for entry in methode.niveaux}
    aggravants = enumerate_words([item.libelle for item in methode.aggravants])
    return [
        *((f"Gravité {step}", text) for step, text in methode.gravite.items()),
        *((f"Vraisemblance {step}", text) for step, text in methode.vraisemblance.items()),
        *(
            (f"Gravité {gravite}, vraisemblance de 1 à 4", ", ".join(levels[level] for level in row))
            for gravite, row in methode.matrice.items()
        ),
        *(
            (f"Acceptation du niveau {entry.niveau} ({entry.libelle.lower()})", entry.acceptation)
            for entry in methode.niveaux
        ),
        ("Aggravants (un seul cran de gravité en plus)", aggravants),
        *((f"Classe {entry.id}", f"{entry.libelle} ({entry.delai})") for entry in methode.classes),
        ("Personnes qui cotent, au moins", count(methode.cotations_minimales)),
        ("Écart entre cotations à discuter, en crans", count(methode.ecart_a_discuter)),
        ("Une obligation future compte comme échue à, en mois", count(methode.echeance_proche_mois)),
        ("Niveau résiduel plancher sans règle obligatoire prouvée", count(methode.plancher_residuel)),
    ]
