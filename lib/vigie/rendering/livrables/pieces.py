"""What a document is made of, once prepared from a Resultat: values for its template, drawings, sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..charts import Chart
from .classeurs import Feuille
from .contexte import Contexte


@dataclass(frozen=True)
class Piece:
    """One document. `suffixe` tells apart the documents of one template (one sheet a request)."""

    donnees: Mapping[str, Any]
    dessins: Mapping[str, Chart] = field(default_factory=dict)
    feuilles: Sequence[Feuille] = ()
    suffixe: str = ""
    titre: str = ""
    """Replaces the title of the template when given."""
    soustitre: str = ""


Preparation = Callable[[Any, Contexte], Iterable[Piece]]
"""Resultat, Contexte → the documents of one template. It chooses, sorts and labels; it calculates nothing."""
