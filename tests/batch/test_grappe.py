"""The batch on a Dask cluster of this machine: the same results, and a worker that dies costs nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from vigie.errors import ParametreInvalide

from .conftest import RACINE, write_notebook
from .test_batch import OF_STRUCTURE, go, statuts, structures


def start(*arguments: str, journal: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "False"}
    with journal.open("wb") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            cwd=RACINE,
            env=environment,
            stdout=stream,
            stderr=stream,
        )


def wait_for(condition, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture
def grappe(tmp_path):
    """An address, and two workers."""
    journal = tmp_path / "scheduler.log"
    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", journal=journal)]
    try:
        wait_for(lambda: b"Scheduler at:" in journal.read_bytes())
        address = re.search(rb"Scheduler at:\s+(tcp://\S+)", journal.read_bytes()).group(1).decode()
        for number in range(2):
            log = tmp_path / f"worker{number}.log"
            options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
            processes.append(start("worker", address, *options, journal=log))
            wait_for(lambda log=log: b"Registered to" in log.read_bytes())
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_results_as_this_machine(ministere, carnets, tmp_path, grappe):
    address, _ = grappe
    bilan = go(ministere, carnets, tmp_path / "r", scheduler=address)
    assert bilan.exit_code == 0
    assert statuts(bilan.folder) == {
        **{(nom, etape): "ok" for nom in structures(ministere) for etape in ("premiere", "seconde")},
        ("", "ensemble"): "ok",
    }


def test_a_worker_killed_mid_run_leaves_a_complete_batch_and_nothing_run_twice_to_its_end(
    ministere, carnets, tmp_path, grappe
):
    address, workers = grappe
    faits = tmp_path / "faits"
    faits.mkdir()
    lent = (
        "import pathlib, time, uuid\n"
        f"debut = pathlib.Path({str(faits)!r}, structure + '-' + uuid.uuid4().hex)\n"
        "debut.with_suffix('.debut').touch()\ntime.sleep(2)\ndebut.with_suffix('.fin').touch()"
    )
    write_notebook(carnets / "2_seconde.ipynb", [lent], OF_STRUCTURE)
    script = tmp_path / "lance.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom vigie.batch import run_batch\n"
        "if __name__ == '__main__':\n"
        "    bilan = run_batch(sys.argv[1], carnets=Path(sys.argv[2]), sortie=Path(sys.argv[3]),\n"
        "                      scheduler=sys.argv[4], progress=False)\n"
        "    sys.exit(bilan.exit_code)\n",
        encoding="utf-8",
    )
    batch = subprocess.Popen(
        [sys.executable, str(script), str(ministere), str(carnets), str(tmp_path / "r"), address], cwd=RACINE
    )
    wait_for(lambda: len(list(faits.glob("*.debut"))) >= 2, 120)
    famille = psutil.Process(workers[0].pid).children(recursive=True)
    os.kill(workers[0].pid, signal.SIGKILL)
    assert batch.wait(timeout=180) == 0
    psutil.wait_procs(famille, timeout=10)
    assert not [child for child in famille if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    manifestes = list((tmp_path / "r").rglob("manifeste.json"))
    assert set(statuts(manifestes[0].parent).values()) == {"ok"}
    fins = [path.stem.rsplit("-", 1)[0] for path in faits.glob("*.fin")]
    assert sorted(fins) == sorted(structures(ministere))


def test_a_scheduler_that_does_not_answer_is_said_in_french(ministere, carnets, tmp_path, monkeypatch):
    monkeypatch.setattr("vigie.batch.grappe.CONNEXION_S", 1)
    with pytest.raises(ParametreInvalide, match="ne répond pas"):
        go(ministere, carnets, tmp_path / "r", scheduler="tcp://127.0.0.1:9")
