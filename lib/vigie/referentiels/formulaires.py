"""What the forms say, their limits, and who answers what when no other file says it.

Questions come from the other referentiels; this file only holds what surrounds them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Modele, Referentiel

GenreFormulaire = Literal[
    "maturite",
    "echo",
    "competences",
    "exposition",
    "risques_ethique",
    "plan_formation",
    "validation",
    "signalement",
]


class Formulaire(Modele):
    """One kind of form. `sigle` opens its receipt numbers.

    `remise`: « immediate » stores every change at once; « a_l_envoi » keeps nothing anywhere before it is sent, because
    what is sent is anonymous, or may be.
    """

    id: GenreFormulaire
    etape: str
    titre: str
    sigle: str = Field(pattern=r"^[A-Z]{3}$")
    duree: str
    introduction: tuple[str, ...]
    confidentialite: tuple[str, ...]
    remise: Literal["immediate", "a_l_envoi"] = "immediate"


class LimitesFormulaires(Modele):
    """Sizes in characters, and in bytes for a whole message; `cas_locaux`: use cases that a structure may name."""

    texte: int = Field(ge=1)
    texte_court: int = Field(ge=1)
    message_octets: int = Field(ge=1)
    cas_locaux: int = Field(ge=0, le=99)
    regles_citees: int = Field(ge=0)
    """Rules quoted under « pourquoi cette question », the others being counted."""
    invitation_jours: int = Field(ge=1)
    """How long a link lasts when the campagne has no closing day."""


class Libelle(Modele):
    libelle: str
    aide: str = ""


class TextePage(Modele):
    titre: str
    texte: str = ""


class RolesRisques(Modele):
    """Who rates risks, who says which rules are held, who compares the existing référentiel."""

    roles_cotation: tuple[str, ...]
    roles_regles: tuple[str, ...]
    roles_referentiel: tuple[str, ...]


class RolesFormulaire(Modele):
    roles: tuple[str, ...]


class EtapeAValider(Modele):
    """`livrables`: documents of the step that are acts of their own."""

    etape: str
    livrables: tuple[str, ...]


class Validation(Modele):
    roles: tuple[str, ...]
    etapes: tuple[EtapeAValider, ...]


class FormulaireSignalement(Modele):
    """Fields of gouvernance.yaml, page by page, and how they are asked."""

    champs_faits: tuple[str, ...]
    champs_voie: tuple[str, ...]
    oui_non: tuple[str, ...]
    longs: tuple[str, ...]
    anonyme: str
    nomme: str
    identite: Libelle
    aiguiller: str


class TextesRestitution(Modele):
    """`actions_par_dimension`: how many things are told about one dimension, the first ones."""

    actions_par_dimension: int = Field(ge=1)
    textes: dict[str, str]


class Formulaires(Referentiel):
    limites: LimitesFormulaires
    formulaires: tuple[Formulaire, ...]
    champs: dict[str, Libelle]
    risques: RolesRisques
    exposition: RolesFormulaire
    plan: RolesFormulaire
    validation: Validation
    pages: dict[str, TextePage]
    enonces: dict[str, str]
    """Wording of questions that no other file holds; words in braces are filled in."""
    signalement: FormulaireSignalement
    restitution: TextesRestitution
    interface: dict[str, str]
    """Texts of buttons, states and messages, by the key that the form uses."""
    serveur: dict[str, str]
    """Texts of the pages around the forms, by the key that the server uses."""

    def formulaire(self, id_: str) -> Formulaire:
        """Raises StopIteration on an id that the file does not hold."""
        return next(formulaire for formulaire in self.formulaires if formulaire.id == id_)
