"""Cases that an HR reader can check, in tests/cas/<etape>/*.yaml: answers, the calculation in French, what is expected.

A file holds a list `cas`. What describes the dossier belongs to the builder of the etape; the keys read here are:

    nom: une phrase                      source: d'où vient la règle
    calcul: le calcul, écrit en toutes lettres
    attendu:
      scalaires: {champ: valeur}
      tables: {dimensions: {D3: {score: 2.36, niveau: null}}}    (null: pas de valeur)
      constats: {CODE: [extraits de la phrase]}                  absents: [CODE]
      recommandations: {ids: [dans l'ordre, les premières], textes: {id: [extraits]}, absentes: [id]}

Numbers are compared to half a hundredth, so that a case may write two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML
from vigie.diagnostics.resultat import Resultat

HERE = Path(__file__).parent
TOLERANCE = 0.005
REQUIRED = {"nom", "source", "calcul", "attendu"}
EXPECTED = {"scalaires", "tables", "constats", "absents", "recommandations"}


def load_cases(etape: str) -> list[Any]:
    """One pytest parameter a case, named by its file and its sentence."""
    return [
        pytest.param(cas, id=f"{path.stem} : {cas['nom']}")
        for path in sorted((HERE / etape).glob("*.yaml"))
        for cas in _read(path)
    ]


def check_case(resultat: Resultat, attendu: Mapping[str, Any], keys: Mapping[str, Sequence[str]]) -> None:
    """Fails with every difference at once. `keys`: table → columns whose values, joined by a space, name a row."""
    unknown = set(attendu) - EXPECTED
    assert not unknown, f"clés inconnues dans « attendu » : {unknown}"
    differences = [
        *_compare_scalars(resultat, attendu.get("scalaires", {})),
        *_compare_tables(resultat, attendu.get("tables", {}), keys),
        *_compare_findings(resultat, attendu.get("constats", {}), attendu.get("absents", [])),
        *_compare_actions(resultat, attendu.get("recommandations", {})),
    ]
    assert not differences, "\n".join(differences)


def plain(text: str) -> str:
    """Without no-break spaces, which a case does not write."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _read(path: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = YAML(typ="safe").load(path)["cas"]
    for cas in cases:
        missing = REQUIRED - set(cas)
        assert not missing, f"{path.name}, « {cas.get('nom', '?')} » : il manque {missing}"
        assert cas["attendu"], f"{path.name}, « {cas['nom']} » : rien n'est attendu"
    return cases


def _compare_scalars(resultat: Resultat, expected: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} : {getattr(resultat, name)!r}, attendu {value!r}"
        for name, value in expected.items()
        if not _same(getattr(resultat, name), value)
    ]


def _compare_tables(
    resultat: Resultat, expected: Mapping[str, Mapping[str, Any]], keys: Mapping[str, Sequence[str]]
) -> list[str]:
    differences = []
    for table, rows in expected.items():
        frame: pd.DataFrame = getattr(resultat, table)
        found = {" ".join(str(row[key]) for key in keys[table]): row for row in frame.to_dict("records")}
        for name, values in rows.items():
            if name not in found:
                differences.append(f"{table} : pas de ligne {name} parmi {list(found)}")
                continue
            differences += [
                f"{table}, {name}, {column} : {found[name][column]!r}, attendu {value!r}"
                for column, value in values.items()
                if not _same(found[name][column], value)
            ]
    return differences


def _compare_findings(resultat: Resultat, present: Mapping[str, Sequence[str]], absent: Sequence[str]) -> list[str]:
    texts: dict[str, list[str]] = {}
    for constat in resultat.constats:
        texts.setdefault(constat.code, []).append(plain(constat.texte))
    differences = [f"constat {code} inattendu : {texts[code]}" for code in absent if code in texts]
    for code, extracts in present.items():
        if not any(all(extract in text for extract in extracts) for text in texts.get(code, [])):
            differences.append(f"aucun constat {code} avec {list(extracts)} parmi {texts.get(code, list(texts))}")
    return differences


def _compare_actions(resultat: Resultat, expected: Mapping[str, Any]) -> list[str]:
    lines = {line.id: line for line in resultat.recommandations}
    first = list(expected.get("ids", []))
    differences = [] if list(lines)[: len(first)] == first else [f"recommandations {list(lines)}, attendu {first}…"]
    differences += [f"recommandation {name} inattendue" for name in expected.get("absentes", []) if name in lines]
    for name, extracts in expected.get("textes", {}).items():
        text = plain(lines[name].pourquoi.explication) if name in lines else "absente"
        missing = [extract for extract in extracts if extract not in text]
        differences += [f"{name} : « {extract} » n'est pas dans « {text} »" for extract in missing]
    return differences


def _same(found: Any, expected: Any) -> bool:
    if expected is None:
        return bool(pd.isna(found))
    if isinstance(expected, bool) or isinstance(found, (bool, str)):
        return bool((plain(found) if isinstance(found, str) else found) == expected)
    return bool(abs(found - expected) <= TOLERANCE)
