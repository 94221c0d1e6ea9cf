"""A base that is held by another, full, closed or newer than the program: said in French, nothing half-written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from vigie.cli import main
from vigie.collecte import MinistereCharge, base_de_donnees, load_ministere, open_store, synchronise
from vigie.collecte.base_de_donnees import writing
from vigie.collecte.journal import verify_journal
from vigie.collecte.reception import import_files
from vigie.errors import EntreeInvalide
from vigie.forms.seance import Seance

from tests.collecte.ministere_essai import CAMPAGNE, niveau, receive, write_ministere
from tests.forms.ministere_forme import demande, write_forme

from .disque import agrandir, petit_disque, sans_ecriture

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("pris", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextmanager
def held(charge: MinistereCharge, base: str) -> Iterator[None]:
    """Another program holds the place of whoever writes, until the end of the block."""
    if base == "postgresql":
        with writing(open_store(charge).engine, charge.ministere.id):
            yield
        return
    command = [sys.executable, "-c", HOLD, str(charge.chemin / base_de_donnees.FICHIER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "pris\n"
        try:
            yield
        finally:
            process.communicate("\n", timeout=20)


@pytest.fixture
def recorded(charge: MinistereCharge, base: str) -> MinistereCharge:
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    synchronise(charge, CAMPAGNE)
    return charge


def niveaux(charge: MinistereCharge) -> list[float]:
    return [float(one) for one in open_store(charge).answers(CAMPAGNE, "drh")["niveau"]]


def test_a_writer_waits_for_the_one_before_and_then_writes(recorded: MinistereCharge, base: str) -> None:
    receive(recorded, "b.csv", [niveau("rh1", "RH", "D1.1", "2")])
    with held(recorded, base):
        writer = threading.Thread(target=synchronise, args=(recorded, CAMPAGNE))
        writer.start()
        time.sleep(0.5)
        assert writer.is_alive()
        assert niveaux(recorded) == [4]  # readers do not wait
    writer.join(timeout=30)
    assert niveaux(recorded) == [2]


def test_a_writer_that_waited_long_enough_says_so_and_writes_nothing(
    recorded: MinistereCharge, base: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(base_de_donnees, "_WAIT_S", 0.5)
    base_de_donnees._engine.cache_clear()
    receive(recorded, "b.csv", [niveau("rh1", "RH", "D1.1", "2")])
    with held(recorded, base):
        code = main(["import", str(recorded.chemin / "reponses" / "b.csv"), "--ministere", str(recorded.chemin)])
    base_de_donnees._engine.cache_clear()
    printed = capsys.readouterr().err
    assert code == 2
    assert "la base de réponses est occupée par un autre programme" in printed
    assert "réessayez dans un instant" in printed
    assert niveaux(recorded) == [4]


def test_a_disk_that_fills_up_under_the_base_keeps_all_that_was_recorded(tmp_path: Path, sqlite_seul: None) -> None:
    model = load_ministere(write_ministere(tmp_path / "modele"))
    long = "x" * 1900
    with petit_disque(tmp_path / "petit", 1_200_000) as disque:
        shutil.copytree(model.chemin, disque / "essai")
        charge = load_ministere(disque / "essai")
        done = 0
        with pytest.raises(EntreeInvalide, match=r"n'y a plus de place|ne répond pas comme il faut"):
            for number in range(1, 200):
                lines = [
                    niveau("rh1", "RH", one, "3", commentaire=f"{number} {long}") for one in ("D1.1", "D2.1", "D3.1")
                ]
                import_files(str(charge.chemin), [receive(model, f"{number}.csv", lines)])
                done = number
        assert done > 5
        history = open_store(charge).history(CAMPAGNE, "drh")
        assert history["nom"].value_counts().to_dict() == {f"{number}.csv": 3 for number in range(1, done + 1)}
        assert verify_journal(open_store(charge)) == []
        with open_store(charge).engine.connect() as connection:
            assert integrity(connection) == "ok"


def test_a_form_on_a_full_disk_says_that_it_did_not_keep_the_answer_and_keeps_it_once_there_is_room(
    tmp_path: Path, sqlite_seul: None
) -> None:
    with petit_disque(tmp_path / "petit", 700_000) as disque:
        ministere = write_forme(disque / "essai")
        seance = Seance(load_ministere(ministere), demande(ministere, "maturite", "RH", "rh1"))
        kept: list[str] = []
        reply: dict[str, object] = {"t": "enregistre", "id": 0}
        while reply["t"] == "enregistre":
            reply = change(seance, f"{len(kept)} " + "x" * 1900, reply["id"])
            kept += [f"{len(kept)}"] * (reply["t"] == "enregistre")
            assert len(kept) < 500
        assert reply["t"] == "echec"
        assert len(kept) > 5
        history = open_store(seance.charge).history(CAMPAGNE, "drh")
        assert [one.split()[0] for one in history["commentaire"]] == kept
        agrandir(disque)
        assert change(seance, "après", int(history["id"].iloc[-1]))["t"] == "enregistre"


def change(seance: Seance, commentaire: str, base: object) -> dict[str, object]:
    said = {"etat": "niveau", "valeur": "3", "commentaire": commentaire, "preuve": "", "indicateur": ""}
    (reply,) = seance.receive({"t": "changer", "n": 1, "cle": "|D1.1|niveau", "base": base, "valeur": said})
    return reply


def integrity(connection: Connection) -> str:
    return str(connection.execute(text("PRAGMA integrity_check")).scalar_one())


def test_a_folder_that_cannot_be_written_is_said_and_takes_no_answer(
    tmp_path: Path, sqlite_seul: None, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_ministere(tmp_path / "essai")
    path = tmp_path / "a.csv"
    shutil.copy(receive(load_ministere(folder), "a.csv", [niveau("rh1", "RH", "D1.1", "4")]), path)
    with sans_ecriture(folder):
        for command in (["import", str(path), "--ministere", str(folder)], ["batch", str(folder)]):
            assert main(command) == 2
            assert "la base de réponses ne peut pas être écrite" in capsys.readouterr().err
        assert main(["invite", str(folder), "--sortie", str(tmp_path / "liens.csv")]) == 2
        assert "Traceback" not in capsys.readouterr().err
        assert main(["check", str(folder)]) == 0  # reading is all it needs
    assert not (folder / base_de_donnees.FICHIER).exists()


@pytest.mark.parametrize("command", ["check", "batch", "import", "purge", "backup", "export", "invite", "workbook"])
def test_no_command_of_an_older_program_opens_a_newer_base(
    command: str, recorded: MinistereCharge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_store(recorded).engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    essai = str(recorded.chemin)
    more = {
        "import": [str(receive(recorded, "b.csv", [niveau("rh1", "RH", "D1.1", "2")])), "--ministere", essai],
        "purge": [essai, "--avant", "2020-01-01", "--confirmer"],
        "backup": [essai, str(tmp_path / "x.zip")],
        "export": [essai, "rh1", str(tmp_path / "x.xlsx")],
        "workbook": [essai, "drh", "--sortie", str(tmp_path / "classeurs")],
    }
    assert main([command, *more.get(command, [essai])]) == 2
    printed = capsys.readouterr().err
    assert "a été faite par une version plus récente de Vigie ; elle n'a pas été ouverte" in printed
    assert "mettez Vigie à jour" in printed
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM reponses")).scalar_one() == 1
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    assert not list(tmp_path.glob("x.*"))
