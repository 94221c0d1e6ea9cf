"""What every referentiel file shares: closed keys, immutable values, dates that carry their own reference."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

IdFiche = Annotated[str, Field(pattern=r"^F3-(0[1-9]|[1-3]\d|4[0-5])$")]
IdDimension = Annotated[str, Field(pattern=r"^D[1-8]$")]
IdItem = Annotated[str, Field(pattern=r"^D[1-8]\.\d{1,2}$")]
IdEcho = Annotated[str, Field(pattern=r"^M\d{1,2}$")]
IdCompetence = Annotated[str, Field(pattern=r"^[A-H]\d{1,2}$")]
IdMetier = Annotated[str, Field(pattern=r"^MET\d{2}$")]
IdRisque = Annotated[str, Field(pattern=r"^R\d{2}$")]
IdRegle = Annotated[str, Field(pattern=r"^E\d{2}$")]
IdCasUsage = Annotated[str, Field(pattern=r"^U\d{2}$")]
IdVigilance = Annotated[str, Field(pattern=r"^V\d{2}$")]


class Modele(BaseModel):
    """Closed keys (an unknown key is an error) and frozen values."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Referentiel(Modele):
    """A whole file of params/referentiels/. `version` is printed on every output that used it."""

    version: str
    statut: str
    """Who should validate this content before use; printed in the annexes."""


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

    en_vigueur: date | None
    portee: str = ""
    publie: date | None = None
    verifie_le: date
    reference: str
    confiance: Confiance
