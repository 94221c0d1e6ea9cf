"""The diagnosis of a whole ministry: plan, run, manifest, index."""

from .run import Bilan, run_batch

__all__ = ["Bilan", "run_batch"]
