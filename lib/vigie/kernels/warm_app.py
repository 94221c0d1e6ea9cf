"""ipykernel's application in two halves: what all kernels share is built before the fork, the rest by each child.

Building the shell (traits, magics, formatters) writes on most of IPython's pages; done once in the warm parent, those
pages stay shared. The child only gets what is its own: session key, sockets, threads, standard streams, identity.
"""

from __future__ import annotations

import atexit
import importlib
import os
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import zmq
from ipykernel.control import ControlThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel
from IPython.core.application import ENV_CONFIG_DIRS, SYSTEM_CONFIG_DIRS, BaseIPythonApplication
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from . import SANS_CAPTURE

ATTENTE_MS = 1000
"""How long ipykernel lets a closed socket say its last words."""
MODULES = ("IPython.core.logger", "faulthandler", "tornado.platform.asyncio", "zmq.utils.garbage")
"""Imported by ipykernel when first needed, which is in every child."""


class WarmKernel(IPythonKernel):
    """ipykernel's kernel, built without sockets."""

    shell: Any

    def start(self) -> None:
        """As ipykernel's, which complains that there is no debugger."""
        self.shell.exit_now = False
        Kernel.start(self)

    def bind(self, **sockets: Any) -> None:
        """Take these in place of none, under a new identity. The session is the application's."""
        for name, value in sockets.items():
            setattr(self, name, value)
        self.ident = str(uuid.uuid4())
        self._stdout, self._stderr = sys.stdout, sys.stderr
        self.shell.displayhook.topic = self._topic("execute_result")
        for publisher in (self.shell.displayhook, self.shell.display_pub):
            publisher.pub_socket = self.iopub_socket


class WarmKernelApp(IPKernelApp):
    """`prepare` in the parent, `become` in each child."""

    kernel: Any
    shell: Any
    profile_dir: Any
    demarrage = False
    """Does the user have start-up files? Looked up once, when the parent starts."""

    @classmethod
    def prepare(cls) -> WarmKernelApp:
        app: WarmKernelApp = cls.instance(kernel_class=WarmKernel)
        BaseIPythonApplication.initialize(app, [])
        app.config.merge(Config({"HistoryManager": {"hist_file": ":memory:"}}))
        app.init_pdb()
        for name in MODULES:
            importlib.import_module(name)
        for one in zmq.Socket.mro():  # first looked at, they change a class, hence all those under it
            getattr(one, "__annotations__", None)
        app.kernel = WarmKernel.instance(
            parent=app, session=app.session, log=app.log, profile_dir=app.profile_dir, user_ns=app.user_ns
        )
        app.log.setLevel(app.log_level)  # what would not be printed is not even made
        app.demarrage = any(_startup_files(app.profile_dir.startup_dir))
        isinstance(app.config, Mapping)  # asked of every environment: the answer stays
        app.init_path()
        app.init_shell()
        app.init_extensions()
        app.shell._sys_modules_keys = set(sys.modules)
        return app

    def init_code(self) -> None:
        """The user's own start-up files. What ipykernel does besides is for its command line; the names of all modules
        are noted in the parent, since reading them again would copy every page that holds one."""
        if self.demarrage or os.environ.get("PYTHONSTARTUP"):
            self._run_startup_files()
        self._run_exec_lines()
        self._run_exec_files()
        self.shell.user_ns_hidden.update(self.shell.user_ns)

    def init_control(self, context: Any) -> None:
        """The channel alone: nobody debugs a form, and no thread is needed to share its kernel between shells."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = ATTENTE_MS
        self.control_socket.router_handover = 1
        self._apply_curve_server_options(self.control_socket)
        self.control_port = self._bind_socket(self.control_socket, self.control_port)
        self.control_thread = ControlThread(daemon=True)

    def init_kernel(self) -> None:
        """Bind the kernel that is there to this process's sockets."""
        self.control_thread.start()
        self.kernel.bind(
            shell_stream=ZMQStream(self.shell_socket),
            control_stream=ZMQStream(self.control_socket, self.control_thread.io_loop),
            control_thread=self.control_thread,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            stdin_socket=self.stdin_socket,
        )
        self.kernel.record_ports({f"{name}_port": port for name, port in self._ports.items()})
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count

    def become(self, arguments: Sequence[str]) -> None:
        """The kernel of `-f FILE` and some of OPTIONS, in a forked process whose streams are its own."""
        self.connection_file = arguments[arguments.index("-f") + 1]
        self.capture_fd_output = SANS_CAPTURE not in arguments
        self.parent_handle = os.getppid()
        self.session.pid, self.session.session = os.getpid(), str(uuid.uuid4())
        self.init_connection_file()
        self.init_poller()
        self.init_sockets()
        self.init_heartbeat()
        self.write_connection_file()
        self.log_connection_info()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        atexit.register(self.shell.atexit_operations)
        self.init_gui_pylab()
        self.init_code()
        sys.stdout.flush()
        sys.stderr.flush()


def _startup_files(own: str) -> Iterator[Path]:
    """Where IPython looks for them."""
    for folder in (Path(own), *(Path(path, "startup") for path in (*ENV_CONFIG_DIRS, *SYSTEM_CONFIG_DIRS))):
        yield from (path for path in folder.glob("*") if path.suffix in (".py", ".ipy"))
