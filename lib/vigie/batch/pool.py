"""The pool of processes a batch runs on; another engine only has to give a concurrent.futures.Executor."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from concurrent.futures import Executor, ProcessPoolExecutor

FILS_UNIQUES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""One thread a process: the pool already uses every core."""


def local_executor(workers: int) -> Executor:
    """Fresh processes, which end with their parent whatever ends it."""
    for name in FILS_UNIQUES:
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker, initargs=(os.getpid(),))


def stop_workers() -> None:
    """End the processes at once; what they were writing stays invisible (see `atomic`)."""
    for process in multiprocessing.active_children():
        process.terminate()


def _prepare_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which decides
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the call
            os.kill(os.getpid(), signal.SIGKILL)
