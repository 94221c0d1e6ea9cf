"""How big a received file may be. Limits protect the machine; they say nothing about the content."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..errors import Anomalie, ParametreInvalide

MEGA = 1_000_000
VARIABLE = "VIGIE_IMPORT_MAX_MO"


@dataclass(frozen=True)
class Limites:
    """Sizes in bytes; rows, columns and characters of one sheet. A cell of a spreadsheet holds 32,767 characters."""

    octets: int = 20 * MEGA
    octets_decompresses: int = 200 * MEGA
    lignes: int = 200_000
    colonnes: int = 1_000
    cellules: int = 10 * MEGA
    """Empty ones too: one value in the last column of a sheet makes its row 16,384 cells long."""
    caracteres: int = 32_767

    @classmethod
    def from_environment(cls) -> Limites:
        """The defaults, or VIGIE_IMPORT_MAX_MO megabytes. Raises ParametreInvalide when that is not a whole number."""
        text = os.environ.get(VARIABLE, "").strip()
        if not text:
            return cls()
        if not text.isdecimal() or int(text) < 1:
            raise ParametreInvalide(
                [
                    Anomalie(
                        "la taille maximale d'un fichier importé n'est pas un nombre",
                        f"variable d'environnement {VARIABLE}",
                        text,
                        "un nombre entier de mégaoctets, par exemple 20",
                        "corrigez ou retirez cette variable",
                    )
                ]
            )
        octets = int(text) * MEGA
        return cls(octets=octets, octets_decompresses=10 * octets)
