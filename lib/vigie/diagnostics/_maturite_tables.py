"""Frames of ResultatMaturite from the analysis. Several texts in one cell are separated by « ; »."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ._maturite_analyse import Analyse, Participation, PrealableVerifie
from ._maturite_dimensions import DimensionCotee
from ._maturite_echo import EchoItem
from ._maturite_items import CoteRole, ItemCote
from ._maturite_lecture import ceiling_sentence
from ._maturite_regards import Regard
from .cadres import frame_of
from .chiffres import INCONNU
from .typographie import spaced

DIMENSIONS = {
    "dimension": "str",
    "libelle": "str",
    "score": "float64",
    "score_bas": "float64",
    "score_haut": "float64",
    "couverture": "float64",
    "etat": "str",
    "niveau": "float64",
    "niveau_calcule": "float64",
    "niveau_force": "float64",
    "motif_forcage": "str",
    "plafond_item": "str",
    "plafond_motif": "str",
    "confiance": "str",
    "part_preuves": "float64",
    "part_nsp": "float64",
    "divergences": "int64",
    "cible_conseillee": "float64",
    "cible_retenue": "float64",
    "cible": "float64",
    "ecart": "float64",
    "niveau_restant": "float64",
    "priorite": "float64",
    "rang": "float64",
}
ITEMS = {
    "dimension": "str",
    "item": "str",
    "enonce": "str",
    "type": "str",
    "poids": "float64",
    "valeur_brute": "float64",
    "valeur": "float64",
    "plafond": "str",
    "arbitrage": "float64",
    "motif_arbitrage": "str",
    "etat": "str",
    "borne_basse": "float64",
    "borne_haute": "float64",
    "reponses": "int64",
    "ne_sait_pas": "int64",
    "ecart_roles": "float64",
    "divergence": "bool",
    "meconnaissance": "bool",
    "preuve": "str",
    "indicateur": "str",
}
ROLES = {
    "dimension": "str",
    "item": "str",
    "role": "str",
    "effectif": "int64",
    "mediane": "float64",
    "ne_sait_pas": "int64",
    "ad": "float64",
    "rwg": "float64",
    "lecture_ad": "str",
    "lecture_rwg": "str",
}
REGARDS = {
    "dimension": "str",
    "mediane_decideurs": "float64",
    "mediane_agents": "float64",
    "ecart": "float64",
    "signale": "bool",
    "vecu": "float64",
    "ecart_vecu": "float64",
    "peu_visible": "bool",
}
ECHO = {
    "item": "str",
    "dimension": "str",
    "enonce": "str",
    "effectif": "float64",
    "mediane": "float64",
    "part_accord": "float64",
    "publie": "bool",
    "motif": "str",
}
PREALABLES = {
    "item": "str",
    "enonce": "str",
    "seuil": "float64",
    "valeur": "float64",
    "rempli": "bool",
    "motif": "str",
}
PARTICIPATION = {"role": "str", "libelle": "str", "attendus": "int64", "exprimes": "int64", "taux": "float64"}


def build_tables(analyse: Analyse) -> dict[str, pd.DataFrame]:
    """The seven frames, by field of ResultatMaturite."""
    marge, seuil = analyse.cotation.marge_cle, analyse.cotation.seuil_publication
    return {
        "dimensions": frame_of((_dimension(dimension, marge) for dimension in analyse.dimensions), DIMENSIONS),
        "items": frame_of(map(_item, analyse.items), ITEMS),
        "roles": frame_of((_role(item, role) for item in analyse.items for role in item.roles), ROLES),
        "regards": frame_of(map(_regard, analyse.regards), REGARDS),
        "echo": frame_of((_echo(item, seuil) for item in analyse.echo.items), ECHO),
        "prealables": frame_of(map(_prealable, analyse.prealables), PREALABLES),
        "participation": frame_of(map(_participation, analyse.participation), PARTICIPATION),
    }


def _dimension(dimension: DimensionCotee, marge: int) -> dict[str, Any]:
    return {
        "dimension": dimension.id,
        "libelle": dimension.dimension.libelle,
        "score": dimension.score,
        "score_bas": dimension.score_bas,
        "score_haut": dimension.score_haut,
        "couverture": dimension.couverture,
        "etat": dimension.etat,
        "niveau": dimension.niveau,
        "niveau_calcule": dimension.niveau_calcule,
        "niveau_force": dimension.forcage.valeur if dimension.forcage else INCONNU,
        "motif_forcage": dimension.forcage.motif if dimension.forcage else "",
        "plafond_item": dimension.plafonds[0].item.id if dimension.plafonds else "",
        "plafond_motif": spaced(ceiling_sentence(dimension, marge)),
        "confiance": dimension.confiance,
        "part_preuves": dimension.part_preuves,
        "part_nsp": dimension.part_nsp,
        "divergences": dimension.divergences,
        "cible_conseillee": dimension.cible.conseillee,
        "cible_retenue": dimension.cible.retenue,
        "cible": dimension.cible.valeur,
        "ecart": dimension.ecart,
        "niveau_restant": dimension.niveau_restant,
        "priorite": dimension.priorite,
        "rang": dimension.rang,
    }


def _item(item: ItemCote) -> dict[str, Any]:
    return {
        "dimension": item.dimension,
        "item": item.id,
        "enonce": item.item.enonce,
        "type": item.item.type,
        "poids": item.poids,
        "valeur_brute": item.valeur_brute,
        "valeur": item.valeur,
        "plafond": item.plafond,
        "arbitrage": item.arbitrage.valeur if item.arbitrage else INCONNU,
        "motif_arbitrage": item.arbitrage.motif if item.arbitrage else "",
        "etat": item.etat,
        "borne_basse": item.borne_basse,
        "borne_haute": item.borne_haute,
        "reponses": item.exprimes,
        "ne_sait_pas": item.inconnus,
        "ecart_roles": item.ecart_roles,
        "divergence": item.divergence,
        "meconnaissance": item.meconnaissance,
        "preuve": " ; ".join(item.documents),
        "indicateur": " ; ".join(item.indicateurs),
    }


def _role(item: ItemCote, role: CoteRole) -> dict[str, Any]:
    """A role whose answers are all « sans objet » or hidden has headcount 0."""
    return {
        "dimension": item.dimension,
        "item": item.id,
        "role": role.role,
        "effectif": len(role.niveaux),
        "mediane": role.mediane,
        "ne_sait_pas": role.inconnus,
        "ad": role.ad,
        "rwg": role.rwg,
        "lecture_ad": role.lecture_ad,
        "lecture_rwg": role.lecture_rwg,
    }


def _regard(regard: Regard) -> dict[str, Any]:
    return {
        "dimension": regard.dimension.id,
        "mediane_decideurs": regard.mediane_decideurs,
        "mediane_agents": regard.mediane_agents,
        "ecart": regard.ecart,
        "signale": regard.signale,
        "vecu": regard.vecu,
        "ecart_vecu": regard.ecart_vecu,
        "peu_visible": regard.peu_visible,
    }


def _echo(item: EchoItem, seuil: int) -> dict[str, Any]:
    motifs = {
        "": "",
        "seuil": f"moins de {seuil} réponses",
        "complementaire": "masquage complémentaire : publiée, cette ligne aiderait à retrouver des réponses",
        "sans_reponse": f"moins de {seuil} réponses à publier, ou toutes semblables",
        "masque": "question masquée",
    }
    return {
        "item": item.item,
        "dimension": item.dimension,
        "enonce": item.enonce,
        "effectif": item.effectif,
        "mediane": item.mediane,
        "part_accord": item.part_accord,
        "publie": item.publie,
        "motif": spaced(motifs[item.retrait]),
    }


def _prealable(check: PrealableVerifie) -> dict[str, Any]:
    return {
        "item": check.item.id,
        "enonce": check.item.item.enonce,
        "seuil": check.prealable.seuil,
        "valeur": check.item.valeur,
        "rempli": check.rempli,
        "motif": check.prealable.motif,
    }


def _participation(participation: Participation) -> dict[str, Any]:
    return {
        "role": participation.role,
        "libelle": participation.libelle,
        "attendus": participation.attendus,
        "exprimes": participation.exprimes,
        "taux": participation.taux,
    }
