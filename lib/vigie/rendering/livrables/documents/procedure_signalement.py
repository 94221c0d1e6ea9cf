"""The procedure to report a misuse of AI: who, how, by which route, within which delay, on which base (5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import cited, marked

REGLE_CANAL, REGLE_INCIDENT, REGLE_OUTILS = "E49", "E50", "E38"
"""Rules of the referentiel that the procedure carries out: the channel, the incident, tools not approved."""


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatAccompagnement."""
    rules = {regle.id: regle for regle in contexte.referentiels.regles.regles}
    yield Piece(
        {
            "resultat": resultat,
            "routes": _routes(resultat, contexte),
            "canal": rules[REGLE_CANAL],
            "incident": rules[REGLE_INCIDENT],
            "outils": rules[REGLE_OUTILS],
            "bases_canal": cited(" ".join(rules[REGLE_CANAL].bases), contexte),
        }
    )


def _routes(resultat: Any, contexte: Contexte) -> Table:
    rows = [
        (
            line.nature,
            contexte.codes.get(line.voie, line.voie),
            line.destinataire,
            line.delai,
            marked(cited(line.base, contexte), line.confiance, contexte.codes)
            if line.confiance and "[" not in cited(line.base, contexte)
            else cited(line.base, contexte),
        )
        for line in lines(resultat.routes)
    ]
    headers = ("Nature des faits", "Voie", "Destinataire", "Délai", "Base")
    return plain_table("À qui s'adresser, selon la nature des faits", headers, rows)
