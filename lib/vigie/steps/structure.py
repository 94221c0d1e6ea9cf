"""A step of one structure: it holds the Dossier."""

from __future__ import annotations

from typing import Self

from ..collecte import open_dossier
from ..dossier import Dossier
from .base import Etape


class EtapeStructure(Etape):
    """Base of the steps that diagnose one structure."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier.ministere, dossier.campagne, dossier.structure.nom, dossier.referentiels)
        self.dossier = dossier

    @classmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Self:
        return cls(open_dossier(ministere, structure, campagne))
