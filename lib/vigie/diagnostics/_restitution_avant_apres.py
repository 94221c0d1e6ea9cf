"""Before and after: what changed since the campagne before, one target at a time, and what explains it (4.3, D.6).

The answers of then are read with the rules of calculation of today; what changed in the content itself is not compared
and says so. A number that is unknown on one side is not a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from . import maturite, risques_ethique
from ._restitution_gains import gain_rows
from ._restitution_lecture import Lecture
from ._restitution_versions import Comparaison, compare_versions
from .chiffres import INCONNU, TOLERANCE, figure, known, score
from .phrases import count, enumerate_words
from .regles_communes import merge_cases
from .typographie import spaced

AVANT_APRES = {
    "etape": "str",
    "cible": "str",
    "libelle": "str",
    "avant": "float64",
    "apres": "float64",
    "evolution": "float64",
    "etat": "str",  # progres, recul, stable, etabli, perdu, non_comparable or masque
    "comparable": "bool",
    "explication": "str",
}
PROGRES, RECUL, STABLE, ETABLI, PERDU = "progres", "recul", "stable", "etabli", "perdu"
NON_COMPARABLE = "non_comparable"
Row = dict[str, Any]


def before_after(lecture: Lecture) -> tuple[list[Row], tuple[Comparaison, ...]]:
    """Rows of AVANT_APRES, and how each referentiel compares; nothing without an earlier campagne."""
    before = lecture.dossier.anterieur
    if before is None:
        return [], ()
    versions = compare_versions(before, lecture.dossier)
    rows: list[Row] = []
    if versions["maturite"].comparable:
        rows += _maturity(maturite.diagnose(before), lecture.base.maturite, versions["maturite"])
    if versions["competences"].comparable:
        rows += gain_rows(before, lecture.dossier, versions["competences"])
    then = risques_ethique.diagnose(before)
    if versions["risques"].comparable:
        rows += _risks(then.risques, lecture.base.risques.risques, versions["risques"])
    if versions["regles"].comparable:
        rows += _rules(then.regles, lecture.base.risques.regles, versions["regles"])
    return rows, tuple(versions.values())


def change(
    etape: str,
    cible: str,
    libelle: str,
    before: float,
    after: float,
    explication: str,
    *,
    comparable: bool = True,
    lower_is_better: bool = False,
) -> Row:
    """One row. Not comparable: both values stay, without evolution."""
    moved = after - before if comparable and known(before) and known(after) else INCONNU
    return {
        "etape": etape,
        "cible": cible,
        "libelle": spaced(libelle),
        "avant": before,
        "apres": after,
        "evolution": moved,
        "etat": _state(before, after, moved, comparable, lower_is_better),
        "comparable": comparable,
        "explication": spaced(explication),
    }


def _state(before: float, after: float, moved: float, comparable: bool, lower_is_better: bool) -> str:
    if not comparable:
        return NON_COMPARABLE
    if not known(before):
        return ETABLI
    if not known(after):
        return PERDU
    if abs(moved) <= TOLERANCE:
        return STABLE
    return PROGRES if (moved < 0) == lower_is_better else RECUL


def _maturity(then: maturite.ResultatMaturite, now: maturite.ResultatMaturite, version: Comparaison) -> Iterator[Row]:
    """Each dimension, then its items. A dimension is compared when none of its items changed."""
    etape = maturite.ResultatMaturite.etape
    items = _pairs(then.items, now.items, "item")
    roles = _moved_roles(then.roles, now.roles)
    dimensions = _pairs(then.dimensions, now.dimensions, "dimension")
    for (dimension,), (old, new) in dimensions.items():
        own = {str(item): pair for (item,), pair in items.items() if pair[1]["dimension"] == dimension}
        changed = [item for item in own if not version.admits(item)]
        rows = [
            change(
                etape,
                item,
                str(after["enonce"]),
                float(before["valeur"]),
                float(after["valeur"]),
                f"énoncé changé depuis la version {version.avant}" if item in changed else _item(before, after, roles),
                comparable=item not in changed,
            )
            for item, (before, after) in own.items()
            if known(float(before["valeur"])) or known(float(after["valeur"]))
        ]
        before, after = float(old["score"]), float(new["score"])
        if known(before) or known(after):
            why = (
                f"contenu changé depuis {version.avant} : {enumerate_words(changed)} ; les autres items se comparent"
                if changed
                else _dimension(old, new, rows)
            )
            yield change(etape, dimension, str(new["libelle"]), before, after, why, comparable=not changed)
        yield from rows


def _item(before: Mapping[str, Any], after: Mapping[str, Any], roles: Mapping[str, list[str]]) -> str:
    """What explains the value: evidence, workshop, roles, number of answers."""
    parts = []
    if after["preuve"] and not before["preuve"]:
        parts.append(f"document montré : {after['preuve']}")
    elif before["preuve"] and not after["preuve"]:
        parts.append("plus aucun document montré")
    if after["indicateur"] and not before["indicateur"]:
        parts.append(f"indicateur montré : {after['indicateur']}")
    if known(float(after["arbitrage"])):
        parts.append("valeur arbitrée en atelier")
    parts += roles.get(str(after["item"]), [])
    if before["reponses"] != after["reponses"]:
        parts.append(f"{count(int(after['reponses']), 'réponse')} au lieu de {int(before['reponses'])}")
    return " ; ".join(parts) or "mêmes réponses, mêmes documents"


def _moved_roles(then: pd.DataFrame, now: pd.DataFrame) -> dict[str, list[str]]:
    """Item → roles whose median moved. Functional raters, named: no threshold applies to them (4.3)."""
    both = then.merge(now, on=["item", "role"], suffixes=("_avant", "_apres"))
    both = both[(both["mediane_avant"] - both["mediane_apres"]).abs() > TOLERANCE]
    found: dict[str, list[str]] = {}
    for row in both.to_dict("records"):
        text = f"{row['role']} passe de {figure(row['mediane_avant'])} à {figure(row['mediane_apres'])}"
        found.setdefault(str(row["item"]), []).append(text)
    return found


def _dimension(old: Mapping[str, Any], new: Mapping[str, Any], rows: Iterable[Row]) -> str:
    """The level as it is printed, then the items that moved it."""
    parts = [f"niveau {_figure(old['niveau'])} avant, {_figure(new['niveau'])} aujourd'hui"]
    for word, etat in (("en progrès", PROGRES), ("en recul", RECUL), ("établi depuis", ETABLI), ("perdu", PERDU)):
        moved = [row["cible"] for row in rows if row["etat"] == etat]
        if moved:
            parts.append(f"{word} : {enumerate_words(moved)}")
    return " ; ".join(parts)


def _risks(then: pd.DataFrame, now: pd.DataFrame, version: Comparaison) -> Iterator[Row]:
    """Each risk of each use, rated on one side at least. A lower level is a progress."""
    for (cas, risque), (before, after) in _pairs(then, now, "cas", "risque").items():
        old, new = float(before["niveau_retenu"]), float(after["niveau_retenu"])
        if not known(old) and not known(new):
            continue
        same = version.admits(risque)
        why = _risk(before, after) if same else f"risque réécrit depuis la version {version.avant}"
        where = f" ({cas})" if cas else ""
        yield change(
            risques_ethique.ResultatRisquesEthique.etape,
            risque,
            f"{after['libelle']}{where}",
            old,
            new,
            why,
            comparable=same,
            lower_is_better=True,
        )


def _risk(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    parts = [
        f"{word} {_figure(before[name])} avant, {_figure(after[name])} aujourd'hui"
        for name, word in (("gravite_aggravee", "gravité"), ("vraisemblance", "vraisemblance"))
        if _figure(before[name]) != _figure(after[name])
    ]
    if bool(after["couvert"]) != bool(before["couvert"]):
        parts.append("une règle prouvée le réduit" if after["couvert"] else "plus aucune règle prouvée ne le réduit")
    return " ; ".join(parts) or "mêmes cotes"


def _rules(then: pd.DataFrame, now: pd.DataFrame, version: Comparaison) -> Iterator[Row]:
    """Rules whose proof changed, for every use that calls for them; without number."""
    for (regle,), (before, after) in _pairs(merge_cases(then), merge_cases(now), "regle").items():
        if not version.admits(regle) or bool(before["prouvee"]) == bool(after["prouvee"]):
            continue
        proof = f" : {after['preuve_fournie']}" if after["preuve_fournie"] else ""
        row = change(
            risques_ethique.ResultatRisquesEthique.etape,
            regle,
            str(after["libelle"]),
            INCONNU,
            INCONNU,
            f"règle prouvée depuis{proof}" if after["prouvee"] else "règle qui n'est plus prouvée",
        )
        yield {**row, "etat": PROGRES if after["prouvee"] else RECUL}


def _pairs(
    then: pd.DataFrame, now: pd.DataFrame, *keys: str
) -> dict[tuple[Any, ...], tuple[dict[Any, Any], dict[Any, Any]]]:
    """Key → (row of then, row of now), for what is on both sides, in the order of now."""
    old = {tuple(row[key] for key in keys): row for row in then.to_dict("records")}
    new = {tuple(row[key] for key in keys): row for row in now.to_dict("records")}
    return {key: (old[key], row) for key, row in new.items() if key in old}


def _figure(value: object) -> str:
    number = float(str(value))
    return score(number) if known(number) else "inconnue"
