"""Errors said to a consultant, in French.

VigieError
├── EntreeInvalide          bad input: every anomaly found is reported at once; nothing is started or stored
│   ├── ReferentielInvalide     a file of params/referentiels/
│   ├── MinistereInvalide       a file of params/ministeres/<id>/
│   ├── ParametreInvalide       a parameter of a command or a notebook
│   └── ImportRefuse            a file of answers
└── Introuvable             a ministry, a structure or a file that does not exist

The command line turns each of them into exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Anomalie:
    """One thing to mend: what is wrong, where, what was read, what was expected, what to do."""

    quoi: str
    ou: str = ""
    valeur: str = ""
    attendu: str = ""
    que_faire: str = ""

    def __str__(self) -> str:
        lines = [f"{self.ou} : {self.quoi}" if self.ou else self.quoi]
        for label, text in (("lu", self.valeur), ("attendu", self.attendu), ("à faire", self.que_faire)):
            if text:
                lines.append(f"    {label} : {text}")
        return "\n".join(lines)


class VigieError(Exception):
    """Root of what Vigie says; anything else that escapes is a defect of Vigie."""

    exit_code = 2


class EntreeInvalide(VigieError):
    """Bad input. `anomalies` holds all that was found, in reading order."""

    titre = "Entrée invalide"

    def __init__(self, anomalies: Iterable[Anomalie]) -> None:
        self.anomalies: tuple[Anomalie, ...] = tuple(anomalies)
        nombre = len(self.anomalies)
        entete = f"{self.titre} : {nombre} anomalie{'s' if nombre > 1 else ''}."
        super().__init__("\n".join([entete, *(f"- {anomalie}" for anomalie in self.anomalies)]))


class ReferentielInvalide(EntreeInvalide):
    titre = "Référentiel invalide"


class MinistereInvalide(EntreeInvalide):
    titre = "Dossier de ministère invalide"


class ParametreInvalide(EntreeInvalide):
    titre = "Paramètre invalide"


class ImportRefuse(EntreeInvalide):
    titre = "Import refusé, rien n'a été enregistré"


class Introuvable(VigieError):
    """Something named does not exist; the message says what is available."""
