"""How the actions of every step become one feuille de route, and when two campagnes may be compared (A.7, D.6, 4.3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import IdItem, IdRegle, Modele, OuiNon, Referentiel

PrioriteCommune = Literal["immediate", "avant_ouverture", "importante", "ensuite"]
NiveauEffort = Literal["faible", "moyen", "fort"]


class Priorite(Modele):
    """One notch of the scale that all steps share; the heaviest comes first."""

    id: PrioriteCommune
    poids: int = Field(ge=1)
    libelle: str
    definition: str


class Classement(Modele):
    """Where actions stand on the common scale. The first classement that fits holds; every condition given must hold.

    `actions`: ids, where * stands for anything. `priorite_min`: in the step's own scale. `prealable`: the action is a
    condition that is missing before a tool opens. `besoin_rang`: rank of the need behind it. `delai_mois`: proposed
    deadline, from the day of the diagnosis.
    """

    etape: str = ""
    actions: tuple[str, ...] = ()
    priorite_min: float | None = None
    prealable: OuiNon = False
    besoin_rang: int | None = None
    priorite: PrioriteCommune
    motif: str
    delai_mois: int | None = Field(default=None, ge=1)


class Effort(Modele):
    id: NiveauEffort
    poids: int = Field(ge=1)
    definition: str
    actions: tuple[str, ...] = ()
    """Ids, where * stands for anything; the effort without any is that of every other action."""


class Fusion(Modele):
    """Actions of several steps that are one deed, whatever words each step has for it.

    An action joins by its id, by the only item or by the only rule that it is about. What is left empty is that of the
    action that leads; `{competences}` is filled in.
    """

    id: str = Field(pattern=r"^[a-z]+(_[a-z0-9]+)*$", max_length=40)
    action: str
    items: tuple[IdItem, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    actions: tuple[str, ...] = ()
    besoin_rang: int | None = None
    pilote: str
    livrable: str
    preuve: str
    effort: NiveauEffort | None = None


class Pilotes(Modele):
    """Which of the three pilots carries an action that its step gives to someone else (F3-29)."""

    responsables: dict[str, str]
    """Who answers for a rule → role id of the pilot who prepares, follows and files the proof."""
    par_defaut: str


class Comparaison(Modele):
    part_changee_max: float = Field(gt=0, lt=1)
    """Over this share of items changed, a questionnaire is not compared (4.3)."""
    gain_minimal: float = Field(gt=0)
    """Mean gain in level under which a training is looked at again (D.6)."""


class Restitution(Referentiel):
    priorites: tuple[Priorite, ...]
    classements: tuple[Classement, ...]
    efforts: tuple[Effort, ...]
    competences_citees: int = Field(ge=1)
    """Competences named in full in an action that brings several together; the others are counted."""
    separees: tuple[str, ...]
    """Actions that are never merged with another; ids, where * stands for anything."""
    fusions: tuple[Fusion, ...]
    pilotes: Pilotes
    livrable_par_defaut: str
    preuve_par_defaut: str
    comparaison: Comparaison
