"""The offline questionnaire: one workbook a respondent, which `vigie import` reads back as a long file.

The answers already stored are in it. Only the cells to fill are open; the rest is locked, and the columns that say who
answers are hidden. `version` tells the referentiel the questions come from: an answer to older questions is refused.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import xlsxwriter

from ..dossier import Etat
from ..errors import Introuvable
from ..referentiels.maturite import Dimension, Item
from .imports import FEUILLE, LECTURE
from .ministere import MinistereCharge

ETAPE, MESURE = "maturite", "niveau"
A_REMPLIR = ("valeur", "commentaire", "preuve", "indicateur")
TECHNIQUES = ("structure", "repondant", "role", "etape", "mesure", "version")
COLONNES = ("cible", *LECTURE, *A_REMPLIR, *TECHNIQUES)
LARGEURS = {"cible": 8, "question": 48, "preuve_attendue": 24, "valeur": 9} | dict.fromkeys(
    ("niveau_1", "niveau_3", "niveau_5", "commentaire", "preuve", "indicateur"), 28
)
NSP, SO = "NSP", "SO"
CONSIGNES = (
    "Remplissez la feuille « réponses » : une ligne par question.",
    "Colonne « valeur » : de 1 à 5 (2 et 4 sont les paliers intermédiaires), NSP si vous ne savez pas, "
    "SO (sans objet) seulement où la liste le propose. Laisser vide est permis : vous pourrez compléter plus tard.",
    "Colonne « preuve » : le document qui montre ce niveau. Colonne « indicateur » : le chiffre suivi, s'il existe.",
    "Vos réponses sont nominatives : elles portent sur votre service, dans votre rôle. Elles n'évaluent personne.",
    "Renvoyez ce classeur tel quel à la personne qui vous l'a adressé. Ne renommez ni feuille ni colonne.",
)


def respondents(charge: MinistereCharge, structure: str, role: str = "") -> pd.DataFrame:
    """People of a structure who have questions to answer, of one role if given. Raises Introuvable."""
    frame = charge.repondants
    asked = {name for item in charge.referentiels.maturite.items.values() for name in item.roles}
    rows = frame[(frame["structure"] == charge.structure(structure).id) & frame["role"].isin(asked)]
    rows = rows[rows["role"] == role] if role else rows
    if rows.empty:
        qui = f"de rôle « {role} » " if role else ""
        raise Introuvable(f"Aucune personne {qui}à interroger dans la structure « {structure} » (repondants.csv).")
    return rows


def make_workbook(charge: MinistereCharge, person: Mapping[Any, Any], reponses: pd.DataFrame) -> bytes:
    """The XLSX of one respondent (a row of repondants.csv), with their current answers (dossier.REPONSES)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _write_notice(book, charge, person)
        _write_questions(book, charge, person, reponses)
    return buffer.getvalue()


def _write_notice(book: Any, charge: MinistereCharge, person: Mapping[Any, Any]) -> None:
    sheet = book.add_worksheet("à lire")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    roles = {role.id: role.libelle for role in charge.referentiels.maturite.roles}
    facts = [
        ("Ministère", charge.ministere.nom + (" (données fictives)" if charge.ministere.fictif else "")),
        ("Structure", charge.structures[person["structure"]].nom),
        ("Répond", f"{person['nom']}, {person['fonction']}".strip(", ")),
        ("Rôle", roles[person["role"]]),
        ("Version des questions", charge.referentiels.versions[ETAPE]),
    ]
    for row, (term, text) in enumerate(facts):
        sheet.write_string(row, 0, term, bold)
        sheet.write_string(row, 1, text, wrapped)
    for row, line in enumerate(CONSIGNES, start=len(facts) + 1):
        sheet.merge_range(row, 0, row, 1, line, wrapped)
        sheet.set_row(row, 36)
    sheet.protect()


def _write_questions(book: Any, charge: MinistereCharge, person: Mapping[Any, Any], reponses: pd.DataFrame) -> None:
    sheet = book.add_worksheet(FEUILLE)
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#dddddd", "num_format": "@"}
    header = book.add_format({**base, "bold": True, "bg_color": "#eeeeee", "bottom": 2, "bottom_color": "#000091"})
    locked = book.add_format({**base, "bg_color": "#f6f6f6"})
    opened = book.add_format({**base, "locked": False})
    for column, name in enumerate(COLONNES):
        sheet.write_string(0, column, name, header)
        sheet.set_column(column, column, LARGEURS.get(name, 12), None, {"hidden": name in TECHNIQUES})
    given = _current(reponses, str(person["id"]))
    levels = [str(level.niveau) for level in charge.referentiels.maturite.niveaux]
    for row, (dimension, item) in enumerate(_questions(charge, str(person["role"])), start=1):
        cells = _cells(charge, person, dimension, item, given.get(item.id, {}))
        for column, name in enumerate(COLONNES):
            sheet.write_string(row, column, cells[name], opened if name in A_REMPLIR else locked)
        allowed = [*levels, NSP, *([SO] if item.sans_objet else [])]
        sheet.data_validation(
            row,
            COLONNES.index("valeur"),
            row,
            COLONNES.index("valeur"),
            {
                "validate": "list",
                "source": allowed,
                "error_title": "Valeur non admise",
                "error_message": f"Choisissez parmi : {', '.join(allowed)}.",
            },
        )
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    book.set_properties({"title": "Questionnaire de maturité", "comments": "Vigie"})
    sheet.activate()


def _questions(charge: MinistereCharge, role: str) -> Iterator[tuple[Dimension, Item]]:
    for dimension in charge.referentiels.maturite.dimensions:
        for item in dimension.items:
            if role in item.roles:
                yield dimension, item


def _cells(
    charge: MinistereCharge, person: Mapping[Any, Any], dimension: Dimension, item: Item, given: Mapping[str, str]
) -> dict[str, str]:
    return {
        "cible": item.id,
        "question": f"{dimension.libelle}\n{item.enonce}",
        "niveau_1": item.niveaux[1],
        "niveau_3": item.niveaux[3],
        "niveau_5": item.niveaux[5],
        "preuve_attendue": item.preuve,
        **{name: given.get(name, "") for name in A_REMPLIR},
        "structure": str(person["structure"]),
        "repondant": str(person["id"]),
        "role": str(person["role"]),
        "etape": ETAPE,
        "mesure": MESURE,
        "version": charge.referentiels.versions[ETAPE],
    }


def _current(reponses: pd.DataFrame, repondant: str) -> dict[str, dict[str, str]]:
    """Item → what this person has already answered, as they would write it."""
    mine = reponses[(reponses["repondant"] == repondant) & (reponses["mesure"] == MESURE)]
    given: dict[str, dict[str, str]] = {}
    for line in mine.to_dict("records"):
        code = {Etat.NE_SAIT_PAS: NSP, Etat.SANS_OBJET: SO}.get(line["etat"], "")
        value = f"{line['niveau']:g}" if line["etat"] == Etat.NIVEAU else code
        given[line["cible"]] = {"valeur": value, **{name: line[name] for name in A_REMPLIR[1:]}}
    return given
