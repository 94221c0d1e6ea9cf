"""manifeste.json: what was run, with what, and how it ended."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..atomic import write_text
from ..paths import root

FORMAT = 1
NOM = "manifeste.json"
PAQUETS = ("papermill", "nbclient", "nbconvert", "ipykernel", "pandas", "pydantic", "matplotlib", "sqlalchemy")
STATUTS = ("ok", "cache", "echec")


@dataclass(frozen=True)
class Execution:
    """One notebook for one structure ("" for the ministry). `entree`: hash of everything it depends on."""

    structure: str
    etape: str
    statut: str
    duree_s: float
    entree: str
    erreur: str = ""
    reference: str = ""
    """Number printed on the failed report, to quote to support."""

    @property
    def cle(self) -> tuple[str, str]:
        return self.structure, self.etape


@dataclass(frozen=True)
class Manifeste:
    """The manifest of one ministry and campagne; immutable, `merge` returns a copy."""

    entete: Mapping[str, Any]
    executions: Mapping[tuple[str, str], Execution]

    def merge(self, executions: Iterable[Execution]) -> Manifeste:
        return replace(self, executions={**self.executions, **{execution.cle: execution for execution in executions}})

    def get(self, structure: str, etape: str) -> Execution | None:
        return self.executions.get((structure, etape))

    def write(self, folder: Path) -> None:
        """One execution a line: json's indented writer would take, each second of a batch of 1,000 structures, a tenth
        of that second and ten megabytes."""
        bilan = {statut: sum(line.statut == statut for line in self.executions.values()) for statut in STATUTS}
        head = json.dumps({**self.entete, "bilan": bilan}, ensure_ascii=False, indent=1).removesuffix("\n}")
        lines = (json.dumps(vars(self.executions[cle]), ensure_ascii=False) for cle in sorted(self.executions))
        body = ",\n  ".join(lines)
        write_text(folder / NOM, f'{head},\n "executions": [\n  {body}\n ]\n}}\n')


def read_manifest(folder: Path) -> Manifeste:
    """The manifest of an earlier run; empty, and everything is then run, when there is none that this program reads."""
    path = folder / NOM
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return Manifeste({}, {})
        lines = [Execution(**line) for line in content.pop("executions")]
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Manifeste({}, {})
    content.pop("bilan", None)
    return Manifeste(content, {line.cle: line for line in lines})


def describe_run(ministere: Any, campagne: Any, referentiels: Any, moteur: str) -> dict[str, Any]:
    """Header of the manifest: versions, commit, referentiel versions and hashes."""
    return {
        "format": FORMAT,
        "ministere": ministere.id,
        "nom": ministere.nom,
        "fictif": ministere.fictif,
        "campagne": campagne.id,
        "date_reference": campagne.date_reference.isoformat(),
        "lance_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "vigie": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "moteur": moteur,
        "paquets": {name: _version(name) for name in PAQUETS},
        "referentiels": {
            name: {"version": referentiels.versions[name], "empreinte": referentiels.empreintes[name]}
            for name in referentiels.versions
        },
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """The commit of the house, « +modifié » when its files were changed; "" outside a repository."""
    try:
        found = subprocess.run(  # noqa: S603
            ["git", "-C", str(root()), "describe", "--always", "--dirty=+modifié", "--abbrev=12"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
