"""Evaluation tools: self-evaluation, interview grid, team points, follow-up figures, with what never enters them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ....referentiels.accompagnement import OutilEvaluation
from ...formats import enumerate_words
from ...tables import Table
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import cited

AUTRES_PUBLICS = {"RP": "Représentants du personnel", "NA": "Nouveaux arrivants"}
REPONSES = {"auto_evaluation": ("Oui", "En partie", "Pas encore")}
"""Columns to tick; the other tools have room to write."""
LIBRE = ("Réponse",)
LARGEURS = {1: (4, 5), 3: (7, 1, 2, 2)}
"""Widths by number of answer columns."""


@dataclass(frozen=True)
class Outil:
    """One tool, ready to print and fill in. `grille` has no rows when the tool asks no question."""

    libelle: str
    publics: str
    moment: str
    contenu: str
    precaution: str
    grille: Table
    largeurs: tuple[int, ...]
    exclusions: tuple[str, ...]
    garde_fous: tuple[str, ...]
    bases: str


def prepare(_: Any, contexte: Contexte) -> Iterator[Piece]:
    """The same for every structure: nothing of the Resultat enters it."""
    content = contexte.referentiels.accompagnement
    rows = [(item.libelle, item.calcul, item.alerte) for item in content.indicateurs]
    yield Piece(
        {
            "outils": [_tool(tool, contexte) for tool in content.outils],
            "indicateurs": plain_table("Indicateurs de suivi", ("Indicateur", "Calcul", "Alerte"), rows),
            "reserves": content.reserves,
        }
    )


def _tool(tool: OutilEvaluation, contexte: Contexte) -> Outil:
    guards = {guard.id: guard.regle for guard in contexte.referentiels.competences.garde_fous}
    publics: dict[str, str] = {item.id: item.libelle for item in contexte.referentiels.niveaux_requis.publics}
    names = {**publics, **AUTRES_PUBLICS}
    return Outil(
        libelle=tool.libelle,
        publics=enumerate_words([names.get(public, public) for public in tool.publics]),
        moment=tool.moment,
        contenu=tool.contenu,
        precaution=tool.precaution,
        grille=_grid(tool),
        largeurs=LARGEURS[len(REPONSES.get(tool.id, LIBRE))],
        exclusions=tool.exclusions,
        garde_fous=tuple(guards[guard] for guard in tool.garde_fous),
        bases=cited(" ".join(tool.bases), contexte),
    )


def _grid(tool: OutilEvaluation) -> Table:
    columns = REPONSES.get(tool.id, LIBRE)
    rows = [
        (f"{number}. {question.texte}", *(" ",) * len(columns)) for number, question in enumerate(tool.questions, 1)
    ]
    return plain_table("À remplir", ("Question", *columns), rows)
