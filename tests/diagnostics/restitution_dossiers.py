"""Dossiers of the restitution from a case: those of support, what the direction validated, the campagne before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from vigie.dossier import VALIDATIONS, Dossier

from . import accompagnement_dossiers

KEYS = {
    "vigilances": ["vigilance"],
    "feuille_de_route": ["cle"],
    "avant_apres": ["cible"],
    "versions_comparees": ["referentiel"],
    "validations": ["etape", "livrable"],
}
AVANT = {"reponses", "preuves", "agents", "usages", "preuves_regles", "versions", "modifies"}
JUGEMENT = {"nom", "source", "calcul", "attendu"}


def build(cas: Mapping[str, Any]) -> Dossier:
    """A dossier from a case: the keys of `accompagnement_dossiers.build`, and

    valides: « etape » or « etape livrable », validated by the direction. avant: the campagne before, with its own
    reponses, preuves, agents, usages, preuves_regles; `versions` and `modifies` as ministere.yaml writes them.
    """
    own = {key: value for key, value in cas.items() if key not in ("avant", "valides", *JUGEMENT)}
    dossier = accompagnement_dossiers.build(own)
    rows = [
        {"etape": etape, "livrable": livrable, "etat": "valide", "date": "2026-11-20", "par": "Direction fictive"}
        for etape, _, livrable in (one.partition(" ") for one in cas.get("valides", []))
    ]
    dossier = dossier.replace(validations=pd.DataFrame(rows, columns=list(VALIDATIONS)).astype(VALIDATIONS))
    return dossier.replace(anterieur=_before(cas["avant"], own)) if "avant" in cas else dossier


def _before(avant: Mapping[str, Any], own: Mapping[str, Any]) -> Dossier:
    assert set(avant) <= AVANT, f"clés inconnues : {set(avant) - AVANT}"
    described = {key: value for key, value in avant.items() if key not in ("versions", "modifies")}
    before = accompagnement_dossiers.build({"structure": own.get("structure", {}), **described})
    changes = {"id": "c2025", "libelle": "Campagne d'avant", "versions": avant.get("versions", {})}
    changes["modifies"] = {name: tuple(ids) for name, ids in avant.get("modifies", {}).items()}
    return before.replace(campagne=before.campagne.model_copy(update=changes))
