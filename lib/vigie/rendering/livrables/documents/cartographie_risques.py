"""The map of risks: each use of AI with its rated risks before and after proven rules, what stops it, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ....diagnostics.regles_communes import merge_cases
from ....diagnostics.risques_ethique import ResultatRisquesEthique
from ....referentiels.droit import MethodeRisques
from ... import charts
from ...annexes.risques_ethique import method_rules
from ...formats import capitalize, count, plural
from ...tables import Column, Columns, Table, lines, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, actions_sheet, actions_table, coded, contents_table, reasons_table, rules_table, texts

ABOUT_REFERENTIEL = "REFERENTIEL"
UNREAD = "NON_VERIFIE"
BINDING = ("obligatoire", "mixte")


@dataclass(frozen=True)
class Cas:
    """One use, or the whole structure (`id` empty), with its risks. `dessin`: stem of its matrix, "" without rating."""

    id: str
    libelle: str
    statut: str
    interdit: bool
    avertissement: str
    marques: tuple[str, ...]
    risques: Table
    dessin: str


def prepare(resultat: ResultatRisquesEthique, contexte: Contexte) -> Iterator[Piece]:
    methode = contexte.referentiels.methode
    cases, drawings = _cases(resultat, contexte)
    rules = merge_cases(resultat.regles)
    rated = resultat.risques["niveau_retenu"].notna()
    donnees = {
        "resultat": resultat,
        "cotes": int(rated.sum()),
        "non_cotes": int((~rated).sum()),
        "alertes": texts(resultat.constats, (ALERTE,)),
        "cas": cases,
        "inventaire": _inventory(resultat, contexte),
        "niveaux": _levels(resultat.risques, methode),
        "a_discuter": texts(
            constat
            for constat in resultat.constats
            if constat.gravite != ALERTE and not constat.code.startswith((ABOUT_REFERENTIEL, UNREAD))
        ),
        "non_couverts": _uncovered(resultat, contexte),
        "dues": _due(rules, contexte),
        "actions": actions_table(resultat.recommandations, contexte, "Actions, par ordre de priorité"),
        "raisons": reasons_table(resultat.recommandations),
        "methode": rules_table(method_rules(methode), "Échelles, niveaux et seuils"),
        "limites": methode.limites,
        "contenus": contents_table(resultat, contexte),
        "non_verifie": texts(resultat.constats, codes=(UNREAD,)),
    }
    yield Piece(donnees, drawings, _sheets(resultat, contexte))


def _cases(resultat: ResultatRisquesEthique, contexte: Contexte) -> tuple[list[Cas], dict[str, charts.Chart]]:
    marks = {trigger.id: trigger.libelle for trigger in contexte.referentiels.regles.declencheurs}
    drawings: dict[str, charts.Chart] = {}
    found = []
    for line in lines(resultat.cas):
        risks = resultat.risques[resultat.risques["cas"].eq(line.cas)]
        found.append(
            Cas(
                line.cas,
                line.libelle,
                contexte.codes.get(line.statut, line.statut).lower(),
                line.interdit,
                line.avertissement,
                tuple(marks.get(mark, mark) for mark in line.marques.split()),
                _risk_table(risks, contexte),
                _draw(line.cas, risks, contexte, drawings),
            )
        )
    whole = resultat.risques[resultat.risques["cas"].eq("")]
    if not whole.empty:
        drawn = _draw("structure", whole, contexte, drawings)
        found.append(Cas("", "Pour toute la structure", "", False, "", (), _risk_table(whole, contexte), drawn))
    return found, drawings


def _draw(name: str, risks: pd.DataFrame, contexte: Contexte, drawings: dict[str, charts.Chart]) -> str:
    """Adds the matrix of one use to `drawings`; gives its stem, "" when no risk is rated."""
    rated = risks.dropna(subset=["niveau_retenu"])
    if rated.empty:
        return ""
    methode = contexte.referentiels.methode
    levels: dict[int, str] = {entry.niveau: entry.libelle for entry in methode.niveaux}
    worst = int(rated["niveau_retenu"].max())
    number = int((rated["niveau_retenu"] == worst).sum())
    lecture = f"{plural(number, 'risque')} au niveau le plus haut constaté, {levels[worst].lower()}."
    cells = rated[["risque", "vraisemblance"]].assign(gravite=rated["gravite_aggravee"])
    stem = f"matrice-{name}"
    matrice = {int(gravite): row for gravite, row in methode.matrice.items()}
    drawings[stem] = charts.risk_matrix(cells, matrice, levels, lecture, _risk_table(risks, contexte))
    return stem


def _level(contexte: Contexte) -> dict[int, str]:
    return {entry.niveau: entry.libelle.lower() for entry in contexte.referentiels.methode.niveaux}


def _risk_table(risks: pd.DataFrame, contexte: Contexte) -> Table:
    names = _level(contexte)

    def level(value: object) -> str:
        number = int(float(str(value)))
        return f"{number} ({names[number]})"

    ordered = risks.sort_values(["niveau_retenu", "risque"], ascending=[False, True], kind="stable")
    frame = ordered.assign(libelle=ordered["risque"] + " " + ordered["libelle"])
    columns: Columns = [
        Column("libelle", "Risque"),
        Column("gravite_aggravee", "Gravité"),
        Column("vraisemblance", "Vraisemblance"),
        Column("niveau_retenu", "Niveau", level),
        Column("niveau_residuel", "Résiduel", level),
        Column("couvert", "Couvert"),
        Column("motif_forcage", "Niveau forcé, motif"),
    ]
    if not frame["motif_forcage"].ne("").any():
        columns = columns[:-1]
    return table(frame, columns, "Risques cotés, avant et après les règles prouvées", contexte.labels)


def _inventory(resultat: ResultatRisquesEthique, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("cas", "N°"),
        Column("libelle", "Usage"),
        Column("statut", render=coded(contexte)),
        Column("statut_dgafp", render=coded(contexte)),
        "haut_risque",
        "interdit",
    ]
    return table(resultat.cas, columns, "Usages de l'intelligence artificielle inventoriés", contexte.labels)


def _levels(risks: pd.DataFrame, methode: MethodeRisques) -> Table:
    """How many rated risks stand at each level, before and after proven rules."""
    rows = tuple(
        (
            f"{entry.niveau} {entry.libelle}",
            count(int(risks["niveau_retenu"].eq(entry.niveau).sum())),
            count(int(risks["niveau_residuel"].eq(entry.niveau).sum())),
            entry.acceptation,
        )
        for entry in sorted(methode.niveaux, key=lambda item: -item.niveau)
    )
    headers = ("Niveau", "Avant mesures prouvées", "Après", "Qui peut accepter ce niveau")
    return Table("Risques cotés par niveau", headers, rows, (False, True, True, False), (False, False, False, True))


def _uncovered(resultat: ResultatRisquesEthique, contexte: Contexte) -> Table:
    known = resultat.risques.dropna(subset=["niveau_retenu"])
    open_risks = known[~known["couvert"]].sort_values(["niveau_retenu", "risque"], ascending=[False, True])
    names = _level(contexte)
    use = dict(zip(resultat.cas["cas"], resultat.cas["libelle"], strict=True))
    rows = tuple(
        (
            f"{line.risque} {line.libelle}",
            use.get(line.cas, "Toute la structure"),
            f"{int(line.niveau_retenu)} ({names[int(line.niveau_retenu)]})",
            line.acceptation,
        )
        for line in lines(open_risks)
    )
    headers = ("Risque", "Usage", "Niveau", "Acceptation")
    return Table("Risques cotés qu'aucune règle prouvée ne réduit", headers, rows, (False,) * 4, (False,) * 4)


def _due(rules: pd.DataFrame, contexte: Contexte) -> Table:
    due = rules[rules["applicable_aujourdhui"] & rules["caractere"].isin(BINDING) & ~rules["prouvee"]]
    rows = tuple((line.regle, line.libelle, capitalize(line.responsable), line.preuve) for line in lines(due))
    headers = ("Règle", "Énoncé", "Responsable", "Preuve attendue")
    return Table("Obligations applicables restant à prouver", headers, rows, (False,) * 4, (False, True, False, False))


def _sheets(resultat: ResultatRisquesEthique, contexte: Contexte) -> list[Feuille]:
    return [
        Feuille(
            "Risques",
            resultat.risques,
            [
                "cas",
                "risque",
                Champ("libelle", "Risque, en clair"),
                "categorie",
                "gravite",
                "vraisemblance",
                "coteurs",
                "ecart_coteurs",
                "gravite_aggravee",
                "niveau",
                "niveau_force",
                "motif_forcage",
                "niveau_retenu",
                "niveau_residuel",
                "couvert",
                "acceptation",
            ],
            "un risque par ligne et par usage, avant et après les règles prouvées",
        ),
        Feuille(
            "Usages",
            resultat.cas,
            ["cas", "libelle", "statut", "statut_dgafp", "marques", "haut_risque", "interdit", "avertissement"],
            "les usages inventoriés",
        ),
        actions_sheet(resultat.recommandations, contexte),
    ]
