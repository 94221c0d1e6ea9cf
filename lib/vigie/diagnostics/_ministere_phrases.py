"""What the ministry must see.

Codes of findings: CAS_INTERDIT · PREALABLES · EXCLUSIONS · PARTIEL · BESOINS_MASQUES
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import spaced


def observe(
    structures: pd.DataFrame, dimensions: pd.DataFrame, exclusions: pd.DataFrame, besoins: pd.DataFrame
) -> tuple[Constat, ...]:
    return tuple(_observe(structures, dimensions, exclusions, besoins))


def _observe(
    structures: pd.DataFrame, dimensions: pd.DataFrame, exclusions: pd.DataFrame, besoins: pd.DataFrame
) -> Iterator[Constat]:
    stopped = structures[structures["cas_interdits"] > 0]
    if not stopped.empty:
        texte = f"Cas d'usage interdit dans {count(len(stopped), 'structure')}, à arrêter : {_names(stopped['nom'])}."
        yield _said("CAS_INTERDIT", texte, "alerte", stopped)
    waiting = structures[structures["prealables_manquants"] > 0]
    if not waiting.empty:
        texte = "Des préalables manquent dans toutes les structures : aucun outil ne devrait encore ouvrir."
        if len(waiting) < len(structures):
            texte = (
                f"Des préalables manquent dans {count(len(waiting), 'structure')}, aucun outil ne devrait encore y "
                f"ouvrir : {_names(waiting['nom'])}."
            )
        yield _said("PREALABLES", texte, "attention", waiting)
    left_out = exclusions[exclusions["cause"] != "partiel"]
    if not left_out.empty:
        number = left_out["structure"].nunique()
        texte = f"{count(number, 'structure')} sur {len(structures)} ne sont pas entièrement dans cette vue."
        if number == 1:
            texte = f"1 structure sur {len(structures)} n'est pas entièrement dans cette vue."
        yield _said("EXCLUSIONS", texte, "attention", left_out)
    partial = dimensions[dimensions["etat"] != "concluant"]
    if not partial.empty:
        texte = (
            f"{count(len(partial), 'case')} de la matrice sur {len(dimensions)} sans niveau, faute de réponses : elles "
            "restent vides, sans valoir un niveau bas."
        )
        yield _said("PARTIEL", texte, "information", partial)
    masked = besoins[besoins["masquees"] > 0]
    if not masked.empty:
        texte = (
            f"Pour {count(len(masked), 'compétence')}, des structures ont un chiffre masqué (petit effectif) : il "
            "n'entre pas dans la somme, qui est donc un minimum."
        )
        yield Constat("BESOINS_MASQUES", spaced(texte), "information", tuple(masked["competence"]))


def _said(code: str, texte: str, gravite: str, rows: pd.DataFrame) -> Constat:
    return Constat(code, spaced(texte), gravite, tuple(dict.fromkeys(rows["structure"])))


def _names(values: pd.Series) -> str:
    return enumerate_words(str(value) for value in values)
