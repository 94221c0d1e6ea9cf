"""Run the notebooks of one structure, in a worker process: papermill, then the HTML report, each written whole."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..atomic import write_text
from ..collecte import dossier_kept, load_ministere
from ..diagnostics import accompagnement
from ..errors import CarnetArrete, EcritureImpossible
from ..kernels.lean import skip_grammar_import
from .etapes import Etape
from .manifest import Execution

skip_grammar_import()
import nbformat  # noqa: E402
from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: E402
from papermill.exceptions import PapermillExecutionError  # noqa: E402

from ..kernels.engine import OutputLimitError  # noqa: E402
from ..kernels.sockets import PrivateSocketKernelManager  # noqa: E402
from ..rendering.report import render_report  # noqa: E402
from .carnet import prepare, run  # noqa: E402

SORTIES_MAX = 64 * 2**20
"""Bytes that a notebook may print and show; those of the kit keep under one million for a dozen structures."""


@dataclass(frozen=True)
class Job:
    """The notebooks to run for one structure ("" = the ministry), in order, with the hash of what each depends on."""

    structure: str
    etapes: tuple[tuple[Etape, str], ...]
    parametres: Mapping[str, str]
    folder: Path
    delai_s: int
    """Longest time one cell may take."""
    moteur: str
    """One of kernels.papermill_engine."""
    environnement: Mapping[str, str]
    """VIGIE_… variables of whoever launched the batch: a worker may be on another machine."""


def run_job(job: Job) -> list[Execution]:
    """Run every notebook of the job; one that fails does not stop the others."""
    os.environ.update(job.environnement)
    ministere = job.parametres["ministere"]
    load_ministere(ministere)  # kept in memory: the notebooks forked from here find it read
    if not job.structure:
        return [_run_etape(job, etape, entree) for etape, entree in job.etapes]
    with dossier_kept(ministere, job.structure, job.parametres["campagne"]) as dossier:
        if dossier is not None and len(job.etapes) > 1:
            with suppress(Exception):  # what fails here fails again in the notebook that needs it, which says why
                accompagnement.analyse(dossier)  # stands on the first steps: the notebooks find them all diagnosed
        return [_run_etape(job, etape, entree) for etape, entree in job.etapes]


def _run_etape(job: Job, etape: Etape, entree: str) -> Execution:
    start = time.perf_counter()
    node, erreur = _execute(job, etape)
    reference = f"V-{secrets.token_hex(4)}" if erreur else ""
    if node is not None:
        if reference:
            node.metadata["vigie"] = {"reference": reference}
        try:
            write_text(job.folder / f"{etape.id}.ipynb", nbformat.writes(node))
            write_text(job.folder / f"{etape.id}.html", render_report(node))
        except EcritureImpossible as refus:  # no report, hence no reference to find in it
            erreur, reference = refus.anomalie.en_ligne, ""
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
    node = None
    try:
        node = prepare(etape.notebook, job.parametres, job.moteur)
        run(
            node,
            job.moteur,
            start_timeout=120,
            execution_timeout=job.delai_s,
            output_limit=SORTIES_MAX,
            kernel_manager_class=PrivateSocketKernelManager,
        )
    except PapermillExecutionError as error:
        return node, f"{error.ename} : {error.evalue}".strip()
    except (CellTimeoutError, DeadKernelError, OutputLimitError) as error:
        why = _why_stopped(job, error)
        _say_stopped(node, why, error)
        return node, why
    except Exception as error:  # whatever else happens to one notebook must not stop the ministry
        return node, f"{type(error).__name__} : {error}".strip()
    return node, ""


def _why_stopped(job: Job, error: Exception) -> str:
    if isinstance(error, CellTimeoutError):
        return f"une cellule n'était pas finie au bout de {job.delai_s} s ; le carnet est arrêté"
    if isinstance(error, DeadKernelError):
        return "le processus du carnet s'est arrêté (mémoire insuffisante ou arrêt forcé)"
    return str(error)


def _say_stopped(node: Any, why: str, error: Exception) -> None:
    """Leave, in the cell that was running, the error that the report shows: a report cut short must say that it is.

    What a cell printed beyond all measure is dropped; so is the interruption that our own stop left behind.
    """
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    begun = [cell for cell in cells if cell.metadata.get("papermill", {}).get("start_time")]
    stopped = (begun or cells)[-1]
    kept = [] if isinstance(error, OutputLimitError) else stopped.outputs
    said = nbformat.v4.new_output("error", ename=CarnetArrete.__name__, evalue=why, traceback=[type(error).__name__])
    stopped.outputs = [*(output for output in kept if output.output_type != "error"), said]
