"""Kernels that talk over unix sockets in a folder of their own.

TCP ports are picked by the manager and bound later by the kernel: two runs may get the same one. Unix sockets in a
private folder leave nothing to race for, and stay out of the network. Where the system has none, TCP is kept.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class PrivateSocketKernelManager(AsyncKernelManager):
    """An AsyncKernelManager whose sockets live in a temporary folder removed with the manager."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if sys.platform != "win32" and hasattr(socket, "AF_UNIX"):
            self._folder = tempfile.TemporaryDirectory(prefix="vigie-")
            self.transport = "ipc"
            self.ip = f"{self._folder.name}/k"
