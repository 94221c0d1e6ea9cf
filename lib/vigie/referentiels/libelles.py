"""French headers of result columns and labels of codes, for whatever shows a table."""

from __future__ import annotations

from .base import Referentiel


class Libelles(Referentiel):
    colonnes: dict[str, str]
    codes: dict[str, str]

    def colonne(self, nom: str) -> str:
        """Header of a result column; its name when the file does not give one."""
        return self.colonnes.get(nom, nom)

    def code(self, code: str) -> str:
        """Label of a code (etat, choix, statut…); the code itself when the file does not give one."""
        return self.codes.get(code, code)
