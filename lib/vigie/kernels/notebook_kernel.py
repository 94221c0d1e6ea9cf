"""The kernel of a forked notebook: ipykernel's own kernel and shell, whose messages go to a pipe instead of sockets.

Using ipykernel's classes keeps displays, comms, widgets, errors and input refusal as in a kernel of its own; only the
transport and the two output streams are ours.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import socket
import sys
import tempfile
import threading
import time
from types import SimpleNamespace
from typing import Any, cast

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from traitlets.config import Config

from .frames import receive_frame, send_frame

FLUSH_S = 0.2
"""ipykernel flushes its streams this long after the first pending write; so do we."""
TIC_S = 0.05
"""How often pending output is looked at while a cell runs."""
SURSIS_S = 0.1
"""How long ipykernel still answers after `quit()`."""
SORTIE, REPONSE = "iopub", "shell"


class LinkSession(Session):
    """A session that writes every message to the link, named by its channel."""

    link: socket.socket | None = None

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        if isinstance(msg_or_type, dict):
            message, buffers = msg_or_type, buffers or msg_or_type.get("buffers")
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if self.link is not None:
            blobs = [bytes(memoryview(blob).cast("B")) for blob in buffers or ()]
            envelope = {"channel": stream, "message": message, "buffers": [len(blob) for blob in blobs]}
            with self._lock:
                send_frame(self.link, self.pack(envelope))
                for blob in blobs:
                    send_frame(self.link, blob)
        return message

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lock = threading.RLock()


class CapturedStream(io.TextIOBase):
    """sys.stdout or sys.stderr of a notebook: text becomes stream messages, with what programs wrote to the same fd.

    Output from C or from subprocesses goes to a temporary file; it is taken up before each write and at each flush.
    """

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, kernel: NotebookKernel, name: str, descriptor: int) -> None:
        self.kernel = kernel
        self.name = name
        self._descriptor = descriptor
        self._parts: list[str] = []
        self._first = 0.0
        self._lock = threading.RLock()
        self._below = tempfile.TemporaryFile()  # noqa: SIM115
        self._taken = 0
        os.dup2(self._below.fileno(), descriptor)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._take_below()
            self._append(text)
        return len(text)

    def flush_overdue(self) -> None:
        """Send what has waited long enough, as ipykernel's timer does."""
        with self._lock:
            self._take_below()
            if self._parts and time.monotonic() - self._first > FLUSH_S:
                self.flush()

    def flush(self) -> None:
        with self._lock:
            self._take_below()
            text = "".join(self._parts)
            self._parts.clear()
            if text:
                self.kernel.session.send(
                    SORTIE, "stream", {"name": self.name, "text": text}, parent=self.kernel.get_parent("shell")
                )

    def _append(self, text: str) -> None:
        if not self._parts:
            self._first = time.monotonic()
        self._parts.append(text)

    def _take_below(self) -> None:
        descriptor = self._below.fileno()
        size = os.fstat(descriptor).st_size
        if size > self._taken:
            self._append(os.pread(descriptor, size - self._taken, self._taken).decode(self.encoding, "replace"))
            self._taken = size


class NotebookKernel(IPythonKernel):
    """ipykernel's kernel on a link: one request at a time, no socket."""

    shell: Any
    session: Any

    def __init__(self, **options: Any) -> None:
        # nbclient too keeps the history in memory: nothing is written to the user's own, no thread is started.
        history = Config({"HistoryManager": {"hist_file": ":memory:"}})
        super().__init__(session=LinkSession(), log=logging.getLogger("ipykernel"), config=history, **options)
        self.leave_at = 0.0
        self.streams: tuple[CapturedStream, ...] = ()
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
        self.iopub_socket = SORTIE
        self.shell.displayhook.pub_socket = SORTIE
        self.shell.display_pub.pub_socket = SORTIE

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    def start(self) -> None:
        self.shell.exit_now = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """papermill stops at the first error: nothing is queued behind it."""


def serve_notebook(kernel: NotebookKernel, link: socket.socket) -> None:
    """Answer requests until the link closes or the notebook asks to exit."""
    session = kernel.session
    session.link = link
    kernel.streams = CapturedStream(kernel, "stdout", 1), CapturedStream(kernel, "stderr", 2)
    sys.stdout, sys.stderr = cast(Any, kernel.streams)
    threading.Thread(target=_keep_flushing, args=(kernel,), name="sorties", daemon=True).start()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    kernel.start()
    while (frame := _next_frame(kernel, link)) is not None:
        request = session.unpack(frame)
        request.setdefault("buffers", [])
        loop.run_until_complete(_answer(kernel, request))


def _next_frame(kernel: NotebookKernel, link: socket.socket) -> bytes | None:
    """The next request; None when the link closes, or a moment after the notebook asked to quit, as ipykernel does."""
    if kernel.shell.exit_now:
        kernel.leave_at = kernel.leave_at or time.monotonic() + SURSIS_S
        remaining = kernel.leave_at - time.monotonic()
        if remaining <= 0:
            return None
        link.settimeout(remaining)
    try:
        return receive_frame(link)
    except TimeoutError:
        return None
    finally:
        link.settimeout(None)


def _keep_flushing(kernel: NotebookKernel) -> None:
    while True:
        time.sleep(TIC_S)
        for stream in kernel.streams:
            stream.flush_overdue()


async def _answer(kernel: NotebookKernel, request: dict[str, Any]) -> None:
    """One request, as kernelbase.dispatch_shell does it: busy, the handler, flush, idle."""
    session = kernel.session
    kernel.set_parent([], request, channel="shell")
    kernel._publish_status("busy", "shell")
    kernel.pre_handler_hook()
    try:
        handled = kernel.shell_handlers[request["header"]["msg_type"]](REPONSE, [], request)
        if asyncio.iscoroutine(handled):
            await handled
    except KeyboardInterrupt:
        kernel.log.error("KeyboardInterrupt caught in kernel.")
    finally:
        kernel.post_handler_hook()
    sys.stdout.flush()
    sys.stderr.flush()
    session.send(SORTIE, "status", {"execution_state": "idle"}, parent=kernel.get_parent("shell"))
