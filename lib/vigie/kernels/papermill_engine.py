"""The engines that Vigie gives papermill, by entry point: `vigie`, and `vigie-papermill`, papermill's own.

papermill loads this module while it is itself being imported, so nothing here may import more of it than engines and
translators.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine

from .parametres import register

register()


class KeepingEngine(NBClientEngine):
    """papermill's own engine, kept as it is: it knows neither limit of ours."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        for ours in ("memory_limit", "output_limit"):
            options.pop(ours, None)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


class VigieEngine(KeepingEngine):
    """Each notebook in a process forked from this one; papermill's own engine where that cannot be."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """As NBClientEngine, with `memory_limit` and `output_limit` (bytes) besides."""
        from .engine import run_forked, say_once, why_not

        reason = why_not(kernel_name, options)
        if not reason:
            return run_forked(nb_man, kernel_name, **options)
        say_once(reason)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)
