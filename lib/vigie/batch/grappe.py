"""The same batch on a Dask cluster: each Dask worker keeps warm processes of its own, which fork the notebooks.

A Dask worker runs threads, so it cannot fork safely itself. Start workers with `dask worker tcp://… --no-nanny`: a
worker under a nanny is not allowed processes of its own.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from threading import Lock
from typing import Any

from ..errors import Anomalie, ParametreInvalide
from .execution import Job, run_job
from .manifest import Execution
from .pool import local_executor

CONNEXION_S = 20


class GrappeExecutor(Executor):
    """A concurrent.futures executor over Dask's; `run_job` goes through the worker's warm processes."""

    def __init__(self, scheduler: str, _: int = 0) -> None:
        """`scheduler`: its address. The number of jobs at once is the cluster's affair."""
        from distributed import Client

        try:
            self._client = Client(scheduler, timeout=CONNEXION_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ParametreInvalide(
                [
                    Anomalie(
                        quoi="l'ordonnanceur Dask ne répond pas",
                        ou="--scheduler",
                        valeur=scheduler,
                        attendu="une adresse comme tcp://machine:8786",
                        que_faire="vérifier l'adresse et que « dask scheduler » tourne",
                    )
                ]
            ) from error
        self._pool = self._client.get_executor(retries=2, pure=False)

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Any:
        return self._pool.submit(run_warm if fn is run_job else fn, *arguments, **options)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait=wait)
        self._client.close()


_lock = Lock()
_warm: Executor | None = None


def run_warm(job: Job) -> list[Execution]:
    """Run a job in one of this worker's warm processes."""
    global _warm
    with _lock:
        if _warm is None:
            _warm = local_executor(os.cpu_count() or 1)
        pool = _warm
    try:
        return pool.submit(run_job, job).result()
    except BrokenProcessPool:
        with _lock:
            if _warm is pool:
                _warm = None
        raise
