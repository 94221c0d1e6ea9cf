"""The pool of processes a batch runs on; another engine only has to give a concurrent.futures.Executor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

from ..kernels.forked import PARENT, end_with_parent

PRECHARGES = "VIGIE_PRECHARGES"
"""Modules that the warm process imports, besides the batch's own."""
FILS_UNIQUES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""One thread a process: the pool already uses every core."""


def local_executor(workers: int) -> Executor:
    """Processes that end with their parent whatever ends it; forked, where the system can, from one that is warm."""
    for name in FILS_UNIQUES:
        os.environ.setdefault(name, "1")
    os.environ[PARENT] = str(os.getpid())
    context: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        context.set_forkserver_preload(["vigie.kernels.tied", "vigie.batch.chauffe"])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker)


def stop_workers() -> None:
    """End the processes at once; what they were writing stays invisible (see `atomic`)."""
    for process in multiprocessing.active_children():
        process.terminate()


def live_with_parent() -> None:
    """End when the process that started this one does; the race of one that ended before the call is closed."""
    end_with_parent()
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        os.kill(os.getpid(), signal.SIGKILL)


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which decides
    live_with_parent()
