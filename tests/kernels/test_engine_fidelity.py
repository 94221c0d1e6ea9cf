"""The forked engine leaves the same notebook as papermill's own, case by case."""

from __future__ import annotations

import nbformat
import pytest

from .carnets import CAS, run, stripped


def reference(cells, path):
    """What papermill's own engine leaves; on a busy machine it may wait for ever for a lost message: asked again."""
    for _ in range(3):
        node, error = run(cells, None, path, execution_timeout=30)
        if error != "CellTimeoutError":
            break
    return node, error


@pytest.mark.parametrize("cas", CAS)
def test_the_forked_engine_leaves_the_same_notebook_as_papermill(cas, tmp_path):
    ours, our_error = run(CAS[cas], "vigie", tmp_path / "vigie.ipynb")
    stock, stock_error = reference(CAS[cas], tmp_path / "papermill.ipynb")
    assert our_error == stock_error
    assert nbformat.writes(stripped(ours)) == nbformat.writes(stripped(stock))


def test_a_loop_without_end_is_stopped_like_papermill_does(tmp_path):
    cells = ["print('avant')", "while True: pass"]
    ours, our_error = run(cells, "vigie", tmp_path / "vigie.ipynb", execution_timeout=1)
    stock, stock_error = run(cells, None, tmp_path / "papermill.ipynb", execution_timeout=1)
    assert our_error == stock_error == "CellTimeoutError"
    assert nbformat.writes(stripped(ours)) == nbformat.writes(stripped(stock))


@pytest.mark.parametrize("engine", ["vigie", None])
def test_a_notebook_that_quits_is_dead_a_moment_later(engine, tmp_path):
    cells = ["quit()", "import time\ntime.sleep(.5)", "print('jamais')"]
    node, error = run(cells, engine, tmp_path / "q.ipynb")
    assert error == "DeadKernelError"
    assert not node.cells[-1].outputs
