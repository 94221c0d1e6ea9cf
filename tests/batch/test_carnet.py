"""One notebook made ready and run as papermill does, whatever the engine, and without touching a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from vigie.batch.carnet import prepare, run
from vigie.batch.etapes import FORMULAIRE
from vigie.kernels import CELUI_DE_PAPERMILL, NOTRE

from .conftest import write_notebook

PARAMETRES = {"structure": "s'1\"", "campagne": "2026-é"}


def notebook(folder: Path, *cells: str) -> Path:
    path = folder / "3_essai.ipynb"
    write_notebook(path, list(cells), 'structure: str = ""\ncampagne: str = ""')
    node = nbformat.read(path, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell("1 / 0", metadata={"tags": [FORMULAIRE]}))
    nbformat.write(node, path)
    return path


def seen(node: Any) -> list[tuple[str, list[str]]]:
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    return [(cell.source, [str(one.get("text", one.get("ename"))) for one in cell.outputs]) for cell in cells]


@pytest.mark.parametrize("moteur", [NOTRE, CELUI_DE_PAPERMILL])
def test_it_gives_what_papermill_gives_forms_aside_and_leaves_the_file_as_it_was(tmp_path: Path, moteur: str) -> None:
    path = notebook(tmp_path, "print(structure, campagne)")
    before = path.read_bytes()
    node = prepare(path, PARAMETRES, moteur)
    run(node, moteur)
    assert path.read_bytes() == before
    stock = nbformat.read(path, as_version=4)
    stock.cells = stock.cells[:-1]
    nbformat.write(stock, tmp_path / "sans.ipynb")
    whole = papermill.execute_notebook(
        tmp_path / "sans.ipynb", tmp_path / "fait.ipynb", PARAMETRES, kernel_name="python3", progress_bar=False
    )
    assert seen(node) == seen(whole)
    assert seen(node)[-1] == ("print(structure, campagne)", ["s'1\" 2026-é\n"])
    assert node.metadata.papermill.parameters == whole.metadata.papermill.parameters == PARAMETRES
    assert str(tmp_path) not in nbformat.writes(node)


@pytest.mark.parametrize("moteur", [NOTRE, CELUI_DE_PAPERMILL])
def test_what_was_shown_before_a_cell_failed_is_in_the_notebook(tmp_path: Path, moteur: str) -> None:
    node = prepare(notebook(tmp_path, "print('avant')", "1 / 0", "print('jamais')"), PARAMETRES, moteur)
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        run(node, moteur)
    assert [outputs for _, outputs in seen(node)][-3:] == [["avant\n"], ["ZeroDivisionError"], []]
