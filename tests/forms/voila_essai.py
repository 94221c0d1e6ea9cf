"""Stock Voilà around one form: a notebook of one cell, and the environment that says for whom it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import psutil
from vigie.forms.demande import Demande

from tests.ports import free_port

CELLULE = "from vigie.forms.ouverture import show_form\n\nshow_form('', '', '')"
DEMARRAGE_S = 60


class ServeurVoila:
    """One form served by Voilà; `tuer` does what a power cut does."""

    def __init__(self, dossier: Path, demande: Demande, cellule: str = CELLULE) -> None:
        self.dossier, self.demande = dossier, demande
        self.carnet = dossier / "formulaire.ipynb"
        nbformat.write(_carnet(cellule), self.carnet)
        self.port = free_port()
        self.processus: subprocess.Popen[bytes] | None = None

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    origine = adresse

    def lancer(self) -> None:
        environ = {
            **os.environ,
            "VIGIE_SEANCE": self.demande.to_json(),
            "VIGIE_SORTIE": str(self.dossier / "resultats"),
            "JUPYTER_RUNTIME_DIR": str(self.dossier / "runtime"),
        }
        commande = [sys.executable, "-m", "voila", str(self.carnet), f"--port={self.port}", "--no-browser"]
        journal = (self.dossier / "voila.log").open("ab")
        self.processus = subprocess.Popen(
            [*commande, "--Voila.ip=127.0.0.1"],
            env=environ, stdout=journal, stderr=journal, cwd=self.dossier,
        )  # fmt: skip
        limite = time.monotonic() + DEMARRAGE_S
        while time.monotonic() < limite:
            try:
                urllib.request.urlopen(f"{self.adresse}static/absent", timeout=1)  # noqa: S310 - our own address
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.dossier / "voila.log").read_text(errors="replace"))

    def noyaux(self) -> list[psutil.Process]:
        assert self.processus is not None
        enfants = psutil.Process(self.processus.pid).children(recursive=True)
        vivants = [enfant for enfant in enfants if enfant.status() != psutil.STATUS_ZOMBIE]
        return [enfant for enfant in vivants if "ipykernel" in " ".join(enfant.cmdline())]

    def tuer_les_noyaux(self) -> None:
        for noyau in self.noyaux():
            noyau.send_signal(signal.SIGKILL)

    def tuer(self) -> None:
        """The server and its kernels, without a word."""
        assert self.processus is not None
        noyaux = self.noyaux()
        self.processus.kill()
        for noyau in noyaux:
            if noyau.is_running():
                noyau.kill()
        self.processus.wait()


def _carnet(cellule: str) -> Any:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    carnet = nbformat.v4.new_notebook(metadata=metadata)
    carnet.cells = [nbformat.v4.new_markdown_cell("# Formulaire"), nbformat.v4.new_code_cell(cellule)]
    return carnet


@contextmanager
def servi(dossier: Path, demande: Demande) -> Iterator[ServeurVoila]:
    serveur = ServeurVoila(dossier, demande)
    serveur.lancer()
    try:
        yield serveur
    finally:
        serveur.tuer()
