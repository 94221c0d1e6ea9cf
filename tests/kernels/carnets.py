"""Small notebooks that tell one engine from another, and the notebook stripped of what changes between two runs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from ruamel.yaml import YAML
from vigie.kernels.forked import why_not_fork
from vigie.kernels.sockets import PrivateSocketKernelManager

CAS: dict[str, list[str]] = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml"))


def notebook(cells: list[str]) -> Any:
    """A notebook of these cells; a first line « #raises » or « #skip » becomes papermill's tag."""
    kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    node = nbformat.v4.new_notebook(metadata={"kernelspec": kernelspec})
    for number, source in enumerate(cells):
        tag = {"#raises": "raises-exception", "#skip": "skip-execution"}.get(source.partition("\n")[0])
        cell = nbformat.v4.new_code_cell(source, id=f"c{number}", metadata={"tags": [tag]} if tag else {})
        node.cells.append(cell)
    return node


@cache
def _clean_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def in_clean_process(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function where no test has started a thread: there only can a notebook be forked."""
    return _clean_process().submit(function, *arguments, **options).result()


def run(cells: list[str], engine: str | None, path: Any, **options: Any) -> tuple[Any, str]:
    """The notebook as the engine leaves it on disk, and the name of what it raised ("" if nothing)."""
    return in_clean_process(run_here, cells, engine, path, **options)


def run_here(cells: list[str], engine: str | None, path: Any, **options: Any) -> tuple[Any, str]:
    error = ""
    if engine == "vigie":
        assert why_not_fork() == ""
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # with it, ipykernel stops catching what programs print
    try:
        papermill.execute_notebook(
            notebook(cells),
            str(path),
            engine_name=engine,
            progress_bar=False,
            kernel_manager_class=PrivateSocketKernelManager,
            **options,
        )
    except PapermillExecutionError as raised:
        error = f"{raised.ename}: {raised.evalue}"
    except Exception as raised:
        error = type(raised).__name__
    return nbformat.read(path, as_version=4), error


def stripped(node: Any) -> Any:
    """What must be equal between two engines: everything but times, process numbers, addresses and random ids."""
    node = nbformat.from_dict(node)
    node.metadata.pop("papermill", None)
    for cell in node.cells:
        for where in (cell.metadata.get("papermill", {}), cell.metadata.get("execution", {})):
            for key in [key for key in where if key.endswith("time") or key in ("duration",) or "." in key]:
                where.pop(key)
    for number, cell in enumerate(node.cells):
        if {"papermill-error-cell-tag", "injected-parameters"} & set(cell.metadata.get("tags", [])):
            cell.id = f"papermill-{number}"
    widgets = node.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    kinds = sorted(widgets, key=lambda model: json.dumps([widgets[model]["model_name"], without_ids(widgets[model])]))
    text = nbformat.writes(node)
    text = re.sub(r"ipykernel_\d+", "ipykernel_N", text)
    text = re.sub(r"0x[0-9a-f]{8,}", "0xN", text)
    text = re.sub(r"<dc:date>[^<]*", "<dc:date>", text)
    for number, model in enumerate(kinds):
        text = text.replace(model, f"model-{number}")
    return nbformat.reads(re.sub(r"\b[0-9a-f]{32}\b", "id", text), as_version=4)


def without_ids(model: Any) -> str:
    return re.sub(r"[0-9a-f]{32}", "", json.dumps(model, sort_keys=True))
