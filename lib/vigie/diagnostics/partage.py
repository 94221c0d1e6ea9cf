"""A diagnosis that several steps stand on is computed once for one dossier, and read by those that come after."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from ..dossier import Dossier

T = TypeVar("T")
GARDES = 2
"""Dossiers remembered by each diagnosis: the campagne in progress and the one before."""


def once_a_dossier(diagnose: Callable[[Dossier], T]) -> Callable[[Dossier], T]:
    """`diagnose` must read only what `Dossier.empreinte` covers, and nobody may change what it gives."""
    kept: OrderedDict[str, T] = OrderedDict()

    @wraps(diagnose)
    def remembered(dossier: Dossier) -> T:
        key = dossier.empreinte
        if key not in kept:
            kept[key] = diagnose(dossier)
            while len(kept) > GARDES:
                kept.popitem(last=False)
        return kept[key]

    return remembered
