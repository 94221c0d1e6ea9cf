"""One notebook of the kit: the batch's engine against papermill's command, papermill's API, and plain functions."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from vigie.batch.etapes import Etape, list_etapes
from vigie.batch.pool import local_executor
from vigie.collecte import load_ministere, synchronise

from .limite import run_plain
from .mesure import Mesure, alternate, ratio

TITRE = "Un carnet du kit (par carnet, 2 processus)"
TOURS = 3
STRUCTURES = 4
"""Structures a round, for the fast ways; the command runs one."""
SANS_GRAMMAIRE = "import sys; sys.modules['rfc3987_syntax'] = None; from papermill.cli import papermill; papermill()"
"""The papermill command, without the slow import that jupyter_server brings: it would flatter us."""


def execute(engine: str | None, notebook: Path, parametres: dict[str, str], sortie: Path) -> None:
    from vigie.kernels.lean import skip_grammar_import

    skip_grammar_import()
    import papermill

    papermill.execute_notebook(
        str(notebook), str(sortie), parameters=parametres, engine_name=engine, progress_bar=False
    )


def command(notebook: Path, parametres: dict[str, str], sortie: Path) -> None:
    options = [part for name, value in parametres.items() for part in ("-p", name, value)]
    subprocess.run(
        [sys.executable, "-c", SANS_GRAMMAIRE, str(notebook), str(sortie), *options, "--no-progress-bar"],
        check=True,
        capture_output=True,
    )


def run() -> Iterator[Mesure]:
    charge = load_ministere("demonstration")
    synchronise(charge, charge.ministere.campagne)
    structures = list(charge.structures)[:STRUCTURES]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["VIGIE_SORTIE"] = name
        os.environ["VIGIE_PRECHARGES"] = " ".join(sorted({m for etape in list_etapes() for m in etape.modules}))
        for etape in list_etapes():
            if not etape.ministere:
                yield from _measure(etape, structures, folder)


def _measure(etape: Etape, structures: list[str], folder: Path) -> Iterator[Mesure]:
    def pool(workers: Executor, function: Callable[..., None], *first: object) -> Callable[[], None]:
        def go() -> None:
            parametres = [{"ministere": "demonstration", "structure": one} for one in structures]
            futures = [
                workers.submit(function, *first, etape.notebook, values, folder / f"{values['structure']}.ipynb")
                for values in parametres
            ]
            for future in futures:
                future.result()

        return go

    one = {"ministere": "demonstration", "structure": structures[0]}
    with local_executor(2) as warm, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as plain:
        functions = {
            "vigie": pool(warm, execute, "vigie"),
            "api": pool(plain, execute, None),
            "limite": pool(plain, run_plain),
            "commande": lambda: command(etape.notebook, one, folder / "commande.ipynb"),
        }
        for name in ("vigie", "api", "limite"):
            functions[name]()
        times = alternate(functions, TOURS)
    per = {name: [t / (1 if name == "commande" else len(structures)) for t in all_] for name, all_ in times.items()}
    vigie = sorted(per["vigie"])[TOURS // 2] * 1000
    for reference, name, vise in (
        ("commande papermill, l'une après l'autre", "commande", "≥ 20"),
        ("API de papermill, 2 processus", "api", "≥ 10"),
        ("mêmes fonctions, 2 processus", "limite", "≥ 0,67"),
    ):
        yield Mesure(etape.id, vigie, "ms", reference, ratio(per[name], per["vigie"]), vise)
