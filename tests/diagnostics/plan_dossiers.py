"""Dossiers of a training plan from a case: agents as for skills, modules, bounds, choices, searches (see `build`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
from vigie.dossier import Dossier
from vigie.referentiels import Referentiels
from vigie.referentiels.contraintes_formation import ContraintesStructure, RechercheOffre
from vigie.referentiels.formations import MODULES, Module, module_row, parse_levels

from . import competences_dossiers
from .dossiers import answer_frame, shipped

KEYS = {
    "modules": ["module"],
    "couverture": ["competence", "public"],
    "non_couverts": ["competence", "public"],
    "parcours": ["parcours"],
    "sessions": ["session"],
    "creations": ["demande"],
    "equite": ["critere", "groupe"],
    "comparaison": ["plan"],
    "relachements": ["contrainte"],
    "choix": ["competence"],
    "inscriptions": ["agent", "module"],
}
DESCRIPTION = {"modules", "contraintes", "choix", "recherches"}
MODULE = {
    "gisement": "interne",
    "offre": "ministerielle",
    "statut": "disponible",
    "acces": "ouvert",
    "contexte": "rh_public",
    "mise_a_jour": "2026-10-01",
    "reference": "Essai",
}
"""A module without reserve, unless the case says otherwise."""


@cache
def without_offer() -> Referentiels:
    """The shipped referentiels, their known offer left out, so that a case holds every module it speaks of."""
    tout = shipped()
    return replace(tout, formations=tout.formations.model_copy(update={"modules": ()}))


def build(cas: Mapping[str, Any]) -> Dossier:
    """A dossier from a case.

    structure, agents, cotations: as in competences_dossiers.
    modules: fields of referentiels.formations.Module, `niveaux` being written as in a catalogue (« C1:1>2 »);
        followed at any time, it is online.
    contraintes: fields of ContraintesStructure.  recherches: fields of RechercheOffre.
    choix: competence → module or aucun, answered by the training service.
    """
    dossier = competences_dossiers.build(
        {key: value for key, value in cas.items() if key not in DESCRIPTION}, without_offer()
    )
    rows = [module_row(_module(one)) for one in cas.get("modules", [])]
    choix = [
        {"etape": "plan_formation", "repondant": "for-1", "role": "FOR", "cible": competence, "mesure": "module"}
        | {"etat": "niveau", "choix": module, "commentaire": "Motif"}
        for competence, module in cas.get("choix", {}).items()
    ]
    reponses = [dossier.reponses, answer_frame(choix)] if choix else [dossier.reponses]
    return dossier.replace(
        catalogue=pd.DataFrame(rows, columns=list(MODULES)).astype(MODULES),
        contraintes=ContraintesStructure(**cas.get("contraintes", {})),
        recherches=tuple(RechercheOffre(**one) for one in cas.get("recherches", [])),
        reponses=pd.concat(reponses, ignore_index=True),
    )


def _module(dit: Mapping[str, Any]) -> Module:
    champs = {name: value for name, value in dit.items() if name != "niveaux"}
    niveaux = parse_levels(dit["niveaux"])
    assert niveaux, dit["niveaux"]
    if dit.get("autonomie"):
        champs.setdefault("modalites", ["en_ligne"])
    return Module.model_validate({**MODULE, "libelle": f"Module {dit['id']}", **champs, "competences": niveaux})
