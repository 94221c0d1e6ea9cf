"""The report handed back to the structure: vigilance points, feuille de route, what changed, what is validated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...formats import capitalize, is_absent, long_date, score
from ...tables import Table, lines
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..gabarits import read_templates, title_of
from ..pieces import Piece
from ._commun import ALERTE, contents_table, labelled, pilots, plain_table, texts
from .feuille_de_route import route_sheet, route_table

ATTENTION, INFORMATION = "attention", "information"
ETATS = ("absent", "inconnu", "a_renforcer", "tenu", "sans_objet")
"""States of a vigilance point, from the one that asks for the most."""
MOVED = ("progres", "recul", "etabli", "perdu")
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
        "changements": changes_table(_moved(resultat.avant_apres), contexte),
        "inchanges": _unmoved(resultat.avant_apres, contexte),
        "comparaisons": _versions(resultat.versions_comparees),
        "validations": validations_table(resultat.validations, contexte),
        "livrables": _deliverables(contexte),
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
            capitalize(line.manque),
            f"{labelled(line.acteur, known)}\nActions {', '.join(line.actions.split())}"
            if line.actions
            else labelled(line.acteur, known),
        )
        for line in lines(vigilances)
    ]
    headers = ("Point de vigilance", "État", "Preuve", "Ce qui manque", "Qui agit")
    return plain_table("Points de vigilance transversaux", headers, rows)


def changes_table(frame: pd.DataFrame, contexte: Contexte) -> Table:
    """Before and after, item by item, with what explains the change."""
    rows = [
        (
            f"{line.cible} {line.libelle}",
            "" if is_absent(line.avant) else score(line.avant),
            "" if is_absent(line.apres) else score(line.apres),
            contexte.codes.get(line.etat, line.etat),
            capitalize(line.explication),
        )
        for line in lines(frame)
    ]
    headers = ("Cible", "Avant", "Après", "Évolution", "Ce qui l'explique")
    return plain_table("Avant et après", headers, rows, numeric=(1, 2))


def validations_table(frame: pd.DataFrame, contexte: Contexte) -> Table:
    rows = [
        (
            contexte.codes.get(line.etape, line.etape),
            title_of(line.livrable) if line.livrable else "Étape entière",
            capitalize(contexte.codes.get(line.etat, line.etat)),
            long_date(line.date) if line.date else "",
            line.par,
        )
        for line in lines(frame)
    ]
    headers = ("Étape", "Document", "État", "Date", "Par")
    return plain_table("Validations par la direction", headers, rows)


def _moved(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["etat"].isin(MOVED)]


def _unmoved(frame: pd.DataFrame, contexte: Contexte) -> list[str]:
    """« Sans changement : D1.1, D1.2 » for what the table leaves out, so that nothing is silently dropped."""
    rest = frame[~frame["etat"].isin(MOVED)]
    return [
        f"{contexte.codes.get(str(etat), str(etat))} : {', '.join(dict.fromkeys(group['cible']))}."
        for etat, group in rest.groupby("etat", sort=False)
    ]


def _versions(frame: pd.DataFrame) -> Table:
    rows = [
        (capitalize(line.referentiel), line.version_avant, line.version_apres, capitalize(line.motif))
        for line in lines(frame)
    ]
    return plain_table("Contenus comparés", ("Contenu", "Version d'alors", "Version d'aujourd'hui", "Lecture"), rows)


def _deliverables(contexte: Contexte) -> Table:
    """Every document that the steps make, with its state."""
    rows = [
        (
            title_of(one.livrable),
            contexte.codes.get(one.etape, one.etape),
            contexte.identity(one.titre, one.etape, one.livrable if one.validation == "livrable" else "").etat,
            ", ".join(kind.upper() for kind in one.formats),
        )
        for one in read_templates().values()
    ]
    return plain_table("Documents produits", ("Document", "Étape", "État", "Formats"), rows)


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
                Champ("items", "Items", "texte"),
                Champ("manque", "Ce qui manque", "texte"),
                Champ("acteur", "Qui agit", "texte"),
                Champ("actions", "Actions de la feuille de route", "texte"),
            ],
            "les points de vigilance transversaux et leur état",
        ),
        route_sheet(resultat, contexte),
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
                "etat",
                Champ("explication", "Ce qui l'explique", "texte"),
            ],
            "ce qui a changé depuis la campagne précédente",
        ),
    ]
