"""Frames of ResultatRisquesEthique from the analysis. Several ids in one cell are separated by a space."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ._risques_ethique_analyse import Analyse, Examen
from ._risques_ethique_cotation import Cotation
from ._risques_ethique_droit import applies_today, base_rows, calendar_rows, citable_ids, iso
from ._risques_ethique_referentiel import comparison_rows
from ._risques_ethique_regles import RegleAppliquee
from ._risques_ethique_residuel import Residuel
from .cadres import frame_of

CAS = {
    "cas": "str",
    "libelle": "str",
    "statut_dgafp": "str",
    "statut": "str",
    "marques": "str",
    "interdit": "bool",
    "haut_risque": "bool",
    "avertissement": "str",
}
RISQUES = {
    "cas": "str",
    "risque": "str",
    "libelle": "str",
    "categorie": "str",
    "gravite": "float64",
    "vraisemblance": "float64",
    "coteurs": "int64",
    "ecart_coteurs": "bool",
    "aggravants": "str",
    "gravite_aggravee": "float64",
    "niveau": "float64",
    "niveau_force": "float64",
    "motif_forcage": "str",
    "niveau_retenu": "float64",
    "reduction_v": "int64",
    "reduction_g": "int64",
    "niveau_residuel": "float64",
    "plancher": "bool",
    "couvert": "bool",
    "acceptation": "str",
}
REGLES = {
    "cas": "str",
    "regle": "str",
    "libelle": "str",
    "declencheurs": "str",
    "risques": "str",
    "caractere": "str",
    "moment": "str",
    "classe": "str",
    "rang": "int64",
    "niveau_max": "float64",
    "risques_eleves": "int64",
    "applicable_aujourdhui": "bool",
    "echeance": "str",
    "effet": "str",
    "responsable": "str",
    "associes": "str",
    "preuve": "str",
    "critere": "str",
    "prouvee": "bool",
    "preuve_fournie": "str",
    "bases": "str",
}
REFERENTIEL = {
    "regle": "str",
    "libelle": "str",
    "caractere": "str",
    "repris": "str",
    "statut": "str",
    "responsable": "str",
    "moment": "str",
}
CALENDRIER = {
    "date": "str",
    "base": "str",
    "texte": "str",
    "article": "str",
    "portee": "str",
    "confiance": "str",
    "applicable": "bool",
}
BASES = {
    "base": "str",
    "texte": "str",
    "article": "str",
    "obligation": "str",
    "date": "str",
    "force": "str",
    "confiance": "str",
    "url": "str",
    "regles": "str",
}


def cases_frame(analyse: Analyse) -> pd.DataFrame:
    """One row a use case, prohibited and discarded ones included."""
    rows = [
        {
            "cas": cas.id,
            "libelle": cas.libelle,
            "statut_dgafp": cas.statut_dgafp,
            "statut": cas.statut,
            "marques": " ".join(cas.marques.presentes),
            "interdit": cas.interdit,
            "haut_risque": cas.haut_risque,
            "avertissement": cas.avertissement,
        }
        for cas in analyse.cas
    ]
    return frame_of(rows, CAS)


def risks_frame(analyse: Analyse) -> pd.DataFrame:
    """One row a risk of an examined case; every level is NaN when the risk is not rated."""
    rows = [
        _risk_row(analyse, cotation, residuel) for examen in analyse.examens for cotation, residuel in examen.risques
    ]
    return frame_of(rows, RISQUES)


def rules_frame(analyse: Analyse) -> pd.DataFrame:
    """One row an applicable rule of an examined case, in order; `cas` is "" for the whole structure."""
    return frame_of([_rule_row(analyse, examen, item) for examen in analyse.examens for item in examen.regles], REGLES)


def comparison_frame(analyse: Analyse) -> pd.DataFrame:
    rows = comparison_rows(analyse.regles.values(), analyse.existant, analyse.dossier.referentiels.regles)
    return frame_of(rows, REFERENTIEL)


def calendar_frame(analyse: Analyse) -> pd.DataFrame:
    return frame_of(calendar_rows(analyse.cited, analyse.dossier.campagne.date_reference), CALENDRIER)


def bases_frame(analyse: Analyse) -> pd.DataFrame:
    return frame_of(base_rows(analyse.cited, analyse.dossier.campagne.date_reference), BASES)


def _risk_row(analyse: Analyse, cotation: Cotation, residuel: Residuel) -> dict[str, Any]:
    known = {risque.id: risque for risque in analyse.dossier.referentiels.risques.risques}
    risque = known.get(cotation.risque)
    return {
        "cas": cotation.cas,
        "risque": cotation.risque,
        "libelle": risque.libelle if risque else cotation.risque,
        "categorie": risque.categorie if risque else "",
        "gravite": _number(cotation.gravite),
        "vraisemblance": _number(cotation.vraisemblance),
        "coteurs": cotation.coteurs,
        "ecart_coteurs": cotation.ecart,
        "aggravants": " ".join(cotation.aggravants),
        "gravite_aggravee": _number(cotation.gravite_aggravee),
        "niveau": _number(cotation.niveau),
        "niveau_force": _number(cotation.niveau_force),
        "motif_forcage": cotation.motif,
        "niveau_retenu": _number(cotation.niveau_retenu),
        "reduction_v": residuel.reduction_v,
        "reduction_g": residuel.reduction_g,
        "niveau_residuel": _number(residuel.niveau),
        "plancher": residuel.plancher,
        "couvert": residuel.couvert,
        "acceptation": residuel.acceptation,
    }


def _rule_row(analyse: Analyse, examen: Examen, item: RegleAppliquee) -> dict[str, Any]:
    dossier, regle = analyse.dossier, item.regle
    bases = {name: base for name, (base, _) in analyse.cited.items()}
    return {
        "cas": examen.cas.id,
        "regle": regle.id,
        "libelle": regle.regle,
        "declencheurs": " ".join(item.declencheurs),
        "risques": " ".join(regle.risques),
        "caractere": regle.caractere,
        "moment": regle.moment,
        "classe": item.classe,
        "rang": item.rang,
        "niveau_max": _number(item.niveau_max),
        "risques_eleves": item.risques_eleves,
        "applicable_aujourdhui": applies_today(regle, bases, dossier.campagne.date_reference),
        "echeance": iso(regle.echeance),
        "effet": regle.effet,
        "responsable": regle.responsable,
        "associes": ", ".join(regle.associes),
        "preuve": regle.preuve,
        "critere": regle.critere,
        "prouvee": item.preuve.prouvee,
        "preuve_fournie": item.preuve.document,
        "bases": " ".join(citable_ids(regle, dossier.referentiels.bases)),
    }


def _number(value: int | None) -> float:
    return math.nan if value is None else float(value)
