"""What the training service chose for a need, with its reason: it holds over the matching, and both are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..dossier import Dossier, Etat
from ._plan_formation_adequation import Adequation
from ._plan_formation_besoins import Besoins
from ._plan_formation_offre import Offre
from .cadres import frame_of

ETAPE, MESURE = "plan_formation", "module"
AUCUN = "aucun"
"""The answer « no module suits »."""
CHOIX = {
    "competence": "str",
    "libelle": "str",
    "module": "str",
    "titre": "str",
    "role": "str",
    "motif": "str",
    "date": "str",
    "effet": "str",
}
SUIVI, ECARTE, INADEQUAT = "effet_suivi", "effet_ecarte", "effet_inadequat"


def read_choices(dossier: Dossier) -> pd.DataFrame:
    """Answers that name a module, or none, for a competence."""
    rows = dossier.answers(ETAPE, MESURE)
    return rows[rows["etat"].eq(Etat.NIVEAU) & rows["choix"].ne("")]


def chosen(choices: pd.DataFrame) -> Mapping[str, frozenset[str]]:
    """Competence → modules chosen by one or several people; empty when none suits anyone."""
    return {str(competence): frozenset(groupe["choix"]) - {AUCUN} for competence, groupe in choices.groupby("cible")}


def keep_chosen(
    adequation: Adequation, besoins: Besoins, offre: Offre, voulus: Mapping[int, frozenset[str]]
) -> Adequation:
    """The same, modules that were not chosen being left out of the needs for which one was.

    `voulus`: position of a competence → modules chosen. None chosen: the service holds none admissible (R = 0, D.3).
    """
    retenues, cible = [], []
    for module in range(len(offre)):
        lignes = adequation.retenues[module]
        exclues = [place for place, ids in voulus.items() if offre.id(module) not in ids]
        gardees = ~np.isin(besoins.competence[lignes], exclues)
        retenues.append(lignes[gardees])
        cible.append(adequation.cible[module][gardees])
    valeurs = adequation.valeurs.copy()
    sans_module = [place for place, ids in voulus.items() if not ids]
    valeurs[:, np.unique(besoins.cellule[np.isin(besoins.competence, sans_module)])] = 0.0
    return replace(adequation, valeurs=valeurs, retenues=tuple(retenues), cible=tuple(cible))


def choice_rows(choices: pd.DataFrame, dossier: Dossier, adequats: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """One row a choice. `adequats`: competence → modules adequate for one of its needs.

    `effet`: SUIVI, ECARTE (no module is kept), or INADEQUAT (it does not reach the threshold, so nothing is planned).
    """
    libelles = {one.id: one.libelle for one in dossier.referentiels.competences.competences}
    titres = {module.id: module.libelle for module in dossier.referentiels.formations.modules}
    titres |= dict(zip(dossier.catalogue["id"], dossier.catalogue["libelle"], strict=True))
    return frame_of((_row(row, libelles, titres, adequats) for row in choices.to_dict("records")), CHOIX)


def _row(
    row: Mapping[Any, Any],
    libelles: Mapping[str, str],
    titres: Mapping[str, str],
    adequats: Mapping[str, frozenset[str]],
) -> Mapping[str, Any]:
    module = "" if row["choix"] == AUCUN else str(row["choix"])
    effet = SUIVI if module in adequats.get(str(row["cible"]), frozenset()) else INADEQUAT
    return {
        "competence": row["cible"],
        "libelle": libelles[row["cible"]],
        "module": module,
        "titre": titres.get(module, ""),
        "role": row["role"],
        "motif": row["commentaire"],
        "date": row["date"],
        "effet": effet if module else ECARTE,
    }
