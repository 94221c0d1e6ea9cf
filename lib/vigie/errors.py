"""Errors said to a consultant, in French.

VigieError
├── EntreeInvalide          bad input: every anomaly found is reported at once; nothing is started or stored
│   ├── ReferentielInvalide     a file of params/referentiels/
│   ├── MinistereInvalide       a file of params/ministeres/<id>/
│   ├── ParametreInvalide       a parameter of a command or a notebook
│   └── ImportRefuse            a file of answers
├── EcritureImpossible      the machine refuses: no room left, a folder that cannot be written
├── CarnetArrete            a notebook stopped from outside: time, memory, too much printed
└── Introuvable             a ministry, a structure or a file that does not exist

The command line turns each of them into exit code 2.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PLEIN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FERME = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


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

    @property
    def en_ligne(self) -> str:
        """The same in one line, for a list."""
        return " ; ".join(
            part for part in (f"{self.ou} : {self.quoi}" if self.ou else self.quoi, self.que_faire) if part
        )


_ORDERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text for a terminal: what was read may hold signs that a terminal obeys, or that reorder a line."""
    return _ORDERS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


class VigieError(Exception):
    """Root of what Vigie says; anything else that escapes is a defect of Vigie."""

    exit_code = 2


class EntreeInvalide(VigieError):
    """Bad input. `anomalies` holds all that was found, in reading order."""

    titre = "Entrée invalide"

    def __init__(self, anomalies: Iterable[Anomalie], suite: str = "") -> None:
        """`suite`: how to go on, when mending each anomaly is not the only way."""
        self.anomalies: tuple[Anomalie, ...] = tuple(anomalies)
        nombre = len(self.anomalies)
        entete = f"{self.titre} : {nombre} anomalie{'s' if nombre > 1 else ''}."
        super().__init__(
            "\n".join([entete, *(f"- {anomalie}" for anomalie in self.anomalies), *([suite] * bool(suite))])
        )


class ReferentielInvalide(EntreeInvalide):
    titre = "Référentiel invalide"


class MinistereInvalide(EntreeInvalide):
    titre = "Dossier de ministère invalide"


class ParametreInvalide(EntreeInvalide):
    titre = "Paramètre invalide"


class ImportRefuse(EntreeInvalide):
    titre = "Import refusé, rien n'a été enregistré"


class EcritureImpossible(VigieError):
    """The machine refuses a file or a folder, named without the folders above: reports may show it."""

    def __init__(self, error: OSError, path: Path | str = "") -> None:
        named = Path(error.filename) if isinstance(error.filename, str) else Path(path)
        if error.errno in PLEIN:
            quoi, que_faire = "il n'y a plus de place sur le disque", "libérez de la place"
        elif error.errno in FERME:
            quoi, que_faire = "l'accès est refusé", "vérifiez les droits sur ce dossier, ou choisissez-en un autre"
        else:
            quoi, que_faire = "le système refuse l'opération", "vérifiez le disque et le dossier"
        ou = "/".join(part for part in (named.parent.name, named.name) if part)
        que_faire += ", puis relancez la même commande : ce qui est terminé est conservé"
        self.anomalie = Anomalie(quoi, ou, error.strerror or str(error), que_faire=que_faire)
        super().__init__(str(self.anomalie))


class CarnetArrete(VigieError):
    """A notebook that its engine had to stop, or that something else stopped."""


class Introuvable(VigieError):
    """Something named does not exist; the message says what is available."""
