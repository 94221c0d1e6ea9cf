"""What the factory reads: the referentiels in force and the YAML files of this folder, checked before any draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from vigie.errors import EntreeInvalide
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.loading import read_model
from vigie.referentiels.ministere import Campagne, Ministere

HERE = Path(__file__).parent
M = TypeVar("M", bound=BaseModel)

Format = Literal["long_csv", "long_csv_cp1252", "large_csv", "large_xlsx"]
Etape = Literal["maturite", "echo", "competences", "risques_ethique"]


class Ferme(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Nature(Ferme):
    """A kind of structure: weights of its job families and of its categories."""

    type: str
    nom: str
    metiers: dict[str, float]
    categories: dict[str, float]


class Palier(Ferme):
    jusqua: int
    roles: dict[str, int]


class Populations(Ferme):
    natures: dict[str, Nature]
    publics: dict[str, str]
    publics_de_plus: dict[str, dict[str, float]]
    femmes: float
    femmes_par_metier: dict[str, float]
    repondants: tuple[Palier, ...]
    optimisme: dict[str, float]
    ne_sait_pas: dict[str, float]
    apporte_preuve: dict[str, float]
    aisances: dict[str, dict[str, float]]
    facilites: dict[str, float]
    quiz: tuple[str, ...]
    situations: tuple[str, ...]
    familles_reservees: dict[str, tuple[str, ...]]
    notes: dict[str, float]
    regard_cotation: dict[str, float]
    maturite_par_situation: dict[str, float]
    lieux: tuple[str, ...]


class Tons(Ferme):
    bas: tuple[str, ...]
    moyen: tuple[str, ...]
    haut: tuple[str, ...]


class Textes(Ferme):
    prenoms: tuple[str, ...]
    noms: tuple[str, ...]
    fonctions: dict[str, tuple[str, ...]]
    conduite: dict[str, str]
    documents: dict[str, str]
    indicateurs: dict[str, tuple[str, ...]]
    commentaires: dict[str, Tons]
    ne_sait_pas: tuple[str, ...]
    sans_objet: dict[str, str]
    arguments: tuple[str, ...]
    documents_regles: dict[str, str]


class Imposee(Ferme):
    """An answer written by hand: replaces the drawn one of `role` (all when empty) to an item or a dimension."""

    cible: str
    role: str = ""
    valeur: int | None = None
    etat: str = "niveau"
    commentaire: str = ""


class Ajout(Ferme):
    """A row the draw never makes: a workshop's arbitrage, a consultant's override."""

    cible: str
    mesure: Literal["arbitrage", "forcage"]
    role: Literal["ATELIER", "CONSULTANT"]
    valeur: int
    commentaire: str


class PreuveImposee(Ferme):
    document: bool
    indicateur: bool


class Forcage(Ferme):
    niveau: int
    motif: str


class Cas(Ferme):
    """A use case. `cotes` and `ecarts` are « gravité/vraisemblance »."""

    objet: str
    statut: str
    nom: str
    marques: tuple[str, ...] = ()
    aggravants: tuple[str, ...] = ()
    coteurs: tuple[str, ...] = ("RH", "NUM", "JUR")
    cotes: dict[str, str] = {}
    ecarts: dict[str, dict[str, str]] = {}
    prouvees: tuple[str, ...] = ()
    """Rules whose document exists and whose criterion is met."""
    sans_critere: tuple[str, ...] = ()
    """Rules whose document exists but whose criterion is not met."""
    forcages: dict[str, Forcage] = {}


class ReferentielEthique(Ferme):
    existe: bool = True
    preuve: str = ""
    commentaire: str = ""
    oui: tuple[str, ...] = ()
    partiel: tuple[str, ...] = ()
    non: tuple[str, ...] = ()


class Validation(Ferme):
    etape: str
    livrable: str
    etat: str
    date: str
    par: str


class Avant(Ferme):
    """How a structure answered the campagne before: only what differs; answers written by hand are left out."""

    maturite: dict[str, float]
    visibilite: float = 0.0
    decideurs: float = 0.0
    repond: float = 0.92
    echo: float = 0.45
    positionne: float = 0.6
    manager: float = 0.2
    quiz: float = 0.1
    situations: float = 0.05
    exposition: int = 0
    absents: tuple[str, ...] = ()
    cas: tuple[Cas, ...] = ()
    regles_prouvees: tuple[str, ...] = ()
    regles_absentes: tuple[str, ...] = ()
    referentiel: ReferentielEthique | None = None


class StructureFictive(Ferme):
    """One structure of the scenario; the head of demonstration.yaml says what each key rules."""

    id: str
    nom: str
    nature: str
    situation: Literal["a", "b", "c", "d"]
    effectif: int
    sites: dict[str, float]
    mise_en_service: date | None = None
    montre: str = ""
    maturite: dict[str, float]
    visibilite: float = 0.0
    decideurs: float = 0.0
    repond: float = 0.92
    s_arrete: str = ""
    """Dimension after which the respondents of this structure stopped answering."""
    echo: float = 0.45
    positionne: float = 0.6
    manager: float = 0.2
    quiz: float = 0.1
    situations: float = 0.05
    volontaires: float = 0.4
    surestime: float = 0.25
    inconnu: float = 1.0
    sans_outil: bool = False
    documents: float = 0.6
    indicateurs: float = 0.25
    ouvertures: dict[str, date] = {}
    exposition: int = 3
    cotations_seules: int = 0
    """Number of job families rated by one person only."""
    cotations_imposees: dict[str, dict[str, float]] = {}
    formats: dict[Etape, Format]
    imposees: tuple[Imposee, ...] = ()
    ajouts: tuple[Ajout, ...] = ()
    corrections: tuple[Imposee, ...] = ()
    preuves_imposees: dict[str, PreuveImposee] = {}
    cas: tuple[Cas, ...] = ()
    regles_prouvees: tuple[str, ...] = ()
    regles_absentes: tuple[str, ...] = ()
    """Rules said without proof for the whole structure."""
    referentiel: ReferentielEthique | None = None
    cibles: dict[str, int] = {}
    validations: tuple[Validation, ...] = ()
    absents: tuple[str, ...] = ()
    """Roles of which nobody answered."""
    avant: Avant | None = None
    ouverture: date = date(2026, 10, 5)
    cloture: date = date(2026, 11, 20)
    """First and last day of the answers; nothing dated after the last day is shown as evidence."""

    def in_campagne(self, campagne: Campagne) -> StructureFictive | None:
        """The structure as it answered an earlier campagne; None when it did not take part."""
        if self.avant is None or campagne.ouverture is None or campagne.cloture is None:
            return None
        hand_written = {"imposees": (), "ajouts": (), "corrections": (), "preuves_imposees": {}}
        said = {name: getattr(self.avant, name) for name in self.avant.model_fields_set}
        days = {"ouverture": campagne.ouverture, "cloture": campagne.cloture}
        return self.model_copy(update={**hand_written, **said, **days})


class Scenario(Ferme):
    graine: int
    ministere: Ministere
    structures: tuple[StructureFictive, ...]
    joints: tuple[str, ...] = ()
    """Files of the folder `formation`, written by hand, that the ministry holds as they are."""

    @property
    def anterieures(self) -> tuple[Campagne, ...]:
        return tuple(one for one in self.ministere.campagnes if one.id != self.ministere.campagne)


@dataclass(frozen=True)
class Contenu:
    """All that a draw needs besides the scenario."""

    referentiels: Referentiels
    populations: Populations
    textes: Textes

    @cached_property
    def taches(self) -> dict[str, Any]:
        """Job family id → its tasks."""
        return {metier.id: metier.taches for metier in self.referentiels.metiers.metiers}

    @cached_property
    def requis(self) -> dict[str, frozenset[str]]:
        """Job family id → competences that it requires on its own."""
        return {metier.id: frozenset(metier.requis) for metier in self.referentiels.metiers.metiers}


def load_contenu() -> Contenu:
    return Contenu(
        load_referentiels(), _read(HERE / "populations.yaml", Populations), _read(HERE / "textes.yaml", Textes)
    )


def load_scenario(nom: str) -> Scenario:
    return _read(HERE / f"{nom}.yaml", Scenario)


def _read(path: Path, modele: type[M]) -> M:
    lecture = read_model(path, modele)
    if lecture.valeur is None:
        raise EntreeInvalide(lecture.anomalies)
    return lecture.valeur
