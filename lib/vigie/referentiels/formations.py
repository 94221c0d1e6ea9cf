"""The training offer known beforehand, one record a module, with the field names of MENTOR's course record.

A ministry's own catalogue (collecte/catalogue.py) uses the same record; MODULES is the shape of both as a frame.
Source: D.2 of the knowledge on competences; training offers of the knowledge on the DGAFP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field, model_validator

from .base import (
    AdresseWeb,
    Confiance,
    IdCompetence,
    IdFiche,
    IdLibre,
    IdModule,
    IdMois,
    Jour,
    Modele,
    OuiNon,
    Referentiel,
)
from .competences import Public

Modalite = Literal["presentiel", "en_ligne", "hybride"]
Gisement = Literal["campus", "mentor", "institut", "rattachement", "pix", "interne", "autre"]
Offre = Literal["interministerielle", "ministerielle", "interne", "autre"]
Contexte = Literal["rh_public", "secteur_public", "generique"]
Acces = Literal["ouvert", "restreint", "inconnu"]
Statut = Literal["disponible", "en_production", "arrete", "inconnu"]

NIVEAUX = re.compile(r"([A-H]\d{1,2}):([0-4])>([0-4])")


class NiveauxModule(Modele):
    """A competence that a module builds, from the level it asks for to the level it leads to.

    `rapprochement`: our reading of the title and objectives, to be confirmed by the provider.
    """

    competence: IdCompetence
    entree: Literal[0, 1, 2, 3]
    sortie: Literal[1, 2, 3, 4]
    rapprochement: OuiNon = True

    @model_validator(mode="after")
    def _rises(self) -> NiveauxModule:
        if self.sortie <= self.entree:
            raise ValueError("un niveau de sortie plus haut que le niveau d'entrée")
        return self


class Module(Modele):
    """A course. None and "" stand for what is not known: it is shown « à demander », never guessed."""

    id: IdModule
    libelle: str = Field(min_length=1)
    nom_abrege: str = ""
    contenu: str = ""
    objectifs: str = ""
    prerequis: str = ""
    collections: tuple[str, ...] = ()
    metiers: tuple[str, ...] = ()
    competences: tuple[NiveauxModule, ...] = ()
    certifiante: OuiNon | None = None
    duree_presence_h: float | None = Field(default=None, ge=0)
    duree_distance_h: float | None = Field(default=None, ge=0)
    duree_texte: str = ""
    """What the source says of the length when it gives no number of hours."""
    modalites: tuple[Modalite, ...] = ()
    autonomie: OuiNon | None = None
    """True when it can be followed at any time, without session nor seats."""
    structure_creatrice: str = ""
    organisme: str = ""
    concepteurs: str = ""
    contact: str = ""
    identifiant_sirh: str = ""
    licence: str = ""
    statut: Statut = "inconnu"
    gisement: Gisement = "autre"
    offre: Offre = "autre"
    publics: tuple[Public, ...] = ()
    """Audiences aimed at; TA stands for everyone, and so does an empty list until the provider says otherwise."""
    public_texte: str = ""
    acces: Acces = "inconnu"
    acces_limites: str = ""
    acces_code: IdLibre | Literal[""] = ""
    """What a ministry must hold (formation_contraintes.yaml, `acces`) to enrol in a restricted offer."""
    url: AdresseWeb = ""
    mise_a_jour: Jour | None = None
    """When the content was last revised."""
    verifie_le: Jour | None = None
    reference: str = ""
    confiance: Confiance = Confiance.TEXTE
    contexte: Contexte = "generique"
    evaluation: OuiNon | None = None
    accessibilite: str = ""
    confidentialite: str = ""
    places: int | None = Field(default=None, ge=1)
    """Seats of one session."""
    sessions_max: int | None = Field(default=None, ge=0)
    mois: tuple[IdMois, ...] = ()
    """Months in which sessions may be held; empty = any."""
    sites: tuple[str, ...] = ()
    """Sites where sessions are held; empty = any site of the structure."""
    cout_session: float | None = Field(default=None, ge=0)
    cout_place: float | None = Field(default=None, ge=0)
    cout_texte: str = ""
    note: str = ""
    fiche: tuple[IdFiche, ...] = ()

    @property
    def duree_h(self) -> float | None:
        """Hours of an agent's time; None unless every part that its modality calls for is known, and not nothing."""
        parts = [self.duree_presence_h, self.duree_distance_h]
        if self.modalites == ("en_ligne",) and parts[0] is None:
            parts[0] = 0.0
        if self.modalites == ("presentiel",) and parts[1] is None:
            parts[1] = 0.0
        total = sum(part for part in parts if part is not None)
        return total if None not in parts and total > 0 else None

    @property
    def a_distance(self) -> bool:
        """True when nobody has to be on a site."""
        return self.modalites == ("en_ligne",)


class Formations(Referentiel):
    modules: tuple[Module, ...]


TEXTE, NOMBRE = "str", "float64"
LISTES = ("collections", "metiers", "modalites", "publics", "mois", "sites")
"""Fields that hold several values; in a table they are separated by a comma."""
NOMBRES = ("duree_presence_h", "duree_distance_h", "places", "sessions_max", "cout_session", "cout_place")
OUI_NON = ("certifiante", "autonomie", "evaluation")
DATES = ("mise_a_jour", "verifie_le")
MODULES = {
    **{name: NOMBRE if name in NOMBRES else TEXTE for name in Module.model_fields if name != "fiche"},
    "rapprochement": "bool",  # at least one level is our reading, to be confirmed by the provider
    "duree_h": NOMBRE,
    "a_distance": "bool",
}
"""Columns of a frame of modules: those of the record, then what is read of them."""


def parse_levels(text: str) -> tuple[dict[str, Any], ...] | None:
    """« A1:0>2, B1:1>2 » → the levels of a module, declared by whoever writes them; None when it does not read so."""
    levels = []
    for part in filter(None, re.split(r"[\s,;]+", text)):
        found = NIVEAUX.fullmatch(part)
        if not found or found[3] <= found[2]:
            return None
        levels.append(
            {"competence": found[1], "entree": int(found[2]), "sortie": int(found[3]), "rapprochement": False}
        )
    return tuple(levels)


def write_levels(levels: Iterable[NiveauxModule]) -> str:
    return ", ".join(f"{level.competence}:{level.entree}>{level.sortie}" for level in levels)


def module_row(module: Module) -> dict[str, Any]:
    """One row of MODULES: lists joined, dates ISO, unknown numbers NaN, unknown texts ""."""
    row: dict[str, Any] = {}
    for name in Module.model_fields:
        value = getattr(module, name)
        if name == "competences":
            row[name] = write_levels(value)
        elif name in LISTES:
            row[name] = ", ".join(value)
        elif name in NOMBRES:
            row[name] = float("nan") if value is None else float(value)
        elif name in OUI_NON:
            row[name] = "" if value is None else "oui" if value else "non"
        elif name != "fiche":
            row[name] = "" if value is None else str(value)
    duree = module.duree_h
    return {
        **row,
        "rapprochement": any(level.rapprochement for level in module.competences),
        "duree_h": float("nan") if duree is None else duree,
        "a_distance": module.a_distance,
    }
