"""Tables of modules, coverage, fairness and comparison (D.3, D.6), small groups protected.

What is printed of a need follows its line of the synthesis: masked there, masked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ._plan_formation_adequation import INSUFFISANT, module_adequacy, module_needs
from ._plan_formation_analyse import Analyse
from ._plan_formation_bilan import Bilan
from ._plan_formation_glouton import GLOUTON
from ._plan_formation_motifs import explain
from ._plan_formation_offre import items
from ._plan_formation_optimise import OPTIMISE
from .cadres import frame_of
from .chiffres import INCONNU, over
from .petits_effectifs import MASQUE, PUBLIE

MODULES_PLAN = {
    "module": "str",
    "titre": "str",
    "organisme": "str",
    "source": "str",
    "modalite": "str",
    "duree_h": "float64",  # NaN = « à demander »
    "places": "float64",
    "adequation": "float64",
    "decision": "str",
    "competences": "str",
    "publics": "str",
    "fraicheur": "float64",
    "contexte": "float64",
    "url": "str",
    "verifie_le": "str",
    "confiance": "str",
    "etat": "str",  # masque: no need that it answers may be printed
}
COUVERTURE = {
    "competence": "str",
    "libelle": "str",
    "public": "str",  # every audience of the line
    "besoin": "float64",
    "rang": "float64",
    "module": "str",
    "adequation": "float64",
    "couvert": "boolean",  # NA on a masked line
    "reste": "float64",
    "motif": "str",
    "etat": "str",
}
NON_COUVERTS = {
    "competence": "str",
    "libelle": "str",
    "public": "str",
    "besoin": "float64",  # agents left
    "rang": "float64",
    "motif": "str",
}
EQUITE = {
    "critere": "str",
    "groupe": "str",
    "effectif": "float64",
    "taux_couverture": "float64",
    "ecart": "float64",
    "alerte": "bool",
}
COMPARAISON = {
    "plan": "str",
    "besoins_couverts": "float64",
    "charge_couverte": "float64",
    "rang1_couverts": "float64",
    "heures": "float64",
    "cout": "float64",
    "sessions": "int64",
    "ecart_equite": "float64",
}
MASQUEE = "Chiffre non publiable ; le service de formation dispose de la liste nominative"


def module_table(analyse: Analyse) -> pd.DataFrame:
    """Modules that aim at a need of the structure, by id. Figures drawn from masked needs are left out."""
    vises = [module for module in range(len(analyse.offre)) if _aims(analyse, module)]
    return frame_of((_module(analyse, module) for module in vises), MODULES_PLAN)


def _aims(analyse: Analyse, module: int) -> bool:
    return bool((analyse.offre.sortie[module, analyse.besoins.competence] > 0).any())


def _module(analyse: Analyse, module: int) -> Mapping[str, Any]:
    offre, adequation = analyse.offre, analyse.donnees.appariement
    cellules = module_needs(adequation, analyse.besoins, offre, module)
    visibles = cellules[analyse.publiee[cellules]]
    decision = adequation.decide(float(np.nan_to_num(module_adequacy(adequation, analyse.besoins, module, cellules))))
    kept = visibles if decision != INSUFFISANT else visibles[:0]
    ligne = offre.cadre.iloc[module]
    return {
        "module": ligne["id"],
        "titre": ligne["libelle"],
        "organisme": ligne["organisme"],
        "source": ligne["gisement"],
        "modalite": ligne["modalites"],
        "duree_h": ligne["duree_h"],
        "places": ligne["places"],
        "adequation": module_adequacy(adequation, analyse.besoins, module, visibles),
        "decision": decision,
        "competences": " ".join(dict.fromkeys(analyse.synthese["competence"].iloc[kept])) or _taught(analyse, module),
        "publics": " ".join(_in_order(analyse, kept)) or " ".join(items(ligne["publics"])),
        "fraicheur": offre.fraicheur[module],
        "contexte": offre.contexte[module],
        "url": ligne["url"],
        "verifie_le": ligne["verifie_le"],
        "confiance": ligne["confiance"],
        "etat": PUBLIE if len(visibles) else MASQUE,
    }


def _taught(analyse: Analyse, module: int) -> str:
    """What the module aims at by its own record, when no need that it answers may be printed."""
    competences = analyse.dossier.referentiels.competences.competences
    return " ".join(competences[place].id for place in np.flatnonzero(analyse.offre.sortie[module] > 0))


def _in_order(analyse: Analyse, cellules: np.ndarray) -> list[str]:
    vus = {public for cellule in cellules for public in analyse.publics(int(cellule)).split()}
    return [public.id for public in analyse.dossier.referentiels.niveaux_requis.publics if public.id in vus]


def coverage_table(analyse: Analyse) -> pd.DataFrame:
    """One row a need of the synthesis that someone has, or that may not be said."""
    return frame_of(_coverage(analyse), COUVERTURE)


def _coverage(analyse: Analyse) -> Iterator[Mapping[str, Any]]:
    besoins = analyse.besoins
    restes = np.bincount(besoins.cellule, weights=~analyse.retenu.couvert, minlength=len(analyse.synthese))
    for cellule, ligne in enumerate(analyse.synthese.to_dict("records")):
        tete = {"competence": ligne["competence"], "libelle": ligne["libelle"], "public": analyse.publics(cellule)}
        if ligne["etat"] == MASQUE:
            chiffres = dict.fromkeys(("besoin", "rang", "adequation", "reste"), INCONNU)
            yield {**tete, **chiffres, "module": "", "couvert": None, "motif": MASQUEE, "etat": MASQUE}
        elif ligne["besoin"] > 0:
            reste = float(restes[cellule])
            yield {
                **tete,
                "besoin": ligne["besoin"],
                "rang": ligne["rang"],
                "module": " ".join(_serving(analyse, cellule)),
                "adequation": analyse.donnees.adequation.best(cellule)[0],
                "couvert": reste == 0,
                "reste": reste,
                "motif": explain(analyse, cellule),
                "etat": ligne["etat"],
            }


def _serving(analyse: Analyse, cellule: int) -> list[str]:
    """Modules followed for this need in the plan proposed."""
    besoins = analyse.besoins
    found = []
    for module in range(len(analyse.offre)):
        lignes = analyse.donnees.adequation.retenues[module]
        lignes = lignes[besoins.cellule[lignes] == cellule]
        if analyse.suivis[besoins.agent[lignes], module].any():
            found.append(analyse.offre.id(module))
    return found


def uncovered_table(couverture: pd.DataFrame) -> pd.DataFrame:
    """What is left: needs with someone still under the required level, most urgent first."""
    restes = couverture[couverture["couvert"].eq(False).fillna(False).astype(bool)]
    restes = restes.sort_values(["rang", "reste"], ascending=[True, False], kind="stable")
    return restes.assign(besoin=restes["reste"])[list(NON_COUVERTS)].reset_index(drop=True)


def fairness_table(analyse: Analyse) -> pd.DataFrame:
    """Coverage rate of each group read, and how far it is from the best served."""
    seuil = analyse.plan.equite.ecart_alerte
    rows = [
        {
            "critere": ligne["critere"],
            "groupe": ligne["groupe"],
            "effectif": ligne["effectif"],
            "taux_couverture": ligne["taux"],
            "ecart": ligne["ecart"],
            "alerte": over(float(ligne["ecart"]), seuil),
        }
        for ligne in analyse.retenu.equite.to_dict("records")
    ]
    return frame_of(rows, EQUITE)


def comparison_table(analyse: Analyse) -> pd.DataFrame:
    """The greedy plan and the one proposed, side by side."""
    bilans = ((GLOUTON, analyse.glouton), (OPTIMISE, analyse.retenu))
    return frame_of((_compared(analyse, nom, bilan) for nom, bilan in bilans), COMPARAISON)


def _compared(analyse: Analyse, nom: str, bilan: Bilan) -> Mapping[str, Any]:
    """Totals are about everyone enrolled: they are left out when these are too few. Masked needs are in none."""
    chiffres = {
        "besoins_couverts": float(analyse.covered(bilan)),
        "charge_couverte": analyse.covered_load(bilan),
        "rang1_couverts": float(analyse.covered(bilan, rang=1)),
        "heures": bilan.heures,
        "cout": bilan.cout,
    }
    if min(bilan.inscrits, analyse.retenu.inscrits) < analyse.seuil:
        chiffres = dict.fromkeys(chiffres, INCONNU)
    elif not analyse.needs_printed:
        chiffres |= dict.fromkeys(("besoins_couverts", "charge_couverte", "rang1_couverts"), INCONNU)
    return {"plan": nom, **chiffres, "sessions": bilan.sessions, "ecart_equite": bilan.ecart_equite}
