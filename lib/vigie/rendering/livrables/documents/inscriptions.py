"""Enrolment lists: the only document that names agents, for the training service alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece

USAGE = (
    "à n'employer que pour inscrire ; à effacer une fois les inscriptions faites ; "
    "ne va ni à la hiérarchie ni au dossier"
)


def prepare(resultat: Any, _: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation."""
    champs: list[Champ | str] = [
        Champ("agent", "Agent", "texte"),
        Champ("session", "Session"),
        Champ("module", "Module", "texte"),
        Champ("parcours", "Parcours", "texte"),
        "rang",
        "priorite",
        "site",
        Champ("date_limite", "Date limite", "date"),
    ]
    yield Piece({}, feuilles=[Feuille("Inscriptions", resultat.inscriptions, champs, USAGE)])
