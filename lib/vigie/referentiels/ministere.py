"""Who is diagnosed: the parameters of a ministry (params/ministeres/<id>/)."""

from __future__ import annotations

from pydantic import Field

from .base import IdLibre, IdRegle, Jour, Modele, OuiNon
from .maturite import Situation

Slug = IdLibre


class Campagne(Modele):
    """One round of diagnosis. `date_reference`: the day at which law and deadlines are read."""

    id: Slug
    libelle: str
    date_reference: Jour
    ouverture: Jour | None = None
    cloture: Jour | None = None
    versions: dict[str, str] = {}
    """Referentiel → version in force then, when it is not today's: what answers received since are stamped with."""
    modifies: dict[str, tuple[str, ...]] = {}
    """Referentiel → ids whose content changed since this campagne. Without it, answers given to another version are
    compared with nothing (4.3: changes are noted)."""


class DocumentMinistere(Modele):
    """An act of the ministry that holds for its structures. `regles`: what it writes once, so that a structure only
    refers to it and proves that it applies it."""

    id: Slug
    libelle: str
    reference: str
    date: Jour
    regles: tuple[IdRegle, ...]
    note: str = ""


class Ministere(Modele):
    id: Slug
    nom: str
    fictif: OuiNon = False
    """Printed on every output when true."""
    campagne: Slug
    """The current round, the default of every command."""
    campagnes: tuple[Campagne, ...]
    documents: tuple[DocumentMinistere, ...] = ()


class Structure(Modele):
    """The administrative unit diagnosed: one row of structures.csv."""

    id: Slug
    nom: str
    type: str
    situation: Situation
    effectif: int = Field(ge=1)
    site: str = ""
    mise_en_service: Jour | None = None
    """When its AI tool opens; None without a date."""
