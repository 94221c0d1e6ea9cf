"""`--sortie` given as an address (object storage, FTP…): results are made in the local folder, then copied.

Notebooks need a file system that renames and locks, which object storage does not do; a copy at the end keeps every
promise of the batch, and only what changed since the last copy travels. The storages are those of fsspec.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fsspec

from ..atomic import write_json
from ..errors import Anomalie, ParametreInvalide

SUIVI = ".publie.json"
"""In the folder of a campagne: address → file → size and time of what was copied there."""
DERNIERS = ("index.html", "manifeste.json")
"""Copied last: what they name is then there."""


def is_address(sortie: str) -> bool:
    return "://" in sortie


def open_storage(address: str) -> tuple[Any, str]:
    """The storage and the folder in it, which exists when this returns. Raises ParametreInvalide."""
    try:
        storage, base = fsspec.core.url_to_fs(address)
        storage.makedirs(base, exist_ok=True)
    except (ValueError, ImportError) as error:
        raise _refused(address, str(error), "une adresse d'un type connu, dont le module est installé") from error
    except Exception as error:  # whatever a storage may answer: no such bucket, no right, no network
        raise _refused(
            address, f"{type(error).__name__} : {error}", "un stockage joignable et ouvert en écriture"
        ) from error
    return storage, base


def publish(folder: Path, address: str) -> int:
    """Copy what changed in `folder`, `<ministere>/<campagne>` of the results, under `address`; remove what is gone.

    Gives the number of files copied. Raises ParametreInvalide when the storage refuses; run again, it goes on.
    """
    storage, base = open_storage(address)
    target = "/".join([base.rstrip("/"), folder.parent.name, folder.name])
    tracking = _read(folder)
    before = tracking.get(address, {})
    now = {path.relative_to(folder).as_posix(): _state(path) for path in folder.rglob("*") if _is_result(path, folder)}
    changed = sorted(
        (name for name, state in now.items() if before.get(name) != state), key=lambda name: (name in DERNIERS, name)
    )
    done = {name: state for name, state in before.items() if name in now}
    try:
        for name in changed:
            storage.makedirs(f"{target}/{name}".rpartition("/")[0], exist_ok=True)
            storage.put_file(str(folder / name), f"{target}/{name}")
            done[name] = now[name]
        for name in before.keys() - now.keys():
            if storage.exists(f"{target}/{name}"):
                storage.rm_file(f"{target}/{name}")
    except Exception as error:
        raise _refused(
            address, f"{type(error).__name__} : {error}", "un stockage joignable et ouvert en écriture"
        ) from error
    finally:
        write_json(folder / SUIVI, {**tracking, address: done})
    return len(changed)


def _is_result(path: Path, folder: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)


def _state(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _read(folder: Path) -> dict[str, dict[str, list[int]]]:
    try:
        content = json.loads((folder / SUIVI).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _refused(address: str, lu: str, attendu: str) -> ParametreInvalide:
    return ParametreInvalide(
        [
            Anomalie(
                quoi=f"les résultats ne peuvent pas être déposés à cette adresse ({lu})",
                ou="--sortie",
                valeur=address,
                attendu=attendu,
                que_faire="corriger l'adresse ou les droits, puis relancer : seul ce qui manque sera fait",
            )
        ]
    )
