"""What an id is and where it is cited: the two shapes that every check of ids shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of id: what one is called, the file that declares it, the ids declared, in order."""

    libelle: str
    fichier: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Citation:
    """`porteur` (in `fichier`) cites `ids` of one kind under the key `cle`."""

    fichier: str
    porteur: str
    cle: str
    genre: str
    ids: tuple[str, ...]


def ids_of(entries: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(entry.id) for entry in entries)  # type: ignore[attr-defined]
