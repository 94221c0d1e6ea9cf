"""Where the house's rooms are. The package is used from its repository (editable install) or from VIGIE_RACINE."""

from __future__ import annotations

import os
from pathlib import Path

NOMINATIFS = "service_formation"
"""Folder of the documents that name agents, under those of a structure: handed to the training service alone, and
deleted by a purge."""


def file_name(path: Path) -> str:
    """The name of a file as text that can be kept: a name may hold bytes that are no sign, or a line end."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in path.name)


def root() -> Path:
    """The repository: the folder that holds notebooks/, params/ and templates/."""
    return Path(os.environ.get("VIGIE_RACINE") or Path(__file__).parents[2]).resolve()


def notebooks_dir() -> Path:
    return root() / "notebooks"


def params_dir() -> Path:
    return root() / "params"


def templates_dir() -> Path:
    return root() / "templates"


def output_dir() -> Path:
    """Where results go: VIGIE_SORTIE, else resultats/ in the repository."""
    return Path(os.environ.get("VIGIE_SORTIE") or root() / "resultats").resolve()
