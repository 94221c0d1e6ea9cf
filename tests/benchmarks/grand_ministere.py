"""The ministry's view at 1,000 structures of 100 agents, 39 competences: time and memory of notebook 7.

Twenty structures are generated and diagnosed; the others are these, under other ids, with their agents and results:
the view reads results, not answers. VIGIE_BENCH_STRUCTURES chooses how many in all.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vigie.batch import run_batch
from vigie.paths import notebooks_dir

from .mesure import Mesure, seconds

TITRE = "La vue d'un grand ministère"
RACINE = Path(__file__).parents[2]
MODELES, AGENTS = 20, 100
CODE = (
    "import sys, papermill; papermill.execute_notebook("
    "sys.argv[1], None, parameters={'ministere': sys.argv[2]}, engine_name='vigie', progress_bar=False)"
)


def run() -> Iterator[Mesure]:
    structures = int(os.environ.get("VIGIE_BENCH_STRUCTURES", "1000"))
    with tempfile.TemporaryDirectory() as name:
        ministere, sortie = Path(name, "essai"), Path(name, "resultats")
        subprocess.run(
            [
                *(sys.executable, "params/ministeres/fabrique.py", "--structures", str(MODELES)),
                *("--dossier", str(ministere), "--agents-par-structure", str(AGENTS)),
            ],
            cwd=RACINE,
            check=True,
            capture_output=True,
        )
        bilan = run_batch(str(ministere), workers=2, sortie=sortie, progress=False)
        if bilan.echecs:
            raise RuntimeError(f"{len(bilan.echecs)} carnets en échec : {bilan.echecs[0].erreur}")
        copies = structures // MODELES
        agents = _multiply(ministere, copies)
        _multiply_results(bilan.folder, copies)
        notebook = next(notebooks_dir().glob("7_*.ipynb"))

        def view() -> None:
            subprocess.run(
                [sys.executable, "-c", CODE, str(notebook), str(ministere)],
                env={**os.environ, "VIGIE_SORTIE": str(sortie)},
                cwd=RACINE,
                check=True,
                capture_output=True,
            )

        spent = seconds(view)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    nom = f"{copies * MODELES} structures, {agents} agents"
    yield Mesure(nom, spent, "s", "60 s", 60 / spent, "≥ 1", "carnet 7, un interpréteur froid compris")
    yield Mesure(f"{nom}, mémoire", memory, "Gio", "4 Gio", 4 / memory, "≥ 1", "le plus gros des processus")


def _multiply(ministere: Path, copies: int) -> int:
    """Write each row of the ministry's tables once a copy; gives the number of agents. Answers are left out."""
    for answers in (ministere / "reponses").iterdir():
        answers.unlink()
    rows: dict[str, int] = {}
    for name in ("structures.csv", "agents.csv", "repondants.csv"):
        head, *lines = (ministere / name).read_text(encoding="utf-8-sig").splitlines()
        made = [_renamed(line, copy) for copy in range(copies) for line in lines]
        (ministere / name).write_text("\n".join([head, *made]) + "\n", encoding="utf-8")
        rows[name] = len(made)
    return rows["agents.csv"]


def _renamed(line: str, copy: int) -> str:
    structure, rest = line.split(";", 1)
    return f"{_copy_of(structure, copy)};{rest}"


def _copy_of(structure: str, copy: int) -> str:
    return f"{structure}-{copy}" if copy else structure


def _multiply_results(folder: Path, copies: int) -> None:
    for path in list(folder.glob("s*/resultats.json")):
        structure = path.parent.name
        content = path.read_text(encoding="utf-8")
        for copy in range(1, copies):
            other = folder / _copy_of(structure, copy) / path.name
            other.parent.mkdir()
            other.write_text(content.replace(f'"{structure}"', f'"{_copy_of(structure, copy)}"'), encoding="utf-8")
