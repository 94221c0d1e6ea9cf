"""The maturity questionnaire and its rules of calculation (knowledge: maturity, parts A.1 to A.7)."""

from __future__ import annotations

from typing import Literal

from .base import IdDimension, IdEcho, IdFiche, IdItem, Modele, OuiNon, Referentiel

TypeItem = Literal["cle", "socle", "ordinaire"]
Situation = Literal["a", "b", "c", "d"]


class NiveauMaturite(Modele):
    niveau: int
    nom: str
    definition: str


class Role(Modele):
    """A role of respondent. `pilote`: one of the three pilots of the sheet (RH, formation, numérique)."""

    id: str
    libelle: str
    pilote: OuiNon = False


class Item(Modele):
    """One question. `niveaux` describes 1, 3 and 5; 2 and 4 follow the generic definition.

    `sans_objet` says when « sans objet » is allowed; empty means never.
    `action`: what to do to climb, in the imperative; printed by the recommendation.
    """

    id: IdItem
    enonce: str
    niveaux: dict[Literal[1, 3, 5], str]
    preuve: str
    roles: tuple[str, ...]
    type: TypeItem = "ordinaire"
    sans_objet: str = ""
    action: str
    livrable: str
    fiche: tuple[IdFiche, ...]


class Dimension(Modele):
    """`poids_priorite` is r(d) of A.7."""

    id: IdDimension
    libelle: str
    court: str
    fiche: tuple[IdFiche, ...] = ()
    poids_priorite: float
    items: tuple[Item, ...]


class ItemEcho(Modele):
    """One statement of the agents' anonymous écho, agreement from 1 to 5."""

    id: IdEcho
    enonce: str
    dimension: IdDimension
    sans_objet: str = ""
    fiche: tuple[IdFiche, ...]


class Echo(Modele):
    consigne: str
    accords: dict[Literal[1, 2, 3, 4, 5], str]
    items: tuple[ItemEcho, ...]


class SituationCible(Modele):
    id: Situation
    libelle: str
    cibles: dict[IdDimension, int]


class Prealable(Modele):
    """An item that must reach `seuil` before an AI tool opens (A.7)."""

    item: IdItem
    seuil: float
    motif: str


class CotationMaturite(Modele):
    """Thresholds and weights of A.4 to A.7: choices of the project, printed in the annex of each report."""

    poids: dict[TypeItem, float]
    plafond_sans_document: float
    plafond_sans_indicateur: float
    marge_cle: int
    """A dimension's level is at most the weakest key item's level plus this margin."""
    couverture_minimale: float
    """Share of the rated weight (0 to 1) under which a dimension is « non concluante »."""
    meconnaissance_part_nsp: float
    meconnaissance_roles_exclus: tuple[str, ...]
    dispersion_effectif_minimal: int
    dispersion_ad: tuple[float, float]
    """AD: agreement up to the first bound, strong dispersion over the second."""
    dispersion_rwg: tuple[float, float]
    """r*wg: agreement from the first bound, weak under the second."""
    dispersion_variance_reference: float
    divergence_roles: float
    roles_decideurs: tuple[str, ...]
    roles_agents: tuple[str, ...]
    ecart_decideurs_agents: float
    ecart_vecu: float
    confiance_a_preuves: float
    confiance_a_nsp: float
    confiance_c_preuves: float
    confiance_c_nsp: float
    confiance_c_divergences: int
    cible_progression_maximale: int
    cible_horizon_mois: int
    seuil_publication: int
    """No result of the anonymous écho is published for a group under this number of respondents."""
    seuil_homogene: int
    """Nor is an item on which everyone agrees, or nobody, under this one."""
    taux_reponse_indicatif: float
    situations: tuple[SituationCible, ...]
    prealables: tuple[Prealable, ...]


class Maturite(Referentiel):
    niveaux: tuple[NiveauMaturite, ...]
    roles: tuple[Role, ...]
    dimensions: tuple[Dimension, ...]
    echo: Echo
    cotation: CotationMaturite

    @property
    def items(self) -> dict[str, Item]:
        """Item id → item, in the order of the questionnaire."""
        return {item.id: item for dimension in self.dimensions for item in dimension.items}
