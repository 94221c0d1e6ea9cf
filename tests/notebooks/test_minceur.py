"""Notebooks tell; the library calculates. What stands here is read in the files, nothing is run."""

from __future__ import annotations

import ast
import json
import re

import nbformat
import pytest
from papermill.inspection import inspect_notebook
from vigie.paths import notebooks_dir

CARNETS = sorted(notebooks_dir().glob("*.ipynb"))
CODE_TAGS = {"parameters", "analyse", "formulaire"}
TEXT_TAGS = {"guide"}
PARAMETERS = ["ministere", "structure", "campagne"]
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try,
             ast.With, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)  # fmt: skip


@pytest.fixture(params=CARNETS, ids=[path.stem for path in CARNETS])
def carnet(request):
    return request.param


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def test_there_are_notebooks():
    assert CARNETS


def test_a_notebook_is_valid_and_its_cells_have_stable_names(carnet):
    node = nbformat.read(carnet, as_version=4)
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in node.cells]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]*", name) for name in ids), ids


def test_a_notebook_is_stripped_and_keeps_its_kernel(carnet):
    node = nbformat.read(carnet, as_version=4)
    assert node.metadata.kernelspec.name == "python3"
    assert "papermill" not in node.metadata
    for cell in cells(carnet, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert set(cell.metadata) <= {"tags"}


def test_a_notebook_is_short(carnet):
    """The form's own cell does not count: it is not in the report."""
    code = cells(carnet, "code")
    assert sum("formulaire" not in tags(cell) for cell in code) <= 15
    assert all(len(cell.source.splitlines()) <= 8 for cell in code)


def test_a_notebook_defines_loops_and_decides_nothing(carnet):
    for cell in cells(carnet, "code"):
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, FORBIDDEN)]
        assert found == [], cell.source


def test_a_notebook_holds_no_number_no_path_and_one_import(carnet):
    imports = []
    for cell in cells(carnet, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                imports.extend(name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                imports.append(node.module)
            elif isinstance(node, ast.Constant) and "parameters" not in tags(cell):
                assert isinstance(node.value, str), cell.source
                assert not re.search(r"[/\\]|\.(csv|json|yaml|xlsx)$", node.value), cell.source
    assert all(name.startswith("vigie.") for name in imports), imports


def test_only_known_tags_are_used(carnet):
    for cell in cells(carnet, "code"):
        assert len(tags(cell) & CODE_TAGS) == 1
        assert tags(cell) <= CODE_TAGS
    assert all(tags(cell) <= TEXT_TAGS for cell in cells(carnet, "markdown"))


def test_parameters_are_the_first_code_cell_typed_and_explained(carnet):
    first, *others = cells(carnet, "code")
    assert tags(first) == {"parameters"}
    assert all("parameters" not in tags(cell) for cell in others)
    found = inspect_notebook(str(carnet))
    assert list(found) == [name for name in PARAMETERS if name in found]
    assert "ministere" in found
    assert "campagne" in found
    for name, parameter in found.items():
        assert parameter["inferred_type_name"] == "str", name
        assert len(parameter["help"]) > 10, name
        assert isinstance(ast.literal_eval(parameter["default"]), str)


def test_a_notebook_reads_sentence_then_call(carnet):
    """No result comes without words before it, since the start or since the result before."""
    previous = "code"
    for cell in nbformat.read(carnet, as_version=4).cells:
        if cell.cell_type == "code" and "analyse" in tags(cell) and cell.id not in ("ouverture", "enregistrer"):
            assert previous == "markdown", cell.id
        previous = cell.cell_type


def test_a_notebook_opens_on_one_title_and_its_purpose(carnet):
    first, *others = cells(carnet, "markdown")
    assert re.match(r"# \d\. .+\n\n.+", first.source)
    assert all(not re.search(r"^# ", cell.source, re.M) for cell in others)


def test_the_guide_says_what_comes_before_during_and_after(carnet):
    guide = " ".join(cell.source for cell in cells(carnet, "markdown") if "guide" in tags(cell))
    for expected in ("Sa place dans la méthode", "Avant.", "Pendant.", "Après.", "Ce qu'il ne faut pas faire"):
        assert expected in guide, expected


def test_text_is_french_with_straight_apostrophes(carnet):
    """The rendering curls apostrophes and sets spaces; sources stay easy to type."""
    for cell in cells(carnet, "markdown"):
        assert not re.search("[\u2019\u00a0\u202f]", cell.source), cell.id


def test_the_file_is_written_the_way_git_likes_it(carnet):
    raw = carnet.read_text(encoding="utf-8")
    assert raw == json.dumps(json.loads(raw), ensure_ascii=False, indent=1) + "\n"
