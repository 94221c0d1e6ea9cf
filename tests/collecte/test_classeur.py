"""The offline questionnaire comes back without loss, even after an office suite has saved it."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.cli import main
from vigie.collecte import load_ministere, open_dossier
from vigie.collecte.classeur import make_workbook, respondents
from vigie.collecte.imports import FEUILLE, read_answers
from vigie.errors import ImportRefuse, Introuvable

STRUCTURE = "mission-appui"
TEXTES = {
    "accents": "Élèves à l'œuvre, naïf, déjà « vu »",
    "lignes": "première ligne\nseconde ligne\n\nquatrième",
    "égal": "=1+1",
    "plus": "+33 1 00 00 00 00",
    "arobase": "@toutes",
    "long": "très long texte, " * 400 + "fin",
}


@pytest.fixture(scope="module")
def charge():
    return load_ministere("demonstration")


@pytest.fixture(scope="module")
def reponses(charge):
    return open_dossier(charge, STRUCTURE).reponses


@pytest.fixture
def person(charge):
    return respondents(charge, STRUCTURE, "RH").to_dict("records")[0]


def filled(content: bytes, answers: dict[str, dict[str, str]], path: Path) -> Path:
    """The workbook with cells typed in, as a person would: every value a text."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[FEUILLE]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for name, value in answers.get(sheet.cell(row, columns["cible"]).value, {}).items():
            cell = sheet.cell(row, columns[name])
            cell.value, cell.data_type = value, "s"
    book.save(path)
    return path


def by_item(lot) -> dict:
    return {reponse.cible: reponse for reponse in lot.reponses}


def test_a_workbook_sent_back_untouched_changes_nothing(charge, reponses, person, tmp_path):
    path = tmp_path / "w.xlsx"
    path.write_bytes(make_workbook(charge, person, reponses))
    lot = by_item(read_answers(path, charge))
    mine = reponses[(reponses["repondant"] == person["id"]) & (reponses["mesure"] == "niveau")]
    assert len(mine) > 5
    for line in mine.to_dict("records"):
        reponse = lot[line["cible"]]
        assert reponse.etat == line["etat"]
        assert reponse.niveau == line["niveau"] or line["etat"] != "niveau"
        assert (reponse.commentaire, reponse.preuve, reponse.indicateur) == (
            line["commentaire"],
            line["preuve"],
            line["indicateur"],
        )


@pytest.mark.parametrize("texte", TEXTES.values(), ids=TEXTES)
@pytest.mark.parametrize("suite", ["direct", "libreoffice"])
def test_what_is_typed_comes_back_letter_for_letter(charge, reponses, person, tmp_path, texte, suite):
    answers = {"D1.1": {"valeur": "4", "commentaire": texte, "preuve": texte}, "D1.4": {"valeur": "NSP"}}
    path = filled(make_workbook(charge, person, reponses), answers, tmp_path / "w.xlsx")
    if suite == "libreoffice":
        path = saved_by_libreoffice(path, tmp_path)
    lot = by_item(read_answers(path, charge))
    assert (lot["D1.1"].niveau, lot["D1.1"].commentaire, lot["D1.1"].preuve) == (4.0, texte, texte)
    assert lot["D1.4"].etat == "ne_sait_pas"


def saved_by_libreoffice(path: Path, folder: Path) -> Path:
    out = folder / "libreoffice"
    profile = f"-env:UserInstallation=file://{folder / 'profil'}"
    subprocess.run(
        [shutil.which("soffice"), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out / path.name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["D1.1", "D1.4", "D2.1", "D3.1", "D8.3"]),
        st.tuples(
            st.sampled_from(["1", "2", "3", "4", "5", "NSP"]),
            st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40).map(str.strip),
        ),
    )
)
def test_any_answers_come_back_as_they_were_given(charge, reponses, person, tmp_path, answers):
    typed = {item: {"valeur": value, "commentaire": text} for item, (value, text) in answers.items()}
    path = filled(make_workbook(charge, person, reponses), typed, tmp_path / "h.xlsx")
    lot = by_item(read_answers(path, charge))
    for item, (value, text) in answers.items():
        assert lot[item].commentaire == text
        assert (lot[item].niveau == float(value)) if value != "NSP" else (lot[item].etat == "ne_sait_pas")


def test_a_refused_cell_is_named(charge, reponses, person, tmp_path):
    answers = {"D1.1": {"valeur": "6"}, "D1.4": {"valeur": "SO"}}
    path = filled(make_workbook(charge, person, reponses), answers, tmp_path / "w.xlsx")
    with pytest.raises(ImportRefuse) as refus:
        read_answers(path, charge)
    places = [anomalie.ou for anomalie in refus.value.anomalies]
    assert len(places) == 2
    assert all("cellule G" in place for place in places)


def test_a_workbook_of_another_version_of_the_questions_is_refused(charge, reponses, person, tmp_path):
    path = tmp_path / "w.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(charge, person, reponses)))
    sheet = book[FEUILLE]
    column = next(cell.column for cell in sheet[1] if cell.value == "version")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = "2025.01"
    book.save(path)
    with pytest.raises(ImportRefuse, match="autre version des questions"):
        read_answers(path, charge)


def test_the_workbook_is_locked_but_for_the_cells_to_fill(charge, reponses, person):
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(charge, person, reponses)))
    sheet = book[FEUILLE]
    assert sheet.protection.sheet
    opened = {
        sheet.cell(1, cell.column).value
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if not cell.protection.locked
    }
    assert opened == {"valeur", "commentaire", "preuve", "indicateur"}
    assert len(sheet.data_validations.dataValidation) == sheet.max_row - 1


def test_the_command_writes_one_workbook_a_person_and_import_takes_them_back(tmp_path, capsys):
    folder = tmp_path / "demonstration"
    source = Path(__file__).parents[2] / "params" / "ministeres" / "demonstration"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    assert main(["workbook", str(folder), STRUCTURE, "--role", "RH", "--sortie", str(tmp_path / "w")]) == 0
    made = sorted((tmp_path / "w").glob("*.xlsx"))
    assert made
    assert capsys.readouterr().out.split() == [str(path) for path in made]
    assert main(["import", *map(str, made), "--ministere", str(folder)]) == 0


def test_a_role_that_nobody_holds_is_said(charge):
    with pytest.raises(Introuvable, match="CONSULTANT"):
        respondents(charge, STRUCTURE, "CONSULTANT")
