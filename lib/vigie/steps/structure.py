"""A step of one structure: it holds the Dossier, and makes the documents of its Resultat."""

from __future__ import annotations

from typing import Self

from ..collecte import open_dossier, results_file
from ..dossier import Dossier
from ..rendering.livrables import Contexte, list_documents, make_livrables
from ..rendering.views import View
from .base import Etape

LIVRABLES = "livrables"


class EtapeStructure(Etape):
    """Base of the steps that diagnose one structure."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier.ministere, dossier.campagne, dossier.structure.nom, dossier.referentiels)
        self.dossier = dossier

    @classmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Self:
        return cls(open_dossier(ministere, structure, campagne))

    @property
    def entree(self) -> str:
        return self.dossier.empreinte

    def save_livrables(self) -> View:
        """Write the documents of this step beside its results, whole; gives their list, with links."""
        start = results_file(self.ministere.id, self.campagne.id, self.dossier_resultats).parent
        made = make_livrables(self.resultat, Contexte.of(self.dossier), start / LIVRABLES)
        return list_documents(made, start)
