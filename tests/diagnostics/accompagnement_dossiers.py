"""Dossiers of support from a case: answers of the three steps it reads, agents, dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from vigie.dossier import REPONSES, VALIDATIONS, Dossier
from vigie.referentiels import Referentiels

from . import competences_dossiers, maturite_dossiers, risques_dossiers
from .dossiers import CAMPAGNE

KEYS = {
    "kit": ["id"],
    "calendrier": ["evenement"],
    "gouvernance": ["id"],
    "composition": ["id"],
    "routes": ["id"],
    "pilotage": ["id"],
    "dialogue": ["id"],
    "evaluation": ["id"],
}
DESCRIPTION = {"date", "structure", "agents", "usages", "preuves_regles", "referentiel", "reponses", "preuves", "echo"}
DESCRIPTION |= {"documents", "validations", "evenements"}


def build(cas: Mapping[str, Any], referentiels: Referentiels | None = None) -> Dossier:
    """A dossier from a case.

    date: the day of the diagnosis. structure, agents: as in competences_dossiers. reponses, preuves, echo: the maturity
    questionnaire, as in maturite_dossiers. usages, referentiel: as in risques_dossiers. preuves_regles: rule →
    complete, sans_critere or critere_non. documents: item → the document shown, in place of « Document fictif ».
    validations: livrables that the direction validated. evenements: read by the test of the cases.
    """
    unknown = set(cas) - DESCRIPTION - {"nom", "source", "calcul", "attendu"}
    assert not unknown, f"clés inconnues : {unknown}"
    structure = cas.get("structure", {})
    people = competences_dossiers.build({"structure": structure, "agents": cas.get("agents", [])}, referentiels)
    maturite = maturite_dossiers.build(
        {"structure": structure, **{key: cas[key] for key in ("reponses", "preuves", "echo") if key in cas}},
        referentiels,
    )
    risques = risques_dossiers.build_case(
        {
            "date": cas.get("date", CAMPAGNE.date_reference),
            "usages": cas.get("usages", {}),
            "preuves": cas.get("preuves_regles", {}),
            **({"referentiel": cas["referentiel"]} if "referentiel" in cas else {}),
        }
    )
    answers = pd.concat([people.reponses, maturite.reponses, risques.reponses], ignore_index=True)
    answers["id"] = range(1, len(answers) + 1)
    for item, document in cas.get("documents", {}).items():
        named = (answers["cible"] == item) & (answers["preuve"] != "")
        assert named.any(), f"{item} n'a pas de preuve"
        answers.loc[named, "preuve"] = document
    validations = [
        {
            "etape": "accompagnement",
            "livrable": livrable,
            "etat": "valide",
            "date": "2026-11-20",
            "par": "Direction fictive",
        }
        for livrable in cas.get("validations", [])
    ]
    return people.replace(
        campagne=risques.campagne,
        reponses=answers.astype(REPONSES),
        validations=pd.DataFrame(validations, columns=list(VALIDATIONS)).astype(VALIDATIONS),
    )


def one_group(number: int = 20, opening: str = "", metier: str = "MET08", publics: str = "") -> dict[str, Any]:
    """A group of agents: by default training managers, whose impact is very strong whatever the date."""
    return {"id": "g", "nombre": number, "metier": metier, "publics": publics, "mise_en_service": opening}
