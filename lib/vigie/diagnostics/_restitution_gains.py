"""Gain in level of the same people by the same mode of proof, masked whenever it could say something of a few (D.6).

A competence is printed when enough people are known on both sides, and when the people who came or left are none or
enough of them: one to nine would be found by difference with what each campagne printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from ._competences_niveaux import is_soft, known_positions
from ._restitution_versions import Comparaison
from .chiffres import INCONNU, TOLERANCE, decimal, under
from .petits_effectifs import MASQUE
from .phrases import count
from .typographie import spaced

ETAPE = "competences"
CELLULE = ["agent", "competence"]


def gain_rows(before: Dossier, now: Dossier, version: Comparaison) -> Iterator[dict[str, Any]]:
    """One row a competence with people on both sides, soft skills left out."""
    referentiels = now.referentiels
    people = _people(before, now)
    then, after = (_last_known(one, people, referentiels) for one in (before, now))
    pairs = _pair(then, after)
    for position, competence in enumerate(referentiels.competences.competences):
        group = pairs[pairs["competence"] == position]
        if group.empty or is_soft(competence, referentiels.competences):
            continue
        moves = [_others(side, position, group) for side in (then, after)]
        yield _row(competence.id, competence.libelle, group, moves, version, referentiels)


def _row(
    ident: str, libelle: str, group: pd.DataFrame, moves: list[int], version: Comparaison, referentiels: Referentiels
) -> dict[str, Any]:
    """`moves`: people who left, who came."""
    seuil = referentiels.competences.cotation.seuil_effectif
    base = {"etape": ETAPE, "cible": ident, "libelle": spaced(libelle)}
    none = {"avant": INCONNU, "apres": INCONNU, "evolution": INCONNU}
    if not version.admits(ident):
        why = f"compétence réécrite depuis la version {version.avant}"
        return {**base, **none, "etat": "non_comparable", "comparable": False, "explication": why}
    if len(group) < seuil or any(0 < one < seuil for one in moves):
        why = f"moins de {seuil} personnes comparables, ou moins de {seuil} arrivées ou départs : masqué"
        return {**base, **none, "etat": MASQUE, "comparable": True, "explication": why}
    then, after = float(group["actuel_avant"].mean()), float(group["actuel"].mean())
    gain = after - then
    least = referentiels.restitution.comparaison.gain_minimal
    told = f"{count(len(group), 'personne')}, chacune par le même mode de preuve"
    if under(gain, least):
        told += f" ; gain inférieur à {decimal(least, 1)} niveau : si une formation a été suivie, elle est à revoir"
    return {
        **base,
        "avant": then,
        "apres": after,
        "evolution": gain,
        "etat": "stable" if abs(gain) <= TOLERANCE else "progres" if gain > 0 else "recul",
        "comparable": True,
        "explication": spaced(told),
    }


def _people(before: Dossier, now: Dossier) -> pd.Series:
    """Everyone who answered on either side, holders of a mandate left out: they are never rated."""
    mandates = {one.id for one in now.referentiels.metiers.metiers if one.jamais_cote}
    never: set[str] = set()
    everyone: set[str] = set()
    for dossier in (before, now):
        never |= set(dossier.agents.loc[dossier.agents["metier"].isin(mandates), "id"])
        everyone |= set(dossier.answers(ETAPE)["repondant"])
    return pd.Series(sorted(everyone - never), dtype="str")


def _last_known(dossier: Dossier, people: pd.Series, referentiels: Referentiels) -> pd.DataFrame:
    """The last known level of each person, competence and mode."""
    rows = known_positions(dossier.answers(ETAPE), people, referentiels.competences)
    return rows.sort_values(["date", "id"]).drop_duplicates([*CELLULE, "mode"], keep="last")


def _pair(then: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row a person and a competence: the strongest mode that both campagnes have."""
    both = then[[*CELLULE, "mode", "actuel"]].merge(after, on=[*CELLULE, "mode"], suffixes=("_avant", ""))
    return both.sort_values(["confiance", "mode"]).drop_duplicates(CELLULE, keep="last")


def _others(side: pd.DataFrame, competence: int, group: pd.DataFrame) -> int:
    """People known on one side who are not among those compared."""
    known = set(side.loc[side["competence"] == competence, "agent"])
    return len(known - set(group["agent"]))
