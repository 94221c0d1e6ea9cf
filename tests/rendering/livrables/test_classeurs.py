"""Workbooks to work with: types, headers, filters, widths, and what a masked or absent value becomes."""

from __future__ import annotations

import io
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from vigie.rendering.livrables.classeurs import CELL_MAX, Champ, Feuille, write_workbook
from vigie.rendering.livrables.references.identite import Identite

from . import lecture

IDENTITE = Identite("Titre", "Ministère fictif", "Structure fictive", "Automne 2026", "PROJET, non validé")
JOUR = date(2026, 11, 24)
LIBELLES = {"nom": "Nom", "score": "Score", "echeance": "Échéance", "repris": "Repris", "statut": "Statut"}
CODES = {"oui": "Oui", "deja_ecrite": "Déjà écrite", "a_ecrire": "À écrire"}


def write(cadre, champs):
    content = write_workbook([Feuille("Essai", cadre, champs)], IDENTITE, JOUR, LIBELLES, CODES)
    return content, load_workbook(io.BytesIO(content))["Essai"]


@pytest.fixture
def cadre():
    return pd.DataFrame(
        {
            "nom": ["Un", "Deux"],
            "score": [2.5, np.nan],
            "effectif": [12.0, 1200.0],
            "part": [0.25, 1.0],
            "echeance": ["2026-12-01", ""],
            "prouvee": [True, False],
            "statut": ["deja_ecrite", "a_ecrire"],
            "etat": ["publie", "masque"],
        }
    )


def test_numbers_dates_and_codes_keep_their_nature(cadre):
    champs = ["nom", "score", "effectif", Champ("part", "Part", "pourcent"), "echeance", "prouvee", "statut"]
    _, sheet = write(cadre, champs)
    assert [cell.value for cell in sheet[1]][:2] == ["Nom", "Score"]
    assert [cell.value for cell in sheet[2]] == ["Un", 2.5, 12, 0.25, datetime(2026, 12, 1), "Oui", "Déjà écrite"]
    assert [cell.number_format for cell in sheet[2]][1:5] == ["#,##0.0", "#,##0", "0 %", "dd/mm/yyyy"]


def test_a_masked_number_says_so_and_an_absent_date_is_empty(cadre):
    _, sheet = write(cadre, ["nom", "score", "echeance"])
    assert [cell.value for cell in sheet[3]] == ["Deux", "masqué", None]


def test_the_header_is_frozen_filtered_and_repeated(cadre):
    _, sheet = write(cadre, ["nom", "score"])
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["A"].width >= 8


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    _, sheet = write(pd.DataFrame({"nom": ["mot " * 20_000]}), ["nom"])
    assert len(sheet["A2"].value) <= CELL_MAX
    assert sheet["A2"].value.endswith("texte coupé")


def test_the_same_content_gives_the_same_bytes(cadre):
    assert write(cadre, ["nom", "score"])[0] == write(cadre, ["nom", "score"])[0]


def test_no_sheet_has_two_columns_of_one_name_nor_an_identifier_for_a_header(documents):
    for (_, name), path in documents.items():
        if path.suffix != ".xlsx":
            continue
        for sheet in load_workbook(path):
            if sheet.title == "Lisez-moi":
                continue
            headers = [cell.value for cell in sheet[1]]
            assert len(set(headers)) == len(headers), (name, sheet.title, headers)
            assert [header for header in headers if "_" in header or header[0].islower()] == [], (name, sheet.title)


def test_a_workbook_says_what_it_is_before_its_figures(documents):
    for (_, name), path in documents.items():
        if path.suffix == ".xlsx":
            book = load_workbook(path)
            assert book.sheetnames[0] == "Lisez-moi", name
            front = lecture.plain("\n".join(str(cell.value) for cell in book["Lisez-moi"]["A"]))
            assert "Automne 2026, situation au 24 novembre 2026" in front, name
            assert "Référentiels" in front, name
