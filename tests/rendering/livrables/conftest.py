"""The documents of the demonstration ministry, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import dossiers


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(structure, file name) → path, for every step that has templates."""
    found = {}
    for structure in dossiers.STRUCTURES:
        folder = tmp_path_factory.mktemp(structure)
        for etape in dossiers.etapes():
            for name, path in dossiers.make(structure, etape, folder).items():
                found[structure, name] = path
    return found
