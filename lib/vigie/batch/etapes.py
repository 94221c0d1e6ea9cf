"""The steps a batch runs are the notebooks it finds: `<n>_<etape>.ipynb`, in the order of n.

A notebook without a `structure` parameter is about the whole ministry and runs after all structures. `0_…` is the
cockpit of a consultant, not a step of a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import Anomalie, ParametreInvalide
from ..kernels.lean import skip_grammar_import
from ..paths import notebooks_dir

skip_grammar_import()
import nbformat  # noqa: E402
from papermill.inspection import inspect_notebook  # noqa: E402

IMPORT = re.compile(r"^(?:from|import) (vigie[\w.]*)", re.M)
NOM = re.compile(r"^[1-9]_([a-z_]+)\.ipynb$")
FORMULAIRE = "formulaire"
"""Tag of the cells that are for people who answer."""


@dataclass(frozen=True)
class Etape:
    """One notebook of the batch."""

    id: str
    notebook: Path

    @cached_property
    def parametres(self) -> dict[str, dict[str, str]]:
        """Parameter name → what papermill reads of its type, default and help."""
        return dict(inspect_notebook(str(self.notebook)))

    @property
    def ministere(self) -> bool:
        """True when the notebook is about the ministry as a whole."""
        return "structure" not in self.parametres

    @cached_property
    def reponses(self) -> frozenset[str] | None:
        """Etapes whose answers the notebook reads (its metadata `vigie.reponses`); None = all of them."""
        declared = nbformat.read(self.notebook, as_version=4).metadata.get("vigie", {}).get("reponses")
        return None if declared is None else frozenset(declared)

    @cached_property
    def modules(self) -> frozenset[str]:
        """Modules of Vigie that the notebook's cells import: worth having ready before it runs."""
        cells = [cell.source for cell in self.read().cells if cell.cell_type == "code"]
        return frozenset(name for source in cells for name in IMPORT.findall(source))

    def read(self) -> Any:
        """The notebook as it runs in batch: the cells of the form are left out."""
        node = nbformat.read(self.notebook, as_version=4)
        node.cells = batch_cells(node)
        return node

    def check(self, parametres: Mapping[str, Any]) -> list[Anomalie]:
        """Names and types of parameters, before any kernel: papermill writes names unescaped, so they are code."""
        anomalies = []
        for name, value in parametres.items():
            if name not in self.parametres:
                anomalies.append(
                    Anomalie(
                        quoi=f"paramètre inconnu « {name} »",
                        ou=self.notebook.name,
                        attendu=", ".join(self.parametres),
                        que_faire="retirer ce paramètre ou corriger son nom",
                    )
                )
            elif not isinstance(value, str | int | float | bool):
                anomalies.append(
                    Anomalie(
                        quoi=f"valeur de paramètre non admise pour « {name} »",
                        ou=self.notebook.name,
                        valeur=repr(value),
                        attendu="un texte, un nombre ou oui/non",
                        que_faire="écrire la valeur en clair (une date s'écrit AAAA-MM-JJ)",
                    )
                )
        return anomalies


def batch_cells(node: Any) -> list[Any]:
    """The cells of a notebook that run in batch: those of the form are left out."""
    return [cell for cell in node.cells if FORMULAIRE not in cell.metadata.get("tags", [])]


def list_etapes(folder: Path | None = None) -> tuple[Etape, ...]:
    """The steps found, those of structures first, then those of the ministry, in the order of their numbers."""
    found = [
        Etape(match.group(1), path)
        for path in sorted((folder or notebooks_dir()).glob("*.ipynb"))
        if (match := NOM.match(path.name))
    ]
    return tuple(sorted(found, key=lambda etape: etape.ministere))


def choose_etapes(noms: Iterable[str] | None, disponibles: tuple[Etape, ...]) -> tuple[Etape, ...]:
    """The steps named, in the order they run; all when none is named.

    Raises ParametreInvalide with every unknown name.
    """
    if noms is None:
        return disponibles
    demandes = list(noms)
    connus = {etape.id for etape in disponibles}
    anomalies = [unknown_name("étape", nom, connus, "--etapes") for nom in demandes if nom not in connus]
    if anomalies:
        raise ParametreInvalide(anomalies)
    return tuple(etape for etape in disponibles if etape.id in demandes)


def unknown_name(quoi: str, nom: str, connus: Iterable[str], ou: str) -> Anomalie:
    """The anomaly of a name that is not in a list, with the nearest one."""
    liste = sorted(connus)
    proche = get_close_matches(nom, liste, n=1)
    return Anomalie(
        quoi=f"{quoi} inconnue",
        ou=ou,
        valeur=nom,
        attendu=", ".join(liste),
        que_faire=f"vouliez-vous dire « {proche[0]} » ?" if proche else "choisir dans la liste",
    )
