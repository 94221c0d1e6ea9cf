"""The file for staff representatives: the same information as the administration, and what calls for consultation."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.accompagnement import ResultatAccompagnement
from ....paths import NOMINATIFS
from ...formats import capitalize, long_date
from ...tables import Table, lines
from ..contexte import Contexte
from ..gabarits import read_templates
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import calendar_table, cited, marked

DATES = ("consultation", "echeance_droit", "suivi", "vigilance")


def prepare(resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[Piece]:
    shared = [item for item in read_templates().values() if item.dossier != NOMINATIFS]
    yield Piece(
        {
            "resultat": resultat,
            "date": contexte.campagne.date_reference,
            "sujets": _subjects(resultat, contexte),
            "calendrier": calendar_table(resultat.calendrier, contexte, "Calendrier", DATES),
            "pilotage": _piloting(resultat),
            "pieces": [f"{item.titre} : {item.description[:1].lower()}{item.description[1:]}" for item in shared],
            "conditions": contexte.referentiels.accompagnement.dialogue_conditions,
            "reserves": contexte.referentiels.accompagnement.reserves,
        }
    )


def _subjects(resultat: ResultatAccompagnement, contexte: Contexte) -> Table:
    rows = [
        (
            line.sujet,
            line.formation_competente,
            line.moment,
            marked(
                cited(line.base, contexte), "" if "[" in cited(line.base, contexte) else line.confiance, contexte.codes
            ),
            long_date(line.echeance) if line.echeance else "",
            capitalize(contexte.codes.get(line.etat, line.etat)),
        )
        for line in lines(resultat.dialogue)
    ]
    headers = ("Sujet", "Formation compétente", "Moment", "Base", "Échéance", "État")
    return plain_table("Points soumis à consultation ou à information", headers, rows)


def _piloting(resultat: ResultatAccompagnement) -> Table:
    rows = [
        (line.action, line.pilote_rh, line.pilote_formation, line.pilote_numerique, line.validation)
        for line in lines(resultat.pilotage)
    ]
    headers = ("Action", "RH", "Formation", "Numérique", "Validation")
    return plain_table("Qui pilote, pour chaque action", headers, rows)
