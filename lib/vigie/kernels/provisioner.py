"""A jupyter_client provisioner that asks the warm parent for a forked kernel; names of kernels stay as they are.

Chosen by JUPYTER_DEFAULT_PROVISIONER_NAME=vigie-fork. A command that is not this interpreter's plain ipykernel, or a
system without fork, goes to the stock launch.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from . import OPTIONS
from .zygote import receive_packet, send_packet

NOM = "vigie-fork"
VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
PRECHARGES = ("ipywidgets", "anywidget")
DEPART_S = 60.0


class WarmParent:
    """Starts a warm parent and holds its lifeline; it ends with this object or with this process."""

    def __init__(self, modules: Sequence[str] = PRECHARGES) -> None:
        self.folder = tempfile.mkdtemp(prefix="vigie-")
        self.path = str(Path(self.folder) / "parent")
        read, self._lifeline = os.pipe()
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        environment = {**os.environ, **single, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "vigie.kernels.zygote", self.path, str(read), *modules],
            pass_fds=[read],
            env=environment,
            start_new_session=True,
        )
        os.close(read)
        limit = time.monotonic() + DEPART_S
        while not Path(self.path).exists():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("le processus parent des formulaires n'a pas démarré")
            time.sleep(0.005)
        atexit.register(self.close)

    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        atexit.unregister(self.close)
        with suppress(OSError):
            os.close(self._lifeline)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class _Parent:
    """The warm parent of this process, started at the first kernel and again if it died."""

    current: WarmParent | None = None

    @classmethod
    def get(cls) -> WarmParent:
        if cls.current is None or not cls.current.alive():
            if cls.current is not None:
                cls.current.close()
            cls.current = WarmParent((*PRECHARGES, *os.environ.get("VIGIE_PRECHARGES", "").split()))
        return cls.current


def warm_up() -> None:
    """Start the warm parent now, where there may be one, rather than at the first kernel."""
    if sys.platform == "linux":
        _Parent.get()


class ForkedKernel:
    """Just enough of Popen for LocalProvisioner."""

    stdin = stdout = stderr = None

    def __init__(self, argv: list[str], env: dict[str, str], cwd: str) -> None:
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.link.connect(_Parent.get().path)
        send_packet(self.link, {"argv": argv, "env": env, "cwd": cwd}, (1, 2))
        answer, _ = receive_packet(self.link)
        if answer is None:
            raise RuntimeError("le processus parent des formulaires s'est arrêté")
        self.pid: int = answer["pid"]
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and self._has_ended(0):
            self._take_exit()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        if self.returncode is None:
            if not self._has_ended(timeout):
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            self._take_exit()
        return self.returncode

    async def exited(self, timeout: float | None) -> bool:
        """Wait for the end without polling; False past the timeout (seconds)."""
        if self.poll() is not None:
            return True
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        loop.add_reader(self.link.fileno(), lambda: None if ended.done() else ended.set_result(None))
        try:
            await asyncio.wait_for(ended, timeout)
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(self.link.fileno())
        self.poll()
        return True

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            send_packet(self.link, {"signal": int(number)})

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _has_ended(self, timeout: float | None) -> bool:
        """The parent says it through the link. Not by select(), which knows no file beyond the first 1,024."""
        watch = select.poll()
        watch.register(self.link, select.POLLIN)
        return bool(watch.poll(None if timeout is None else 1000 * timeout))

    def _take_exit(self) -> None:
        answer, _ = receive_packet(self.link)
        self.returncode = answer["exit"] if answer else -signal.SIGKILL
        self.link.close()


class ForkProvisioner(LocalProvisioner):
    """Registered as `vigie-fork` in jupyter_client.kernel_provisioners."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        if not _is_plain_kernel(cmd):
            return await super().launch_kernel(cmd, **options)
        argv = cmd[cmd.index("ipykernel_launcher") + 1 :]
        cwd = str(options.get("cwd") or Path.cwd())
        self.process = ForkedKernel(argv, dict(options.get("env") or os.environ), cwd)
        self.pid = self.process.pid
        self.pgid = None  # signals go through the parent, which knows whether the number is still the kernel's
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        process = self.process
        if not isinstance(process, ForkedKernel):
            return await super().wait()
        await process.exited(None)
        self.process = None
        return process.returncode

    async def shutdown_requested(self, restart: bool = False) -> None:
        if isinstance(self.process, ForkedKernel):
            await self.process.exited(2.0)

    async def kill(self, restart: bool = False) -> None:
        process = self.process
        await super().kill(restart=restart)
        if isinstance(process, ForkedKernel):
            await process.exited(1.0)


def _is_plain_kernel(command: list[str]) -> bool:
    if sys.platform != "linux" or "ipykernel_launcher" not in command:
        return False
    place = command.index("ipykernel_launcher")
    options = command[1:place]
    ours = Path(command[0]).resolve() == Path(sys.executable).resolve()
    plain = [option for option in options if not option.startswith("-X")] == ["-m"]
    asked = [word for word in command[place + 1 :] if word not in OPTIONS]
    return ours and plain and len(asked) == 2 and asked[0] == "-f"
