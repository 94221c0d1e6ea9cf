"""What Vigie records about people (params/traitement.yaml): the matter of the record of processing and of the impact
assessment (RGPD, art. 30 and 35)."""

from __future__ import annotations

from ..errors import ReferentielInvalide
from ..paths import params_dir
from .base import Modele
from .loading import read_model

FICHIER = "traitement.yaml"


class Destinataire(Modele):
    qui: str
    recoit: str


class Categorie(Modele):
    """`donnees`: table of the store, or file of a ministry, → its columns."""

    id: str
    libelle: str
    nature: str
    donnees: dict[str, tuple[str, ...]]
    pourquoi: str
    conservation: str
    effacement: str


class Droit(Modele):
    droit: str
    comment: str


class Question(Modele):
    question: str
    constat: str


class Risque(Modele):
    risque: str
    effets: str
    mesures: str


class Impact(Modele):
    questions: tuple[Question, ...]
    risques: tuple[Risque, ...]


class Traitement(Modele):
    """The processing as a whole. `bases`: ids of bases_juridiques.yaml."""

    version: str
    statut: str
    nom: str
    finalites: tuple[str, ...]
    hors_finalites: tuple[str, ...]
    bases: tuple[str, ...]
    base_retenue: str
    personnes: tuple[str, ...]
    destinataires: tuple[Destinataire, ...]
    hors_union: str
    categories: tuple[Categorie, ...]
    droits: tuple[Droit, ...]
    mesures: tuple[str, ...]
    impact: Impact


def read_traitement() -> Traitement:
    """Raises ReferentielInvalide."""
    lecture = read_model(params_dir() / FICHIER, Traitement)
    if lecture.valeur is None:
        raise ReferentielInvalide(lecture.anomalies)
    return lecture.valeur
