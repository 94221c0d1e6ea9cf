"""Fork one fresh process a notebook from a warm, single-threaded parent.

The child starts from everything the parent imported and nothing it computed: random states are drawn anew, signals,
standard streams, file descriptors, environment, arguments and exit handlers are put back to a fresh kernel's.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import logging
import os
import random
import re
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

PARENT = "VIGIE_PROCESSUS_PARENT"
"""In the environment, who starts a process that has to end with it (see tied.py)."""
FIN_S = 5.0
"""How long a notebook's process may take to leave once told to."""
FILTRES: tuple[tuple[Any, ...], ...] = (
    ("default", None, DeprecationWarning, re.compile("__main__"), 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
)
"""Python's own warning filters, as a new interpreter has them."""
A_L_ECOUTE = ("matplotlib", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "ipywidgets")
"""Modules that ask for IPython when they are imported."""
_told: tuple[Any, ...] = ()
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def why_not_fork() -> str:
    """Why this process cannot fork a notebook safely; "" when it can."""
    if sys.platform != "linux":
        return "ce système ne permet pas de dupliquer un processus déjà prêt"
    if len(os.listdir("/proc/self/task")) > 1:
        return "un fil d'exécution tourne déjà dans ce processus"
    return ""


def end_with_parent() -> None:
    """Have the system kill this process when the one that forked it ends, however that is. Linux only."""
    if _prctl is not None:
        pr_set_pdeathsig = 1
        _prctl(pr_set_pdeathsig, signal.SIGKILL)


class ForkedProcess:
    """A child running `main(link)`, with our end of the link. Closing it ends the child and all it started."""

    def __init__(self, main: Callable[[socket.socket], None], memory_limit: int | None = None) -> None:
        self.link, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _be_child(main, theirs, memory_limit)
        theirs.close()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Exit code, None while it runs; negative for a signal."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def interrupt(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGINT)

    def close(self, patience: float = FIN_S) -> None:
        """Tell the child to leave, then make sure that it and its own children are gone."""
        self.link.settimeout(patience)
        with suppress(OSError):
            self.link.shutdown(socket.SHUT_WR)
            while self.link.recv(1 << 16):
                pass
        self.link.close()
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.returncode is None:
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)


def _be_child(main: Callable[[socket.socket], None], link: socket.socket, memory_limit: int | None) -> None:
    """Never returns: whatever happens, the child must not go back into its parent's stack."""
    code = 1
    complaints = os.dup(2)
    try:
        become_fresh({1, 2, link.fileno(), complaints}, memory_limit)
        main(link)
        leave()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        import traceback

        with suppress(BaseException):
            os.write(complaints, traceback.format_exc().encode())
    finally:
        os._exit(code)


def become_fresh(kept: set[int], memory_limit: int | None = None) -> None:
    """Make a forked process look like a new interpreter. `kept`: the descriptors it may use; limit in bytes."""
    os.setsid()
    end_with_parent()
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.set_wakeup_fd(-1)
    _blind_descriptors(kept)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    atexit._clear()
    if memory_limit:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    script = str(Path(sys.argv[0]).resolve().parent) if sys.argv and sys.argv[0] else ""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", script, str(Path.cwd()))]
    sys.argv = ["ipykernel_launcher.py"]
    _forget_settings()
    gc.enable()
    gc.freeze()  # what is the parent's will never be garbage here: looking at it would copy its pages


def _forget_settings() -> None:
    """Random states, warning filters and logging: what the parent set is not the notebook's.

    What is already as in a new interpreter is left alone: every object written on copies a page of the parent's.
    """
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if _records_warnings():  # whoever was recording warnings in the parent must not get the notebook's
        importlib.reload(warnings)
    warnings.filters[:] = FILTRES  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]
    if logging.root.manager.disable:
        logging.disable(logging.NOTSET)
    logging.root.handlers.clear()
    if logging.root.level != logging.WARNING:
        logging.root.setLevel(logging.WARNING)


def _records_warnings() -> bool:
    """Has someone replaced what shows a warning?"""
    module: Any = warnings
    own = module.showwarning is module._showwarning_orig and module.formatwarning is module._formatwarning_orig
    return not own or getattr(module._showwarnmsg_impl, "__module__", "") != "warnings"


def _blind_descriptors(kept: set[int]) -> None:
    """Point every inherited descriptor to nothing, keeping the numbers taken.

    Closing them would let objects of the parent, still referenced here, close a later file of the notebook.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor not in {*kept, nothing}:
            with suppress(OSError):
                os.fstat(descriptor)
                os.dup2(nothing, descriptor)
    os.close(nothing)


def repair_imports(shell: Any) -> None:
    """Modules that looked for IPython when the parent imported them found none: tell them now.

    What a parent has already told is not told again by those forked from it.
    """
    global _told
    backend = os.environ["MPLBACKEND"]
    now = (shell, backend, *(name in sys.modules for name in A_L_ECOUTE))
    matplotlib = sys.modules.get("matplotlib")
    if now == _told and (matplotlib is None or matplotlib.get_backend() == backend):
        return
    _told = now
    if matplotlib:
        matplotlib.use(backend)  # the parent's choice, if it drew, is not the notebook's
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.install_repl_displayhook()
    if inline := sys.modules.get("matplotlib_inline.backend_inline"):
        inline._enable_matplotlib_integration()
    if widgets := sys.modules.get("ipywidgets"):
        widgets.load_ipython_extension(shell)
    shell.extension_manager.load_extension("storemagic")


def leave() -> None:
    """What an interpreter does when it ends: join threads, exit handlers, close files that are still open."""
    main = sys.modules["__main__"]
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with suppress(BaseException):
        atexit._run_exitfuncs()
    with suppress(BaseException):
        vars(main).clear()
        gc.collect()


def startup_files() -> list[Path]:
    """The user's own IPython start-up files; a notebook that expects them must run in a kernel of its own."""
    from IPython.paths import get_ipython_dir

    folder = Path(get_ipython_dir()) / "profile_default"
    return [*folder.glob("startup/*.py"), *folder.glob("startup/*.ipy"), *folder.glob("ipython*_config.py")]
