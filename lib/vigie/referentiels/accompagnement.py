"""Support of the agents: kit, dates, collective workshop, evaluation tools, social dialogue (F3-17 to F3-21, F3-35;
knowledge on competences, B.3, D.5, D.6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import IdCompetence, IdEcho, IdFiche, IdItem, IdRegle, Modele, OuiNon, Referentiel
from .competences import Public

TypeEvenement = Literal[
    "information", "nouveaux_arrivants", "atelier", "suivi", "vigilance", "consultation", "echeance_droit"
]
PublicVise = Public | Literal["RP", "NA"]
"""An audience of niveaux_requis.yaml, the staff representatives (RP) or the newcomers (NA)."""
EtatDialogue = Literal["fait", "a_faire", "en_retard", "a_verifier", "propose", "sans_objet"]


class DocumentKit(Modele):
    """A document of the kit and where its evidence is found.

    `item`: the maturity item whose evidence shows it; `par_outil`: one a tool in use, which comes with the tool.
    `du_kit`: one of the three that the sheet names; the others complete it. `revision_mois`: to be revised from that
    age on.
    """

    id: str
    libelle: str
    contenu: str
    auteur: str
    item: IdItem
    du_kit: OuiNon
    autre_action: str = ""
    """The action that asks for it, when it is not the kit's own."""
    par_outil: OuiNon = False
    existe_par_reponse: OuiNon = False
    """True when the step on risks asks whether it exists (the référentiel, F3-11)."""
    revision_mois: int = Field(ge=1)
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    fiche: tuple[IdFiche, ...]


class CotationKit(Modele):
    """What makes a document present, valid, reachable: thresholds on the items of the questionnaire."""

    seuil_valide: float
    """Level from which the item says « validé » (A.2, level 3)."""
    acces_item: IdItem
    acces_seuil: float
    acces_regle: IdRegle
    """A proven rule that says the kit is reachable, whatever the item says."""
    echo: IdEcho
    echo_seuil: float
    """Under this median, agents do not find the documents, whatever is declared."""
    livrables: tuple[str, ...]
    """Documents of Vigie that go into the kit's archive, when they were made."""


class RendezVous(Modele):
    """A kind of event. Dates are counted from `ancre`:

    reference: the campagne's day; ouverture: the day each audience's tool opens; usage: the day of the first use, that
    is the campagne's day when a tool is already used, else the first opening.
    `mois`: offsets, negative before the anchor. `periode_mois`: then again and again, up to the horizon.
    `propose`: the rhythm is a proposal of the project, not of the sheet nor of the law.
    """

    id: str
    type: TypeEvenement
    intitule: str
    contenu: str
    publics: tuple[PublicVise, ...]
    pilote: str
    ancre: Literal["reference", "ouverture", "usage"]
    mois: tuple[int, ...]
    jours: int = Field(default=0, ge=0)
    """Days added to each offset."""
    periode_mois: int | None = Field(default=None, ge=1)
    duree_minutes: int | None = None
    participants_max: int | None = Field(default=None, ge=1)
    item: IdItem | Literal[""] = ""
    """The maturity item that this event serves."""
    competences: tuple[IdCompetence, ...] = ()
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    fiche: tuple[IdFiche, ...]
    propose: OuiNon = True
    source: str = ""


class ReglesCalendrier(Modele):
    """Horizons and working days: choices of the project."""

    horizon_mois: int = Field(ge=1)
    horizon_droit_mois: int = Field(ge=1)
    rattrapage_jours: int = Field(ge=1)
    """What should have come before today is set this many days ahead."""
    formation_rendez_vous: str
    """The event by which training must be over before a tool opens (D.4, F3-28)."""
    consultation_avance_mois: int = Field(ge=1)
    jours_feries: tuple[str, ...]
    """Month and day, `MM-JJ`, of the fixed national holidays."""
    jours_feries_paques: tuple[int, ...]
    """Days after Easter Sunday of the moving ones."""
    periodes_evitees: tuple[str, ...] = ()
    """Spans of days without meetings, `MM-JJ/MM-JJ`, both ends included; a span may run over the new year."""
    reserve: str


class Principe(Modele):
    id: str
    texte: str


class Sequence(Modele):
    id: str
    minutes: int = Field(ge=1)
    titre: str
    deroule: str
    trace: str


class CasAtelier(Modele):
    """A fictional HR situation that can be worked on without any real data."""

    id: str
    titre: str
    situation: str
    document: str
    demande_vague: str
    demande_precise: str
    a_verifier: tuple[str, ...]
    a_ne_pas_saisir: tuple[str, ...]
    competences: tuple[IdCompetence, ...]


class Atelier(Modele):
    """« Formuler ensemble »: the sequences sum to `duree_minutes`."""

    titre: str
    objectif: str
    duree_minutes: int
    participants_max: int
    materiel: tuple[str, ...]
    conduite: tuple[str, ...]
    principes: tuple[Principe, ...]
    regles_formulation: tuple[Principe, ...]
    sequences: tuple[Sequence, ...]
    cas: tuple[CasAtelier, ...]
    source: str
    bases: tuple[str, ...]
    regles: tuple[IdRegle, ...]
    fiche: tuple[IdFiche, ...]


class ReponseExercice(Modele):
    id: str
    texte: str


class ErreurPlantee(Modele):
    """An error hidden on purpose. `extrait` is found word for word in the answer it is planted in."""

    id: str
    reponse: str
    extrait: str
    nature: str
    correction: str


class Exercice(Modele):
    """Several answers to one demand: choose one, say why, find the planted errors (F3-31)."""

    id: str
    titre: str
    consigne: str
    duree_minutes: int
    document: str
    demande: str
    reponses: tuple[ReponseExercice, ...]
    erreurs: tuple[ErreurPlantee, ...]
    choix_defendable: str
    justification: str
    competences: tuple[IdCompetence, ...]


class Question(Modele):
    id: str
    texte: str
    competences: tuple[IdCompetence, ...] = ()


class OutilEvaluation(Modele):
    """An evaluation tool. `facultatif`: used only if the structure decided it, after social dialogue (F3-20)."""

    id: str
    libelle: str
    publics: tuple[PublicVise, ...]
    moment: str
    contenu: str
    precaution: str
    facultatif: OuiNon = False
    questions: tuple[Question, ...] = ()
    exclusions: tuple[str, ...] = ()
    garde_fous: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    fiche: tuple[IdFiche, ...]


class IndicateurSuivi(Modele):
    """D.6: what is counted and when it alerts."""

    id: str
    libelle: str
    calcul: str
    alerte: str
    fiche: tuple[IdFiche, ...]


class PointDialogue(Modele):
    """A point of social dialogue. `declencheur`: what makes it due: always, any tool, or one of `marques` on
    an active use; `regle`: the rule whose proof says it is done.

    `nature`: an opinion that the law requires, an information that the law requires, a faculty, a proposal.
    """

    id: str
    sujet: str
    formation_competente: str
    nature: Literal["avis", "information", "faculte", "proposition"]
    moment: str
    declencheur: Literal["toujours", "outil", "marques"]
    marques: tuple[str, ...] = ()
    regle: IdRegle | Literal[""] = ""
    echeance: Literal["avant_ouverture", "droit", "proposee", "aucune"]
    echeance_mois: int = 0
    echeance_jours: int = 0
    """For a proposed due date: months, then days, after the campagne's day."""
    contenu: str
    bases: tuple[str, ...]
    fiche: tuple[IdFiche, ...]


class ActionAccompagnement(Modele):
    """Wording of one kind of recommendation, and what each of the three pilots does in it (F3-29)."""

    id: str
    priorite: int = Field(ge=1)
    """The highest comes first."""
    document: str = ""
    """The livrable whose validation (validations.csv) holds for this action; "" for that of the step."""
    action: str
    pilote: str
    livrable: str
    preuve: str
    pilote_rh: str
    pilote_formation: str
    pilote_numerique: str
    validation: str
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    fiche: tuple[IdFiche, ...]


class Accompagnement(Referentiel):
    kit: CotationKit
    documents: tuple[DocumentKit, ...]
    calendrier: ReglesCalendrier
    rendez_vous: tuple[RendezVous, ...]
    atelier: Atelier
    evaluation_item: IdItem
    exercices: tuple[Exercice, ...]
    outils: tuple[OutilEvaluation, ...]
    indicateurs: tuple[IndicateurSuivi, ...]
    dialogue: tuple[PointDialogue, ...]
    dialogue_conditions: tuple[str, ...]
    """How the diagnosis is shared: what equal information means (F3-35)."""
    actions: tuple[ActionAccompagnement, ...]
