"""The kernel manager of the forms' server: private sockets, forked kernels, a client that does not wait in vain."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import DottedObjectName, Type

from .sockets import use_private_sockets

CLIENT = "vigie.kernels.ready.PromptKernelClient"


class VigieKernelManager(ServerKernelManager):
    """For `MappingKernelManager.kernel_manager_class`."""

    client_class = DottedObjectName(CLIENT)
    client_factory: Any = Type(klass="jupyter_client.KernelClient", default_value=CLIENT)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._folder = use_private_sockets(self)
