"""Several processes at once on one store: each waits its turn, nothing is lost, nothing is recorded twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from vigie.collecte import MinistereCharge, open_store

from .ministere_essai import CAMPAGNE, accord, anonymous_rows, niveau, receive

RECORD_ONE_BY_ONE = """
import sys
from pathlib import Path
from vigie.collecte import load_ministere, open_store, read_answers
charge = load_ministere(Path(sys.argv[1]))
print("prêt", flush=True)
sys.stdin.readline()
for name in sys.argv[2:]:
    open_store(charge).record("2026-automne", read_answers(charge.chemin / "reponses" / name, charge))
"""
SYNCHRONISE = """
import sys
from pathlib import Path
from vigie.collecte import load_ministere, synchronise
charge = load_ministere(Path(sys.argv[1]))
print("prêt", flush=True)
sys.stdin.readline()
results = synchronise(charge, "2026-automne")
print(sum(result.nouvelles for result in results), flush=True)
"""


def run_together(charge: MinistereCharge, program: str, arguments: Sequence[Sequence[str]]) -> list[str]:
    """Starts one process for each list of arguments, lets them go at the same time, returns what they print."""
    command = [sys.executable, "-c", program, str(charge.chemin)]
    running = [
        subprocess.Popen([*command, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        for more in arguments
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "prêt\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    printed = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running)
    return printed


@pytest.mark.usefixtures("base")
def test_two_processes_that_make_the_store_and_record_at_once_lose_nothing(charge: MinistereCharge) -> None:
    names: list[list[str]] = [[], []]
    for writer, (repondant, role) in enumerate((("rh1", "RH"), ("for1", "FOR"))):
        for number in range(12):
            name = f"{role}-{number}.csv"
            receive(
                charge,
                name,
                [niveau(repondant, role, "D1.1", str(1 + number % 5)), accord("M1", "3", commentaire=name)],
            )
            names[writer].append(name)
    run_together(charge, RECORD_ONE_BY_ONE, names)
    store = open_store(charge)
    assert len(store.known_lots()) == 24
    history = store.history(CAMPAGNE, "drh")
    for repondant in ("rh1", "for1"):
        of_one = history[history["repondant"] == repondant]
        assert of_one["niveau"].tolist() == [float(1 + number % 5) for number in range(12)]
        assert of_one["actuelle"].tolist() == [False] * 11 + [True]
    assert len(store.answers(CAMPAGNE, "drh")) == 2 + 20, "twenty alike have left the urn"
    assert len(anonymous_rows(store)) == 24


@pytest.mark.usefixtures("base")
def test_processes_that_synchronise_the_same_files_record_them_once(charge: MinistereCharge) -> None:
    for number in range(6):
        receive(charge, f"{number}.csv", [accord(f"M{cible}", "4") for cible in range(1, 11)])
    printed = run_together(charge, SYNCHRONISE, [[]] * 3)
    assert sum(int(text) for text in printed) == 10  # the six files are the same file
    assert len(anonymous_rows(open_store(charge))) == 10
