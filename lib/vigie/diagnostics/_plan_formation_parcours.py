"""Paths by impact and audience (D.5): for whom, how long, with which modules, what is due before a tool opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..referentiels.parcours_formation import Parcours
from ._plan_formation_adequation import INSUFFISANT
from ._plan_formation_analyse import Analyse
from .cadres import frame_of
from .chiffres import INCONNU
from .petits_effectifs import MASQUE, PUBLIE, hide_counts

PARCOURS = {
    "parcours": "str",
    "libelle": "str",
    "public": "str",
    "effectif": "float64",
    "duree_min_h": "float64",  # NaN = individual path
    "duree_max_h": "float64",
    "modules": "str",
    "avant_ouverture": "str",
    "apres": "str",
    "etat": "str",
}


def path_table(analyse: Analyse, modules: pd.DataFrame) -> pd.DataFrame:
    """One row a path. `modules`: module_table; those kept whose audience and competences are the path's.

    Modules follow from rules and from what the structure needs as a whole, not from who is in the path; headcounts are
    masked under the threshold, and as many more as needed so that none is deduced from the total.
    """
    effectifs = headcounts(analyse)
    agents = [parcours.id for parcours in analyse.plan.parcours if parcours.publics]
    caches = hide_counts(effectifs, (agents,), analyse.seuil)
    etats = {parcours: MASQUE if parcours in caches else PUBLIE for parcours in effectifs}
    rows = [
        _row(analyse, parcours, effectifs[parcours.id], etats[parcours.id], modules)
        for parcours in analyse.plan.parcours
    ]
    return frame_of(rows, PARCOURS)


def headcounts(analyse: Analyse) -> dict[str, int]:
    """Path → agents who follow it; staff representatives are those who hold a mandate, never rated."""
    comptes = analyse.besoins.agents["parcours"].value_counts()
    return {
        parcours.id: int(comptes.get(parcours.id, 0)) if parcours.publics else analyse.calcul.mandats
        for parcours in analyse.plan.parcours
    }


def _row(analyse: Analyse, parcours: Parcours, effectif: int, etat: str, modules: pd.DataFrame) -> Mapping[str, Any]:
    return {
        "parcours": parcours.id,
        "libelle": parcours.libelle,
        "public": " ".join(parcours.publics) or parcours.pour_qui,
        "effectif": INCONNU if etat == MASQUE else float(effectif),
        "duree_min_h": INCONNU if parcours.duree_min_h is None else parcours.duree_min_h,
        "duree_max_h": INCONNU if parcours.duree_max_h is None else parcours.duree_max_h,
        "modules": " ".join(_modules(analyse, parcours, modules)),
        "avant_ouverture": parcours.avant_ouverture,
        "apres": parcours.apres,
        "etat": etat,
    }


def _modules(analyse: Analyse, parcours: Parcours, modules: pd.DataFrame) -> list[str]:
    """Modules kept, open to the path, that raise one of its competences within what is required of its audience."""
    offre = analyse.offre
    referentiels = analyse.dossier.referentiels
    publics = [public.id for public in referentiels.niveaux_requis.publics]
    source = next((one for one in analyse.plan.parcours if one.id == parcours.reprend), parcours)
    ids = parcours.publics or source.publics
    vises = [publics.index(public) for public in ids]
    requis = np.array(
        [_required(analyse, parcours, ids, competence.id) for competence in referentiels.competences.competences]
    )
    gardes = set(modules.loc[modules["decision"] != INSUFFISANT, "module"])
    found = []
    for module in range(len(offre)):
        utile = (offre.sortie[module] > 0) & (offre.entree[module] < requis)
        if offre.id(module) in gardes and utile.any() and offre.publics[module, vises].any():
            found.append(offre.id(module))
    return found


def _required(analyse: Analyse, parcours: Parcours, publics: tuple[str, ...], competence: str) -> int:
    """Level that the path leads to: that of its audiences for its competences, that of jobs when it contains them."""
    referentiels = analyse.dossier.referentiels
    table: Mapping[Any, int] = referentiels.niveaux_requis.requis.get(competence, {})
    par_metier = [metier.requis.get(competence, 0) for metier in referentiels.metiers.metiers if metier.requis]
    if competence in analyse.plan.competences_of(parcours):
        niveau = max((table.get(public, 0) for public in publics), default=0)
        return niveau if competence in referentiels.niveaux_requis.requis else max(par_metier, default=0)
    return max(par_metier, default=0) if parcours.competences_metier else 0
