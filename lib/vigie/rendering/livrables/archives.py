"""ZIP archives that are the same byte for byte whenever they hold the same files: fixed order, date and rights."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

INSTANT = (1980, 1, 1, 0, 0, 0)
FIRST = ("mimetype", "[Content_Types].xml")
"""Readers of ODT and DOCX expect these first; the mimetype is stored as it is."""


def pack(files: Mapping[str, str | bytes]) -> bytes:
    """Path in the archive → content, in the order of the mapping once FIRST is served."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
            entry = zipfile.ZipInfo(name, INSTANT)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name], compresslevel=6)
    return buffer.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}
