"""Enrolment lists: the only document that names agents, for the training service alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...formation import month
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece

USAGE = (
    "à n'employer que pour inscrire ; à effacer une fois les inscriptions faites ; "
    "ne va ni à la hiérarchie ni au dossier"
)

EN_ATTENTE = "en attente d'une place"


def prepare(resultat: Any, _: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation."""
    titles = dict(zip(resultat.modules["module"], resultat.modules["titre"], strict=True))
    months = dict(zip(resultat.sessions["session"], resultat.sessions["mois"], strict=True))
    listed = resultat.inscriptions
    cadre = listed.assign(
        titre=[titles.get(name, name) for name in listed["module"]],
        session=listed["session"].replace("", EN_ATTENTE),
        mois=[month(months[name]) if name in months else "" for name in listed["session"]],
    )
    champs: list[Champ | str] = [
        Champ("agent", "Agent", "texte"),
        Champ("session", "Session", "texte"),
        Champ("mois", "Mois", "texte"),
        Champ("titre", "Module", "texte"),
        Champ("module", "N° du module", "texte"),
        Champ("parcours", "Parcours", "texte"),
        "rang",
        "priorite",
        "site",
        Champ("date_limite", "Date limite", "date"),
    ]
    yield Piece({}, feuilles=[Feuille("Inscriptions", cadre, champs, USAGE)])
