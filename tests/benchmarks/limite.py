"""The limit: what the cells call, called in a plain process, and the results written. No notebook, no kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat


def run_plain(notebook: Path, parametres: dict[str, str], sortie: Path) -> None:
    """Run the code of the cells with the parameters set, and write what each cell would show."""
    shown: list[Any] = []
    values: dict[str, Any] = {"__name__": "__main__", "display": lambda *views: shown.extend(map(_bundle, views))}
    for cell in nbformat.read(notebook, as_version=4).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "formulaire" in tags:
            continue
        if "parameters" in tags:
            exec(cell.source, values)
            values.update(parametres)
            continue
        *body, last = cell.source.strip().splitlines()
        exec("\n".join(body), values)
        try:
            result = eval(last, values)
        except SyntaxError:
            exec(last, values)
            continue
        if result is not None:
            shown.append(_bundle(result))
    sortie.write_text(json.dumps(shown, default=str), encoding="utf-8")


def _bundle(result: Any) -> Any:
    return result._repr_mimebundle_() if hasattr(result, "_repr_mimebundle_") else repr(result)
