"""The cockpit in a real JupyterLab: run every cell, press a button, find the file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from vigie.paths import notebooks_dir, params_dir

from tests.ports import free_port

ATTENTE_MS = 60_000
DEMARRAGE_S = 60


@pytest.fixture
def laboratoire(tmp_path: Path):
    """JupyterLab over a copy of the demonstration; gives its address."""
    originaux = shutil.ignore_patterns("*.sqlite*", "envois")
    shutil.copytree(params_dir() / "ministeres" / "demonstration", tmp_path / "demonstration", ignore=originaux)
    carnet = (notebooks_dir() / "0_accueil.ipynb").read_text(encoding="utf-8")
    (tmp_path / "0_accueil.ipynb").write_text(
        carnet.replace('\\"demonstration\\"', f'\\"{(tmp_path / "demonstration").as_posix()}\\"'), encoding="utf-8"
    )
    port = free_port()
    environ = {
        **os.environ,
        "VIGIE_SORTIE": str(tmp_path / "resultats"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "config"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "config"),
    }
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
    ]
    command = [sys.executable, "-m", "jupyter", "lab", *options, f"--ServerApp.root_dir={tmp_path}"]
    with (tmp_path / "journal").open("wb") as journal:
        processus = subprocess.Popen(command, env=environ, stdout=journal, stderr=journal)
    adresse = f"http://127.0.0.1:{port}"
    limite = time.monotonic() + DEMARRAGE_S
    while True:
        try:
            urllib.request.urlopen(f"{adresse}/api", timeout=1)  # noqa: S310 - our own address
            break
        except OSError:
            assert time.monotonic() < limite, (tmp_path / "journal").read_text(errors="replace")
            time.sleep(0.1)
    yield adresse
    processus.terminate()
    processus.wait(30)


def test_the_cockpit_runs_and_its_buttons_work_in_jupyterlab(laboratoire, tmp_path):
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = navigateur.new_page(viewport={"width": 1300, "height": 1000})
        page.goto(f"{laboratoire}/lab/tree/0_accueil.ipynb?reset")
        page.locator(".jp-Notebook .jp-Cell").first.click(timeout=ATTENTE_MS)
        page.locator(":text('| Idle'):visible").first.wait_for(timeout=ATTENTE_MS)
        page.locator(".lm-MenuBar-item", has_text="Run").first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        bouton = page.locator("button", has_text="Préparer les relances")
        bouton.wait_for(timeout=ATTENTE_MS)
        page.get_by_label("Structure", exact=True).first.select_option(label="Centre de services RH Nord (fictif)")
        bouton.click()
        dit = page.locator('.widget-html [role="status"]', has_text="à fusionner")
        dit.wait_for(timeout=ATTENTE_MS)
        assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        assert page.locator("table caption", has_text="Réponses par structure").count() == 1
        navigateur.close()
    (ecrit,) = (tmp_path / "demonstration" / "envois").iterdir()
    lignes = ecrit.read_text(encoding="utf-8-sig").splitlines()
    assert len(lignes) > 2
    assert all("csrh-nord" in ligne for ligne in lignes[1:])
