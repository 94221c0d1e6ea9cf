"""What the server is told, and the few numbers it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reglages:
    """`ministere`: its folder. `derriere`: behind a reverse proxy that says X-Forwarded-Proto and is the only way in.

    Delays are in seconds, sizes in bytes.
    """

    ministere: Path
    ip: str = "127.0.0.1"
    port: int = 8866
    derriere: bool = False
    sessions: int = 60
    """Kernels at once; beyond, a page asks to come back."""
    sessions_par_lien: int = 4
    """Kernels at once for one person."""
    departs: int = 4
    """Kernels that start at the same time; the others wait for their turn."""
    depart_s: float = 30
    """How long a visitor waits for a kernel before being told that the server is full."""
    fermeture_s: float = 2
    """A page that was closed: its kernel ends."""
    absence_s: float = 90
    """A page that no longer answers: its kernel ends."""
    inactivite_s: float = 3600
    """A page that says nothing: its kernel ends, nothing is lost."""
    entetes_s: float = 15
    """Time to send a request's headers."""
    rafale: int = 150
    """Messages a page may send at once: all that waits, when a connection is back."""
    debit: float = 10
    """Messages a second, beyond."""
    reessayer_s: int = 60
    """What a full server asks to wait."""
