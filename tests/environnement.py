"""Writes environment.yml from pyproject.toml and requirements.lock: dependencies are declared once, locked once."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

RACINE = Path(__file__).parents[1]
CIBLE = RACINE / "environment.yml"
ENTETE = """\
# The versions of requirements.lock, for conda users: conda env create -f environment.yml
# Written by tests/environnement.py from pyproject.toml and requirements.lock; a test holds the three together.
"""


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(extra: str | None = None) -> list[str]:
    """Canonical names of the dependencies of pyproject.toml, with the version range kept aside."""
    project = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [canonical(re.match(r"[A-Za-z0-9._-]+", line).group()) for line in lines]


def locked() -> dict[str, list[tuple[str, str]]]:
    """Canonical name → [(version, marker)] of requirements.lock."""
    versions: dict[str, list[tuple[str, str]]] = {}
    for line in (RACINE / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(?: ; (.*?))? \\$", line):
            versions.setdefault(canonical(match.group(1)), []).append((match.group(2), match.group(3) or ""))
    return versions


def render() -> str:
    """The text of environment.yml. Everything but Python comes by pip, so that versions are exactly the lock's."""
    lines = []
    for name, versions in sorted(locked().items()):
        lines += [f'      - "{name}=={version}{f" ; {marker}" if marker else ""}"' for version, marker in versions]
    return "\n".join(
        [
            ENTETE + "name: vigie",
            "channels:",
            "  - conda-forge",
            "dependencies:",
            "  - python>=3.11,<3.14",
            "  - pip",
            "  - pip:",
            *lines,
            '      - "-e ."',
            "",
        ]
    )


if __name__ == "__main__":
    CIBLE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{CIBLE.name} écrit.\n")
