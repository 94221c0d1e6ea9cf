"""Slides for the direction: what the diagnosis says, what is not held, what to decide, before when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...formats import capitalize, count, long_date, plural, score
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, labelled, pilots, plain_table, texts
from .rapport_restitution import MOVED, state_counts, validations_table

TENU = "tenu"
OUVERTURE = ("OUTIL_DEJA_UTILISE", "AVANT_OUVERTURE")
EXTERNE = "ACC-EXTERNE"
PRESSANTES = 3
PAR_PAGE = 6
"""Rows that a slide holds at a readable size."""


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    open_points = resultat.vigilances[resultat.vigilances["etat"].ne(TENU)]
    dated = resultat.feuille_de_route[resultat.feuille_de_route["echeance"].ne("")]
    to_validate = resultat.validations[resultat.validations["etat"].ne("valide")]
    yield Piece(
        {
            "resultat": resultat,
            "comptes": state_counts(resultat.vigilances, contexte),
            "alertes": texts(resultat.constats, (ALERTE,))[:PAR_PAGE],
            "vigilances": [
                _points(open_points.iloc[start : start + PAR_PAGE], contexte)
                for start in range(0, len(open_points), PAR_PAGE)
            ],
            "decisions": _decisions(resultat, contexte),
            "premieres": _actions(resultat.feuille_de_route.head(PAR_PAGE), contexte, "Premières actions"),
            "echeances": _actions(
                dated.sort_values("echeance", kind="stable").head(PAR_PAGE), contexte, "Prochaines échéances"
            ),
            "changements": _changes(resultat.avant_apres, contexte),
            "a_valider": validations_table(to_validate.head(PAR_PAGE), contexte),
            "nombre": len(resultat.feuille_de_route),
        }
    )


def _decisions(resultat: Any, contexte: Contexte) -> list[str]:
    """What only the direction can settle, in the order of the diagnosis."""
    route = resultat.feuille_de_route
    named = [one.libelle for one in contexte.referentiels.restitution.priorites]
    pressing = list(route.loc[route["priorite"].eq(named[0]), "action"])[:PRESSANTES]
    opening = texts(resultat.constats, codes=OUVERTURE)
    waiting = texts(resultat.constats, codes=("ETAPES_EN_PROJET",))
    outside = list(route.loc[route["recommandations"].str.split().map(lambda ids: EXTERNE in ids), "action"])
    adopt = f"Arrêtez la feuille de route : {plural(len(route), 'action')}, portées par les trois pilotes."
    return [*pressing, *opening, *waiting, *outside, adopt]


def _changes(frame: pd.DataFrame, contexte: Contexte) -> Table:
    """Dimensions that moved: what fits on a slide."""
    moved = frame["etat"].isin(MOVED) & frame["etape"].eq("maturite") & ~frame["cible"].str.contains(".", regex=False)
    rows = [
        (f"{line.cible} {line.libelle}", score(line.avant), score(line.apres), contexte.codes.get(line.etat, line.etat))
        for line in lines(frame[moved])
    ]
    return plain_table("Ce qui a changé", ("Dimension", "Avant", "Après", "Évolution"), rows, numeric=(1, 2))


def _points(frame: Any, contexte: Contexte) -> Table:
    known = pilots(contexte.referentiels)
    rows = [
        (line.libelle, capitalize(contexte.codes.get(line.etat, line.etat)), labelled(line.acteur, known))
        for line in lines(frame)
    ]
    return plain_table("Points de vigilance à tenir", ("Point de vigilance", "État", "Qui agit"), rows)


def _actions(frame: Any, contexte: Contexte, caption: str) -> Table:
    known = pilots(contexte.referentiels)
    rows = [
        (
            count(line.rang),
            capitalize(line.action),
            labelled(line.pilote, known),
            long_date(line.echeance) if line.echeance else "",
        )
        for line in lines(frame)
    ]
    return plain_table(caption, ("Rang", "Action", "Pilote", "Échéance"), rows)
