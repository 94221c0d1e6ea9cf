"""Run a batch: validate everything, then structures in a pool of processes, then the ministry, then the index."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..atomic import locked, sweep
from ..collecte import MinistereCharge, load_ministere, open_store, record_earlier, synchronise
from ..collecte.journal import note
from ..collecte.reponses import controle_of
from ..errors import Anomalie, EcritureImpossible, ParametreInvalide
from ..kernels import NOTRE
from ..paths import output_dir
from .etapes import Etape, choose_etapes, list_etapes
from .execution import Job, run_job
from .grappe import GrappeExecutor
from .index import write_index
from .manifest import Execution, Manifeste, describe_run, read_manifest
from .plan import Contexte, Plan, choose_structures, plan_ministere, plan_structures
from .pool import PRECHARGES, local_executor
from .progress import Progression

DELAI_S = 600
MORT = (BrokenProcessPool, EOFError, ConnectionError)
"""What a pool raises when one of its processes died, or the warm one from which they are forked."""
ECRITURE_S = 1.0
"""The manifest is rewritten at most this often while the batch runs."""


@dataclass(frozen=True)
class Bilan:
    """How a batch ended."""

    folder: Path
    executions: tuple[Execution, ...]

    @property
    def echecs(self) -> tuple[Execution, ...]:
        return tuple(line for line in self.executions if line.statut == "echec")

    @property
    def exit_code(self) -> int:
        """0 all done; 1 some failed, the others are complete."""
        return 1 if self.echecs else 0


def run_batch(
    ministere: str,
    *,
    structures: Iterable[str] | None = None,
    etapes: Iterable[str] | None = None,
    campagne: str = "",
    workers: int | None = None,
    sortie: Path | None = None,
    force: bool = False,
    moteur: str = NOTRE,
    delai_s: int = DELAI_S,
    scheduler: str | None = None,
    carnets: Path | None = None,
    progress: bool = True,
) -> Bilan:
    """Diagnose a ministry. Everything is validated before anything starts.

    Raises VigieError (nothing started) for bad input; returns a Bilan otherwise, failures included.
    """
    executor = functools.partial(GrappeExecutor, scheduler) if scheduler else local_executor
    charge = load_ministere(ministere)
    nom_campagne = charge.campagne(campagne).id
    choisies = choose_structures(structures, charge)
    suite = choose_etapes(etapes, list_etapes(carnets))
    racine = (sortie or output_dir()).resolve()
    folder = racine / charge.ministere.id / nom_campagne
    contexte = Contexte(charge, nom_campagne, _parametre(ministere), folder, delai_s, moteur, force)
    _check_parameters(contexte, choisies, suite)
    os.environ.setdefault(PRECHARGES, " ".join(sorted({name for etape in suite for name in etape.modules})))
    with _exclusive(folder):
        synchronise(charge, nom_campagne)
        record_earlier(charge, nom_campagne)
        controle_of.cache_clear()  # who may answer what, of every agent: no file is read any more
        sweep(folder)
        avant = read_manifest(folder)
        entete = describe_run(charge.ministere, charge.campagne(nom_campagne), charge.referentiels, moteur)
        manifeste = Manifeste(entete, {cle: line for cle, line in avant.executions.items() if _known(cle, charge)})
        store = open_store(charge)
        plan = plan_structures(contexte, choisies, suite, store, avant)
        if plan.jobs:
            note(store, "lecture", f"campagne {nom_campagne} : {', '.join(job.structure for job in plan.jobs)}")
        with Progression(len(choisies), len(choisies) - len(plan.jobs), enabled=progress) as barre:
            manifeste = _carry_out(plan, manifeste, folder, workers, executor, barre)
            view = plan_ministere(contexte, suite, manifeste, avant)
            manifeste = _carry_out(view, manifeste, folder, workers, executor, None)
        manifeste.write(folder)
        write_index(folder, charge, manifeste, suite)
    faits = {(structure, etape.id) for structure in (*choisies, "") for etape in suite}
    return Bilan(folder, tuple(line for cle, line in sorted(manifeste.executions.items()) if cle in faits))


def _carry_out(
    plan: Plan,
    manifeste: Manifeste,
    folder: Path,
    workers: int | None,
    executor: Callable[[int], Executor],
    barre: Progression | None,
) -> Manifeste:
    """Run the jobs of a plan; the manifest is kept up to date on disk as they end."""
    manifeste = manifeste.merge(plan.gardees)
    if not plan.jobs:
        return manifeste
    nombre = max(1, min(workers or os.cpu_count() or 1, len(plan.jobs)))
    ecrit = time.monotonic()
    try:
        for executions in _run_jobs(plan.jobs, nombre, executor):
            manifeste = manifeste.merge(executions)
            if barre:
                barre.advance(executions)
            if time.monotonic() - ecrit > ECRITURE_S:
                _keep(manifeste, folder)
                ecrit = time.monotonic()
    finally:
        _keep(manifeste, folder)
    return manifeste


def _keep(manifeste: Manifeste, folder: Path) -> None:
    """Note how far the batch is, if the disk lets it; at the end, `run_batch` says when it does not."""
    with suppress(EcritureImpossible):
        manifeste.write(folder)


def _run_jobs(jobs: Iterable[Job], nombre: int, executor: Callable[[int], Executor]) -> Iterator[list[Execution]]:
    """Results of the jobs as they end. A process that dies costs its job one try, the others and the batch nothing.

    Those that shared its pool are lost with it, and nothing says whose process died: each is then run in a pool of its
    own, which only itself can break.
    """
    perdus: list[Job] = []
    with _pool(executor(nombre)) as pool:
        pending: dict[Future[list[Execution]], Job] = {}
        for job in jobs:
            try:
                pending[pool.submit(run_job, job)] = job
            except MORT:
                perdus.append(job)
        for future in as_completed(pending):
            try:
                yield future.result()
            except MORT:
                perdus.append(pending[future])
            except Exception as error:
                yield _lost(pending[future], f"{type(error).__name__} : {error}")
    if perdus:
        with _pool(ThreadPoolExecutor(nombre)) as seuls:
            yield from (
                future.result() for future in as_completed(seuls.submit(_alone, job, executor) for job in perdus)
            )


def _alone(job: Job, executor: Callable[[int], Executor]) -> list[Execution]:
    try:
        with executor(1) as pool:
            return pool.submit(run_job, job).result()
    except MORT:
        return _lost(job, "le processus qui exécutait les carnets s'est arrêté (mémoire insuffisante ou arrêt forcé)")
    except Exception as error:
        return _lost(job, f"{type(error).__name__} : {error}")


@contextmanager
def _pool(pool: Executor) -> Iterator[Executor]:
    """The pool, which forgets what it has not begun when the batch is interrupted."""
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _lost(job: Job, message: str) -> list[Execution]:
    return [Execution(job.structure, etape.id, "echec", 0.0, entree, message) for etape, entree in job.etapes]


def _check_parameters(contexte: Contexte, structures: Iterable[str], suite: Iterable[Etape]) -> None:
    anomalies: list[Anomalie] = []
    parametres = {"ministere": contexte.parametre_ministere, "campagne": contexte.campagne}
    for etape in suite:
        propres = parametres if etape.ministere else {**parametres, "structure": "x"}
        anomalies += etape.check(propres)
    if anomalies:
        raise ParametreInvalide(anomalies)


def _parametre(ministere: str) -> str:
    """A folder is given to the notebooks as an absolute path; an id stays an id."""
    path = Path(ministere)
    return str(path.resolve()) if path.is_dir() else ministere


def _known(cle: tuple[str, str], charge: MinistereCharge) -> bool:
    """Executions of a structure that left the ministry are forgotten."""
    return cle[0] == "" or cle[0] in charge.structures


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    with locked(folder / ".verrou", wait=False) as libre:
        if not libre:
            raise ParametreInvalide(
                [
                    Anomalie(
                        quoi="un autre traitement écrit déjà dans ce dossier de résultats",
                        ou=str(folder),
                        que_faire="attendre sa fin, ou choisir un autre dossier avec --sortie",
                    )
                ]
            )
        yield
