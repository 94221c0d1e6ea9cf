"""A kernel client that waits for the kernel's answer, not for the silence that jupyter_client waits for after it."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

RELANCE_S = 1.0


class PromptKernelClient(AsyncKernelClient):
    """Ready once kernel_info has been answered and its idle status seen: both channels are then known to work."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Raises RuntimeError when the kernel dies or does not answer within `timeout` seconds."""
        limit = time.monotonic() + (timeout or 3600)
        while True:
            reply = await self._ask()
            if reply is not None:
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > limit:
                raise RuntimeError("Kernel didn't respond in time")

    async def _ask(self) -> dict[str, Any] | None:
        """The reply to one kernel_info; None when it, or its idle status, did not come in time (ask again)."""
        msg_id = self.kernel_info()
        limit = time.monotonic() + RELANCE_S
        reply: dict[str, Any] | None = None
        while time.monotonic() < limit:
            try:
                if reply is None:
                    message = await self.shell_channel.get_msg(timeout=0.3)
                    if message["msg_type"] == "kernel_info_reply":
                        reply = message
                    continue
                message = await self.iopub_channel.get_msg(timeout=0.05)
            except Empty:
                if reply is not None:
                    return None
                continue
            idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
            if idle and message["parent_header"].get("msg_id") == msg_id:
                return reply
        return None

    _async_wait_for_ready = wait_for_ready
