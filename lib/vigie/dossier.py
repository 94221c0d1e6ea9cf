"""One structure in one campagne: everything a diagnostic may read, as plain values and frames.

A diagnostic is a pure function `diagnose(dossier) -> Resultat`. Only `collecte.open_dossier` reads the disk and the
store; tests build a Dossier by hand with `empty_frame`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import pandas as pd

from . import __version__
from .referentiels import Referentiels
from .referentiels.contraintes_formation import ContraintesStructure, RechercheOffre
from .referentiels.formations import MODULES
from .referentiels.ministere import Campagne, Ministere, Structure


class Etat(StrEnum):
    """The five states of an answer. Only NIVEAU carries a value; the other four are never read as a low level."""

    NIVEAU = "niveau"
    NE_SAIT_PAS = "ne_sait_pas"
    SANS_OBJET = "sans_objet"
    NON_REPONDU = "non_repondu"
    MASQUE = "masque"


REPONSES = {
    "id": "int64",  # number in the store: what a « pourquoi » cites
    "repondant": "str",  # "" for the anonymous écho
    "role": "str",
    "etape": "str",  # maturite, competences, risques_ethique
    "objet": "str",  # what the answer is about besides its target (a use case, a job family); "" if nothing
    "cible": "str",  # id of the item, competence, task, risk, rule…
    "mesure": "str",  # what is measured; see `collecte/mesures.py`
    "etat": "str",  # a value of Etat
    "niveau": "float64",  # the number answered, NaN otherwise
    "choix": "str",  # the code answered (oui, non, en_service…), "" otherwise
    "commentaire": "str",
    "preuve": "str",  # the document shown as evidence, "" if none
    "indicateur": "str",  # the indicator shown as evidence, "" if none
    "date": "str",  # ISO date of the answer
    "version": "str",  # version of the referentiel the answer was given to
}
AGENTS = {
    "id": "str",
    "metier": "str",  # MET01…
    "publics": "str",  # codes among MP RF ED NP, separated by a space; "" for none
    "categorie": "str",
    "site": "str",
    "sexe": "str",
    "mise_en_service": "str",  # ISO date at which this agent's AI tool opens, "" if none
}
REPONDANTS = {"id": "str", "role": "str", "nom": "str", "fonction": "str"}
CIBLES = {"dimension": "str", "cible": "float64", "date": "str", "decision": "str"}
HORS_EMPREINTE = frozenset({"resultats", "anterieur", "anterieur_manque"})
"""Fields of a Dossier that its hash leaves out."""
GARDES = ("empreinte", "_by_etape")
"""What a Dossier has computed of its other fields."""
VALIDATIONS = {"etape": "str", "livrable": "str", "etat": "str", "date": "str", "par": "str"}


def empty_frame(schema: Mapping[str, str]) -> pd.DataFrame:
    """A frame without rows whose columns have the dtypes of `schema`."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in schema.items()})


def typed_frame(columns: Iterable[Sequence[Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    """A frame of these columns, one a name of `schema`, each made with its dtype: pandas guesses nothing and converts
    nothing again, which takes a third of the time. A text that comes again is held once: thousands of rows repeat a
    few dozen of them."""
    array: Any = pd.array  # whose types want to know the dtype as it is written
    held: dict[Any, Any] = {}
    return pd.DataFrame(
        {
            name: array([held.setdefault(value, value) for value in values] if dtype == "str" else values, dtype)
            for (name, dtype), values in zip(schema.items(), columns, strict=True)
        }
    )


@dataclass(frozen=True)
class Dossier:
    """Frames follow the schemas above; `reponses` holds current answers only (superseded ones are left out)."""

    ministere: Ministere
    campagne: Campagne
    structure: Structure
    referentiels: Referentiels
    reponses: pd.DataFrame
    agents: pd.DataFrame = field(default_factory=lambda: empty_frame(AGENTS))
    repondants: pd.DataFrame = field(default_factory=lambda: empty_frame(REPONDANTS))
    cibles: pd.DataFrame = field(default_factory=lambda: empty_frame(CIBLES))
    validations: pd.DataFrame = field(default_factory=lambda: empty_frame(VALIDATIONS))
    catalogue: pd.DataFrame = field(default_factory=lambda: empty_frame(MODULES))
    """Modules of the ministry's own catalogue, columns of referentiels.formations.MODULES."""
    contraintes: ContraintesStructure = field(default_factory=ContraintesStructure)
    """What bounds the training plan of this structure."""
    recherches: tuple[RechercheOffre, ...] = ()
    """Searches made by the training service in the existing offer."""
    resultats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Earlier results of this structure, etape → the JSON of its Resultat; a missing one is said, never an error."""
    anterieur: Dossier | None = None
    """The same structure in the last campagne before this one in which it answered."""
    anterieur_manque: str = ""
    """Why an earlier campagne of the ministry could not be opened, in French; "" when nothing is missing."""

    @cached_property
    def empreinte(self) -> str:
        """Hash of all that a diagnosis reads here, earlier results apart: a result written with the same one would be
        computed again alike."""
        digest = hashlib.sha256(__version__.encode())
        digest.update((self.anterieur.empreinte if self.anterieur else "").encode())
        for part in (self.ministere, self.campagne, self.structure, self.contraintes, *self.recherches):
            digest.update(part.model_dump_json().encode())
        digest.update(repr(sorted(self.referentiels.empreintes.items())).encode())
        for frame in (self.reponses, self.agents, self.repondants, self.cibles, self.validations, self.catalogue):
            for name in frame.columns:  # values as Python writes them: far less work than hashing them one by one
                digest.update(repr((name, frame[name].to_numpy().tolist())).encode())
        return digest.hexdigest()[:32]

    def answers(self, etape: str, mesure: str | None = None) -> pd.DataFrame:
        """Answers of one etape, of one measure if given, in the order of the store."""
        rows = self._by_etape.get(etape, self.reponses.iloc[:0])
        return rows.copy(deep=False) if mesure is None else rows[rows["mesure"] == mesure]

    @cached_property
    def _by_etape(self) -> Mapping[str, pd.DataFrame]:
        """The answers of each etape: a diagnosis asks for them many times."""
        return {str(etape): rows for etape, rows in self.reponses.groupby("etape", sort=False)}

    def replace(self, **changes: Any) -> Dossier:
        made = replace(self, **changes)
        if changes.keys() <= HORS_EMPREINTE:  # nothing that these cover has changed: not computed again
            vars(made).update({name: vars(self)[name] for name in GARDES if name in vars(self)})
        return made
