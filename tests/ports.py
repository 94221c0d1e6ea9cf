"""A port for a server of the tests, which no other process can be given between its choice and its use."""

from __future__ import annotations

import random
import socket

PORTS = range(20_000, 32_000)
"""Below those that a system gives to whoever asks for any: the kernels of other tests take theirs from there."""
ESSAIS = 100


def free_port() -> int:
    """Drawn at random, for tests run side by side. Raises RuntimeError when none is found."""
    drawn = random.SystemRandom().sample(PORTS, ESSAIS)
    for port in drawn:
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"aucun port libre parmi {ESSAIS}")
