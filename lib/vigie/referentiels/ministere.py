"""Who is diagnosed: the parameters of a ministry (params/ministeres/<id>/)."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from .base import IdLibre, Modele, OuiNon
from .maturite import Situation

Slug = IdLibre


class Campagne(Modele):
    """One round of diagnosis. `date_reference`: the day at which law and deadlines are read."""

    id: Slug
    libelle: str
    date_reference: date
    ouverture: date | None = None
    cloture: date | None = None


class Ministere(Modele):
    id: Slug
    nom: str
    fictif: OuiNon = False
    """Printed on every output when true."""
    campagne: Slug
    """The current round, the default of every command."""
    campagnes: tuple[Campagne, ...]


class Structure(Modele):
    """The administrative unit diagnosed: one row of structures.csv."""

    id: Slug
    nom: str
    type: str
    situation: Situation
    effectif: int = Field(ge=1)
    site: str = ""
    mise_en_service: date | None = None
    """When its AI tool opens; None without a date."""
