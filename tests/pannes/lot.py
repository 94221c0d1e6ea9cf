"""Kill -9 of a batch of the kit's own notebooks, or of one of its processes, at a random moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from vigie.paths import root

from .morts import Bilan

ETAPES = "maturite,ministere"
FIN_S = 600


@dataclass(frozen=True)
class Lot:
    """A ministry (never changed: each trial has a copy) and a folder for its trials."""

    modele: Path
    folder: Path

    def launch(self, nom: str) -> subprocess.Popen[bytes]:
        folder = self.folder / nom
        if not folder.exists():
            shutil.copytree(self.modele, folder / "essai")
        command = [sys.executable, "-m", "vigie.cli", "batch", str(folder / "essai"), "--etapes", ETAPES]
        command += ["--workers", "2", "--sortie", str(folder / "resultats")]
        environment = {**os.environ, "CI": "true"}
        return subprocess.Popen(
            command, cwd=root(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def results(self, nom: str) -> dict[str, Any]:
        """What the batch made, without what says when and how long."""
        folder = self.folder / nom / "resultats"
        found: dict[str, Any] = {}
        for path in sorted(folder.rglob("resultats.json")):
            found[path.relative_to(folder).as_posix()] = json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html")):
            found[path.relative_to(folder).as_posix()] = len(path.read_text(encoding="utf-8"))
        (manifest,) = folder.rglob("manifeste.json")
        lines = json.loads(manifest.read_text(encoding="utf-8"))["executions"]
        found["manifeste"] = [(line["structure"], line["etape"], line["statut"] != "echec") for line in lines]
        return found


def serie(lot: Lot, nombre: int, hasard: random.Random) -> Bilan:
    """Kill `nombre` batches at work: two out of three whole, the third by one of its processes."""
    bilan = Bilan("lot, SQLite")
    start = time.perf_counter()
    assert lot.launch("calme").wait(FIN_S) == 0
    duree = time.perf_counter() - start
    attendu = lot.results("calme")
    rang = 0
    while bilan.tues < nombre:
        rang += 1
        nom = f"essai{rang}"
        process = lot.launch(nom)
        time.sleep(hasard.uniform(0, duree))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        if process.poll() is not None:
            bilan.trop_tard += 1
            duree *= 0.9
            continue
        bilan.tues += 1
        try:
            if family and rang % 3 == 0:
                _kill_one(family, hasard)
                assert process.wait(FIN_S) in (0, 1), "the batch did not come to its end"
            else:
                process.kill()
                process.wait(FIN_S)
            _gone(family)
            bilan.acquis += _whole(lot.folder / nom / "resultats")
            assert lot.launch(nom).wait(FIN_S) == 0, "the same command, run again, did not complete"
            assert not list((lot.folder / nom).rglob("*.partiel*"))
            assert lot.results(nom) == attendu
            shutil.rmtree(lot.folder / nom)
        except Exception as error:
            bilan.fautes.append(f"{nom} : {type(error).__name__} : {str(error)[:300]}")
    return bilan


def _kill_one(family: list[psutil.Process], hasard: random.Random) -> None:
    with suppress(ProcessLookupError):  # it may have just ended by itself
        os.kill(hasard.choice(family).pid, signal.SIGKILL)


def _gone(family: list[psutil.Process]) -> None:
    """No process of the batch outlives it."""
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE], "processes outlived the batch"


def _whole(folder: Path) -> int:
    """Nothing is half-written; gives the number of notebooks that the manifest says are done."""
    for path in folder.rglob("*.html"):
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path.name
    for path in folder.rglob("[!.]*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    for path in folder.rglob("[!.]*.ipynb"):
        nbformat.read(path, as_version=4)
    done = 0
    for manifest in folder.rglob("manifeste.json"):
        for line in json.loads(manifest.read_text(encoding="utf-8"))["executions"]:
            place = manifest.parent / (line["structure"] or "ministere")
            done += line["statut"] != "echec"
            if line["statut"] != "echec":
                assert (place / f"{line['etape']}.html").exists()
                assert line["etape"] in json.loads((place / "resultats.json").read_text(encoding="utf-8"))
    return done
