"""What the store promises, on SQLite and on PostgreSQL: nothing lost, nothing twice, nothing changed."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from vigie.collecte import Enregistrement, MinistereCharge, Saisie, Store, form_lot, open_store, read_answers
from vigie.collecte.lot import Lot
from vigie.dossier import REPONSES, empty_frame
from vigie.errors import ImportRefuse

from .ministere_essai import CAMPAGNE, accord, anonymous_rows, charge_in, niveau, receive


def record(store: Store, charge: MinistereCharge, name: str, *lines: dict[str, str]) -> Enregistrement:
    return store.record(CAMPAGNE, read_answers(receive(charge, name, lines), charge))


def counts(result: Enregistrement) -> tuple[int, int, int]:
    return result.nouvelles, result.corrigees, result.inchangees


def rows_of(store: Store, table: str) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def test_an_empty_store_gives_a_frame_with_every_column(store: Store) -> None:
    frame = store.answers(CAMPAGNE, "drh")
    pd.testing.assert_frame_equal(frame, empty_frame(REPONSES))
    assert store.fingerprint(CAMPAGNE, "drh") == ""


def test_the_five_states_come_back_with_all_that_came_with_them(store: Store, charge: MinistereCharge) -> None:
    lines = (
        niveau(
            "rh1", "RH", "D1.1", "4", commentaire="Liste tenue", preuve="Liste", indicateur="90 %", date="2026-11-02"
        ),
        niveau("for1", "FOR", "D1.1", "NSP", date="03/11/2026"),
        niveau("for1", "FOR", "D2.4", "", etat="sans_objet", commentaire="Aucun nouvel arrivant", date="2026-11-03"),
        niveau("dir1", "DIR", "D1.1", "", date="2026-11-03"),
        niveau("rh1", "RH", "D2.1", "", etat="masque", date="2026-11-03"),
    )
    assert counts(record(store, charge, "a.csv", *lines)) == (5, 0, 0)
    frame = store.answers(CAMPAGNE, "drh")
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == REPONSES
    assert list(frame["etat"]) == ["niveau", "ne_sait_pas", "sans_objet", "non_repondu", "masque"]
    assert frame["niveau"].notna().tolist() == [True, False, False, False, False]
    first = frame.iloc[0].to_dict()
    assert first == {
        "id": first["id"],
        "repondant": "rh1",
        "role": "RH",
        "etape": "maturite",
        "objet": "",
        "cible": "D1.1",
        "mesure": "niveau",
        "etat": "niveau",
        "niveau": 4.0,
        "choix": "",
        "commentaire": "Liste tenue",
        "preuve": "Liste",
        "indicateur": "90 %",
        "date": "2026-11-02",
        "version": charge.referentiels.versions["maturite"],
    }
    assert frame.loc[1, "date"] == "2026-11-03"


def test_importing_the_same_file_twice_changes_nothing(store: Store, charge: MinistereCharge) -> None:
    lines = (niveau("rh1", "RH", "D1.1", "4"), accord("M1", "3"))
    record(store, charge, "a.csv", *lines)
    before, mark = store.answers(CAMPAGNE, "drh"), store.fingerprint(CAMPAGNE, "drh")
    again = record(store, charge, "copie renommée.csv", *lines)
    assert again.deja
    assert str(again).endswith("rien ne change.")
    pd.testing.assert_frame_equal(store.answers(CAMPAGNE, "drh"), before)
    assert store.fingerprint(CAMPAGNE, "drh") == mark
    assert rows_of(store, "lots") == 1


def test_an_identical_answer_in_another_file_is_unchanged_and_adds_no_row(
    store: Store, charge: MinistereCharge
) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4"), niveau("for1", "FOR", "D1.1", "2"))
    mark = store.fingerprint(CAMPAGNE, "drh")
    assert counts(record(store, charge, "b.csv", niveau("rh1", "RH", "D1.1", "4"))) == (0, 0, 1)
    assert rows_of(store, "reponses") == 2
    assert store.fingerprint(CAMPAGNE, "drh") == mark


def test_a_corrected_answer_supersedes_and_the_old_one_stays_in_the_history(
    store: Store, charge: MinistereCharge
) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4"), niveau("for1", "FOR", "D1.1", "2"))
    mark = store.fingerprint(CAMPAGNE, "drh")
    assert counts(record(store, charge, "b.csv", niveau("rh1", "RH", "D1.1", "3", preuve="Liste"))) == (0, 1, 0)
    frame = store.answers(CAMPAGNE, "drh")
    assert dict(zip(frame["repondant"], frame["niveau"], strict=True)) == {"rh1": 3.0, "for1": 2.0}
    history = store.history(CAMPAGNE, "drh")
    of_rh = history[history["repondant"] == "rh1"]
    assert of_rh["niveau"].tolist() == [4.0, 3.0]
    assert of_rh["actuelle"].tolist() == [False, True]
    assert of_rh["nom"].tolist() == ["a.csv", "b.csv"]
    assert of_rh["enregistre_le"].str.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00").all()
    assert store.fingerprint(CAMPAGNE, "drh") != mark


def test_going_back_to_an_earlier_value_is_a_third_answer(store: Store, charge: MinistereCharge) -> None:
    for number, value in enumerate(("4", "3", "4")):
        record(store, charge, f"{number}.csv", niveau("rh1", "RH", "D1.1", value, commentaire=f"avis {number}"))
    assert store.history(CAMPAGNE, "drh")["niveau"].tolist() == [4.0, 3.0, 4.0]
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]


def test_the_same_level_given_on_another_day_is_a_newer_answer(store: Store, charge: MinistereCharge) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4", date="2026-11-02"))
    result = record(store, charge, "b.csv", niveau("rh1", "RH", "D1.1", "4", date="2026-11-20"))
    assert counts(result) == (0, 1, 0)
    assert store.answers(CAMPAGNE, "drh")["date"].tolist() == ["2026-11-20"]


def test_an_empty_cell_never_erases_an_answer_but_non_repondu_takes_it_back(
    store: Store, charge: MinistereCharge
) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4"))
    assert counts(record(store, charge, "b.csv", niveau("rh1", "RH", "D1.1", ""))) == (0, 0, 1)
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]
    taken_back = niveau("rh1", "RH", "D1.1", "", etat="non_repondu")
    assert counts(record(store, charge, "c.csv", taken_back)) == (0, 1, 0)
    assert store.answers(CAMPAGNE, "drh")["etat"].tolist() == ["non_repondu"]


def test_campaigns_and_structures_do_not_mix(store: Store, charge: MinistereCharge) -> None:
    lines = (niveau("rh1", "RH", "D1.1", "4"), niveau("rh2", "RH", "D1.1", "2", structure="centre-sud"))
    lot = read_answers(receive(charge, "a.csv", lines), charge)
    store.record(CAMPAGNE, lot)
    assert store.answers(CAMPAGNE, "centre-sud")["repondant"].tolist() == ["rh2"]
    assert store.answers("2027-printemps", "drh").empty
    assert set(store.fingerprints(CAMPAGNE)) == {("drh", "maturite"), ("centre-sud", "maturite")}
    store.record("2027-printemps", lot)
    assert store.answers("2027-printemps", "drh")["niveau"].tolist() == [4.0]
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]


def test_two_ministries_in_one_base_do_not_mix(store: Store, charge: MinistereCharge, tmp_path: Path) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4"))
    yaml = (charge.chemin / "ministere.yaml").read_text(encoding="utf-8").replace("id: essai", "id: autre")
    autre = open_store(charge_in(tmp_path / "autre", ministere=yaml))
    assert autre.answers(CAMPAGNE, "drh").empty
    assert autre.fingerprint(CAMPAGNE, "drh") == ""
    assert autre.known_lots() == {}


def test_the_order_of_the_store_is_the_order_of_arrival(store: Store, charge: MinistereCharge) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D2.1", "4"), niveau("rh1", "RH", "D1.1", "3"))
    record(store, charge, "b.csv", niveau("for1", "FOR", "D1.1", "3"))
    frame = store.answers(CAMPAGNE, "drh")
    assert frame["cible"].tolist() == ["D2.1", "D1.1", "D1.1"]
    assert frame["id"].is_monotonic_increasing
    assert frame["id"].is_unique


def test_recorded_rows_refuse_to_be_changed(store: Store, charge: MinistereCharge) -> None:
    record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", "4"), accord("M1", "3"))
    for order in ("UPDATE reponses SET niveau = 5", "UPDATE urne SET niveau = 5", "UPDATE lots SET nom = 'x'"):
        with pytest.raises(DBAPIError, match="never changed"), store.engine.begin() as connection:
            connection.execute(text(order))
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]
    assert [row["niveau"] for row in anonymous_rows(store)] == [3.0]


def test_a_lot_that_fails_halfway_leaves_nothing(
    store: Store, charge: MinistereCharge, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots = [
        read_answers(receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")]), charge),
        read_answers(receive(charge, "b.csv", [accord("M1", "3")]), charge),
    ]
    monkeypatch.setattr("vigie.collecte.urne._numbered", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.record_all(CAMPAGNE, lots)
    assert [rows_of(store, table) for table in ("lots", "reponses", "urne", "echos")] == [0, 0, 0, 0]
    monkeypatch.undo()


def test_the_same_anonymous_file_is_recorded_for_another_campagne_and_another_ministry_of_the_base(
    store: Store, charge: MinistereCharge
) -> None:
    path = receive(charge, "echo.csv", [accord("M1", str(value)) for value in range(1, 6)] * 2)
    lot = read_answers(path, charge)
    other = replace(store, ministere="autre")
    for recorder, campagne in ((store, CAMPAGNE), (store, "2027-printemps"), (other, CAMPAGNE)):
        assert counts(recorder.record(campagne, lot)) == (10, 0, 0)
        assert sorted(recorder.answers(campagne, "drh")["niveau"]) == sorted([1, 2, 3, 4, 5] * 2)


def test_two_anonymous_forms_alike_are_two_answers_and_one_sent_twice_is_one(
    store: Store, charge: MinistereCharge
) -> None:
    saisies = [Saisie(structure="drh", role="AG", etape="maturite", cible="M1", mesure="accord", valeur="4")]
    lot = form_lot(charge, saisies)
    assert counts(store.record(CAMPAGNE, lot)) == (1, 0, 0)
    assert store.record(CAMPAGNE, lot).deja
    assert counts(store.record(CAMPAGNE, form_lot(charge, saisies))) == (1, 0, 0)
    assert [row["niveau"] for row in anonymous_rows(store)] == [4.0, 4.0]


def test_a_form_is_checked_as_a_file_is(charge: MinistereCharge) -> None:
    saisies = [Saisie(**niveau("rh1", "RH", "D1.1", "9")), Saisie(**niveau("inconnue", "RH", "D2.1", "2"))]
    with pytest.raises(ImportRefuse) as refus:
        form_lot(charge, saisies)
    assert [anomalie.ou for anomalie in refus.value.anomalies] == ["formulaire, D1.1", "formulaire, D2.1"]


def test_a_store_made_again_from_a_corrected_file_has_another_fingerprint(
    charge: MinistereCharge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    marks = []
    for value in ("4", "3"):
        store = open_store(charge)
        record(store, charge, "a.csv", niveau("rh1", "RH", "D1.1", value))
        marks.append(store.fingerprints(CAMPAGNE))
        for path in charge.chemin.glob("collecte.sqlite*"):
            path.unlink()
    assert marks[0] != marks[1]


def test_lots_are_recorded_as_they_come_one_held_at_a_time(charge: MinistereCharge, store: Store) -> None:
    """A ministry receives thousands of files: all held at once, they were most of a batch's memory."""
    held: list[weakref.ref[Lot]] = []

    def received() -> Iterator[Lot]:
        for rang in range(4):
            lines = [niveau("rh1", "RH", f"D{1 + rang}.1", "3")]
            lot = read_answers(receive(charge, f"{rang}.csv", lines), charge)
            held.append(weakref.ref(lot))
            yield lot
            del lot
            assert sum(ref() is not None for ref in held) <= 1

    assert len(store.record_all(CAMPAGNE, received())) == 4
