"""The DGAFP sheet: its ideas, its problématiques and its cross-cutting vigilance points."""

from __future__ import annotations

from typing import Literal

from .base import IdFiche, IdItem, IdRegle, IdRisque, IdVigilance, Modele, Referentiel

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


class Vigilance(Modele):
    """A cross-cutting point of the sheet, with where the diagnosis finds its evidence."""

    id: IdVigilance
    libelle: str
    fiche: tuple[IdFiche, ...]
    items: tuple[IdItem, ...] = ()
    risques: tuple[IdRisque, ...] = ()
    regles: tuple[IdRegle, ...] = ()


class Vigilances(Referentiel):
    vigilances: tuple[Vigilance, ...]
