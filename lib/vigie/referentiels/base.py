"""What every referentiel file shares: closed keys, immutable values, dates that carry their own reference."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

IdFiche = Annotated[
    str,
    Field(pattern=r"^F3-(0[1-9]|[1-3]\d|4[0-5])$", description="une idée de la fiche, de F3-01 à F3-45"),
]
IdDimension = Annotated[str, Field(pattern=r"^D[1-8]$", description="une dimension, de D1 à D8")]
IdItem = Annotated[str, Field(pattern=r"^D[1-8]\.\d{1,2}$", description="un item de maturité, par exemple D1.1")]
IdEcho = Annotated[str, Field(pattern=r"^M\d{1,2}$", description="un item de l'écho, par exemple M1")]
IdCompetence = Annotated[str, Field(pattern=r"^[A-H]\d{1,2}$", description="une compétence, par exemple A1")]
IdMetier = Annotated[str, Field(pattern=r"^MET\d{2}$", description="une famille de métiers, par exemple MET01")]
IdRisque = Annotated[str, Field(pattern=r"^R\d{2}$", description="un risque, par exemple R01")]
IdRegle = Annotated[str, Field(pattern=r"^E\d{2}$", description="une règle, par exemple E01")]
IdCasUsage = Annotated[str, Field(pattern=r"^U\d{2}$", description="un cas d'usage, par exemple U01")]
IdVigilance = Annotated[str, Field(pattern=r"^V\d{2}$", description="un point de vigilance, par exemple V01")]
IdModule = Annotated[
    str,
    Field(
        pattern=r"^[ML]-[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="un module : M- (offre connue) ou L- (module du ministère), puis des minuscules sans accent",
    ),
]
IdMois = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="un mois, par exemple 2027-03")]
IdLibre = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="des minuscules sans accent, des chiffres et des tirets, par exemple dsi-nord",
    ),
]
AdresseWeb = Annotated[
    str,
    Field(pattern=r"^(https?://[^\s\"'<>]+)?$", description="une adresse en https:// ou http://, ou rien"),
]
"""Pages link to it: nothing else may be followed from there."""


def _oui_non(value: Any) -> Any:
    """Lets a content file say `oui` or `non` where a yes-or-no is due."""
    return {"oui": True, "non": False}.get(value, value) if isinstance(value, str) else value


OuiNon = Annotated[bool, BeforeValidator(_oui_non)]


def _jour(value: Any) -> Any:
    """Only a day as people write it: pydantic alone takes 20261124 for a number of seconds since 1970."""
    if isinstance(value, date) or value is None:
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _JOUR.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2200:
        raise ValueError("une date, par exemple 2026-11-24")
    return day


_JOUR = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Jour = Annotated[date, BeforeValidator(_jour)]


class Modele(BaseModel):
    """Closed keys (an unknown key is an error) and frozen values."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class Referentiel(Modele):
    """A whole file of params/referentiels/. `version` is printed on every output that used it."""

    version: str
    statut: str
    """Who should validate this content before use; printed in the annexes."""
    reserves: tuple[str, ...] = ()
    """What is not verified, or must be known before use, in this whole file; printed in the annexes."""


class Confiance(StrEnum):
    """How a fact was checked. Anything but `texte` stays marked in what users see."""

    TEXTE = "texte"
    SECONDAIRE = "secondaire"
    DEDUCTION = "deduction"
    MEMOIRE = "memoire"


class ValeurDatee(Modele):
    """A date of application that carries its own reference, so that the two cannot drift apart.

    `en_vigueur` is None when a text is in force at a date that was not established.
    """

    en_vigueur: Jour | None
    portee: str = ""
    publie: Jour | None = None
    verifie_le: Jour | None
    """The day its text was read; None for what is cited from memory, which nobody has read yet."""
    reference: str
    confiance: Confiance
