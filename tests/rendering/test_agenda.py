"""The calendar file: what RFC 5545 asks of it, and what its readers count on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vigie.diagnostics.accompagnement import ResultatAccompagnement, diagnose
from vigie.rendering.agenda import OCTETS, event_uid, fold, make_agenda
from vigie.rendering.livrables import Contexte

from tests.diagnostics.accompagnement_dossiers import build, one_group

CAS = {"structure": {"effectif": 95, "mise_en_service": "2027-06-28"}, "agents": [one_group(30)]}
HOSTILE = "Atelier ; « à deux » , \\ fin\r\nBEGIN:VEVENT\nDTSTART:20000101"


def contexte(cas: dict, **structure: str) -> Contexte:
    found = Contexte.of(build(cas))
    return Contexte(
        found.ministere,
        found.campagne,
        found.structure.model_copy(update=structure),
        found.referentiels,
        found.validations,
    )


def read(agenda: bytes) -> list[dict[str, str]]:
    """Events as name → raw value, unfolded; a second reading of the format, written for the tests."""
    lines = re.sub(r"\r\n[ \t]", "", agenda.decode("utf-8")).split("\r\n")
    events: list[dict[str, str]] = []
    inside = False
    for line in lines:
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            name, _, value = line.partition(":")
            assert name not in events[-1]
            events[-1][name] = value
    return events


def text(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match.group(1) == "n" else match.group(1), value)


@pytest.fixture(scope="module")
def resultat() -> ResultatAccompagnement:
    return diagnose(build(CAS))


@pytest.fixture(scope="module")
def agenda(resultat: ResultatAccompagnement) -> bytes:
    return make_agenda(resultat, contexte(CAS))


def test_the_file_opens_and_closes_one_calendar(agenda: bytes) -> None:
    lines = agenda.decode("utf-8").split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert any(line.startswith("PRODID:") for line in lines)
    assert b"\n" not in agenda.replace(b"\r\n", b"")


def test_no_line_is_over_75_octets_and_none_is_cut_inside_a_character(agenda: bytes) -> None:
    for line in agenda.split(b"\r\n"):
        assert len(line) <= OCTETS
        line.decode("utf-8")


def test_each_dated_line_is_one_whole_day_event(resultat: ResultatAccompagnement, agenda: bytes) -> None:
    events = read(agenda)
    assert len(events) == len(resultat.calendrier)
    for event, line in zip(events, resultat.calendrier.itertuples(), strict=True):
        day = date.fromisoformat(line.date)
        assert event["DTSTART;VALUE=DATE"] == f"{day:%Y%m%d}"
        assert int(event["DTEND;VALUE=DATE"]) > int(event["DTSTART;VALUE=DATE"])
        assert event["DTSTAMP"] == "20261124T000000Z"
        assert event["STATUS"] == "TENTATIVE"


def test_what_is_written_is_french_and_says_who_pilots_and_why(agenda: bytes) -> None:
    atelier = next(event for event in read(agenda) if "Formuler ensemble" in event["SUMMARY;LANGUAGE=fr"])
    assert (
        text(atelier["SUMMARY;LANGUAGE=fr"])
        == "Atelier «\u00a0Formuler ensemble\u00a0»\u00a0: 3 séances de 12 personnes au plus"
    )
    described = text(atelier["DESCRIPTION;LANGUAGE=fr"])
    for expected in (
        "Données fictives.",
        "Public",
        "Pilote",
        "formation",
        "F3-19",
        "PROJET, non validé",
        "cas fictifs",
    ):
        assert expected in described


def test_the_same_result_gives_the_same_bytes(resultat: ResultatAccompagnement, agenda: bytes) -> None:
    assert make_agenda(resultat, contexte(CAS)) == agenda


def test_uids_are_unique_and_stay_when_the_opening_moves(agenda: bytes) -> None:
    plus_tard = CAS | {"structure": {"effectif": 95, "mise_en_service": "2027-09-06"}}
    moved = make_agenda(diagnose(build(plus_tard)), contexte(plus_tard))
    before = {event["UID"]: event["DTSTART;VALUE=DATE"] for event in read(agenda)}
    after = {event["UID"]: event["DTSTART;VALUE=DATE"] for event in read(moved)}
    assert len(before) == len(read(agenda))
    uid = event_uid("formation_achevee-o1-1", contexte(CAS))
    assert before[uid] == "20270528"
    assert after[uid] == "20270723"  # un mois plus tôt, le 6 août, est évité : vendredi 23 juillet


def test_two_structures_do_not_share_uids() -> None:
    ici, la = contexte(CAS), contexte(CAS, id="ailleurs")
    assert event_uid("vigilance-1", ici) != event_uid("vigilance-1", la)


def test_a_validated_step_gives_confirmed_events(resultat: ResultatAccompagnement) -> None:
    done = make_agenda(replace(resultat, validation="Validé le 1er décembre 2026"), contexte(CAS))
    assert {event["STATUS"] for event in read(done)} == {"CONFIRMED"}


def test_a_hostile_title_stays_text(resultat: ResultatAccompagnement) -> None:
    calendrier: pd.DataFrame = resultat.calendrier.assign(intitule=HOSTILE)
    events = read(make_agenda(replace(resultat, calendrier=calendrier), contexte(CAS)))
    assert len(events) == len(calendrier)
    assert all("DTSTART" not in event for event in events)
    assert "BEGIN:VEVENT" in text(events[0]["SUMMARY;LANGUAGE=fr"])


def test_an_empty_calendar_is_still_a_calendar(resultat: ResultatAccompagnement) -> None:
    vide = make_agenda(replace(resultat, calendrier=resultat.calendrier.iloc[:0]), contexte(CAS))
    assert read(vide) == []
    assert vide.endswith(b"END:VCALENDAR\r\n")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=400))
def test_folding_loses_nothing(row: str) -> None:
    folded = fold(row)
    assert re.sub(r"\r\n ", "", folded) == row
    assert all(len(line.encode("utf-8")) <= OCTETS for line in folded.split("\r\n"))
