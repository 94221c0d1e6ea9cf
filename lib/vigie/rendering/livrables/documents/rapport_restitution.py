"""The report handed back to the structure: vigilance points, feuille de route, what changed, what is validated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...formats import capitalize, is_absent, long_date, score, yes_no
from ...tables import Table, lines
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, contents_table, labelled, pilots, plain_table, texts
from .feuille_de_route import route_sheet, route_table

ATTENTION, INFORMATION = "attention", "information"
ETATS = ("absent", "a_renforcer", "inconnu", "tenu")
"""States of a vigilance point, from the one that asks for the most."""
TETES = 10


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    donnees = {
        "resultat": resultat,
        "alertes": texts(resultat.constats, (ALERTE,)),
        "attentions": texts(resultat.constats, (ATTENTION,)),
        "informations": texts(resultat.constats, (INFORMATION,)),
        "comptes": state_counts(resultat.vigilances, contexte),
        "vigilances": vigilance_table(resultat.vigilances, contexte),
        "route": route_table(resultat.feuille_de_route.head(TETES), contexte, "Les premières actions"),
        "reste": max(len(resultat.feuille_de_route) - TETES, 0),
        "avant_apres": changes_table(resultat.avant_apres, contexte),
        "validations": validations_table(resultat.validations, contexte),
        "livrables": _deliverables(resultat.livrables, contexte),
        "contenus": contents_table(resultat, contexte),
    }
    yield Piece(donnees, feuilles=_sheets(resultat, contexte))


def state_counts(vigilances: pd.DataFrame, contexte: Contexte) -> list[tuple[str, int]]:
    """(label of the state, number of points), from the one that asks for the most."""
    counts = vigilances["etat"].value_counts()
    return [(contexte.codes.get(etat, etat), int(counts[etat])) for etat in ETATS if etat in counts]


def vigilance_table(vigilances: pd.DataFrame, contexte: Contexte) -> Table:
    known = pilots(contexte.referentiels)
    rows = [
        (
            f"{line.vigilance} {line.libelle}",
            capitalize(contexte.codes.get(line.etat, line.etat)),
            line.preuve,
            line.manque,
            labelled(line.acteur, known),
        )
        for line in lines(vigilances)
    ]
    headers = ("Point de vigilance", "État", "Preuve", "Ce qui manque", "Qui agit")
    return plain_table("Points de vigilance transversaux", headers, rows)


def changes_table(frame: pd.DataFrame, contexte: Contexte) -> Table:
    """Before and after, item by item; what is not comparable says so."""
    rows = [
        (
            f"{line.cible} {line.libelle}",
            _figure(line.avant),
            _figure(line.apres),
            _figure(line.evolution) if line.comparable else "non comparable",
            line.explication,
        )
        for line in lines(frame)
    ]
    headers = ("Cible", "Avant", "Après", "Évolution", "Explication")
    return plain_table("Avant et après", headers, rows, numeric=(1, 2, 3))


def validations_table(frame: pd.DataFrame, contexte: Contexte) -> Table:
    rows = [
        (
            contexte.codes.get(line.etape, line.etape),
            line.livrable or "Étape entière",
            capitalize(contexte.codes.get(line.etat, line.etat)),
            long_date(line.date) if line.date else "",
            line.par,
        )
        for line in lines(frame)
    ]
    headers = ("Étape", "Document", "État", "Date", "Par")
    return plain_table("Validations par la direction", headers, rows)


def _deliverables(frame: pd.DataFrame, contexte: Contexte) -> Table:
    rows = [
        (
            line.livrable,
            contexte.codes.get(line.etape, line.etape),
            capitalize(contexte.codes.get(line.etat, line.etat)),
            line.fichier,
        )
        for line in lines(frame)
    ]
    return plain_table("Documents produits", ("Document", "Étape", "État", "Fichier"), rows)


def _figure(value: object) -> str:
    """A number, a yes or no, or a text, as it comes."""
    if is_absent(value):
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    try:
        return score(float(str(value)))
    except ValueError:
        return str(value)


def _sheets(resultat: Any, contexte: Contexte) -> list[Feuille]:
    return [
        Feuille(
            "Vigilances",
            resultat.vigilances,
            [
                "vigilance",
                Champ("libelle", "Point, en clair", "texte"),
                "etat",
                Champ("preuve", "Preuve", "texte"),
                Champ("manque", "Ce qui manque", "texte"),
                Champ("acteur", "Qui agit", "texte"),
            ],
            "les points de vigilance transversaux et leur état",
        ),
        route_sheet(resultat.feuille_de_route, contexte),
        Feuille(
            "Avant et après",
            resultat.avant_apres,
            [
                "etape",
                Champ("cible", "Cible", "texte"),
                Champ("libelle", "Cible, en clair", "texte"),
                Champ("avant", "Avant"),
                Champ("apres", "Après"),
                Champ("evolution", "Évolution"),
                Champ("comparable", "Comparable"),
                Champ("explication", "Explication", "texte"),
            ],
            "ce qui a changé depuis la campagne précédente",
        ),
    ]
