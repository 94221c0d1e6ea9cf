"""Names of a notebook's parameters, which papermill writes in a cell as they come: anything but a name would be code.

Values need nothing: papermill escapes them. Our translator takes the place of papermill's own as soon as papermill is
imported, so that a notebook run by hand is held to the same rule as one run by a batch.
"""

from __future__ import annotations

import keyword
from typing import Any

from papermill.translators import PythonTranslator, papermill_translators

from ..errors import Anomalie, ParametreInvalide

LANGAGE = "python"


class NamedTranslator(PythonTranslator):
    """papermill's own, for names that are names."""

    @classmethod
    def codify(cls, parameters: dict[str, Any], comment: str = "Parameters") -> str:
        """The source of the cell that papermill adds. Raises ParametreInvalide with every name that is none."""
        anomalies = [_refused(str(name)) for name in parameters if not is_name(str(name))]
        if anomalies:
            raise ParametreInvalide(anomalies)
        return str(super().codify(parameters, comment))


def is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def register() -> None:
    papermill_translators.register(LANGAGE, NamedTranslator)


def _refused(name: str) -> Anomalie:
    attendu = "un nom fait de lettres, de chiffres et de « _ », comme structure"
    return Anomalie(
        "ce nom de paramètre n'est pas admis", "papermill", name, attendu, "corrigez le nom qui suit « -p »"
    )
