"""What the server is told, and the few numbers it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Debit:
    """`rafale`: how much at once; `par_seconde`: how much comes back."""

    rafale: int
    par_seconde: float


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
    part_anonyme: float = 0.5
    """Of the kernels, at most, for anonymous pages of one address: an anonymous link says nobody's name."""
    departs: int = 4
    """Kernels that start at the same time; the others wait for their turn."""
    depart_s: float = 30
    """How long a visitor waits for a kernel before being told that the server is full."""
    fermeture_s: float = 2
    """A page that was closed: its kernel ends."""
    arrivee_s: float = 20
    """A page that never spoke: its kernel ends."""
    absence_s: float = 90
    """A page that no longer answers: its kernel ends."""
    inactivite_s: float = 3600
    """A page that says nothing: its kernel ends, nothing is lost."""
    entetes_s: float = 15
    """Time to send a request's headers, then as much again for its body."""
    entetes_octets: int = 1 << 14
    corps_octets: int = 1 << 16
    lecture_s: float = 30
    """How long what was sent may wait to be read."""
    attente_octets: int = 1 << 21
    """How much may wait to be read: some twenty times a whole form."""
    connexions: int = 2000
    """Connections at once, beyond which a visitor is asked to come back."""
    connexions_par_adresse: int = 1000
    """Of one address, when no proxy stands before: a whole house may come from one."""
    refus: int = 50
    """Visitors asked to come back at once, beyond which one is not even heard."""
    refus_s: float = 2
    """Time to ask for the page that says so."""
    messages: Debit = Debit(150, 10)
    """Of a page: at once, all that waits when a connection is back."""
    pages_par_adresse: Debit = Debit(300, 10)
    """Links, homes and forms asked from one address; an anonymous link, which many share, is counted so too."""
    pages_par_lien: Debit = Debit(30, 0.5)
    """Homes and forms asked with one personal link."""
    suites: Debit = Debit(600, 40)
    """What a page then asks by itself with one link: its files, its channel again and again."""
    reessayer_s: int = 60
    """What a full server asks to wait."""
