"""One batch of the demonstration ministry, run once as an operator runs it, for every test that reads what it gives.

Two structures stand for all in CI: the smallest, whose groups are under the threshold, and one that is fuller.
`VIGIE_ESSAIS` not 0, the whole ministry: some ten minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from vigie.collecte import MinistereCharge, load_ministere
from vigie.paths import NOMINATIFS, params_dir

from tests import extraction

STRUCTURES = ("mission-appui",)
ENTIER = int(os.environ.get("VIGIE_ESSAIS", "0")) > 0


@dataclass(frozen=True)
class Publication:
    """`dossier`: what the batch wrote; `dit`: what it printed, on both outputs."""

    charge: MinistereCharge
    dossier: Path
    structures: tuple[str, ...]
    dit: str

    def fichiers(self, structure: str = "") -> Iterator[Path]:
        """Everything but what goes to the training service; of one structure if given."""
        for path in sorted((self.dossier / structure).rglob("*")):
            if path.is_file() and NOMINATIFS not in path.relative_to(self.dossier).parts:
                yield path

    def nominatifs(self) -> list[Path]:
        return [path for path in sorted(self.dossier.rglob(f"{NOMINATIFS}/**/*")) if path.is_file()]


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("publication")
    ministere = folder / "demonstration"
    shutil.copytree(
        params_dir() / "ministeres" / "demonstration", ministere, ignore=shutil.ignore_patterns("*.sqlite*")
    )
    charge = load_ministere(ministere)
    structures = tuple(charge.structures) if ENTIER else STRUCTURES
    command = [sys.executable, "-m", "vigie.cli", "batch", str(ministere), "--structures", ",".join(structures)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    done = subprocess.run(
        [*command, "--workers", "2", "--sortie", str(folder / "resultats")],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    campagne = folder / "resultats" / charge.ministere.id / charge.ministere.campagne
    return Publication(charge, campagne, structures, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def textes(publication: Publication) -> dict[Path, str]:
    """File → all that it says, for every file but those of the training service."""
    return {path: extraction.extract(path) for path in publication.fichiers()}
