"""Messages over a socket between a forked notebook and the process that runs it: a length, then the bytes."""

from __future__ import annotations

import socket
import struct

LENGTH = struct.Struct("!Q")


def send_frame(link: socket.socket, data: bytes) -> None:
    link.sendall(LENGTH.pack(len(data)))
    link.sendall(data)


def receive_frame(link: socket.socket) -> bytes | None:
    """The next message, None when the other end is gone. Honours the socket's timeout (TimeoutError)."""
    head = _receive(link, LENGTH.size)
    return None if head is None else _receive(link, LENGTH.unpack(head)[0])


def _receive(link: socket.socket, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        try:
            part = link.recv(min(size, 1 << 20))
        except ConnectionResetError:
            return None
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
