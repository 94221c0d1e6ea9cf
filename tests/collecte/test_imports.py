"""What is accepted: every usual encoding, separator and layout gives the same answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from vigie.collecte import MinistereCharge, check_ministere, open_store, read_answers, received_files, synchronise
from vigie.collecte.lot import Lot
from vigie.collecte.reception import guess_ministere, import_files
from vigie.errors import ImportRefuse, Introuvable

from .ministere_essai import CAMPAGNE, accord, anonymous_rows, long_csv, niveau, receive, write_ministere

TEXTE = "Réunion d'équipe à l'été ; œuvre commune"


pytestmark = pytest.mark.usefixtures("sqlite_seul")


def workbook(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def values(lot: Lot) -> list[tuple[str, str, str, float | None]]:
    return [(one.repondant, one.cible, one.etat, one.niveau) for one in lot.reponses]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(charge: MinistereCharge, encoding: str, separator: str) -> None:
    text = long_csv(niveau("rh1", "RH", "D1.1", "4", commentaire=TEXTE, date="2026-11-02"))
    header, row = text.splitlines()
    cells = row.split('"')
    quoted = separator.join(cells[0].split(";")) + f'"{TEXTE}"' + separator.join(cells[2].split(";"))
    path = charge.chemin / "reponses" / "a.csv"
    path.write_bytes(f"{header.replace(';', separator)}\r\n{quoted}\r\n".encode(encoding))
    lot = read_answers(path, charge)
    assert values(lot) == [("rh1", "D1.1", "niveau", 4.0)]
    assert lot.reponses[0].commentaire == TEXTE
    assert lot.reponses[0].date == "2026-11-02"


def test_the_line_that_excel_writes_to_name_its_separator_is_obeyed(charge: MinistereCharge) -> None:
    text = "sep=,\n" + long_csv(niveau("rh1", "RH", "D1.1", "9")).replace(";", ",")
    with pytest.raises(ImportRefuse) as refus:
        read_answers(receive(charge, "a.csv", text), charge)
    assert refus.value.anomalies[0].ou == "a.csv, ligne 3, colonne « valeur »"


def test_rows_that_excel_cut_short_are_whole(charge: MinistereCharge) -> None:
    text = long_csv(niveau("rh1", "RH", "D1.1", "4")).rstrip("\n;") + "\n"
    assert values(read_answers(receive(charge, "a.csv", text), charge)) == [("rh1", "D1.1", "niveau", 4.0)]


def test_headers_are_read_whatever_their_case_and_accents(charge: MinistereCharge) -> None:
    text = long_csv(niveau("rh1", "RH", "D1.1", "4"))
    text = text.replace("repondant;role;etape", "Répondant;RÔLE; Étape ").replace("structure", "Structure")
    assert values(read_answers(receive(charge, "a.csv", text), charge)) == [("rh1", "D1.1", "niveau", 4.0)]


@pytest.mark.parametrize(
    ("valeur", "etat"),
    [
        ("NSP", "ne_sait_pas"),
        ("ne sait pas", "ne_sait_pas"),
        ("Ne sait pas", "ne_sait_pas"),
        ("SO", "sans_objet"),
        ("Sans objet", "sans_objet"),
        ("", "non_repondu"),
        ("non répondu", "non_repondu"),
        ("masqué", "masque"),
        ("3", "niveau"),
        ("3,0", "niveau"),
    ],
)
def test_what_people_write_gives_one_of_the_five_states(charge: MinistereCharge, valeur: str, etat: str) -> None:
    path = receive(charge, "a.csv", [niveau("for1", "FOR", "D2.4", valeur)])
    assert read_answers(path, charge).reponses[0].etat == etat


def test_decimals_with_a_comma_and_codes_in_capitals_are_read(charge: MinistereCharge) -> None:
    lines = [
        "drh;AG1;AG;competences;MET01;MET01-T1;note;;0,25",
        "drh;AG1;AG;competences;MET01;MET01-T1;part;;0,4",
        "drh;AG1;AG;competences;MET01;MET01-T1;nature;;h",
        "drh;num1;NUM;risques_ethique;L01;statut;inventaire;;En service;Outil fictif",
        "drh;num1;NUM;risques_ethique;;E01;preuve;;OUI",
    ]
    lot = read_answers(receive(charge, "a.csv", lines), charge)
    assert [(one.niveau, one.choix) for one in lot.reponses] == [
        (0.25, ""),
        (0.4, ""),
        (None, "H"),
        (None, "en_service"),
        (None, "oui"),
    ]


def test_a_french_date_and_an_iso_moment_give_the_day(charge: MinistereCharge) -> None:
    dates = ("02/11/2026", "2026-11-02", "2026-11-02T09:12:44", "2/11/2026 09:12")
    lines = [
        niveau("rh1", "RH", cible, "3", date=date)
        for cible, date in zip(("D1.1", "D2.1", "D2.2", "D2.5"), dates, strict=True)
    ]
    lot = read_answers(receive(charge, "a.csv", lines), charge)
    assert {one.date for one in lot.reponses} == {"2026-11-02"}


def test_etape_and_mesure_may_be_left_out_where_only_one_can_be_meant(charge: MinistereCharge) -> None:
    text = "structure;repondant;role;cible;valeur\ndrh;rh1;RH;D1.1;4\ndrh;;AG;M1;2\ndrh;AG1;AG;A1;1\n"
    lot = read_answers(receive(charge, "a.csv", text), charge)
    assert [(one.etape, one.mesure) for one in lot.reponses] == [
        ("maturite", "niveau"),
        ("maturite", "accord"),
        ("competences", "auto"),
    ]


def test_a_wide_table_gives_an_answer_a_cell_with_what_stands_beside_it(charge: MinistereCharge) -> None:
    text = (
        "structure;repondant;role;date;D1.1;D1.1_preuve;D1.1_indicateur;D1.1_commentaire;D2.1;D1.2\n"
        "drh;rh1;RH;02/11/2026;4;Liste;90 %;À revoir;NSP;\n"
        "drh;for1;FOR;03/11/2026;;;;;3;5\n"
    )
    lot = read_answers(receive(charge, "a.csv", text), charge)
    assert values(lot) == [
        ("rh1", "D1.1", "niveau", 4.0),
        ("rh1", "D2.1", "ne_sait_pas", None),
        ("for1", "D1.1", "non_repondu", None),
        ("for1", "D2.1", "niveau", 3.0),
        ("for1", "D1.2", "niveau", 5.0),
    ]  # RH is not asked D1.2: its empty cell says nothing
    first = lot.reponses[0]
    assert (first.preuve, first.indicateur, first.commentaire, first.date) == (
        "Liste",
        "90 %",
        "À revoir",
        "2026-11-02",
    )


def test_an_empty_cell_of_a_wide_table_never_erases_what_was_answered(charge: MinistereCharge) -> None:
    receive(charge, "1.csv", "structure;repondant;role;D1.1;D2.1\ndrh;rh1;RH;4;2\n")
    receive(charge, "2.csv", "structure;repondant;role;D1.1;D2.1\ndrh;rh1;RH;;3\n")
    results = synchronise(charge, CAMPAGNE)
    assert [(one.nouvelles, one.corrigees, one.inchangees) for one in results] == [(2, 0, 0), (0, 1, 1)]
    frame = open_store(charge).answers(CAMPAGNE, "drh")
    assert dict(zip(frame["cible"], frame["niveau"], strict=True)) == {"D1.1": 4.0, "D2.1": 3.0}


def test_a_wide_echo_keeps_what_was_not_answered_so_that_respondents_can_be_counted(charge: MinistereCharge) -> None:
    receive(charge, "echo.csv", "structure;role;M1;M2;M6\ndrh;AG;4;;SO\ndrh;AG;2;5;3\n")
    synchronise(charge, CAMPAGNE)
    rows = anonymous_rows(open_store(charge))
    assert Counter(row["cible"] for row in rows) == {"M1": 2, "M2": 2, "M6": 2}
    assert sorted(row["etat"] for row in rows) == ["niveau"] * 4 + ["non_repondu", "sans_objet"]


def test_named_people_and_the_anonymous_echo_may_share_a_wide_table(charge: MinistereCharge) -> None:
    text = "structure;repondant;role;D1.4;M1\ndrh;rh1;RH;4;\ndrh;AG1;AG;2;\ndrh;;AG;;5\n"
    lot = read_answers(receive(charge, "a.csv", text), charge)
    assert values(lot) == [
        ("rh1", "D1.4", "niveau", 4.0),
        ("AG1", "D1.4", "niveau", 2.0),
        ("", "M1", "niveau", 5.0),
    ]


def test_a_workbook_is_read_on_its_sheet_of_answers_under_a_title(charge: MinistereCharge, tmp_path: Path) -> None:
    rows = [
        ["Réponses de la direction (fictive)"],
        [],
        ["structure", "repondant", "role", "etape", "cible", "mesure", "valeur", "commentaire"],
        ["drh", "rh1", "RH", "maturite", "D1.1", "niveau", 4, "=pas une formule"],
        ["drh", "rh1", "RH", "maturite", "D2.1", "niveau", 3.0, None],
    ]
    path = workbook(tmp_path / "a.xlsx", ("Mode d'emploi", [["Lisez-moi"]]), ("Réponses", rows))
    assert [anomalie.quoi for anomalie in refused(path, charge)] == ["la cellule contient une formule"]
    rows[3][-1] = "texte"
    path = workbook(tmp_path / "b.xlsx", ("Mode d'emploi", [["Lisez-moi"]]), ("Réponses", rows))
    assert values(read_answers(path, charge)) == [("rh1", "D1.1", "niveau", 4.0), ("rh1", "D2.1", "niveau", 3.0)]


def refused(path: Path, charge: MinistereCharge) -> tuple[Any, ...]:
    with pytest.raises(ImportRefuse) as refus:
        read_answers(path, charge)
    return refus.value.anomalies


def test_a_workbook_and_a_csv_give_the_same_answers(charge: MinistereCharge, tmp_path: Path) -> None:
    header = ["structure", "repondant", "role", "D1.1", "D1.1_commentaire", "D2.1"]
    rows: list[list[Any]] = [
        ["drh", "rh1", "RH", 4, "Ligne une\nligne deux", "NSP"],
        ["drh", "for1", "FOR", 2, None, 5],
    ]
    book = workbook(tmp_path / "a.xlsx", ("réponses", [header, *rows]))
    text = "\n".join(
        ";".join('"{}"'.format(str(cell).replace('"', '""')) if cell is not None else "" for cell in row)
        for row in [header, *rows]
    )
    from_book, from_text = read_answers(book, charge), read_answers(receive(charge, "a.csv", text), charge)
    assert from_book.reponses == from_text.reponses


def test_files_are_recorded_in_the_order_of_their_names_and_only_once(charge: MinistereCharge) -> None:
    receive(charge, "02_correction.csv", [niveau("rh1", "RH", "D1.1", "2")])
    receive(charge, "01_premier.csv", [niveau("rh1", "RH", "D1.1", "4")])
    (charge.chemin / "reponses" / "~$01_premier.xlsx").write_bytes(b"verrou d'Excel")
    (charge.chemin / "reponses" / ".DS_Store").write_bytes(b"")
    assert [one.nom for one in synchronise(charge, CAMPAGNE)] == ["01_premier.csv", "02_correction.csv"]
    assert open_store(charge).answers(CAMPAGNE, "drh")["niveau"].tolist() == [2.0]
    assert synchronise(charge, CAMPAGNE) == []
    receive(charge, "03_autre.csv", [niveau("for1", "FOR", "D1.1", "3")])
    assert [one.nom for one in synchronise(charge, CAMPAGNE)] == ["03_autre.csv"]


def test_each_campagne_has_its_own_folder_of_answers(charge: MinistereCharge) -> None:
    root = receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    folder = charge.chemin / "reponses" / "2027-printemps"
    folder.mkdir()
    (folder / "b.csv").write_text(long_csv(niveau("rh1", "RH", "D1.1", "5")), encoding="utf-8")
    assert received_files(charge, CAMPAGNE) == [root]
    assert received_files(charge, "2027-printemps") == [folder / "b.csv"]
    for campagne in (CAMPAGNE, "2027-printemps"):
        synchronise(charge, campagne)
    store = open_store(charge)
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]
    assert store.answers("2027-printemps", "drh")["niveau"].tolist() == [5.0]


def test_files_of_an_earlier_round_are_not_taken_for_the_next_one(charge: MinistereCharge) -> None:
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    synchronise(charge, CAMPAGNE)
    path = charge.chemin / "ministere.yaml"
    text = path.read_text(encoding="utf-8").replace("campagne: 2026-automne", "campagne: 2027-printemps")
    path.write_text(text, encoding="utf-8")
    from vigie.collecte import load_ministere

    later = load_ministere(charge.chemin)
    assert later.campagne().id == "2027-printemps"
    assert synchronise(later, "2027-printemps") == []
    assert open_store(later).answers("2027-printemps", "drh").empty


def test_importing_files_says_what_was_new_corrected_and_unchanged(charge: MinistereCharge, tmp_path: Path) -> None:
    texts = {
        "a.csv": long_csv(niveau("rh1", "RH", "D1.1", "4"), niveau("for1", "FOR", "D1.1", "2")),
        "b.csv": long_csv(niveau("rh1", "RH", "D1.1", "3"), niveau("for1", "FOR", "D1.1", "2"), accord("M1", "4")),
    }
    paths = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        paths.append(tmp_path / name)
    said = [str(one) for one in import_files(str(charge.chemin), paths)]
    assert said == [
        "a.csv : 2 réponses nouvelles, 0 corrigée, 0 inchangée.",
        "b.csv : 1 réponse nouvelle, 1 corrigée, 1 inchangée.",
    ]
    assert all("déjà enregistré le" in str(one) for one in import_files(str(charge.chemin), paths))


def test_checking_a_ministry_reads_everything_and_stores_nothing(charge: MinistereCharge) -> None:
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4"), accord("M1", "4")])
    said = check_ministere(str(charge.chemin))
    assert said[0] == "Ministère d'essai (fictif) : 2 structures, 3 agents, 9 répondants, aucune anomalie."
    assert said[1] == "Campagne « 2026-automne » : 1 fichier de réponses, 2 réponses, aucune anomalie."
    assert not (charge.chemin / "collecte.sqlite").exists()


def test_the_ministry_of_a_file_is_found_from_its_structures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.collecte.reception.params_dir", lambda: tmp_path)
    write_ministere(tmp_path / "ministeres" / "essai")
    known, unknown = tmp_path / "a.csv", tmp_path / "b.csv"
    known.write_text(long_csv(niveau("rh1", "RH", "D1.1", "4")), encoding="utf-8")
    unknown.write_text(long_csv(niveau("rh1", "RH", "D1.1", "4", structure="ailleurs")), encoding="utf-8")
    assert guess_ministere([known]) == "essai"
    with pytest.raises(Introuvable, match="--ministere"):
        guess_ministere([unknown])
