"""Imported once by the process from which a batch's workers are forked: what they all need is then shared.

The modules that notebooks import are named by VIGIE_PRECHARGES, because a batch knows notebooks, not steps; one that
has a `warm_up` gets it called.
"""

from __future__ import annotations

import importlib
import os

from ..kernels.engine import tell_imports, warm_up
from ..referentiels import load_referentiels
from . import execution as execution
from .pool import PRECHARGES, live_with_parent

live_with_parent()
load_referentiels()
for _name in os.environ.get(PRECHARGES, "").split():
    _module = importlib.import_module(_name)
    getattr(_module, "warm_up", lambda: None)()
tell_imports()
warm_up()
