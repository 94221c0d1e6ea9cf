"""The feuille de route: every action of every step, in one order, with its owner, date and proof; its reasons are in
the workbook, and in a document of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...formats import capitalize, count, enumerate_words, long_date, plural
from ...tables import Table, lines
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, labelled, pilots, plain_table, texts

UNDATED = "À fixer"


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    known = pilots(contexte.referentiels)
    frame = resultat.feuille_de_route
    priorities = [
        (str(priorite), route_table(group, contexte, f"{priorite} : {plural(len(group), 'action')}"))
        for priorite, group in frame.groupby("priorite", sort=False)
    ]
    groups = [(labelled(pilote, known), _ranks(group["rang"])) for pilote, group in frame.groupby("pilote", sort=False)]
    yield Piece(
        {
            "resultat": resultat,
            "nombre": len(frame),
            "alertes": texts(resultat.constats, (ALERTE,)),
            "par_priorite": priorities,
            "par_pilote": groups,
        },
        feuilles=[route_sheet(resultat, contexte)],
    )


def route_table(frame: Any, contexte: Contexte, caption: str) -> Table:
    """Rank, action, pilot, date, effort, deliverable and proof, validation."""
    known = pilots(contexte.referentiels)
    rows = [
        (
            count(line.rang),
            capitalize(line.action),
            labelled(line.pilote, known),
            long_date(line.echeance) if line.echeance else UNDATED,
            capitalize(contexte.codes.get(line.effort, str(line.effort))),
            f"{line.livrable}\nPreuve : {line.preuve}" if line.preuve else line.livrable,
            capitalize(contexte.codes.get(line.validation, line.validation)),
        )
        for line in lines(frame)
    ]
    headers = ("Rang", "Action", "Pilote", "Échéance", "Effort", "Livrable et preuve", "Validation")
    return plain_table(caption, headers, rows)


def route_sheet(resultat: Any, contexte: Contexte) -> Feuille:
    """The table, with the reason that the recommandation of the same rank holds."""
    known, frame = pilots(contexte.referentiels), resultat.feuille_de_route
    shown = frame.assign(
        pilote=[labelled(pilote, known) for pilote in frame["pilote"]],
        pourquoi=[line.pourquoi.explication for line in resultat.recommandations],
    )
    champs: list[Champ | str] = [
        "rang",
        Champ("action", "Action", "texte"),
        Champ("priorite", "Priorité", "texte"),
        Champ("motif", "Motif de la priorité", "texte"),
        Champ("pilote", "Pilote", "texte"),
        Champ("echeance", "", "date"),
        Champ("effort", "Effort"),
        Champ("livrable", "", "texte"),
        Champ("preuve", "", "texte"),
        "validation",
        Champ("etapes", "Étapes d'origine", "texte"),
        Champ("recommandations", "Recommandations réunies", "texte"),
        Champ("pourquoi", "Pourquoi", "texte"),
    ]
    return Feuille("Feuille de route", shown, champs, "une action par ligne, dans l'ordre")


def _ranks(ranks: Iterable[int]) -> str:
    return enumerate_words([count(rank) for rank in ranks])
