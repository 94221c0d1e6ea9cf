"""The 39 competences, the 25 job families, the required levels and their rules (maturity-skills, parts B to D.1)."""

from __future__ import annotations

from typing import Literal

from .base import IdCompetence, IdFiche, IdMetier, Modele, OuiNon, Referentiel

Classe = Literal["faible", "moderee", "forte", "tres_forte"]
Public = Literal["TA", "AC1", "AC2", "AC3", "MP", "RF", "ED", "NP"]


class NiveauCompetence(Modele):
    niveau: Literal[0, 1, 2, 3, 4]
    nom: str
    definition: str
    digcomp: str = ""
    pix: str = ""


class Famille(Modele):
    """A family of competences. `douce`: soft skills, voluntary, never individual, never to the hierarchy."""

    id: str
    libelle: str
    douce: OuiNon = False


class EnonceDigcomp(Modele):
    id: str
    etiquette: Literal["explicite", "implicite", "neutre"]


class Digcomp(Modele):
    competence: str
    enonces: tuple[EnonceDigcomp, ...] = ()


class CodeMentor(Modele):
    """A code of MENTOR's dictionary: a rapprochement of ours, not an equivalence."""

    code: str
    libelle: str


class Competence(Modele):
    id: IdCompetence
    libelle: str
    famille: str
    nature: str = ""
    criticite: Literal[1, 2, 3]
    niveaux: dict[Literal[1, 2, 3, 4], str]
    digcomp: tuple[Digcomp, ...] = ()
    pix: tuple[str, ...] = ()
    esco: tuple[str, ...] = ()
    rmfp: str = ""
    mentor: tuple[CodeMentor, ...] = ()
    fiche: tuple[IdFiche, ...] = ()
    a_maintenir: OuiNon = False
    """An existing know-how that must be kept up (E5, idea F3-32)."""


class GardeFou(Modele):
    id: str
    regle: str
    raison: str


class ModePreuve(Modele):
    """A way the current level was established, with its confidence c (C.4)."""

    id: str
    libelle: str
    confiance: float
    interdit_douces: OuiNon = False
    forte: OuiNon = False
    """Something else than what the person, or the person's manager, declares: a quiz, an exercise."""


class Urgence(Modele):
    """Urgency u applies up to `mois_max` months before an AI tool opens; None = beyond, or no date."""

    mois_max: int | None
    valeur: int


class CotationCompetences(Modele):
    """Thresholds of C.4 and D.1: choices of the project, printed in the annex."""

    preuves: tuple[ModePreuve, ...]
    ecart_modes_signale: int
    urgences: tuple[Urgence, ...]
    confiance_a_confirmer: float
    rang1_criticite: int
    rang1_classes: tuple[Classe, ...]
    rang1_publics: tuple[Public, ...]
    rang1_ouverture_mois: int
    rang2_priorite: float
    seuil_effectif: int
    """Headcounts under this number are not printed: the audience is grouped with its neighbour, else masked."""
    seuil_homogene: int
    """Nor are figures of a group of one kind (all have the need, or none) under this one."""
    voisins: dict[Public, tuple[Public, ...]]
    """Audiences to group with, in order, when one is under the threshold."""


class ActionCompetences(Modele):
    """Wording of one kind of recommendation. `action` may hold the fields that the diagnostic fills in."""

    id: Literal[
        "besoin",
        "diagnostic",
        "confirmation",
        "atelier",
        "cotation",
        "nouveaux_profils",
        "maintien",
        "mandats",
        "transmission",
    ]
    action: str
    pilote: str
    livrable: str
    preuve: str
    fiche: tuple[IdFiche, ...]


class Competences(Referentiel):
    niveaux: tuple[NiveauCompetence, ...]
    criticites: dict[Literal[1, 2, 3], str]
    familles: tuple[Famille, ...]
    competences: tuple[Competence, ...]
    garde_fous: tuple[GardeFou, ...]
    cotation: CotationCompetences
    actions: tuple[ActionCompetences, ...] = ()
    """A kind of recommendation without wording is not made."""


class Tache(Modele):
    """`exposition`: plausible exposure, to be validated by agents. `humain`: human by principle (capped at 0.5)."""

    id: str
    libelle: str
    exposition: Literal["F", "M", "E", "T"]
    humain: OuiNon = False


class Metier(Modele):
    """A job family. `classe_depart` is None when it is never rated (mandates)."""

    id: IdMetier
    libelle: str
    rmfp: tuple[str, ...] = ()
    rmfp_code: str = ""
    citp: tuple[str, ...] = ()
    esco: str = ""
    taches: tuple[Tache, ...]
    classe_depart: Classe | None
    classe_note: str = ""
    domaine_sensible: OuiNon = False
    """Tasks that touch recruitment, evaluation, promotion, discipline or pay: impact raised one notch (C.1, 7a)."""
    requis: dict[IdCompetence, int] = {}
    vigilance: str
    fiche: tuple[IdFiche, ...] = ()
    nouveau_profil: OuiNon = False
    jamais_cote: OuiNon = False


class ClasseExposition(Modele):
    id: Classe
    libelle: str
    public: Public
    """The audience whose required levels apply to agents of this impact."""


class NoteTache(Modele):
    valeur: float
    libelle: str


class CotationExposition(Modele):
    """C.1. Scores run from 0 to 1; weights are shares of working time that sum to 1."""

    notes: tuple[NoteTache, ...]
    plafond_humain: float
    seuil_tres_forte: float
    seuil_forte: float
    seuil_moderee_haut: float
    """Moderate when the mean is under `seuil_forte` but mean + standard deviation reaches this."""
    cotations_minimales: int
    taches_minimum: int
    taches_maximum: int
    releve_ouverture_mois: int
    prudence: str


class Metiers(Referentiel):
    classes: tuple[ClasseExposition, ...]
    """From the lowest to the highest."""
    expositions: dict[Literal["F", "M", "E", "T"], str]
    metiers: tuple[Metier, ...]
    cotation: CotationExposition


class DefinitionPublic(Modele):
    id: Public
    libelle: str


class NiveauxRequis(Referentiel):
    publics: tuple[DefinitionPublic, ...]
    requis: dict[IdCompetence, dict[Public, int]]
