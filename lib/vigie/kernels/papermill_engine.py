"""The entry point `vigie` of papermill.engine.

papermill loads this module while it is itself being imported, so nothing here may import more of it than engines.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine


class VigieEngine(NBClientEngine):
    """Each notebook in a process forked from this one; papermill's own engine where that cannot be."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """As NBClientEngine, with `memory_limit` and `output_limit` (bytes) besides."""
        from .engine import run_forked, say_once, why_not

        reason = why_not(kernel_name, options)
        if not reason:
            return run_forked(nb_man, kernel_name, **options)
        say_once(reason)
        for ours in ("memory_limit", "output_limit"):
            options.pop(ours, None)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)
