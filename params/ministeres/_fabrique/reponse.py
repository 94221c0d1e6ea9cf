"""The rows the factory makes: agents, respondents and answers, as they leave in the files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agent:
    structure: str
    id: str
    metier: str
    publics: str
    categorie: str
    site: str
    sexe: str
    mise_en_service: str


@dataclass(frozen=True, slots=True)
class Repondant:
    """`exprime`: answers at all. `biais`: personal leniency, in levels. `excuse`: said when they do not know."""

    structure: str
    id: str
    role: str
    nom: str
    fonction: str
    exprime: bool
    biais: float
    excuse: str
    date: str


@dataclass(frozen=True, slots=True)
class Reponse:
    """One line of a long file; `valeur` is a number or a code, as text."""

    structure: str
    repondant: str
    role: str
    etape: str
    objet: str
    cible: str
    mesure: str
    etat: str
    valeur: str
    commentaire: str = ""
    preuve: str = ""
    indicateur: str = ""
    date: str = ""
