"""One measure, how it is printed, and how it is kept."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

MESURES = Path(__file__).with_name("mesures.json")
"""Last measures kept, one entry a benchmark."""


@dataclass(frozen=True)
class Mesure:
    """A figure beside its reference. `ratio` > 1: faster, or smaller, than the reference; `vise` is the aim."""

    nom: str
    valeur: float
    unite: str
    reference: str = ""
    ratio: float | None = None
    vise: str = ""
    note: str = ""


def seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def alternate(functions: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each function, taken in turn A B A B… so that a drift of the machine touches all alike."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            times[name].append(seconds(function))
    return times


def ratio(slow: list[float], fast: list[float]) -> float:
    """Median over rounds of the ratio taken inside each round."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def show(titre: str, mesures: Iterable[Mesure]) -> None:
    """A table a reader can follow: figure, reference, ratio, aim."""
    lines = [("mesure", "valeur", "référence", "rapport", "visé", "note")]
    for mesure in mesures:
        rapport = "" if mesure.ratio is None else f"{mesure.ratio:.2f} ×"
        lines.append(
            (mesure.nom, f"{mesure.valeur:.4g} {mesure.unite}", mesure.reference, rapport, mesure.vise, mesure.note)
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    print(f"\n{titre}")
    for line in lines:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def keep(nom: str, mesures: Iterable[Mesure]) -> None:
    """Replace this benchmark's entry in mesures.json."""
    kept = json.loads(MESURES.read_text(encoding="utf-8")) if MESURES.exists() else {}
    kept[nom] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cœurs, Python {platform.python_version()}",
        "commit": subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
        ).stdout.strip(),
        "mesures": [asdict(mesure) for mesure in mesures],
    }
    MESURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
