"""The warm parent of the forms' kernels: one single-threaded process that has imported everything and forks on request.

A server has threads and an event loop, so it cannot fork safely itself; it asks this process. One connection a kernel,
packets of JSON on a unix socket:

    client → {"argv", "env", "cwd"} with the descriptors of its standard outputs
    parent → {"pid"}
    client → {"signal": number}   for the kernel's process group; not reaped yet, so the process number is still its own
    parent → {"exit": code}       once, when the kernel has ended
    end of the connection          ends the kernel and all it started

The end of the lifeline (a pipe held by whoever started the parent) ends everything.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from .forked import become_fresh, leave, repair_imports, why_not_fork

TAILLE = 1 << 18
"""Longest packet, in bytes: an environment and a command line."""


def send_packet(link: socket.socket, content: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    socket.send_fds(link, [json.dumps(content).encode()], descriptors)


def receive_packet(link: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """The next packet and its descriptors; None at the end of the connection."""
    try:
        data, descriptors, _, _ = socket.recv_fds(link, TAILLE, 2)
    except ConnectionResetError:
        return None, []
    return (json.loads(data) if data else None), descriptors


class Zygote:
    """The loop: accept, fork, signal, reap."""

    def __init__(self, listener: socket.socket, lifeline: int) -> None:
        self.listener = listener
        self.lifeline = lifeline
        self.kernels: dict[socket.socket, int] = {}
        self.orphans: set[int] = set()
        self.selector = selectors.DefaultSelector()
        self.wake, self.waker = os.pipe()

    def serve(self) -> None:
        """Until the lifeline closes."""
        for descriptor in (self.wake, self.waker):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.selector.register(self.wake, selectors.EVENT_READ, self._reap)
        self.selector.register(self.lifeline, selectors.EVENT_READ, self._end)
        while True:
            for key, _ in self.selector.select():
                key.data(key.fileobj)

    def _accept(self, _: Any) -> None:
        link, _address = self.listener.accept()
        self.selector.register(link, selectors.EVENT_READ, self._answer)

    def _answer(self, link: socket.socket) -> None:
        request, descriptors = receive_packet(link)
        if request is None:
            self._hang_up(link)
        elif "signal" in request:
            if link in self.kernels:
                _signal_group(self.kernels[link], request["signal"])
        else:
            self._fork(link, request, descriptors)

    def _fork(self, link: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
        pid = os.fork()
        if pid == 0:
            _be_kernel(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self.kernels[link] = pid
        send_packet(link, {"pid": pid})

    def _hang_up(self, link: socket.socket) -> None:
        pid = self.kernels.pop(link, None)
        if pid is not None:
            _signal_group(pid, signal.SIGKILL)
            self.orphans.add(pid)
        self.selector.unregister(link)
        link.close()

    def _reap(self, _: Any) -> None:
        with suppress(BlockingIOError):
            os.read(self.wake, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.orphans.discard(pid)
            for link, kernel in list(self.kernels.items()):
                if kernel == pid:
                    del self.kernels[link]
                    with suppress(OSError):
                        send_packet(link, {"exit": os.waitstatus_to_exitcode(status)})

    def _end(self, _: Any) -> None:
        for pid in {*self.kernels.values(), *self.orphans}:
            _signal_group(pid, signal.SIGKILL)
        os._exit(0)


def _signal_group(pid: int, number: int) -> None:
    """To the kernel's group, or to the kernel alone when it has not made its group yet."""
    with suppress(ProcessLookupError):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            os.kill(pid, number)


def _be_kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    """Never returns: the forked process becomes the kernel that was asked for."""
    code = 1
    try:
        for target, descriptor in zip((1, 2), descriptors, strict=False):
            os.dup2(descriptor, target)
        become_fresh({1, 2})
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
        sys.argv = ["ipykernel_launcher.py", *request["argv"]]
        _run_kernel(request["argv"])
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        with suppress(BaseException):
            os.write(2, traceback.format_exc().encode())
    finally:
        leave()
        os._exit(code)


def _run_kernel(argv: list[str]) -> None:
    from .warm_app import WarmKernelApp

    app = WarmKernelApp.instance()
    app.become(argv)
    app.start()
    # ipykernel's exit handlers may stop the output thread while the control thread still writes through it.
    if app.control_thread is not None:
        app.control_thread.join(timeout=2)


def main(path: str, lifeline: str, *modules: str) -> None:
    """Listen first, so that clients may connect while imports go on; then import, then serve."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(f"{path}.sourd")
    listener.listen(128)
    Path(f"{path}.sourd").rename(path)  # whoever sees the name finds someone listening
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # nobody debugs a form: the channel lets none in
    from .warm_app import WarmKernelApp

    app = WarmKernelApp.prepare()
    for name in modules:
        importlib.import_module(name)
    repair_imports(app.shell)
    gc.collect()
    gc.freeze()
    gc.disable()
    if reason := why_not_fork():
        sys.exit(f"Le processus parent des formulaires ne peut pas se dupliquer : {reason}.")
    Zygote(listener, int(lifeline)).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
