"""The demonstration, copied so that its store and the results stay out of the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from vigie.paths import params_dir


@pytest.fixture(scope="session")
def ministere(tmp_path_factory) -> str:
    """The path of a copy of the demonstration ministry."""
    copie = tmp_path_factory.mktemp("ministeres") / "demonstration"
    originaux = shutil.ignore_patterns("*.sqlite*")
    shutil.copytree(params_dir() / "ministeres" / "demonstration", copie, ignore=originaux)
    return str(copie)


@pytest.fixture(scope="session")
def sortie(tmp_path_factory) -> Iterator[Path]:
    """Where the results go during the tests."""
    avant = os.environ.get("VIGIE_SORTIE")
    folder = tmp_path_factory.mktemp("resultats")
    os.environ["VIGIE_SORTIE"] = str(folder)
    yield folder
    if avant is None:
        del os.environ["VIGIE_SORTIE"]
    else:
        os.environ["VIGIE_SORTIE"] = avant
