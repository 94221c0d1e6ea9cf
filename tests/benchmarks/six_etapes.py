"""What the later steps cost: the six steps and every document of the demonstration against steps 1 to 3 alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from vigie.batch import run_batch

from .mesure import Mesure, alternate, ratio

TITRE = "Les six étapes et tous les documents du ministère de démonstration (2 processus)"
TOURS = 2
PREMIERES = ("maturite", "competences", "risques_ethique")


def run() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as name:

        def batch(place: str, etapes: tuple[str, ...] | None) -> Callable[[], None]:
            def go() -> None:
                bilan = run_batch(
                    "demonstration", etapes=etapes, workers=2, sortie=Path(name, place), force=True, progress=False
                )
                if bilan.echecs:
                    raise RuntimeError(f"{len(bilan.echecs)} carnets en échec : {bilan.echecs[0].erreur}")

            return go

        times = alternate({"trois": batch("trois", PREMIERES), "toutes": batch("toutes", None)}, TOURS)
    yield Mesure(
        "les six étapes, la vue du ministère et tous les documents",
        min(times["toutes"]),
        "s",
        "étapes 1 à 3 seules",
        ratio(times["trois"], times["toutes"]),
        "≥ 0,5",
    )
