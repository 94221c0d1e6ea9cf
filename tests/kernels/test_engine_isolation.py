"""What one notebook does stays in it: nothing reaches the next one, nor the process that runs them."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from .carnets import in_clean_process, run, run_here


def texte(node) -> str:
    return "".join(
        "".join(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
        for cell in node.cells
        for output in cell.get("outputs", [])
    )


def state() -> tuple:
    """What a notebook might have changed in the process that runs it."""
    return dict(os.environ), Path.cwd(), signal.getsignal(signal.SIGTERM), list(sys.path)


def memory() -> int:
    """Address space of the process that runs notebooks, in bytes."""
    return psutil.Process().memory_info().vms


def zombies() -> list[int]:
    children = psutil.Process().children()
    return [child.pid for child in children if child.status() == psutil.STATUS_ZOMBIE]


def test_variables_environment_signals_and_settings_do_not_leak(tmp_path):
    salir = (
        "import os, signal, sys, decimal, warnings, logging, random, matplotlib, pandas as pd\n"
        "SECRET = 1\nos.environ['VIGIE_FUITE'] = '1'\nos.chdir('/')\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsys.path.append('/fuite')\n"
        "decimal.getcontext().prec = 3\nwarnings.simplefilter('error')\nlogging.disable()\n"
        "pd.set_option('display.precision', 1)\nmatplotlib.rcParams['font.size'] = 33\nrandom.seed(1)"
    )
    voir = (
        "import os, signal, sys, decimal, warnings, logging, matplotlib, pandas as pd\n"
        "print('SECRET' in globals(), 'VIGIE_FUITE' in os.environ, os.getcwd() == '/',\n"
        "      signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, '/fuite' in sys.path,\n"
        "      decimal.getcontext().prec == 3, warnings.filters[0][0] == 'error', logging.root.manager.disable > 0,\n"
        "      pd.get_option('display.precision') == 1, matplotlib.rcParams['font.size'] == 33)"
    )
    run(["1"], "vigie", tmp_path / "chauffe.ipynb")
    avant = in_clean_process(state)
    _, error = run([salir], "vigie", tmp_path / "a.ipynb")
    assert error == ""
    node, error = run([voir], "vigie", tmp_path / "b.ipynb")
    assert error == ""
    assert texte(node).split() == ["False"] * 10
    assert in_clean_process(state) == avant


def test_each_notebook_draws_its_own_random_numbers(tmp_path):
    cells = ["import random, numpy as np\nprint(random.random(), np.random.random())"]
    tirages = {texte(run(cells, "vigie", tmp_path / "t.ipynb")[0]) for _ in range(4)}
    assert len(tirages) == 4


def run_holding(secret: Path, cells: list[str], path: Path) -> tuple[str, str]:
    """What the notebook says while its parent holds a file open, and what the parent then still reads there."""
    with secret.open(encoding="utf-8") as held:
        node, _ = run_here(cells, "vigie", path)
        return texte(node).strip(), held.read()


def test_no_descriptor_of_the_parent_can_be_used_by_a_notebook(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("à ne pas lire", encoding="utf-8")
    source = (
        "import os\nouverts = []\n"
        "for n in os.listdir('/proc/self/fd'):\n    try:\n"
        "        ouverts.append(os.readlink(f'/proc/self/fd/{n}'))\n    except OSError:\n        pass\n"
        "print(any('secret' in o for o in ouverts))"
    )
    assert in_clean_process(run_holding, secret, [source], tmp_path / "d.ipynb") == ("False", "à ne pas lire")


def test_a_notebook_that_ends_leaves_no_process_behind(tmp_path):
    cells = ["import subprocess\nprint(subprocess.Popen(['sleep', '300']).pid)"]
    node, _ = run(cells, "vigie", tmp_path / "p.ipynb")
    fils = int(texte(node))
    limit = time.monotonic() + 5
    while psutil.pid_exists(fils) and psutil.Process(fils).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert in_clean_process(zombies) == []


@pytest.mark.parametrize("mort", ["os._exit(3)", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 11)", "os.abort()"])
def test_a_notebook_that_dies_says_so_and_harms_nobody(mort, tmp_path):
    _, error = run([f"import os\n{mort}"], "vigie", tmp_path / "m.ipynb")
    assert error == "DeadKernelError"
    node, error = run(["print('vivant')"], "vigie", tmp_path / "n.ipynb")
    assert (texte(node).strip(), error) == ("vivant", "")


def test_a_memory_limit_stops_the_notebook_alone(tmp_path):
    # The address space already mapped by the parent counts in the limit.
    limite = in_clean_process(memory) + 300 * 2**20
    node, error = run(["b = bytearray(2 * 2**30)"], "vigie", tmp_path / "x.ipynb", memory_limit=limite)
    assert error.startswith("MemoryError")
    assert node.cells[-1].outputs[0].ename == "MemoryError"


def test_an_output_limit_stops_the_notebook_alone(tmp_path):
    cells = ["for _ in range(200):\n    print('x' * 2**20, flush=True)"]
    _, error = run(cells, "vigie", tmp_path / "o.ipynb", output_limit=8 * 2**20)
    assert error == "OutputLimitError"
    assert (tmp_path / "o.ipynb").stat().st_size < 12 * 2**20


def test_files_left_open_by_a_notebook_are_written_out(tmp_path):
    path = tmp_path / "reste.txt"
    run([f"f = open({str(path)!r}, 'w')\nf.write('tout')\nNone"], "vigie", tmp_path / "f.ipynb")
    assert path.read_text() == "tout"


def run_beside_a_thread(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Two notebooks run while a thread is alive: what they give, and what papermill's log says."""
    import logging
    import threading

    import papermill
    from papermill.log import logger

    from .carnets import notebook

    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    logger.addHandler(handler)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        given = []
        for number in range(2):
            path = folder / f"{number}.ipynb"
            node = papermill.execute_notebook(
                notebook(["print('même résultat')"]), str(path), engine_name="vigie", progress_bar=False
            )
            given.append(texte(node).strip())
        return given, messages
    finally:
        stop.set()
        thread.join()
        logger.removeHandler(handler)


def test_where_a_thread_already_runs_papermill_takes_over_and_says_so_once(tmp_path):
    given, messages = in_clean_process(run_beside_a_thread, tmp_path)
    assert given == ["même résultat", "même résultat"]
    assert sum("Moteur « vigie » indisponible" in message for message in messages) == 1
