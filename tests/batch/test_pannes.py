"""What befalls a batch from outside: a notebook that never ends, prints without measure or dies, a full or closed disk.

Each harms its own structure alone, is said in French in the report, the index and the manifest, and is made good by the
next run.
"""

from __future__ import annotations

import signal
import time

import psutil
import pytest
from vigie.cli import main
from vigie.errors import EcritureImpossible

from tests.pannes.disque import agrandir, petit_disque, sans_ecriture

from .conftest import launch, write_notebook
from .test_batch import OF_STRUCTURE, go, statuts, structures

BOUCLE = "while True:\n    pass"
SOURD = "while True:\n    try:\n        while True:\n            pass\n    except KeyboardInterrupt:\n        pass"
BAVARD = "for _ in range(100):\n    print('x' * 2**20, flush=True)"
MORT = "import os\nos.kill(os.getpid(), 9)"
GOURMAND = (
    "import psutil, resource\nlimite = psutil.Process().memory_info().vms + 2**28\n"
    "resource.setrlimit(resource.RLIMIT_AS, (limite, limite))\nb = bytearray(2**31)"
)


@pytest.mark.parametrize(
    ("faute", "delai", "dit"),
    [
        pytest.param(BOUCLE, 1, "n'était pas finie au bout de 1 s", id="boucle"),
        pytest.param(SOURD, 1, "n'était pas finie au bout de 1 s", id="sourd"),
        pytest.param(BAVARD, 60, "plus de 64 Mio de sorties", id="bavard"),
        pytest.param(MORT, 60, "mémoire insuffisante ou arrêt forcé", id="mort"),
        pytest.param(GOURMAND, 60, "MemoryError", id="gourmand"),
    ],
)
def test_a_notebook_that_has_to_be_stopped_harms_itself_alone_and_its_report_says_that_it_is_cut(
    ministere, carnets, tmp_path, faute, delai, dit
):
    noms = structures(ministere)
    cell = f"if structure == {noms[1]!r}:\n" + "\n".join("    " + line for line in faute.splitlines())
    write_notebook(carnets / "2_seconde.ipynb", ["print('avant')", cell, "print('jamais')"], OF_STRUCTURE)
    bilan = go(ministere, carnets, tmp_path / "r", delai_s=delai)
    (echec,) = bilan.echecs
    assert (echec.structure, echec.etape) == (noms[1], "seconde")
    assert dit in echec.erreur
    assert {line.statut for line in bilan.executions if line is not echec} == {"ok"}
    page = (bilan.folder / noms[1] / "seconde.html").read_text(encoding="utf-8")
    assert "Rapport incomplet." in page
    assert echec.reference in page
    assert "avant" in page
    assert "jamais" not in page
    assert len(page) < 2**20
    assert "KeyboardInterrupt" not in page
    assert dit.replace("'", "’") in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert echec.reference in (bilan.folder / "index.html").read_text(encoding="utf-8")


def test_a_structure_that_always_kills_its_process_is_said_and_takes_no_other_with_it(ministere, carnets, tmp_path):
    noms = structures(ministere)
    mort = f"import os, time\ntime.sleep(0.2)\nif structure == {noms[0]!r}:\n    os.kill(os.getppid(), 9)"
    write_notebook(carnets / "1_premiere.ipynb", [mort], OF_STRUCTURE)
    bilan = go(ministere, carnets, tmp_path / "r")
    assert {line.structure for line in bilan.echecs} == {noms[0]}
    assert all("mémoire insuffisante ou arrêt forcé" in line.erreur for line in bilan.echecs)
    assert {statut for (nom, _), statut in statuts(bilan.folder).items() if nom != noms[0]} == {"ok"}


def test_a_batch_that_is_interrupted_does_not_first_run_what_it_had_not_begun(ministere, carnets, tmp_path):
    faits = tmp_path / "faits"
    faits.mkdir()
    reprise = tmp_path / "reprise"
    lent = (
        f"import pathlib, time\npathlib.Path({str(faits)!r}, structure).touch()\n"
        f"while not pathlib.Path({str(reprise)!r}).exists():\n    time.sleep(0.02)"
    )
    write_notebook(carnets / "1_premiere.ipynb", [lent], OF_STRUCTURE)
    process = launch(ministere, carnets, tmp_path / "r", tmp_path)
    limite = time.monotonic() + 60
    while not list(faits.iterdir()):
        assert time.monotonic() < limite
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert any("KeyboardInterrupt" in line for line in process.stderr), "it ended without having been interrupted"
    reprise.touch()  # what runs may end once the batch knows
    process.communicate(timeout=30)
    assert len(list(faits.iterdir())) < len(structures(ministere))


def test_a_full_disk_is_said_leaves_nothing_half_written_and_the_next_run_completes(ministere, carnets, tmp_path):
    gros = "from IPython.display import HTML\nHTML('<p>' + structure * 400_000 + '</p>')"
    write_notebook(carnets / "2_seconde.ipynb", [gros], OF_STRUCTURE)
    sortie = tmp_path / "r"
    with petit_disque(sortie, 512 * 1024):
        process = launch(ministere, carnets, sortie, tmp_path)
        said = process.communicate(timeout=60)[1]
        said += "".join(path.read_text(encoding="utf-8") for path in sortie.rglob("manifeste.json"))
        assert "il n'y a plus de place sur le disque" in said
        assert not list(sortie.rglob("*.partiel*"))
        assert list(sortie.rglob("premiere.html"))
        for page in sortie.rglob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
        agrandir(sortie)
        bilan = go(ministere, carnets, sortie)
        assert bilan.exit_code == 0
        assert len(statuts(bilan.folder)) == 2 * len(structures(ministere)) + 1


def test_a_folder_that_cannot_be_written_is_refused_before_anything_starts(ministere, carnets, tmp_path, capsys):
    (tmp_path / "r").mkdir()
    with sans_ecriture(tmp_path / "r") as closed:
        with pytest.raises(EcritureImpossible, match="l'accès est refusé"):
            go(ministere, carnets, closed)
        assert main(["batch", str(ministere), "--sortie", str(closed)]) == 2
    printed = capsys.readouterr().err
    assert "l'accès est refusé" in printed
    assert "Traceback" not in printed
    assert not list((tmp_path / "r").iterdir())


def test_a_batch_killed_while_its_first_process_was_still_importing_leaves_none_running(ministere, carnets, tmp_path):
    process = launch(ministere, carnets, tmp_path / "r", tmp_path)
    limite = time.monotonic() + 60
    while not (famille := [one for one in psutil.Process(process.pid).children() if is_warm(one)]):
        assert time.monotonic() < limite
        time.sleep(0.005)
    process.kill()
    process.communicate()
    _, vivants = psutil.wait_procs(famille, timeout=5)
    assert not vivants


def test_a_batch_whose_first_process_is_killed_starts_another(ministere, carnets, tmp_path):
    process = launch(ministere, carnets, tmp_path / "r", tmp_path)
    limite = time.monotonic() + 60
    while not (famille := [one for one in psutil.Process(process.pid).children() if is_warm(one)]):
        assert time.monotonic() < limite
        time.sleep(0.005)
    famille[0].kill()
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 0, said
    (folder,) = (path.parent for path in (tmp_path / "r").rglob("manifeste.json"))
    assert set(statuts(folder).values()) == {"ok"}


def is_warm(process: psutil.Process) -> bool:
    try:
        return "forkserver" in " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
