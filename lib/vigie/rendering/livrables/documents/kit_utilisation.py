"""The usage kit as it is handed to every agent: what it holds, what to do and not to do, whom to ask, when to come."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.accompagnement import ResultatAccompagnement
from ...formats import capitalize, long_date
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import age, calendar_table, cited

DE_TOUS = ("agent", "manager")
USAGE = "usage"
SEANCES = ("information", "nouveaux_arrivants", "atelier")


def prepare(resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[Piece]:
    referentiels = contexte.referentiels
    rules = [regle for regle in referentiels.regles.regles if regle.moment == USAGE and regle.responsable in DE_TOUS]
    atelier = referentiels.accompagnement.atelier
    yield Piece(
        {
            "resultat": resultat,
            "documents": [(item.libelle, item.contenu) for item in referentiels.accompagnement.documents],
            "etats": _states(resultat, contexte),
            "incomplet": resultat.documents_manquants > 0 or not resultat.kit_accessible,
            "regles": [(regle.id, regle.regle) for regle in rules],
            "principes": [entry.texte for entry in atelier.principes],
            "formulation": [entry.texte for entry in atelier.regles_formulation],
            "source": cited(" ".join(atelier.bases[:1]), contexte),
            "seances": calendar_table(resultat.calendrier, contexte, "Séances et ateliers", SEANCES),
            "routes": [(line.nature, line.destinataire) for line in lines(resultat.routes)],
        }
    )


def _states(resultat: ResultatAccompagnement, contexte: Contexte) -> Table:
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
    return plain_table("État des documents du kit", ("Document", "État", "Date", "Âge", "Ce qui manque"), rows)
