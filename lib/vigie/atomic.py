"""Files that are whole or absent: what is written appears at once, whatever kills the program meanwhile."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from .errors import EcritureImpossible

try:
    import fcntl
except ImportError:  # Windows: no advisory lock; os.replace alone keeps files whole
    fcntl = None  # type: ignore[assignment]

PARTIEL = ".partiel"
"""Part of the hidden name of a file being written; a leftover is swept by `sweep`."""
ENSEMBLE = 8
"""Files given to the disk together."""


@contextmanager
def writing_file(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """A file to write, which becomes `path` in one move, on disk before the move, if nothing is raised meanwhile.

    `mode`: who may read it, from the start. Raises EcritureImpossible when the machine refuses.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PARTIEL)
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        if isinstance(error, OSError):
            raise EcritureImpossible(error, path) from error
        raise


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace `path` by `content` in one move. Raises EcritureImpossible when the machine refuses."""
    with writing_file(path, mode) as stream:
        stream.write(content)


def write_all(contents: Mapping[Path, bytes]) -> None:
    """`write_bytes` for each, together: a disk takes many files at once in the time of one or two.

    Raises EcritureImpossible when the machine refuses one; the others may then be written.
    """
    with ThreadPoolExecutor(ENSEMBLE) as threads:
        for _ in threads.map(write_bytes, contents, contents.values()):
            pass


def write_text(path: Path, content: str) -> None:
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any, *, indent: int | None = None) -> None:
    """Compact by default: json's indented writer is ten times slower, which results of a whole ministry feel."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=indent, allow_nan=False) + "\n")


def sweep(folder: Path) -> None:
    """Remove what an interrupted write left under `folder`."""
    for leftover in folder.rglob(f".*{PARTIEL}*"):
        with suppress(OSError):
            leftover.unlink()


@contextmanager
def locked(path: Path, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock named by `path`; yields False, at once, when `wait` is false and another holds it.

    Raises EcritureImpossible when the machine refuses the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a")
    except OSError as error:
        raise EcritureImpossible(error, path) from error
    with stream:
        if fcntl is None:
            yield True
            return
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(stream, fcntl.LOCK_UN)
