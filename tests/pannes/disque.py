"""Small disks and disks that cannot be written, for tests: real file systems where root may mount them.

Without that right, a full disk is the largest size of a file (RLIMIT_FSIZE, refused by the system as a full disk is),
and a closed one a folder without the right to write, which binds every account but root's. Neither is ever skipped.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def may_mount() -> bool:
    """Whether this process may mount a file system."""
    if os.geteuid() != 0:
        return False
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


@contextmanager
def petit_disque(folder: Path, octets: int) -> Iterator[Path]:
    """A folder on a disk of that many bytes; or, where none can be mounted, files of that many bytes at most."""
    folder.mkdir(parents=True, exist_ok=True)
    if may_mount():
        with _mounted(folder, "-t", "tmpfs", "-o", f"size={octets}", "tmpfs"):
            yield folder
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def agrandir(folder: Path) -> None:
    """Room again on the small disk of `petit_disque`."""
    if may_mount():
        subprocess.run(["mount", "-o", "remount,size=256m", str(folder)], check=True)
    else:
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )


@contextmanager
def sans_ecriture(folder: Path) -> Iterator[Path]:
    """A folder whose content can be read and not written; by root too, where it may mount."""
    if may_mount():
        with _mounted(folder, "--bind", str(folder)):
            subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
            yield folder
        return
    assert os.geteuid() != 0, "root may write anywhere, and may not mount here: run this test under another account"
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        yield folder
    finally:
        folder.chmod(mode)


@contextmanager
def _mounted(folder: Path, *options: str) -> Iterator[None]:
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
