"""The usage kit as it is handed to every agent: what it holds, what to do and not to do, whom to ask, when to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...formats import capitalize, long_date
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._droit import cite
from ._gouvernance import age, calendar_table

DE_TOUS = ("agent", "manager")
USAGE = "usage"
SEANCES = ("information", "nouveaux_arrivants", "atelier")
GUIDE = "GUIDE-ETAT"


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatAccompagnement."""
    rules = [
        regle for regle in contexte.referentiels.regles.regles if regle.moment == USAGE and regle.responsable in DE_TOUS
    ]
    guide = next(base for base in contexte.referentiels.bases.bases if base.id == GUIDE)
    yield Piece(
        {
            "resultat": resultat,
            "documents": _documents(resultat, contexte),
            "manques": [line.manque for line in lines(resultat.kit) if line.manque],
            "regles": [(regle.id, regle.regle, regle.critere) for regle in rules],
            "guide": cite(guide, contexte.codes),
            "guide_dit": guide.obligation,
            "seances": calendar_table(resultat.calendrier, contexte, "Séances et ateliers", SEANCES),
            "evaluation": _tools(resultat),
            "routes": [(line.nature, line.destinataire) for line in lines(resultat.routes)],
        }
    )


def _documents(resultat: Any, contexte: Contexte) -> Table:
    rows = [
        (
            capitalize(line.document),
            capitalize(contexte.codes.get(line.etat, line.etat)),
            long_date(line.date) if line.date else "",
            age(line.age_mois),
            line.manque,
        )
        for line in lines(resultat.kit)
    ]
    return plain_table("Les documents du kit", ("Document", "État", "Date", "Âge", "Ce qui manque"), rows)


def _tools(resultat: Any) -> Table:
    rows = [
        (line.outil, line.public, line.moment, line.contenu, line.precaution) for line in lines(resultat.evaluation)
    ]
    return plain_table("Outils d'évaluation", ("Outil", "Pour qui", "Quand", "Contenu", "Précaution"), rows)
