"""CSV and XLSX as rows of text that know where they stand."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from vigie.errors import ParametreInvalide
from vigie.tabular import Limites, Tableau, align_columns, duplicate_rows, read_table


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def book(path: Path, rows: list[list[Any]], title: str = "réponses", merge: str = "", hidden: str = "") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    if hidden:
        workbook.create_sheet(hidden).sheet_state = "hidden"
    workbook.save(path)
    return path


def rewrite_sheet(path: Path, before: str, after: str) -> Path:
    """Changes the XML of the first sheet, as other programs write it."""
    copy = path.with_name(f"copie-{path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                text = data.decode()
                assert before in text
                data = text.replace(before, after).encode()
            target.writestr(info, data)
    return copy


def faults(tableau: Tableau) -> list[tuple[str, str]]:
    return [(anomalie.ou, anomalie.quoi) for anomalie in tableau.anomalies]


def test_a_row_knows_its_line_even_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id;texte\n1;"un\ndeux"\n\n2;trois\n')
    table = read_table(path)
    assert [(ligne.numero, ligne["id"], ligne["texte"]) for ligne in table] == [(2, "1", "un\ndeux"), (5, "2", "trois")]
    assert table.ou(table.lignes[1], "texte") == "a.csv, ligne 5, colonne « texte »"


def test_a_cell_of_a_workbook_is_named_as_in_the_spreadsheet(tmp_path: Path) -> None:
    table = read_table(book(tmp_path / "a.xlsx", [["id", "texte"], [1, "un"], [2, "deux"]]))
    assert table.ou(table.lignes[1], "texte") == "a.xlsx, feuille « réponses », cellule B3"
    assert table.ou(table.lignes[1]) == "a.xlsx, feuille « réponses », ligne 3"


def test_values_of_a_workbook_become_the_text_a_reader_sees(tmp_path: Path) -> None:
    row = [3, 3.0, 0.25, True, False, date(2026, 11, 24), datetime(2026, 11, 24, 9, 30), time(9, 30), " texte ", None]
    table = read_table(book(tmp_path / "a.xlsx", [[f"c{number}" for number in range(10)], row]))
    texts = ["3", "3", "0.25", "oui", "non", "2026-11-24", "2026-11-24T09:30:00", "09:30:00", "texte", ""]
    assert [table.lignes[0][f"c{number}"] for number in range(10)] == texts
    assert table.anomalies == ()


def test_windows_text_is_read_and_its_accents_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id;texte\n1;Œuvre d'été à 10 € : « oui »\n", "cp1252")
    table = read_table(path)
    assert table.anomalies == ()
    assert table.lignes[0]["texte"] == "Œuvre d'été à 10 € : « oui »"


def test_a_bom_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id;texte\n1;été\n", "utf-8-sig")
    assert read_table(path).colonnes == ("id", "texte")


def test_the_separator_is_the_one_that_gives_the_header_expected(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "titre; sous-titre; date; auteur\nid,texte\n1,un ; deux\n")
    table = read_table(path, reperes=("id", "texte"))
    assert table.colonnes == ("id", "texte")
    assert table.lignes[0]["texte"] == "un ; deux"
    assert table.ligne_entete == 2


def test_old_macintosh_line_ends_are_line_ends(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "id;texte\r1;un\r2;deux\r"))
    assert [(ligne.numero, ligne["texte"]) for ligne in table] == [(2, "un"), (3, "deux")]


def test_empty_columns_at_the_end_are_nothing(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "id;texte;;\n1;un;;\n"))
    assert table.colonnes == ("id", "texte")
    assert table.anomalies == ()


def test_a_title_may_be_merged_above_the_header_but_no_cell_below(tmp_path: Path) -> None:
    rows = [["Titre", None], ["id", "texte"], [1, "un"], [2, "deux"]]
    assert faults(read_table(book(tmp_path / "a.xlsx", rows, merge="A1:B1"), reperes=("id",))) == []
    table = read_table(book(tmp_path / "b.xlsx", rows, merge="B3:B4"), reperes=("id",))
    assert faults(table) == [("b.xlsx, feuille « réponses », cellules B3:B4", "des cellules sont fusionnées")]


def test_a_merged_range_is_found_wherever_the_sheet_is_cut_while_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", [["id", "texte"], [1, "un"], [2, "deux"]], merge="B2:B3")
    for size in (7, 20, 50):
        monkeypatch.setattr("vigie.tabular.classeur._CHUNK", size)
        assert [quoi for _, quoi in faults(read_table(path))] == ["des cellules sont fusionnées"]


def test_hidden_sheets_of_lists_do_not_matter(tmp_path: Path) -> None:
    table = read_table(book(tmp_path / "a.xlsx", [["id"], [1]], title="Feuille 1", hidden="listes"), feuille="réponses")
    assert [ligne["id"] for ligne in table] == ["1"]


def test_two_visible_sheets_without_the_expected_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook = Workbook()
    workbook.create_sheet("autre")
    workbook.save(path)
    assert faults(read_table(path, feuille="réponses")) == [("a.xlsx", "la feuille « réponses » manque")]
    assert faults(read_table(path)) == [("a.xlsx", "le classeur a plusieurs feuilles")]


def test_the_size_that_a_program_wrote_in_the_sheet_is_not_believed(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["id", "texte"], [1, "un"], [2, "deux"]])
    wrong = rewrite_sheet(path, '<dimension ref="A1:B3"', '<dimension ref="A1:A2"')
    assert [ligne["texte"] for ligne in read_table(wrong)] == ["un", "deux"]


def test_a_stray_row_at_the_bottom_of_the_sheet_keeps_its_number(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["id"], [1], [2]])
    text = rewrite_sheet(path, '<row r="3"><c r="A3"', '<row r="1048576"><c r="A1048576"')
    assert [ligne.numero for ligne in read_table(text)] == [2, 1048576]


def test_every_formula_is_said_even_under_other_faults(tmp_path: Path) -> None:
    table = read_table(book(tmp_path / "a.xlsx", [["id", "x", "x"], [1, "=A2", "RÃ©union"], ["=B1", 2, 3]]))
    assert [quoi for _, quoi in faults(align_columns(table, ["id"]))] == [
        "la cellule contient une formule",
        "la cellule contient une formule",
        "des accents sont abîmés : deux encodages ont été mélangés",
        "la colonne « x » est inconnue",
        "la colonne « x » est écrite deux fois",
    ]


def test_a_macro_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["id"], [1]])
    shutil.copy(path, tmp_path / "a.xlsm")
    assert [ligne["id"] for ligne in read_table(tmp_path / "a.xlsm")] == ["1"]


@pytest.mark.parametrize(
    ("limites", "quoi"),
    [
        (Limites(octets=20), "le fichier est trop gros"),
        (Limites(lignes=2), "le fichier a trop de lignes"),
        (Limites(colonnes=1), "le tableau a trop de colonnes"),
        (Limites(caracteres=3), "la cellule a 5 caractères, au plus 3 sont lus"),
    ],
)
def test_each_limit_is_said_when_it_is_passed(tmp_path: Path, limites: Limites, quoi: str) -> None:
    path = write(tmp_path / "a.csv", "id;texte\n1;un\n2;trois\n3;un\n")
    assert quoi in [found for _, found in faults(read_table(path, limites=limites))]
    assert read_table(path).anomalies == ()


def test_the_size_limit_is_set_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", "id\n" + "1\n" * 600_000)
    monkeypatch.setenv("VIGIE_IMPORT_MAX_MO", "1")
    assert [anomalie.attendu for anomalie in read_table(path).anomalies] == ["au plus 1 Mo"]
    monkeypatch.setenv("VIGIE_IMPORT_MAX_MO", "beaucoup")
    with pytest.raises(ParametreInvalide, match="VIGIE_IMPORT_MAX_MO"):
        read_table(path)


def test_a_file_that_does_not_exist_is_said(tmp_path: Path) -> None:
    assert faults(read_table(tmp_path / "absent.csv")) == [("absent.csv", "le fichier n'existe pas")]


def test_columns_take_their_own_name_whatever_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "ÉTAPE; Mise en service \nmaturite;2026\n")
    table = align_columns(read_table(path), ["etape"], ["mise_en_service", "site"])
    assert table.colonnes == ("etape", "mise_en_service")
    assert [(ligne["etape"], ligne["mise_en_service"], ligne["site"]) for ligne in table] == [("maturite", "2026", "")]
    assert table.anomalies == ()


def test_rows_with_the_same_key_are_said_with_the_line_they_repeat(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a;b;c\n1;x;1\n1;y;2\n1;x;3\n1;x;4\n")
    found = duplicate_rows(read_table(path), ["a", "b"])
    assert [(anomalie.ou, anomalie.quoi) for anomalie in found] == [
        ("a.csv, ligne 4", "cette ligne répète la ligne 2"),
        ("a.csv, ligne 5", "cette ligne répète la ligne 2"),
    ]
    assert found[0].valeur == "a « 1 », b « x »"
