"""Frames become accessible tables, and what has no number has words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from vigie.rendering import formats
from vigie.rendering.tables import ABSENT_NOTE, MASKED_NOTE, Column, as_is, coded, table

LABELS = {"nom": "Dimension", "score": "Score", "etat": "État"}


@pytest.fixture
def frame():
    return pd.DataFrame({"nom": ["D1", "D2"], "score": [2.5, np.nan], "etat": ["publie", "publie"]})


def read(made):
    return BeautifulSoup(str(made.to_html()), "html.parser")


def test_headers_are_scoped_and_in_french(frame):
    soup = read(table(frame, ["nom", "score"], "Profil", LABELS))
    assert [cell["scope"] for cell in soup.select("thead th")] == ["col", "col"]
    assert [cell.text for cell in soup.select("thead th")] == ["Dimension", "Score"]
    assert [cell["scope"] for cell in soup.select("tbody th")] == ["row", "row"]
    assert soup.caption.text == "Profil"


def test_an_absent_value_is_a_dash_read_aloud_and_explained(frame):
    soup = read(table(frame, ["nom", "score"], "Profil", LABELS))
    cell = soup.select("tbody td")[1]
    assert cell.select_one("[aria-hidden=true]").text == "—"
    assert "pas de valeur" in cell.text
    assert soup.select_one(".vg-note").text == formats.typeset(ABSENT_NOTE)


def test_a_masked_value_says_so_and_why(frame):
    masked = frame.assign(etat=["publie", "masque"])
    made = table(masked, ["nom", "score"], "Profil", LABELS)
    assert made.rows[1][1] == "masqué"
    assert made.notes == (MASKED_NOTE,)


def test_a_withheld_line_is_masked_by_its_publication_flag(frame):
    made = table(frame.assign(publie=[True, False]), ["nom", "score"], "Écho", LABELS)
    assert [row[1] for row in made.rows] == ["2,5", "masqué"]


def test_a_table_without_gap_has_no_note(frame):
    assert table(frame, ["nom"], "Noms", LABELS).notes == ()


def test_codes_are_written_by_their_labels(frame):
    made = table(frame, ["nom", Column("etat", render=coded({"publie": "Publié"}))], "États", LABELS)
    assert [row[1] for row in made.rows] == ["Publié", "Publié"]


def test_whole_numbers_held_as_floats_have_no_decimals():
    frame = pd.DataFrame({"nom": ["a", "b"], "n": [12.0, np.nan]})
    assert table(frame, ["nom", "n"], "x", {}).rows[0][1] == "12"


def test_booleans_are_words_not_colours():
    frame = pd.DataFrame({"nom": ["a", "b"], "vrai": [True, False]})
    assert [row[1] for row in table(frame, ["nom", "vrai"], "x", {}).rows] == ["oui", "non"]


def test_content_of_cells_is_escaped(frame):
    soup = read(table(frame.assign(nom=["<b>", "D2"]), ["nom"], "x", LABELS))
    assert soup.select_one("tbody th").text == "<b>"


def test_a_table_can_be_scrolled_by_keyboard_and_has_a_name(frame):
    zone = read(table(frame, ["nom"], "Profil", LABELS)).select_one(".vg-cadre")
    assert zone["tabindex"] == "0"
    assert zone["aria-label"] == formats.typeset("Tableau : Profil") or zone["aria-label"] == "Tableau : Profil"


def test_an_unknown_column_is_an_error(frame):
    with pytest.raises(KeyError):
        table(frame, ["rien"], "x", LABELS)


def test_html_already_made_is_kept():
    assert as_is("texte") == "texte"
