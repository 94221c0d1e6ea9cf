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
from collections.abc import Sequence
from typing import Any

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication
from traitlets.config import Config

from . import SANS_CAPTURE

SOCKETS = (
    "shell_stream", "control_stream", "debugpy_stream", "debug_shell_socket", "stdin_socket", "iopub_socket",
    "iopub_thread", "control_thread", "shell_channel_thread",
)  # fmt: skip
"""What a kernel is bound to after the fork."""
MODULES = ("IPython.core.logger", "faulthandler", "tornado.platform.asyncio", "zmq.utils.garbage")
"""Imported by ipykernel when first needed, which is in every child."""


class WarmKernel(IPythonKernel):
    """ipykernel's kernel, built without sockets; `instance` then binds the one there is to those it is given."""

    shell: Any

    @classmethod
    def instance(cls, *args: Any, **bound: Any) -> Any:
        if not cls.initialized():
            return super().instance(*args, **bound)
        kernel = super().instance()
        if bound:
            kernel.bind(**bound)
        return kernel

    def bind(self, **bound: Any) -> None:
        """Take these sockets in place of none, under a new identity. The session is the application's."""
        for name, value in bound.items():
            if name in SOCKETS:
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
        app.init_path()
        app.init_shell()
        app.init_extensions()
        app.shell._sys_modules_keys = set(sys.modules)
        return app

    def init_code(self) -> None:
        """The user's own start-up files. What ipykernel does besides is for its command line; the names of all modules
        are noted in the parent, since reading them again would copy every page that holds one."""
        self._run_startup_files()
        self._run_exec_lines()
        self._run_exec_files()
        self.shell.user_ns_hidden.update(self.shell.user_ns)

    def init_control(self, context: Any) -> None:
        """Without the thread that shares a kernel between several shells: a form has one."""
        super().init_control(context)
        self.shell_channel_thread = None

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
