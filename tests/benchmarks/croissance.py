"""Growth: ministries of 10, 50 and more structures. Time a structure, memory of the parent, nothing changed.

VIGIE_BENCH_TAILLES="10 100 1000" chooses the sizes, VIGIE_BENCH_ETAPES="maturite" the steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from vigie.batch import run_batch

from .mesure import Mesure, seconds

TITRE = "Croissance (2 processus)"
RACINE = Path(__file__).parents[2]
AGENTS = 20


def run() -> Iterator[Mesure]:
    tailles = [int(size) for size in os.environ.get("VIGIE_BENCH_TAILLES", "10 50").split()]
    etapes = os.environ.get("VIGIE_BENCH_ETAPES", "").split() or None
    suite = f", étapes : {', '.join(etapes)}" if etapes else ""
    base = 0.0
    for taille in tailles:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, "essai")
            subprocess.run(
                [
                    *(sys.executable, "params/ministeres/fabrique.py", "--structures", str(taille)),
                    *("--dossier", str(folder), "--agents-par-structure", str(AGENTS)),
                ],
                cwd=RACINE,
                check=True,
                capture_output=True,
            )

            def batch(folder: Path = folder, name: str = name) -> None:
                run_batch(str(folder), etapes=etapes, workers=2, sortie=Path(name, "r"), progress=False)

            whole = seconds(batch) / taille
            again = seconds(batch)
            memory = psutil.Process().memory_info().rss / 2**20
            base = base or whole
            yield Mesure(
                f"{taille} structures{suite}", whole, "s par structure", f"{tailles[0]} structures", base / whole, "≈ 1"
            )
            yield Mesure(f"{taille} structures, rien n'a changé", again, "s", note=f"parent {memory:.0f} Mio")
