"""A notebook's parameters: names are names, values are values, whoever runs papermill."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import papermill
import pytest
from papermill.translators import papermill_translators
from vigie.errors import ParametreInvalide
from vigie.paths import notebooks_dir

from .corpus import TEXTES, cases

CARNET = notebooks_dir() / "1_maturite.ipynb"


@cases("parametre")
@pytest.mark.parametrize("engine", [None, "vigie", "vigie-papermill"], ids=["papermill", "vigie", "vigie-papermill"])
def test_a_name_that_is_no_name_is_refused_before_anything_runs(tmp_path, monkeypatch, entry, engine):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParametreInvalide, match="ce nom de paramètre n'est pas admis"):
        papermill.execute_notebook(
            CARNET, tmp_path / "sortie.ipynb", {entry["valeur"]: "1"}, engine_name=engine, progress_bar=False
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", [(), ("--engine", "vigie")], ids=["papermill", "vigie"])
def test_the_papermill_command_run_by_hand_refuses_code_for_a_name(tmp_path, engine):
    done = by_hand(tmp_path, "structure=1;open('intrus','w')#", "x", *engine)
    assert done.returncode != 0
    assert "ce nom de paramètre n'est pas admis" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_papermill_command_run_by_hand_takes_code_for_a_mere_value(tmp_path):
    value = "drh'); open('intrus', 'w') #\\\n\"\"\""
    done = by_hand(tmp_path, "structure", value, "--engine", "vigie")
    assert done.returncode != 0
    assert "introuvable" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["sortie.ipynb"]


def by_hand(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    name, value, *options = arguments
    command = [sys.executable, "-m", "papermill", str(CARNET), "sortie.ipynb", "-p", name, value, "--no-progress-bar"]
    return subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text", TEXTES)
def test_a_value_is_written_as_a_text_that_reads_back_as_it_was(text):
    translator = papermill_translators.find_translator("python3", "python")
    (line,) = ast.parse(translator.codify({"structure": text})).body
    assert ast.literal_eval(line.value) == text
