"""From YAML files to frozen models, every anomaly of every file at once.

`read_model` reads one file against one model; ministry parameters use it too. A file that did not change since it was
last read in this process is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import Anomalie, ReferentielInvalide
from ..paths import params_dir, root
from .anomalies import close_match, describe_errors
from .base import Referentiel
from .yaml_strict import MAX_BYTES, Faute, UnreadableError, parse

M = TypeVar("M", bound=BaseModel)

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Lecture(Generic[M]):
    """What reading gave: `valeur` is None when there is any anomaly."""

    valeur: M | None
    anomalies: tuple[Anomalie, ...]
    empreinte: str


def read_model(path: Path, modele: type[M]) -> Lecture[M]:
    """Reads one YAML file against `modele`. Never raises for a fault of the file: see `anomalies`."""
    nom = shown_path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        anomalie = Anomalie(
            "le fichier n'existe pas" if absent else f"le fichier ne peut pas être lu ({error.strerror})",
            nom,
            attendu=f"un fichier « {path.name} »",
            que_faire="créez-le ou rétablissez-le" if absent else "vérifiez les droits d'accès au fichier",
        )
        return Lecture(None, (anomalie,), "")
    valeur, anomalies = _validate(data, modele)
    placed = tuple(replace(anomalie, ou=f"{nom}{anomalie.ou}") for anomalie in anomalies)
    return Lecture(valeur, placed, hashlib.sha256(data).hexdigest())


def read_referentiels(
    fichiers: dict[str, type[Referentiel]], dossiers: Sequence[Path] | None = None
) -> dict[str, Lecture[Referentiel]]:
    """Reads each file (stem → model) from the last folder that has it; the first folder must have them all.

    Raises ReferentielInvalide with the anomalies of every file, unknown files included.
    """
    places = [params_dir() / "referentiels"] if dossiers is None else list(dossiers)
    anomalies = [anomalie for place in places for anomalie in _unknown_files(place, fichiers)]
    lectures = {stem: read_model(_last_with(places, stem), modele) for stem, modele in fichiers.items()}
    anomalies += [anomalie for lecture in lectures.values() for anomalie in lecture.anomalies]
    if anomalies:
        raise ReferentielInvalide(anomalies)
    return lectures


def shown_path(path: Path) -> str:
    """A path as a consultant sees it: from the repository when it is inside."""
    full = path.resolve()
    return full.relative_to(root()).as_posix() if full.is_relative_to(root()) else str(path)


@lru_cache(maxsize=128)
def _validate(data: bytes, modele: type[M]) -> tuple[M | None, tuple[Anomalie, ...]]:
    """Value, or anomalies whose `ou` still lacks the file's name. Kept by content and model."""
    try:
        document = parse(data)
    except UnreadableError as refus:
        return None, (_from_fault(refus.faute),)
    anomalies = [_from_fault(faute) for faute in document.fautes]
    if document.valeur is None:
        vide = Anomalie("le fichier est vide", "", "", "des lignes « clé: valeur »", "rétablissez son contenu")
        return None, (*anomalies, vide)
    try:
        valeur = modele.model_validate(document.valeur)
    except ValidationError as error:
        anomalies += describe_errors(error, modele, lambda chemin: f", ligne {document.ligne(chemin)}", document.valeur)
    return (None, tuple(anomalies)) if anomalies else (valeur, ())


def _from_fault(faute: Faute) -> Anomalie:
    ou = f", ligne {faute.ligne}" if faute.ligne else ""
    return Anomalie(faute.quoi, ou, faute.valeur, faute.attendu, faute.que_faire)


def _last_with(dossiers: Sequence[Path], stem: str) -> Path:
    """The file that holds: the last folder's that has it, else the first folder's (whose absence is then reported)."""
    found = (dossier / f"{stem}.yaml" for dossier in reversed(dossiers))
    return next((path for path in found if path.is_file()), dossiers[0] / f"{stem}.yaml")


def _unknown_files(dossier: Path, fichiers: dict[str, type[Referentiel]]) -> list[Anomalie]:
    """A misnamed file would be silently ignored, hence refused."""
    if not dossier.is_dir():
        return [Anomalie("le dossier n'existe pas", shown_path(dossier), attendu="un dossier de référentiels")]
    noms = [f"{stem}.yaml" for stem in fichiers]
    inconnus = sorted(path for path in dossier.iterdir() if path.suffix in SUFFIXES and path.name not in noms)
    return [_unknown_file(path, noms) for path in inconnus]


def _unknown_file(path: Path, noms: list[str]) -> Anomalie:
    proche = close_match(path.name, noms)
    que_faire = f"renommez-le « {proche} » ?" if proche else "retirez-le de ce dossier"
    return Anomalie("fichier inconnu", shown_path(path), path.name, "l'un des fichiers " + ", ".join(noms), que_faire)
