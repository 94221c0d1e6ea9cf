"""Rules of the training plan: matching, thresholds, paths by impact, triggers of a creation (D.3 to D.6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import IdCompetence, IdFiche, Modele, OuiNon, Referentiel
from .competences import Public
from .formations import Contexte, Gisement, Offre

Avant = Literal[
    "souhaitable",
    "obligatoire",
    "obligatoire_situation",
    "obligatoire_progressif",
    "avant_equipes",
    "avant_decision",
    "avant_validation",
    "des_arrivee",
    "avant_consultation",
]
Critere = Literal["site", "categorie", "sexe"]
DecisionCreation = Literal["creation", "adaptation", "mutualisation", "libre_acces"]


class PalierFraicheur(Modele):
    """Freshness of a content revised since less than `mois_max` months; None = any age."""

    mois_max: int | None
    valeur: float = Field(gt=0, le=1)


class ValeurContexte(Modele):
    id: Contexte
    libelle: str
    valeur: float = Field(gt=0, le=1)


class Appariement(Modele):
    """D.3. `fraicheur_inconnue`: what an unknown date of revision counts for, until the provider answers."""

    seuil_retenir: float
    seuil_completer: float
    fraicheur: tuple[PalierFraicheur, ...]
    fraicheur_inconnue: float = Field(gt=0, le=1)
    contextes: tuple[ValeurContexte, ...]
    offres: tuple[Offre, ...]
    """In the order that settles a tie."""
    complement: str
    """What completes a module whose adequacy is between the two thresholds."""


class GisementRecherche(Modele):
    """A place where existing modules are looked for. `requis`: one of the four that a proof of search must cover."""

    id: Gisement
    libelle: str
    requis: OuiNon = False


class Creation(Modele):
    """D.4."""

    effectif_interne: int
    """Rank 2 need of at least this number of agents: internal creation; under it, shared."""
    gisements_minimum: int
    gisements: tuple[GisementRecherche, ...]
    decisions: dict[DecisionCreation, str]
    """What each decision means, as a sentence of the request."""
    pilotes: tuple[str, ...]
    """Role ids of the three pilots of a request (F3-29)."""


class CalendrierPlan(Modele):
    """Months of the plan. Training is over `avance_mois` months before the tool opens (F3-28)."""

    avance_mois: int = Field(ge=0)
    horizon_mois: int = Field(ge=1)
    jour_limite: int = Field(ge=1, le=28)
    """A month counts for a deadline when the deadline is not before this day of the month."""


class Equite(Modele):
    criteres: tuple[Critere, ...]
    ecart_alerte: float
    """Difference of coverage rate beyond which two groups are said to be served unequally (D.6)."""


class Optimisation(Modele):
    """Bounds of the search, so that a plan comes in seconds and is the same each time."""

    duree_max_s: float = Field(gt=0)
    noeuds_max: int = Field(ge=1)
    modules_par_agent: int = Field(ge=1, le=12)
    """Modules among which every combination is examined for one person; more useful ones make the search partial."""
    colonnes_max: int = Field(ge=1)
    """Combinations that the integer programme is given; the most promising are chosen when there are more."""
    colonnes_exactes: int = Field(ge=0)
    """Combinations up to which the plan is sought to a proof."""
    colonnes_relachees: int = Field(ge=0)
    """Combinations up to which the bounds that change what a person may follow are relaxed too."""
    tours_max: int = Field(ge=0)
    """Rounds in which they are chosen."""
    relache_heures: float
    relache_budget: float
    """Share of the budget."""
    relache_sessions: int


class Parcours(Modele):
    """A training path (D.5). `reprend`: the path whose competences it contains. None hours: an individual path."""

    id: str
    libelle: str
    pour_qui: str
    publics: tuple[Public, ...]
    """Empty for staff representatives, who are never rated."""
    reprend: str = ""
    competences: tuple[IdCompetence, ...] = ()
    competences_metier: OuiNon = False
    """Contains the competences that the agent's own job requires."""
    duree_min_h: float | None
    duree_max_h: float | None
    contenu: str
    avant_ouverture: Avant
    apres: str
    fiche: tuple[IdFiche, ...]


class RegleParcours(Modele):
    id: str
    regle: str
    fiche: tuple[IdFiche, ...]


class ActionFormation(Modele):
    """Wording of one kind of recommendation. `action` may hold the fields that the diagnostic fills in."""

    id: Literal[
        "inscrire",
        "hors_delai",
        "deja_ouvert",
        "completer",
        "demander",
        "creer",
        "adapter",
        "mutualiser",
        "libre_acces",
        "rechercher",
        "equite",
        "diagnostic",
        "mandats",
        "entretien",
        "valider",
    ]
    action: str
    pilote: str
    livrable: str
    preuve: str
    fiche: tuple[IdFiche, ...]


class ParcoursFormation(Referentiel):
    appariement: Appariement
    creation: Creation
    calendrier: CalendrierPlan
    equite: Equite
    optimisation: Optimisation
    parcours: tuple[Parcours, ...]
    regles: tuple[RegleParcours, ...]
    actions: tuple[ActionFormation, ...]

    def competences_of(self, parcours: Parcours) -> tuple[str, ...]:
        """Competences of a path, those of the path it takes up first."""
        base = next((one for one in self.parcours if one.id == parcours.reprend), None)
        heritees = self.competences_of(base) if base else ()
        return tuple(dict.fromkeys((*heritees, *parcours.competences)))
