"""Run the notebooks of one structure, in a worker process: papermill, then the HTML report, each written whole."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..atomic import PARTIEL, write_text
from ..kernels.lean import skip_grammar_import
from .etapes import Etape
from .manifest import Execution

skip_grammar_import()
import nbformat  # noqa: E402
import papermill  # noqa: E402
from papermill.exceptions import PapermillExecutionError  # noqa: E402

from ..kernels.sockets import PrivateSocketKernelManager  # noqa: E402
from ..rendering.report import render_report  # noqa: E402


@dataclass(frozen=True)
class Job:
    """The notebooks to run for one structure ("" = the ministry), in order, with the hash of what each depends on."""

    structure: str
    etapes: tuple[tuple[Etape, str], ...]
    parametres: Mapping[str, str]
    folder: Path
    delai_s: int
    """Longest time one cell may take."""
    moteur: str | None
    """papermill engine; None for papermill's own."""
    environnement: Mapping[str, str]
    """VIGIE_… variables of whoever launched the batch: a worker may be on another machine."""


def run_job(job: Job) -> list[Execution]:
    """Run every notebook of the job; one that fails does not stop the others."""
    os.environ.update(job.environnement)
    return [_run_etape(job, etape, entree) for etape, entree in job.etapes]


def _run_etape(job: Job, etape: Etape, entree: str) -> Execution:
    start = time.perf_counter()
    node, erreur = _execute(job, etape)
    reference = f"V-{secrets.token_hex(4)}" if erreur else ""
    if node is not None:
        _forget_paths(node, etape)
        if reference:
            node.metadata["vigie"] = {"reference": reference}
        write_text(job.folder / f"{etape.id}.ipynb", nbformat.writes(node))
        write_text(job.folder / f"{etape.id}.html", render_report(node))
    return Execution(
        structure=job.structure,
        etape=etape.id,
        statut="echec" if erreur else "ok",
        duree_s=round(time.perf_counter() - start, 3),
        entree=entree,
        erreur=erreur,
        reference=reference,
    )


def _execute(job: Job, etape: Etape) -> tuple[Any, str]:
    """The executed notebook, complete or not, and the error that stopped it ("" if none)."""
    job.folder.mkdir(parents=True, exist_ok=True)
    partial = job.folder / f".{etape.id}{PARTIEL}.ipynb"
    erreur = ""
    try:
        papermill.execute_notebook(
            etape.read(),
            str(partial),
            parameters=dict(job.parametres),
            engine_name=job.moteur,
            progress_bar=False,
            autosave_cell_every=0,
            start_timeout=120,
            execution_timeout=job.delai_s,
            kernel_manager_class=PrivateSocketKernelManager,
        )
    except PapermillExecutionError as error:
        erreur = f"{error.ename} : {error.evalue}"
    except Exception as error:  # a kernel that dies or hangs must not stop the ministry
        erreur = f"{type(error).__name__} : {error}"
    node = nbformat.read(partial, as_version=4) if partial.exists() else None
    partial.unlink(missing_ok=True)
    return node, erreur.strip()


def _forget_paths(node: Any, etape: Etape) -> None:
    """Keep papermill's record, without the paths of the machine that ran it."""
    node.metadata.papermill["input_path"] = f"notebooks/{etape.notebook.name}"
    node.metadata.papermill["output_path"] = f"{etape.id}.ipynb"
