"""Imported by the warm parent of the forms' kernels: all that a form needs, and the ministry's files read once.

A kernel that is forked reads them again only when one of them has changed (see collecte.load_ministere).
"""

from __future__ import annotations

import logging
import os

from ..collecte import load_ministere
from ..errors import VigieError
from . import ouverture, restitution
from .repetition import rehearse

JOURNAL = logging.getLogger("vigie.forms")
__all__ = ["ouverture", "restitution"]

try:
    if _ministere := os.environ.get("VIGIE_PRECHAUFFE", ""):
        rehearse(load_ministere(_ministere))
except VigieError:
    pass  # said by the form itself, to whoever opens it
except Exception:
    JOURNAL.warning("répétition des formulaires incomplète : chaque visite coûtera davantage", exc_info=True)
