"""Where the house's rooms are. The package is used from its repository (editable install) or from VIGIE_RACINE."""

from __future__ import annotations

import os
from pathlib import Path


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
