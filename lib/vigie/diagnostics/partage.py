"""A diagnosis that several steps stand on is computed once for one dossier, and read by those that come after."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from ..dossier import Dossier
from ..referentiels import Referentiels

T = TypeVar("T")
GARDES = 2
"""Dossiers remembered by each diagnosis: the campagne in progress and the one before."""


def once_a_dossier(diagnose: Callable[[Dossier], T]) -> Callable[[Dossier], T]:
    """`diagnose` must read only what `Dossier.empreinte` covers, and nobody may change what it gives.

    The hash names the files of the referentiels: contents changed in memory, as a form does to show a part, are others.
    """
    kept: OrderedDict[str, tuple[Referentiels, T]] = OrderedDict()

    @wraps(diagnose)
    def remembered(dossier: Dossier) -> T:
        key = dossier.empreinte
        referentiels, found = kept.get(key, (None, None))
        if referentiels is dossier.referentiels:
            return cast(T, found)
        made = diagnose(dossier)
        kept[key] = dossier.referentiels, made
        kept.move_to_end(key)
        while len(kept) > GARDES:
            kept.popitem(last=False)
        return made

    return remembered
