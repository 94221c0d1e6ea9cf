"""python -m tests.benchmarks [NOM…]: run the benchmarks named, all when none is; print tables, keep mesures.json."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from .mesure import keep, show

ICI = Path(__file__).parent
SUPPORT = {"__init__", "__main__", "mesure", "limite", "formulaires_clients"}


def main(noms: list[str]) -> None:
    connus = sorted(path.stem for path in ICI.glob("*.py") if path.stem not in SUPPORT)
    for nom in noms or connus:
        if nom not in connus:
            sys.exit(f"Mesure inconnue : {nom}. Choisir parmi {', '.join(connus)}.")
        module = importlib.import_module(f"tests.benchmarks.{nom}")
        mesures = list(module.run())
        show(module.TITRE, mesures)
        keep(nom, mesures)


if __name__ == "__main__":
    main(sys.argv[1:])
