"""The command line: French throughout, exit codes that a script can trust, the same story as the README."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from vigie.cli import main

RACINE = Path(__file__).parents[1]
DEMONSTRATION = RACINE / "params" / "ministeres" / "demonstration"


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was complained of."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def commandes(capsys) -> list[str]:
    _, aide, _ = run(capsys, "--help")
    return re.findall(r"^ {4}([a-z]+) ", aide, re.M)


def test_every_command_of_the_help_is_told_by_the_readme(capsys):
    readme = (RACINE / "README.md").read_text(encoding="utf-8")
    assert commandes(capsys)
    for commande in commandes(capsys):
        assert f"vigie {commande}" in readme, commande


def test_every_help_is_in_french(capsys):
    for commande in commandes(capsys):
        code, aide, _ = run(capsys, commande, "--help")
        assert code == 0
        assert aide.startswith("utilisation : ")
        assert not re.search(r"usage:|options:\n.*show this|positional|error:|show program", aide)


@pytest.mark.parametrize(
    ("arguments", "dit"),
    [
        ((), "COMMANDE"),
        (("bacth", "x"), "n'existe pas"),
        (("batch",), "arguments manquants : MINISTERE"),
        (("batch", "demonstration", "--workers", "zéro"), "n'est pas un nombre entier positif"),
        (("batch", "demonstration", "--strutures", "x"), "arguments non reconnus"),
        (("batch", "demonstartion"), "demonstration"),
        (("batch", "../demonstration"), ".."),
        (("batch", "demonstration", "--structures", "drh-central"), "drh-centrale"),
        (("batch", "demonstration", "--etapes", "maturité"), "maturite"),
        (("batch", "demonstration", "--campagne", "2025"), "2026-automne"),
        (("check", "inconnu"), "inconnu"),
        (("import", "/nulle/part.csv"), "part.csv"),
    ],
)
def test_bad_input_is_said_in_french_with_exit_code_2(capsys, arguments, dit, tmp_path, monkeypatch):
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "r"))
    code, _, complaint = run(capsys, *arguments)
    assert code == 2
    assert dit in complaint
    assert "Traceback" not in complaint
    assert not (tmp_path / "r").exists()


def test_check_reads_everything_and_changes_nothing(capsys, tmp_path):
    folder = tmp_path / "demonstration"
    shutil.copytree(DEMONSTRATION, folder, ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    avant = sorted(path.name for path in folder.rglob("*"))
    code, said, _ = run(capsys, "check", str(folder))
    assert code == 0
    assert "aucune anomalie" in said
    assert sorted(path.name for path in folder.rglob("*")) == avant


def test_a_ministry_may_be_named_by_a_path_that_climbs(capsys, tmp_path, monkeypatch):
    (tmp_path / "ici").mkdir()
    shutil.copytree(DEMONSTRATION, tmp_path / "demonstration", ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    monkeypatch.chdir(tmp_path / "ici")
    assert run(capsys, "check", "../demonstration")[0] == 0


def test_check_holds_a_ministry_s_own_referentiels_to_the_same_coherence(capsys, tmp_path):
    folder = tmp_path / "demonstration"
    shutil.copytree(DEMONSTRATION, folder, ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    own = folder / "referentiels"
    own.mkdir()
    texte = (RACINE / "params" / "referentiels" / "vigilances.yaml").read_text(encoding="utf-8")
    (own / "vigilances.yaml").write_text(texte.replace("R01", "R77"), encoding="utf-8")
    code, _, complaint = run(capsys, "check", str(folder))
    assert code == 2
    assert "R77" in complaint


def test_a_file_imported_twice_changes_nothing_and_says_so(capsys, tmp_path):
    folder = tmp_path / "demonstration"
    shutil.copytree(DEMONSTRATION, folder, ignore=shutil.ignore_patterns("*.sqlite*", "*.verrou"))
    received = sorted((folder / "reponses").glob("*_maturite.csv"))[0]
    first = run(capsys, "import", str(received), "--ministere", str(folder))
    second = run(capsys, "import", str(received), "--ministere", str(folder))
    assert first[0] == second[0] == 0
    assert "nouvelles" in first[1]
    assert "rien" in second[1]
