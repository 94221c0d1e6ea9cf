"""Results of the demonstration ministry and their documents, made once a test session."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from vigie.collecte import open_dossier
from vigie.diagnostics.resultat import Resultat
from vigie.dossier import Dossier
from vigie.rendering.livrables import Contexte, make_livrables
from vigie.rendering.livrables.gabarits import read_templates

from . import resultats_fictifs

STRUCTURES = ("csrh-nord", "scn-recrutement", "deleg-outre-mer")
"""A full one, one with a high-risk use, one that hardly answered."""


@cache
def dossier(structure: str) -> Dossier:
    return open_dossier("demonstration", structure)


@cache
def resultat(structure: str, etape: str) -> Any:
    """The invented plan holds the odd cases; the other structures have the real one."""
    if etape in resultats_fictifs.ETAPES and (structure == STRUCTURES[1] or etape != "plan_formation"):
        return resultats_fictifs.invented(etape)
    return import_module(f"vigie.diagnostics.{etape}").diagnose(dossier(structure))


@cache
def etapes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(gabarit.etape for gabarit in read_templates().values()))


@cache
def contexte(structure: str) -> Contexte:
    return Contexte.of(dossier(structure))


def make(structure: str, etape: str, folder: Path, done: Resultat | None = None) -> dict[str, Path]:
    """File name → path of the documents of one step."""
    made = make_livrables(done or resultat(structure, etape), contexte(structure), folder)
    return {path.relative_to(folder).as_posix(): path for path in made}
