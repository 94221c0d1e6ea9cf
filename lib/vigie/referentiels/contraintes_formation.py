"""What bounds a ministry's training plan: formation_contraintes.yaml in its folder, for all or by structure."""

from __future__ import annotations

from pydantic import Field

from .base import IdCompetence, IdLibre, IdMois, Jour, Modele
from .formations import Gisement


class ContraintesStructure(Modele):
    """Bounds of one structure's plan. None or empty: no such bound."""

    heures_par_agent: float | None = Field(default=None, gt=0)
    budget: float | None = Field(default=None, ge=0)
    """Euros, for the months of the plan."""
    sessions_par_mois: int | None = Field(default=None, ge=0)
    """Sessions, all modules together, that the training service can hold in a month."""
    mois_fermes: tuple[IdMois, ...] = ()
    acces: tuple[IdLibre, ...] = ()
    """Restricted offers that its agents may enrol in (`acces_code` of the modules)."""


class RechercheOffre(Modele):
    """A search in the existing offer, as the training service did it. No competence named: it was about all."""

    gisement: Gisement
    date: Jour
    resultat: str = Field(min_length=1)
    competences: tuple[IdCompetence, ...] = ()
    par: str = ""


class ContraintesFormation(ContraintesStructure):
    structures: dict[IdLibre, ContraintesStructure] = {}
    recherches: tuple[RechercheOffre, ...] = ()

    def pour(self, structure: str) -> ContraintesStructure:
        """Bounds of one structure: its own, then those for all."""
        propres = self.structures.get(structure)
        commun = {name: getattr(self, name) for name in ContraintesStructure.model_fields}
        dites = {name: getattr(propres, name) for name in propres.model_fields_set} if propres else {}
        return ContraintesStructure(**{**commun, **dites})
