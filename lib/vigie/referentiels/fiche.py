"""The DGAFP sheet: its ideas, its problématiques and its cross-cutting vigilance points."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import IdEcho, IdFiche, IdItem, IdRegle, IdRisque, IdVigilance, Modele, Referentiel

Partie = Literal["presentation", "P1", "P2", "P3", "vigilance", "exemples"]


class Problematique(Modele):
    id: Literal["P1", "P2", "P3"]
    libelle: str


class Idee(Modele):
    """One idea of the sheet, reworded. `note` warns about what the extracted text leaves uncertain."""

    id: IdFiche
    partie: Partie
    idee: str
    note: str = ""


class Fiche(Referentiel):
    titre: str
    source: str
    problematiques: tuple[Problematique, ...]
    idees: tuple[Idee, ...]


IdSignal = Literal[
    "regles",
    "risques",
    "echo",
    "positionnement",
    "regards",
    "socle",
    "douces",
    "avance",
    "equite",
    "pilotes",
    "exercices",
    "validations",
    "consultations",
    "externe",
]


class Signal(Modele):
    """What a step says beside the items, put as what it should be. `regles`, `risques` and `echo` hold for every point
    that cites some."""

    id: IdSignal
    libelle: str


class CotationVigilances(Modele):
    """Thresholds of the states: choices of the project, printed in the annex."""

    seuil_tenu: float
    seuil_absent: float
    part_connue_minimale: float = Field(ge=0, le=1)
    echo_seuil: float
    risque_niveau: int
    positionnement_minimal: float = Field(ge=0, le=1)


class Vigilance(Modele):
    """A cross-cutting point of the sheet, with where the diagnosis finds its evidence. `acteur`: role id."""

    id: IdVigilance
    libelle: str
    fiche: tuple[IdFiche, ...]
    items: tuple[IdItem, ...]
    risques: tuple[IdRisque, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    echo: tuple[IdEcho, ...] = ()
    signaux: tuple[IdSignal, ...] = ()
    acteur: str


class Vigilances(Referentiel):
    cotation: CotationVigilances
    signaux: tuple[Signal, ...]
    vigilances: tuple[Vigilance, ...]
