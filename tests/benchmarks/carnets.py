"""One notebook of the kit: the batch's engine against papermill's command, papermill's API, and plain functions."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import nbformat
from vigie.atomic import write_text
from vigie.batch.carnet import prepare
from vigie.batch.carnet import run as run_notebook
from vigie.batch.etapes import Etape, list_etapes
from vigie.batch.pool import local_executor
from vigie.collecte import dossier_kept, load_ministere, synchronise
from vigie.kernels import NOTRE

from .limite import run_plain
from .mesure import Mesure, alternate, ratio

TITRE = "Un carnet du kit (par carnet, 2 processus)"
TOURS = 2
PAR_TOUR = 4
"""Structures a round, for the fast ways; the command runs one."""
DOCUMENTS = "etape.save_livrables(), "
"""What the last cell says to make documents."""
SANS_GRAMMAIRE = "import sys; sys.modules['rfc3987_syntax'] = None; from papermill.cli import papermill; papermill()"
"""The papermill command, without the slow import that jupyter_server brings: it would flatter us."""


def execute(notebook: Path, parametres: dict[str, str], sortie: Path) -> None:
    """As the batch does: the dossier held ready, our engine, nothing saved after each cell, written once."""
    load_ministere(parametres["ministere"])
    with dossier_kept(parametres["ministere"], parametres["structure"], ""):
        node = prepare(notebook, parametres, NOTRE)
        run_notebook(node, NOTRE)
    write_text(sortie, nbformat.writes(node))


def execute_stock(notebook: Path, parametres: dict[str, str], sortie: Path) -> None:
    """papermill's API as anyone calls it."""
    from vigie.kernels.lean import skip_grammar_import

    skip_grammar_import()
    import papermill

    papermill.execute_notebook(str(notebook), str(sortie), parameters=parametres, progress_bar=False)


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
    structures = list(charge.structures)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["VIGIE_SORTIE"] = name
        os.environ["VIGIE_PRECHARGES"] = " ".join(sorted({m for etape in list_etapes() for m in etape.modules}))
        for etape in list_etapes():
            if not etape.ministere:
                yield from _measure(etape.id, _without_documents(etape, folder), structures, folder)
                yield from _measure(f"{etape.id}, documents compris", etape.notebook, structures, folder)


def _without_documents(etape: Etape, folder: Path) -> Path:
    """The notebook, documents not made: what is left is the notebook itself, which the engine can make faster."""
    node = etape.read()
    found = [cell for cell in node.cells if DOCUMENTS in cell.source]
    if len(found) != 1:
        raise RuntimeError(f"{etape.notebook.name} : « {DOCUMENTS} » attendu une fois, trouvé {len(found)} fois")
    found[0].source = found[0].source.replace(DOCUMENTS, "")
    made = folder / etape.notebook.name
    made.write_text(nbformat.writes(node), encoding="utf-8")
    return made


def _measure(nom: str, notebook: Path, structures: list[str], folder: Path) -> Iterator[Mesure]:
    """Each round takes other structures: a document already typeset in the same process would cost nothing."""

    def pool(workers: Executor, function: Callable[..., None], tour: Iterator[int]) -> Callable[[], None]:
        def go() -> None:
            futures = [
                workers.submit(function, notebook, parametres, folder / f"{parametres['structure']}.ipynb")
                for parametres in _chosen(structures, next(tour))
            ]
            for future in futures:
                future.result()

        return go

    def one(tour: Iterator[int]) -> Callable[[], None]:
        return lambda: command(notebook, _chosen(structures, next(tour))[0], folder / "commande.ipynb")

    with (
        local_executor(2) as warm,
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as stock,
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as plain,
    ):
        functions = {
            "vigie": pool(warm, execute, count()),
            "api": pool(stock, execute_stock, count()),
            "limite": pool(plain, run_plain, count()),
            "commande": one(count()),
        }
        for name in ("vigie", "api", "limite"):
            functions[name]()
        seen = alternate(functions, TOURS)
    per = {name: [t / (1 if name == "commande" else PAR_TOUR) for t in times] for name, times in seen.items()}
    vigie = sorted(per["vigie"])[TOURS // 2] * 1000
    for reference, name, vise in (
        ("commande papermill, l'une après l'autre", "commande", "≥ 20"),
        ("API de papermill, 2 processus", "api", "≥ 10"),
        ("mêmes fonctions, 2 processus", "limite", "≥ 0,67"),
    ):
        yield Mesure(nom, vigie, "ms", reference, ratio(per[name], per["vigie"]), vise)


def _chosen(structures: list[str], tour: int) -> list[dict[str, str]]:
    first = tour * PAR_TOUR
    chosen = [structures[(first + rang) % len(structures)] for rang in range(PAR_TOUR)]
    return [{"ministere": "demonstration", "structure": structure} for structure in chosen]
