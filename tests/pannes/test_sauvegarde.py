"""A backup or a restoration that goes wrong leaves nothing, or what the same command, run again, completes."""

from __future__ import annotations

import random
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from vigie.atomic import PARTIEL
from vigie.cli import main
from vigie.collecte import MinistereCharge, load_ministere, open_store, read_answers, synchronise
from vigie.collecte.journal import read_journal, verify_journal
from vigie.collecte.ministere import RESTAURATION
from vigie.collecte.restauration import _check, restore
from vigie.collecte.sauvegarde import back_up
from vigie.errors import EcritureImpossible, EntreeInvalide, MinistereInvalide

from tests.collecte.ministere_essai import CAMPAGNE, accord, anonymous_rows, niveau, receive

from .disque import petit_disque, sans_ecriture


@pytest.fixture
def archive(charge: MinistereCharge, base: str, tmp_path: Path) -> Path:
    """A backup of two answers, one of them anonymous, and of a file larger than the small disks of these tests."""
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4", commentaire="Été"), accord("M1", "5")])
    synchronise(charge, CAMPAGNE)
    (charge.chemin / "reponses" / "annexe.pdf").write_bytes(random.Random(6).randbytes(100_000))  # noqa: S311
    path = tmp_path / "essai.zip"
    back_up(charge, path)
    return path


@pytest.fixture
def vide(archive: Path, base: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backup, the base having forgotten the ministry: another empty one, of the same kind."""
    if base == "postgresql":
        monkeypatch.setenv("VIGIE_DATABASE_URL", autre_base(request))
    return archive


def autre_base(request: pytest.FixtureRequest) -> str:
    """The address of a second empty database of the test's server."""
    url = make_url(request.getfixturevalue("base_postgresql"))
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {url.database}_bis"))
    return url.set(database=f"{url.database}_bis").render_as_string(hide_password=False)


def reponses(charge: MinistereCharge) -> list[tuple[str, float, str]]:
    """Named answers, and the anonymous ones that wait in the urn."""
    store = open_store(charge)
    rows = [*store.answers(CAMPAGNE, "drh").to_dict("records"), *anonymous_rows(store)]
    rows = [row for row in rows if row.get("ministere", store.ministere) == store.ministere]
    return sorted((row["cible"], row["niveau"], row["commentaire"]) for row in rows)


COMPLET = [("D1.1", 4.0, "Été"), ("M1", 5.0, "")]


def lignes(base: str, charge: MinistereCharge) -> int:
    """Rows that the base holds, whatever the ministry; a new SQLite file stands in the folder and goes with it."""
    if base == "sqlite":
        return 0
    store = open_store(charge)
    with store.engine.connect() as connection:
        tables = ("lots", "reponses", "urne", "echos", "journal")
        return sum(connection.execute(text(f"SELECT count(*) FROM {one}")).scalar_one() for one in tables)  # noqa: S608


def test_a_backup_cut_anywhere_is_refused_and_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    drawn = random.Random(6)  # noqa: S311
    for length in (0, 1, 22, len(whole) - 1, *(drawn.randrange(len(whole)) for _ in range(20))):
        cut = tmp_path / "coupe.zip"
        cut.write_bytes(whole[:length])
        with pytest.raises(EntreeInvalide, match="il en manque un morceau"):
            restore(cut, tmp_path / "ailleurs")
        assert not (tmp_path / "ailleurs").exists()


def test_a_backup_with_one_byte_changed_anywhere_is_refused_or_gives_all_back(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    whole = bytearray(archive.read_bytes())
    drawn = random.Random(6)  # noqa: S311
    refused = 0
    for number in range(40):
        changed = bytearray(whole)
        changed[drawn.randrange(len(whole))] ^= 1 << drawn.randrange(8)
        path = tmp_path / "change.zip"
        path.write_bytes(changed)
        folder = tmp_path / f"ailleurs{number}"
        try:
            assert reponses(restore(path, folder)) == COMPLET
        except EntreeInvalide:
            refused += 1
            assert not folder.exists()
    assert refused > 20


def test_a_disk_that_fills_up_leaves_neither_rows_nor_files_and_the_same_command_then_restores(
    vide: Path, base: str, charge: MinistereCharge, tmp_path: Path
) -> None:
    before = lignes(base, charge)
    with petit_disque(tmp_path / "ailleurs", 65_536) as disque:
        with pytest.raises((EcritureImpossible, EntreeInvalide), match="plus de place"):
            restore(vide, disque)
        assert list(disque.iterdir()) == []
    assert lignes(base, charge) == before
    assert reponses(restore(vide, tmp_path / "ailleurs")) == COMPLET


def test_a_folder_that_cannot_be_written_takes_no_row(
    vide: Path, base: str, charge: MinistereCharge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lignes(base, charge)
    (tmp_path / "closed").mkdir()
    with sans_ecriture(tmp_path / "closed") as closed:
        assert main(["restore", str(vide), str(closed / "ailleurs")]) == 2
        assert main(["backup", str(charge.chemin), str(closed / "x.zip")]) == 2
    assert capsys.readouterr().err.count("l'accès est refusé") == 2
    assert lignes(base, charge) == before


def test_a_full_disk_leaves_no_backup_and_no_entry_in_the_log(
    archive: Path, charge: MinistereCharge, tmp_path: Path
) -> None:
    entries = len(read_journal(open_store(charge)))
    with petit_disque(tmp_path / "plein", 65_536) as disque:
        with pytest.raises(EcritureImpossible, match="plus de place"):
            back_up(charge, disque / "x.zip")
        assert list(disque.iterdir()) == []
    assert len(read_journal(open_store(charge))) == entries


def test_a_restoration_killed_before_its_end_opens_for_nobody_and_starts_over(vide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ailleurs"
    charge = restore(vide, folder)
    entries = len(read_journal(open_store(charge)))
    (folder / RESTAURATION).write_text(
        _check(vide)[1], encoding="utf-8"
    )  # killed once the rows were in, the mark still there
    (folder / "agents.csv").unlink()
    with pytest.raises(MinistereInvalide, match="la restauration de ce dossier a été interrompue"):
        load_ministere(folder)
    again = restore(vide, folder)
    assert (folder / "agents.csv").exists()
    assert reponses(again) == COMPLET
    journal = open_store(again)
    assert len(read_journal(journal)) == entries
    assert verify_journal(journal) == []


def test_a_restoration_killed_while_it_made_its_mark_is_run_again(vide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ailleurs"
    folder.mkdir()
    (folder / f".{RESTAURATION}.x1{PARTIEL}").write_text("à moi", encoding="utf-8")
    assert reponses(restore(vide, folder)) == COMPLET
    assert not list(folder.glob(f"*{PARTIEL}"))


def test_rows_taken_back_stand_beside_those_of_another_ministry(
    charge: MinistereCharge, base_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [niveau("rh1", "RH", "D1.1", "4", commentaire="Été"), accord("M1", "5")]
    lot = read_answers(receive(charge, "a.csv", lines), charge)
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    synchronise(charge, CAMPAGNE)
    back_up(charge, tmp_path / "essai.zip")
    monkeypatch.setenv("VIGIE_DATABASE_URL", base_postgresql)
    other = replace(open_store(charge), ministere="autre")
    other.record(CAMPAGNE, lot)  # the same numbers as in the backup
    kept = other.history(CAMPAGNE, "drh")
    after = restore(tmp_path / "essai.zip", tmp_path / "ailleurs")
    assert reponses(after) == COMPLET
    assert other.history(CAMPAGNE, "drh").equals(kept)
    assert verify_journal(other) == verify_journal(open_store(after)) == []


def test_what_another_restoration_left_is_not_touched(vide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ailleurs"
    folder.mkdir()
    (folder / RESTAURATION).write_text("une autre", encoding="utf-8")
    (folder / "note.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(EntreeInvalide, match="une autre sauvegarde y a été interrompue"):
        restore(vide, folder)
    assert (folder / "note.txt").read_text(encoding="utf-8") == "à garder"


def test_neither_way_holds_a_large_ministry_in_memory(
    charge: MinistereCharge, sqlite_seul: None, tmp_path: Path
) -> None:
    (charge.chemin / "reponses" / "annexe.pdf").write_bytes(random.Random(6).randbytes(24 * 2**20))  # noqa: S311
    open_store(charge)
    tracemalloc.start()
    try:
        back_up(charge, tmp_path / "gros.zip")
        restore(tmp_path / "gros.zip", tmp_path / "ailleurs")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "gros.zip").stat().st_size > 24 * 2**20
    assert peak < 12 * 2**20
