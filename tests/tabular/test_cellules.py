"""Numbers, dates and names as people write them; characters that a wrong encoding damaged."""

from __future__ import annotations

import pytest
from vigie.tabular import closest, fold, listing, parse_date, parse_number
from vigie.tabular.cellules import clean, damage


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3.0), ("0,25", 0.25), ("0.25", 0.25), ("-1", -1.0), ("+2", 2.0), ("007", 7.0)],
)
def test_a_number_may_have_a_comma_or_a_point(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "trois", "1e3", "1 000", "3,", ",5", "3%", "nan", "inf", "1,2,3", "٣", "9" * 30])
def test_anything_else_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "01/03/2026", "1/3/2026", "2026-03-01T08:00:00", "2026-03-01 08:00", "01/03/2026 08:00"],
)
def test_a_date_is_iso_or_french(text: str) -> None:
    assert parse_date(text) == "2026-03-01"


@pytest.mark.parametrize(
    "text",
    ["", "2026-13-01", "30/02/2026", "03/13/2026", "01/03/26", "01-03-2026", "1 mars 2026", "2026/03/01", "0026-03-01"],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_names_are_compared_without_case_accents_or_hyphens() -> None:
    assert fold(" Étape-Clé ") == fold("etape cle") == "etape_cle"
    assert closest("Répondants", ["role", "repondant"]) == "repondant"
    assert closest("xyz", ["role", "repondant"]) == ""


def test_a_list_reads_as_a_sentence_and_stays_short() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b ou c"
    assert listing(["a", "b"], "et") == "a et b"
    assert listing(map(str, range(20)), most=3) == "0, 1, 2… (20 en tout)"


def test_invisible_signs_around_a_cell_are_not_part_of_it() -> None:
    assert clean("\ufeff  Oui\u00a0\u200b\r\n") == "Oui"
    assert clean("un\r\ndeux\rtrois") == "un\ndeux\ntrois"


@pytest.mark.parametrize(
    "text",
    ["Réunion", "œuvre", "naïve", "10 €", "« cité »", "l’été", "João", "Ângela", "Žižek", "STRAßE", "5 ‰", "a\nb\tc"],
)
def test_true_accents_are_not_taken_for_damaged_ones(text: str) -> None:
    assert damage(text, guessed=False) == ("", "")


@pytest.mark.parametrize("text", ["RÃ©union", "lâ€™Ã©tÃ©", "10 â‚¬", "caf\ufffd", "Â«Â citÃ©Â Â»"])
def test_accents_read_in_the_wrong_encoding_are_seen(text: str) -> None:
    assert damage(text, guessed=False)[0] == "des accents sont abîmés : deux encodages ont été mélangés"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
@pytest.mark.parametrize("text", ["réponse validée", "être prêt"])
def test_an_old_encoding_taken_for_windows_is_seen(encoding: str, text: str) -> None:
    read = text.encode(encoding).decode("cp1252", "replace")
    assert damage(read, guessed=True)[0].startswith("des accents sont abîmés")
