"""The outline of the collective workshop and the critical-eye exercises, with their answers, for who leads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....referentiels.accompagnement import Atelier, Exercice
from ...formats import plural
from ...tables import Table
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import cited


def prepare(_: Any, contexte: Contexte) -> Iterator[Piece]:
    """The same for every structure: nothing of the Resultat enters it."""
    content = contexte.referentiels.accompagnement
    atelier = content.atelier
    yield Piece(
        {
            "atelier": atelier,
            "duree": plural(atelier.duree_minutes, "minute"),
            "deroule": _sequences(atelier),
            "regles": [entry.texte for entry in atelier.regles_formulation],
            "principes": [entry.texte for entry in atelier.principes],
            "bases": cited(" ".join(atelier.bases), contexte),
            "exercices": [(exercise, _errors(exercise)) for exercise in content.exercices],
            "reserves": content.reserves,
        }
    )


def _sequences(atelier: Atelier) -> Table:
    rows = [(f"{step.minutes} min", step.titre, step.deroule, step.trace) for step in atelier.sequences]
    return plain_table("Déroulé", ("Durée", "Temps", "Ce qui se passe", "Ce qu'on garde"), rows)


def _errors(exercise: Exercice) -> Table:
    rows = [(error.reponse, f"« {error.extrait} »", error.nature, error.correction) for error in exercise.erreurs]
    return plain_table("Erreurs introduites", ("Réponse", "Passage", "Nature", "Correction"), rows)
