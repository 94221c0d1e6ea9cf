"""One notebook made ready and run: papermill's own steps, each done once and none of them for nothing.

papermill.execute_notebook would write the notebook to hand it over, read it again, and write it at its end even when
no file is asked for: a quarter of the time of a notebook of the kit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..kernels.lean import skip_grammar_import

skip_grammar_import()
from papermill.engines import papermill_engines  # noqa: E402
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors  # noqa: E402
from papermill.iorw import load_notebook_node  # noqa: E402
from papermill.parameterize import parameterize_notebook  # noqa: E402

from .etapes import batch_cells  # noqa: E402


def prepare(notebook: Path, parametres: Mapping[str, str], moteur: str) -> Any:
    """The notebook as it runs in batch: parameters injected, cells of the form left out, no path of this machine."""
    node = load_notebook_node(str(notebook))
    node.cells = batch_cells(node)
    node = parameterize_notebook(node, dict(parametres), engine_name=moteur)
    return prepare_notebook_metadata(node, f"notebooks/{notebook.name}", notebook.name.partition("_")[2])


def run(node: Any, moteur: str, **options: Any) -> None:
    """Run a notebook made ready, in place: what it shows is in it even when this raises, as papermill does."""
    papermill_engines.execute_notebook_with_engine(
        moteur,
        node,
        kernel_name=papermill_engines.nb_kernel_name(moteur, node),
        progress_bar=False,
        autosave_cell_every=0,
        **options,
    )
    raise_for_execution_errors(node, None)
