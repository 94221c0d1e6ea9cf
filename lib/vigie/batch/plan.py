"""What there is to run: every structure × step, and the hash of all that each depends on.

A step is run again when its parameters, the answers of its structure, the referentiels, the notebook or the library
changed, or when it failed or its files are missing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..collecte import MinistereCharge, Store, earlier_fingerprints
from ..errors import ParametreInvalide
from ..paths import root, templates_dir
from .etapes import Etape, unknown_name
from .execution import Job
from .manifest import Execution, Manifeste

FOLDER_MINISTERE = "ministere"


@dataclass(frozen=True)
class Plan:
    """Jobs to run and executions kept as they are."""

    jobs: tuple[Job, ...]
    gardees: tuple[Execution, ...]


@dataclass(frozen=True)
class Contexte:
    """What all jobs of one batch share."""

    charge: MinistereCharge
    campagne: str
    parametre_ministere: str
    """The value of the notebooks' `ministere` parameter: an id, or a folder."""
    sortie: Path
    """resultats/<ministere>/<campagne>"""
    delai_s: int
    moteur: str
    force: bool


def choose_structures(noms: Iterable[str] | None, charge: MinistereCharge) -> tuple[str, ...]:
    """Ids of the structures named, all when none is. Raises ParametreInvalide with every unknown one."""
    if noms is None:
        return tuple(charge.structures)
    demandes = list(dict.fromkeys(noms))
    anomalies = [
        unknown_name("structure", nom, charge.structures, "--structures")
        for nom in demandes
        if nom not in charge.structures
    ]
    if anomalies:
        raise ParametreInvalide(anomalies)
    return tuple(demandes)


def plan_structures(
    contexte: Contexte, structures: Iterable[str], etapes: Iterable[Etape], store: Store, avant: Manifeste
) -> Plan:
    """One job a structure, holding only the steps that must run; the largest first, lest it ends alone."""
    propres = [etape for etape in etapes if not etape.ministere]
    commun = _digest(library_fingerprint(), contexte.charge.referentiels.empreintes, contexte.moteur)
    commun = _digest(commun, contexte.charge.empreinte_formation)
    reponses = store.fingerprints(contexte.campagne)
    anterieures = earlier_fingerprints(contexte.charge, contexte.campagne, store)
    lignes = _rows_by_structure(contexte.charge)
    jobs, gardees = [], []
    for structure in structures:
        parametres = _parametres(contexte, structure)
        donnees = _digest(commun, parametres, contexte.charge.structures[structure].model_dump(mode="json"))
        donnees = _digest(donnees, lignes.get(structure, ""), contexte.charge.empreinte, anterieures.get(structure, []))
        folder = contexte.sortie / structure
        entrees = [
            (etape, _digest(donnees, notebook_fingerprint(etape.notebook), _answers_read(etape, reponses, structure)))
            for etape in propres
        ]
        a_faire, intactes = _split(contexte, avant, structure, folder, entrees)
        gardees += intactes
        if a_faire:
            jobs.append(_job(contexte, structure, folder, a_faire, parametres))
    effectifs = contexte.charge.agents["structure"].value_counts()
    jobs.sort(key=lambda job: -int(effectifs.get(job.structure, 0)))
    return Plan(tuple(jobs), tuple(gardees))


def plan_ministere(contexte: Contexte, etapes: Iterable[Etape], manifeste: Manifeste, avant: Manifeste) -> Plan:
    """The ministry's steps, which depend on how every structure's step ended."""
    folder = contexte.sortie / FOLDER_MINISTERE
    parametres = _parametres(contexte, None)
    etat = sorted(
        [line.structure, line.etape, line.entree, line.statut == "echec"]
        for line in manifeste.executions.values()
        if line.structure
    )
    commun = _digest(library_fingerprint(), contexte.charge.referentiels.empreintes, contexte.moteur, parametres, etat)
    commun = _digest(commun, sorted(contexte.charge.structures), contexte.charge.empreinte)
    entrees = [(etape, _digest(commun, notebook_fingerprint(etape.notebook))) for etape in etapes if etape.ministere]
    a_faire, gardees = _split(contexte, avant, "", folder, entrees)
    jobs = (_job(contexte, "", folder, a_faire, parametres),) if a_faire else ()
    return Plan(jobs, tuple(gardees))


def _answers_read(etape: Etape, reponses: Mapping[tuple[str, str], str], structure: str) -> list[tuple[str, str]]:
    """(etape, fingerprint) of the answers of a structure that a notebook reads."""
    return sorted(
        (nom, empreinte)
        for (de, nom), empreinte in reponses.items()
        if de == structure and (etape.reponses is None or nom in etape.reponses)
    )


def _parametres(contexte: Contexte, structure: str | None) -> dict[str, str]:
    parametres = {"ministere": contexte.parametre_ministere, "campagne": contexte.campagne}
    return parametres if structure is None else {**parametres, "structure": structure}


def _job(
    contexte: Contexte,
    structure: str,
    folder: Path,
    etapes: list[tuple[Etape, str]],
    parametres: Mapping[str, str],
) -> Job:
    return Job(
        structure=structure,
        etapes=tuple(etapes),
        parametres=parametres,
        folder=folder,
        delai_s=contexte.delai_s,
        moteur=contexte.moteur,
        environnement={**_own_environment(), "VIGIE_SORTIE": str(contexte.sortie.parents[1])},
    )


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("VIGIE_")}


def _split(
    contexte: Contexte, avant: Manifeste, structure: str, folder: Path, entrees: list[tuple[Etape, str]]
) -> tuple[list[tuple[Etape, str]], list[Execution]]:
    """Steps to run, and executions still good: same inputs, ended well, files present."""
    a_faire, intactes = [], []
    for etape, entree in entrees:
        ancienne = avant.get(structure, etape.id)
        if (
            not contexte.force
            and ancienne is not None
            and ancienne.entree == entree
            and ancienne.statut != "echec"
            and (folder / f"{etape.id}.html").exists()
            and (folder / "resultats.json").exists()
        ):
            intactes.append(Execution(structure, etape.id, "cache", ancienne.duree_s, entree))
        else:
            a_faire.append((etape, entree))
    return a_faire, intactes


def _rows_by_structure(charge: MinistereCharge) -> dict[str, str]:
    """Structure → hash of its rows in the ministry's frames."""
    hashes: dict[str, Any] = {}
    for frame in (charge.agents, charge.repondants, charge.cibles, charge.validations):
        for structure, rows in frame.groupby("structure", sort=False):
            digest = hashes.setdefault(str(structure), hashlib.sha256())
            digest.update(rows.to_csv(index=False).encode())
    return {structure: digest.hexdigest() for structure, digest in hashes.items()}


@lru_cache(maxsize=64)
def notebook_fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def library_fingerprint() -> str:
    """Hash of the library and the templates: what turns the same answers into the same report."""
    digest = hashlib.sha256()
    folders = (root() / "lib" / "vigie", templates_dir())
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        if path.suffix in {".py", ".j2", ".json", ".css", ".md", ".js"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
