"""The whole demonstration, reports and documents included: the engine of the batch against the one of papermill."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from vigie.batch import run_batch
from vigie.kernels import CELUI_DE_PAPERMILL, NOTRE

from .mesure import Mesure, alternate, ratio

TITRE = "Le ministère de démonstration, en entier (2 processus)"
TOURS = 2


def run() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory() as name:

        def batch(moteur: str) -> Callable[[], None]:
            def go() -> None:
                bilan = run_batch(
                    "demonstration", moteur=moteur, workers=2, sortie=Path(name, moteur), force=True, progress=False
                )
                if bilan.echecs:
                    raise RuntimeError(f"{len(bilan.echecs)} carnets en échec : {bilan.echecs[0].erreur}")

            return go

        times = alternate({NOTRE: batch(NOTRE), CELUI_DE_PAPERMILL: batch(CELUI_DE_PAPERMILL)}, TOURS)
        nothing = alternate(
            {"rien": lambda: run_batch("demonstration", workers=2, sortie=Path(name, NOTRE), progress=False)}, TOURS
        )
    ours = min(times[NOTRE])
    rapport = ratio(times[CELUI_DE_PAPERMILL], times[NOTRE])
    yield Mesure("tout exécuter", ours, "s", "moteur de papermill", rapport)
    yield Mesure("rien n'a changé", min(nothing["rien"]), "s", "tout exécuter", ours / min(nothing["rien"]))
