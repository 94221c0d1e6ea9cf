"""The feuille de route: every action of every step, in one order, with its owner, date, proof and reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...formats import capitalize, count, is_absent, long_date
from ...tables import Table, lines
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, labelled, pilots, plain_table, texts


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    known = pilots(contexte.referentiels)
    frame = resultat.feuille_de_route
    groups = [
        (labelled(pilote, known), route_table(group, contexte, f"Actions : {labelled(pilote, known)}"))
        for pilote, group in frame.groupby("pilote", sort=False)
    ]
    yield Piece(
        {
            "resultat": resultat,
            "nombre": len(frame),
            "alertes": texts(resultat.constats, (ALERTE,)),
            "route": route_table(frame, contexte, "Actions, dans leur ordre"),
            "par_pilote": groups,
            "raisons": _reasons(frame),
        },
        feuilles=[route_sheet(frame, contexte)],
    )


def route_table(frame: Any, contexte: Contexte, caption: str) -> Table:
    """Rank, action, pilot, date, deliverable and proof, validation."""
    known = pilots(contexte.referentiels)
    rows = [
        (
            "" if is_absent(line.rang) else count(line.rang),
            capitalize(line.action),
            labelled(line.pilote, known),
            long_date(line.echeance) if line.echeance else "",
            capitalize(contexte.codes.get(line.effort, str(line.effort))),
            f"{line.livrable}\nPreuve : {line.preuve}" if line.preuve else line.livrable,
            capitalize(contexte.codes.get(line.validation, line.validation)),
        )
        for line in lines(frame)
    ]
    headers = ("Rang", "Action", "Pilote", "Échéance", "Effort", "Livrable et preuve", "Validation")
    return plain_table(caption, headers, rows)


def route_sheet(frame: Any, contexte: Contexte) -> Feuille:
    known = pilots(contexte.referentiels)
    shown = frame.assign(pilote=[labelled(pilote, known) for pilote in frame["pilote"]])
    champs: list[Champ | str] = [
        "rang",
        Champ("action", "Action", "texte"),
        "etape",
        Champ("pilote", "Pilote", "texte"),
        Champ("echeance", "", "date"),
        Champ("effort", "Effort"),
        Champ("livrable", "", "texte"),
        Champ("preuve", "", "texte"),
        "validation",
        "priorite",
        Champ("pourquoi", "Pourquoi", "texte"),
    ]
    return Feuille("Feuille de route", shown, champs, "une action par ligne, dans l'ordre")


def _reasons(frame: Any) -> Table:
    rows = [
        ("" if is_absent(line.rang) else count(line.rang), capitalize(line.action), line.pourquoi)
        for line in lines(frame)
    ]
    return plain_table("Pourquoi chaque action", ("Rang", "Action", "Pourquoi"), rows)
