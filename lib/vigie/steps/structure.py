"""A step of one structure: it holds the Dossier, and makes the documents of its Resultat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from ..collecte import load_ministere, open_dossier, open_store, results_file
from ..collecte.journal import note
from ..dossier import Dossier
from ..paths import NOMINATIFS
from ..rendering.livrables import Contexte, list_documents, make_livrables
from ..rendering.views import View
from .base import Etape

LIVRABLES = "livrables"


class EtapeStructure(Etape):
    """Base of the steps that diagnose one structure."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(dossier.ministere, dossier.campagne, dossier.structure.nom, dossier.referentiels)
        self.dossier = dossier
        self.lieu = dossier.ministere.id
        """The id or the folder by which the ministry was opened."""

    @classmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Self:
        opened = cls(open_dossier(ministere, structure, campagne))
        opened.lieu = ministere
        return opened

    @property
    def entree(self) -> str:
        return self.dossier.empreinte

    def save_livrables(self) -> View:
        """Write the documents of this step beside its results, whole; gives their list, with links."""
        start = results_file(self.ministere.id, self.campagne.id, self.dossier_resultats).parent
        contexte = Contexte.of(self.dossier)
        made = make_livrables(self.resultat, contexte, start / LIVRABLES, announce=self._note_lists)
        return list_documents(made, start)

    def _note_lists(self, paths: Sequence[Path]) -> None:
        """Before they are written: no list that names agents leaves without its entry in the audit log."""
        if named := [path.name for path in paths if NOMINATIFS in path.parts]:
            objet = f"campagne {self.campagne.id}, structure {self.dossier_resultats}, pour le service de formation"
            note(open_store(load_ministere(self.lieu)), "export", f"{objet}, listes nominatives {', '.join(named)}")
