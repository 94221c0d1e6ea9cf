"""Legal bases, risks, ethics rules, method and use cases (law-ethics, sections 1 to 4; DGAFP strategy of 2024)."""

from __future__ import annotations

from typing import Literal

from .base import (
    AdresseWeb,
    Confiance,
    IdCasUsage,
    IdFiche,
    IdRegle,
    IdRisque,
    Jour,
    Modele,
    OuiNon,
    Referentiel,
    ValeurDatee,
)

Force = Literal["contraignant", "non_contraignant", "analogie"]
Caractere = Literal["obligatoire", "obligatoire_a_terme", "mixte", "bonne_pratique"]
Moment = Literal["cadrage", "conception_achat", "avant_mise_en_service", "usage", "suivi", "incident"]
Effet = Literal["V", "G", "VG"]
ClasseRegle = Literal["P1", "P2", "P3", "P4", "P5"]
StatutCas = Literal["souhaitable", "envisageable", "a_proscrire"]


class Source(Modele):
    code: str
    lecture: str


class Base(Modele):
    """A legal or deontological base. `application` is ordered by date; the last entry in force at a date holds."""

    id: str
    texte: str
    article: str
    obligation: str
    application: tuple[ValeurDatee, ...]
    force: Force
    url: AdresseWeb
    confiance: Confiance
    sources: tuple[str, ...] = ()
    source_note: str = ""
    citable: OuiNon = True
    """False for a base kept only to say that it must not be cited (its `obligation` says why)."""
    libre: str = ""
    """Why no rule cites it; empty when at least one does."""


class Bases(Referentiel):
    sources: tuple[Source, ...]
    bases: tuple[Base, ...]


class Libelle(Modele):
    id: str
    libelle: str


class Risque(Modele):
    id: IdRisque
    libelle: str
    categorie: str
    nomme_par_la_fiche: OuiNon
    description: str
    processus: tuple[str, ...]
    causes: tuple[str, ...]
    indicateurs: tuple[str, ...]
    altai: tuple[str, ...]
    mit: tuple[str, ...]
    cnil: str
    anssi: tuple[str, ...]
    ria: tuple[str, ...]
    regles: tuple[IdRegle, ...]
    fiche: tuple[IdFiche, ...] = ()


class Risques(Referentiel):
    categories: tuple[Libelle, ...]
    processus: tuple[Libelle, ...]
    risques: tuple[Risque, ...]


class Regle(Modele):
    """A rule in the imperative; `critere` is checked by yes or no. `echeance`: when a future duty becomes due."""

    id: IdRegle
    regle: str
    declencheur: tuple[str, ...]
    risques: tuple[IdRisque, ...]
    bases: tuple[str, ...]
    responsable: str
    associes: tuple[str, ...]
    preuve: str
    critere: str
    caractere: Caractere
    moment: Moment
    effet: Effet
    echeance: Jour | None = None
    note: str = ""
    fiche: tuple[IdFiche, ...] = ()


class Regles(Referentiel):
    declencheurs: tuple[Libelle, ...]
    moments: tuple[Libelle, ...]
    """From the earliest to the latest."""
    caracteres: tuple[Libelle, ...]
    regles: tuple[Regle, ...]


class NiveauRisque(Modele):
    niveau: Literal[1, 2, 3, 4]
    libelle: str
    acceptation: str


class ClasseDeRegle(Modele):
    id: ClasseRegle
    libelle: str
    delai: str


class MethodeRisques(Referentiel):
    """Section 4.2: scales, matrix, classes, residual risk. `matrice[gravite][vraisemblance - 1]` is the level."""

    gravite: dict[Literal[1, 2, 3, 4], str]
    vraisemblance: dict[Literal[1, 2, 3, 4], str]
    aggravants: tuple[Libelle, ...]
    matrice: dict[Literal[1, 2, 3, 4], tuple[int, int, int, int]]
    niveaux: tuple[NiveauRisque, ...]
    classes: tuple[ClasseDeRegle, ...]
    niveau_p1_p2: int
    niveau_p3: int
    niveau_p4: int
    moments_avant: tuple[Moment, ...]
    """Moments that fall before any use: class P1; the others give P2."""
    echeance_proche_mois: int
    """A future duty counts as a duty once it is due within this number of months."""
    cotations_minimales: int
    ecart_a_discuter: int
    reduction_v_partielle: int
    reduction_v_totale: int
    reduction_v_totale_regles_minimum: int
    reduction_g: int
    plancher_residuel: int
    regle_interdiction: IdRegle
    """The rule of prohibited practices: its mark stops everything."""
    regle_a_proscrire: IdRegle
    """The rule that sets aside the uses classed « à proscrire » by the DGAFP (an opinion, not law)."""
    risque_sans_projet: IdRisque
    """The risk to examine even in a structure without any project (undeclared use, F3-26)."""
    limites: tuple[str, ...]
    revision: tuple[str, ...]


class CasUsage(Modele):
    """A use case of the DGAFP strategy of 2024 known by name. `marques`: triggers it carries by nature."""

    id: IdCasUsage
    libelle: str
    statut: StatutCas
    marques: tuple[str, ...]
    avertissement: str = ""
    reference: str
    confiance: Confiance


class CasUsages(Referentiel):
    total: int
    repartition: dict[StatutCas, int]
    avertissement: str
    cas_usage: tuple[CasUsage, ...]
