"""A short series of kills, always the same; the long one, batches included, is `python -m tests.benchmarks morts`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .epreuves import Epreuve
from .morts import GENRES, serie

GRAINE = 6
TUES = {"import": 3, "formulaire": 3, "purge": 3, "restauration": 3}
"""Kills of each kind here, 2 of the others."""


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.nom)
def test_a_kill_loses_nothing_acknowledged_leaves_nothing_half_written_and_is_made_good(
    genre: type[Epreuve], tmp_path: Path
) -> None:
    bilan = serie(genre, TUES.get(genre.nom, 2), tmp_path, random.Random(GRAINE))  # noqa: S311
    assert bilan.fautes == []


def test_so_does_a_restoration_into_a_shared_base(tmp_path: Path, base_postgresql: str) -> None:
    restauration = next(genre for genre in GENRES if genre.nom == "restauration")
    bilan = serie(restauration, 3, tmp_path, random.Random(GRAINE), base_postgresql)  # noqa: S311
    assert bilan.fautes == []
