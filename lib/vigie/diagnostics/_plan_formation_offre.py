"""The modules that a plan may use: the known offer, completed by the ministry's catalogue, read as arrays (D.2, D.3).

Everything follows the order of the ids, so that the order of the files changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from ..referentiels.formations import MODULES, module_row, parse_levels
from ..referentiels.parcours_formation import Appariement
from .typographie import quoted

TOUS = "TA"
"""The audience that every agent belongs to."""
ARRETES = ("en_production", "arrete")
OUI = "oui"
PROPRE = "L-"
"""Modules of the ministry's own."""
DUREE, PLACES = "durée", "places par session"
NIVEAUX, ACCES, MISE_A_JOUR, COUT = "niveaux d'entrée et de sortie", "accès", "date de mise à jour", "coût"


@dataclass(frozen=True, eq=False)
class Offre:
    """M modules, K competences of the referentiel, P audiences. `entree` and `sortie` are 0 where nothing is aimed at.

    `accessible`: may be enrolled in, as far as known. `planifiable`: length known, and seats known or not needed.
    `ordre`: rank of the offer, which settles ties. `inconnus`: what is to be asked of the provider.
    """

    cadre: pd.DataFrame
    entree: np.ndarray
    sortie: np.ndarray
    publics: np.ndarray
    fraicheur: np.ndarray
    contexte: np.ndarray
    accessible: np.ndarray
    planifiable: np.ndarray
    autonome: np.ndarray
    heures: np.ndarray
    places: np.ndarray
    ordre: np.ndarray
    sites: tuple[frozenset[str], ...]
    mois: tuple[frozenset[str], ...]
    inconnus: tuple[tuple[str, ...], ...]

    @property
    def poids(self) -> np.ndarray:
        """Freshness × context, 0 when not accessible."""
        poids: np.ndarray = self.fraicheur * self.contexte * self.accessible
        return poids

    def __len__(self) -> int:
        return len(self.cadre)

    def id(self, module: int) -> str:
        return str(self.cadre["id"].iat[module])

    def title(self, module: int) -> str:
        return quoted(str(self.column("libelle")[module]))

    def column(self, name: str) -> np.ndarray:
        """A column of MODULES, read once."""
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        return {str(name): self.cadre[name].to_numpy() for name in self.cadre}


def read_offer(dossier: Dossier) -> Offre:
    """Every module known to this structure, by id; a row of the catalogue holds over the module of the same id."""
    regle = dossier.referentiels.parcours_formation.appariement
    cadre = _all_modules(dossier)
    lignes = cadre.to_dict("records")
    entree, sortie = _levels(cadre, dossier.referentiels)
    jour = dossier.campagne.date_reference
    contextes: dict[str, float] = {contexte.id: contexte.valeur for contexte in regle.contextes}
    ordre = {str(offre): rang for rang, offre in enumerate(regle.offres)}
    autonome = cadre["autonomie"].eq(OUI).to_numpy(dtype=bool)
    accessible = np.array([_accessible(ligne, dossier.contraintes.acces) for ligne in lignes], dtype=bool)
    heures = cadre["duree_h"].to_numpy()
    places = cadre["places"].to_numpy()
    planifiable = accessible & ~np.isnan(heures) & (autonome | ~np.isnan(places)) & (sortie > 0).any(axis=1)
    return Offre(
        cadre=cadre,
        entree=entree,
        sortie=sortie,
        publics=_audiences(cadre, dossier.referentiels),
        fraicheur=np.array([freshness(str(texte), jour, regle) for texte in cadre["mise_a_jour"]], dtype="float64"),
        contexte=np.array([contextes[str(contexte)] for contexte in cadre["contexte"]], dtype="float64"),
        accessible=accessible,
        planifiable=planifiable,
        autonome=autonome,
        heures=heures,
        places=places,
        ordre=np.array([ordre.get(str(offre), len(ordre)) for offre in cadre["offre"]], dtype="int64"),
        sites=tuple(frozenset(items(texte)) for texte in cadre["sites"]),
        mois=tuple(frozenset(items(texte)) for texte in cadre["mois"]),
        inconnus=tuple(_unknowns(ligne) for ligne in lignes),
    )


def freshness(mise_a_jour: str, reference: date, regle: Appariement) -> float:
    """Fr (D.3) from an ISO date of revision; "" gives the waiting value. A date to come counts as today's."""
    if not mise_a_jour:
        return regle.fraicheur_inconnue
    jour = pd.Timestamp(mise_a_jour)
    for palier in regle.fraicheur:
        if palier.mois_max is None or (jour + pd.DateOffset(months=palier.mois_max)).date() > reference:
            return palier.valeur
    return regle.fraicheur[-1].valeur


def items(text: object) -> list[str]:
    """The values of a cell of MODULES that holds several."""
    return [item for item in str(text).split(", ") if item]


def _all_modules(dossier: Dossier) -> pd.DataFrame:
    completed = set(dossier.catalogue["id"])
    known = [module_row(module) for module in dossier.referentiels.formations.modules]
    rows = [row for row in known if row["id"] not in completed]
    rows += [{str(name): value for name, value in row.items()} for row in dossier.catalogue.to_dict("records")]
    return pd.DataFrame(rows, columns=list(MODULES)).astype(MODULES).sort_values("id", ignore_index=True)


def _levels(cadre: pd.DataFrame, referentiels: Referentiels) -> tuple[np.ndarray, np.ndarray]:
    positions = {competence.id: rang for rang, competence in enumerate(referentiels.competences.competences)}
    entree = np.zeros((len(cadre), len(positions)), dtype="float64")
    sortie = np.zeros_like(entree)
    for module, text in enumerate(cadre["competences"]):
        for level in parse_levels(str(text)) or ():
            place = positions[level["competence"]]
            entree[module, place], sortie[module, place] = level["entree"], level["sortie"]
    return entree, sortie


def _audiences(cadre: pd.DataFrame, referentiels: Referentiels) -> np.ndarray:
    """M × P: audiences aimed at. No audience known, or TA: all of them."""
    publics = [public.id for public in referentiels.niveaux_requis.publics]
    vises = [set(items(text)) for text in cadre["publics"]]
    table = [[not ids or TOUS in ids or public in ids for public in publics] for ids in vises]
    return np.array(table, dtype=bool).reshape(len(cadre), len(publics))


def _accessible(row: Mapping[Any, Any], acces: tuple[str, ...]) -> bool:
    """Offered, and open to this ministry's agents as far as known; its own modules are."""
    if row["statut"] in ARRETES:
        return False
    return row["acces"] != "restreint" or str(row["id"]).startswith(PROPRE) or row["acces_code"] in acces


def _unknowns(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """What the provider is to be asked, in the order of a course record."""
    checks = (
        (DUREE, np.isnan(row["duree_h"])),
        (PLACES, row["autonomie"] != OUI and np.isnan(row["places"])),
        (NIVEAUX, bool(row["rapprochement"]) or not row["competences"]),
        (ACCES, row["acces"] == "inconnu"),
        (MISE_A_JOUR, not row["mise_a_jour"]),
        (COUT, np.isnan(row["cout_session"]) and np.isnan(row["cout_place"])),
    )
    return tuple(name for name, missing in checks if missing)
