"""Run a notebook for papermill in a process forked from this one, without sockets.

papermill and nbclient keep their work (parameters, metadata, outputs, error cells, log); only the way a cell's code
reaches a kernel and its messages come back is ours. Where forking is not possible, papermill's own engine runs the
notebook, and the reason is said once.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.log import logger

from .forked import ForkedProcess, repair_imports, startup_files, why_not_fork
from .frames import receive_frame, send_frame

SURSIS_S = 1.0
"""How long a cell that ran out of time may take to say where it was."""
INTEGRE = "module://matplotlib_inline.backend_inline"
"""How matplotlib draws in a notebook."""
HOOKS = (
    "on_notebook_start", "on_notebook_complete", "on_notebook_error", "on_cell_start", "on_cell_execute",
    "on_cell_complete", "on_cell_executed", "on_cell_error",
)  # fmt: skip
"""Options of nbclient that suppose its own loop: a run that uses one goes to papermill's engine."""


def run_forked(
    nb_man: Any,
    kernel_name: str,
    *,
    execution_timeout: int | None = None,
    memory_limit: int | None = None,
    output_limit: int | None = None,
    **options: Any,
) -> Any:
    """Run a managed notebook in a forked process. `memory_limit` and `output_limit` are bytes; None = no limit.

    Raises as papermill's engine does: DeadKernelError, CellTimeoutError; and OutputLimitError.
    """
    for other in ("input_path", "kernel_manager_class", "timeout", "startup_timeout", "start_timeout"):
        options.pop(other, None)
    warm_up()
    with forked_kernel(memory_limit) as kernel:
        client = ForkedNotebookClient(
            nb_man, kernel, output_limit, timeout=execution_timeout, kernel_name=kernel_name, log=logger, **options
        )
        return client.execute()


def why_not(kernel_name: str, options: dict[str, Any]) -> str:
    """Why this run must go to papermill's own engine; "" when it can be forked."""
    if reason := why_not_fork():
        return reason
    if kernel_name in _other_kernelspecs():
        return f"le carnet demande le noyau « {kernel_name} »"
    if any(options.get(name) for name in (*HOOKS, "km")):
        return "l'exécution demande des options propres à nbclient"
    if startup_files():
        return "IPython a des fichiers de démarrage personnels"
    return ""


def tell_imports() -> None:
    """Once in a process that is there only to be forked: modules learn that they are in a notebook.

    Not in a process of somebody else's, whose own drawings it would change: each child then tells them.
    """
    os.environ.setdefault("MPLBACKEND", INTEGRE)
    repair_imports(_kernel().shell)


@lru_cache(maxsize=8)
def say_once(reason: str) -> None:
    logger.warning("Moteur « vigie » indisponible : %s ; le moteur de papermill prend le relais.", reason)


@lru_cache(maxsize=1)
def warm_up() -> None:
    """Import what every notebook's process needs and build its kernel, once in the parent.

    No code of a notebook ever runs in that kernel here: each child starts from it as it was built.
    """
    import bdb  # noqa: F401
    import gc

    shell = _kernel().shell
    shell.transform_cell("pass\n")  # what IPython builds at its first cell, it would build in every child
    _ = shell.logger
    _session()
    gc.collect()
    gc.freeze()


def _kernel() -> Any:
    """The one that this process, or the one it was forked from, has built."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    from .notebook_kernel import NotebookKernel

    return NotebookKernel.instance()


def _run_child(link: socket.socket) -> None:
    from .notebook_kernel import serve_notebook

    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.environ.setdefault("MPLBACKEND", INTEGRE)
    kernel = _kernel()
    repair_imports(kernel.shell)
    serve_notebook(kernel, link)


class ForkedKernelClient:
    """The little of a kernel client that nbclient's output handling asks for."""

    allow_stdin = False

    def __init__(self, process: ForkedProcess) -> None:
        self.process = process
        self.session = _session()
        self.shell_channel = self

    def send(self, message: dict[str, Any]) -> None:
        """Raises DeadKernelError when the process is gone, as it is after `quit()`."""
        try:
            send_frame(self.process.link, self.session.pack(message))
        except (BrokenPipeError, ConnectionResetError) as error:
            raise DeadKernelError("Kernel died") from error

    def kernel_info(self) -> str:
        return self.request("kernel_info_request")

    def request(self, kind: str, content: dict[str, Any] | None = None) -> str:
        message = self.session.msg(kind, content or {})
        self.send(message)
        return str(message["header"]["msg_id"])

    def receive(self, deadline: float | None) -> tuple[str, dict[str, Any], int]:
        """Channel, message and size in bytes of the next message.

        Raises TimeoutError past the deadline (monotonic seconds), DeadKernelError when the process is gone.
        """
        self.process.link.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
        frame = receive_frame(self.process.link)
        if frame is None:
            raise DeadKernelError("Kernel died")
        envelope = self.session.unpack(frame)
        message = envelope["message"]
        message["buffers"] = [receive_frame(self.process.link) for _ in envelope["buffers"]]
        return envelope["channel"], message, len(frame)


@contextmanager
def forked_kernel(memory_limit: int | None) -> Iterator[ForkedKernelClient]:
    process = ForkedProcess(_run_child, memory_limit)
    try:
        yield ForkedKernelClient(process)
    finally:
        process.close()


class ForkedNotebookClient(PapermillNotebookClient):
    """papermill's client, with the cells sent over the link; outputs are handled by nbclient as they come."""

    def __init__(self, nb_man: Any, kernel: ForkedKernelClient, output_limit: int | None, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self._kernel = kernel
        self._output_limit = output_limit
        self._output_size = 0

    @contextmanager
    def setup_kernel(self, **options: Any) -> Iterator[None]:
        self.kc = self._kernel
        yield

    def wait_for_reply(self, msg_id: str, cell: Any = None) -> dict[str, Any]:
        while True:
            channel, message, _ = self._kernel.receive(None)
            if channel == "shell" and message["parent_header"].get("msg_id") == msg_id:
                return message

    def execute_cell(
        self, cell: Any, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> Any:
        """nbclient's execute_cell, without its event loop."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        allows = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
        allows = allows and not self.force_raise_errors
        msg_id = self._kernel.request(
            "execute_request",
            {
                "code": cell.source,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": not allows,
            },
        )
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._follow(msg_id, cell, cell_index)
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = _timestamp(reply)
        if execution_count:
            cell["execution_count"] = execution_count
        content = reply["content"]
        if content["status"] == "error" and not allows and content.get("ename") not in self.allow_error_names:
            raise CellExecutionError.from_cell_and_msg(cell, content)
        self.nb["cells"][cell_index] = cell
        return cell

    def _follow(self, msg_id: str, cell: Any, cell_index: int) -> dict[str, Any]:
        """Handle the messages of one cell until its reply and its idle status have both come."""
        timeout = self._get_timeout(cell)
        deadline = None if timeout is None else time.monotonic() + timeout
        reply: dict[str, Any] | None = None
        late: CellTimeoutError | None = None
        idle = False
        while reply is None or not idle:
            try:
                channel, message, size = self._kernel.receive(deadline)
            except TimeoutError:
                if late:
                    raise late from None
                late = self._interrupt(timeout, cell)
                deadline = time.monotonic() + SURSIS_S if late else None
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if channel == "shell":
                reply = message
                continue
            self._count(size, cell)
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                idle = True
        if late:
            raise late
        return reply

    def _interrupt(self, timeout: int | None, cell: Any) -> CellTimeoutError | None:
        """Interrupt the cell; the error to raise once its last words are in, unless the run is to go on."""
        self.log.error("Timeout waiting for execute reply (%ss).", timeout)
        self._kernel.process.interrupt()
        if self.interrupt_on_timeout:
            self.log.error("Interrupting kernel")
            return None
        return CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout or 0, cell)

    def _count(self, size: int, cell: Any) -> None:
        self._output_size += size
        if self._output_limit and self._output_size > self._output_limit:
            raise OutputLimitError(
                f"le carnet a produit plus de {self._output_limit // 2**20} Mio de sorties ; il est arrêté"
            )


class OutputLimitError(RuntimeError):
    """A notebook printed more than it may."""


def _timestamp(message: dict[str, Any]) -> str:
    return str(message["header"]["date"])


@lru_cache(maxsize=1)
def _session() -> Session:
    """Ours, as a client, with every notebook's process: it only numbers and packs messages."""
    return Session()


@lru_cache(maxsize=1)
def _other_kernelspecs() -> frozenset[str]:
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager

    names = set(KernelSpecManager().find_kernel_specs())
    return frozenset(names - {NATIVE_KERNEL_NAME})
