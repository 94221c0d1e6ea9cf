"""The key that signs links: VIGIE_CLE, else a file beside the ministry that its owner alone may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from ..errors import Anomalie, ParametreInvalide

VARIABLE = "VIGIE_CLE"
VARIABLE_SSO = "VIGIE_SSO_CLE"
FICHIER = ".vigie-cle"
_SIGNES = 32
"""Fewest signs of a key: as many as 128 bits in hexadecimal."""
_PRIVE = 0o600


def read_key(chemin: Path) -> str:
    """The key of the ministry in that folder, made the first time. Raises ParametreInvalide on one that is not safe."""
    if given := os.environ.get(VARIABLE, "").strip():
        return _long_enough(given, f"variable d'environnement {VARIABLE}")
    path = chemin / FICHIER
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVE)
    except FileExistsError:
        return _long_enough(_private(path), FICHIER)
    except OSError as error:
        raise ParametreInvalide(
            [
                Anomalie(
                    "la clé des liens ne peut pas être créée",
                    str(path),
                    str(error.strerror),
                    "un dossier où Vigie peut écrire",
                    f"corrigez les droits du dossier, ou donnez la clé par {VARIABLE}",
                )
            ]
        ) from error
    made = secrets.token_hex(_SIGNES)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(made)
    return made


def read_proxy_key() -> str:
    """The key of the proxy that identifies people, "" when there is none. Raises ParametreInvalide on a short one."""
    given = os.environ.get(VARIABLE_SSO, "").strip()
    return _long_enough(given, f"variable d'environnement {VARIABLE_SSO}") if given else ""


def _private(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise ParametreInvalide(
            [
                Anomalie(
                    "la clé des liens peut être lue par d'autres",
                    str(path),
                    f"droits {mode:o}",
                    f"droits {_PRIVE:o}",
                    f"chmod 600 {path.name}, ou supprimez ce fichier : les liens déjà envoyés ne s'ouvriront plus",
                )
            ]
        )
    return path.read_text(encoding="ascii", errors="replace").strip()


def _long_enough(key: str, ou: str) -> str:
    if len(key) >= _SIGNES:
        return key
    que_faire = "donnez une suite de signes tirée au hasard"
    raise ParametreInvalide(
        [Anomalie("cette clé est trop courte", ou, f"{len(key)} signes", f"{_SIGNES} signes au moins", que_faire)]
    )
