"""A fictional structure on the shipped referentiels, to which each etape's tests add answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from vigie.dossier import REPONSES, Dossier, Etat, empty_frame
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.ministere import Campagne, Ministere, Structure

CAMPAGNE = Campagne(id="c2026", libelle="Campagne fictive", date_reference=date(2026, 11, 24))
MINISTERE = Ministere(id="essai", nom="Ministère fictif", fictif=True, campagne="c2026", campagnes=(CAMPAGNE,))


@cache
def shipped() -> Referentiels:
    return load_referentiels()


def bare_dossier(referentiels: Referentiels | None = None, **structure: Any) -> Dossier:
    """A dossier without answers; `structure` changes fields of the structure."""
    fields = {"id": "essai", "nom": "Structure fictive", "type": "essai", "situation": "c", "effectif": 40} | structure
    return Dossier(
        ministere=MINISTERE,
        campagne=CAMPAGNE,
        structure=Structure.model_validate(fields),
        referentiels=referentiels or shipped(),
        reponses=empty_frame(REPONSES),
    )


def answer_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Answers of dossier.REPONSES; a missing field is empty, ids follow the order."""
    blank = dict.fromkeys(REPONSES, "") | {"niveau": float("nan"), "date": "2026-11-02", "version": "2026.11"}
    filled = [{**blank, "id": number, **row} for number, row in enumerate(rows, start=1)]
    return pd.DataFrame(filled, columns=list(REPONSES)).astype(REPONSES) if filled else empty_frame(REPONSES)


def level_or_state(value: object) -> dict[str, Any]:
    """`3` → a level; `ne_sait_pas`, `sans_objet`… → that state."""
    if isinstance(value, (int, float)):
        return {"etat": str(Etat.NIVEAU), "niveau": float(value)}
    return {"etat": str(Etat(str(value)))}
