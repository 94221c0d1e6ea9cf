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


def use_private_sockets(manager: Any) -> tempfile.TemporaryDirectory[str] | None:
    """Give `manager` sockets in a temporary folder, to be kept as long as the manager; None where there are none."""
    if sys.platform == "win32" or not hasattr(socket, "AF_UNIX"):
        return None
    folder = tempfile.TemporaryDirectory(prefix="vigie-")
    manager.transport = "ipc"
    manager.ip = f"{folder.name}/k"
    return folder


class PrivateSocketKernelManager(AsyncKernelManager):
    """An AsyncKernelManager whose sockets live in a temporary folder removed with the manager."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._folder = use_private_sockets(self)
