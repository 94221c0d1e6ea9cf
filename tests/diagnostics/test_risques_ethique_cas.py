"""The cases of tests/cas/risques_ethique: the examples of the method, then each of its steps."""

from __future__ import annotations

from typing import Any

import pytest
from vigie.diagnostics.risques_ethique import ResultatRisquesEthique, diagnose

from tests.cas.runner import check_case, load_cases

from .dossiers import shipped
from .risques_dossiers import KEYS, build_case


@pytest.mark.parametrize("cas", load_cases("risques_ethique"))
def test_the_written_calculation_is_what_is_computed(cas: dict[str, Any]) -> None:
    resultat = diagnose(build_case(cas))
    check_case(resultat, cas["attendu"], KEYS)
    for usage, wanted in cas.get("regles", {}).items():
        _check_rules(resultat, usage, wanted)
    present = set(resultat.risques["cas"] + " " + resultat.risques["risque"])
    assert not present & set(cas.get("risques_absents", []))
    for start in cas.get("manques", []):
        assert any(sentence.startswith(start) for sentence in resultat.manques), start


def _check_rules(resultat: ResultatRisquesEthique, usage: str, wanted: dict[str, Any]) -> None:
    """`comptes`: rules by class, and how many of the referentiel do not apply; `ordre`: the first ones; P1…: which."""
    rows = resultat.regles[resultat.regles["cas"] == usage].sort_values("rang")
    for key, value in wanted.items():
        if key == "comptes":
            found = {classe: int((rows["classe"] == classe).sum()) for classe in value}
            if "sans_objet" in value:
                found["sans_objet"] = len(shipped().regles.regles) - len(rows)
            assert found == value, usage
        elif key == "ordre":
            assert list(rows["regle"])[: len(value)] == value, usage
        else:
            assert sorted(rows.loc[rows["classe"] == key, "regle"]) == value, (usage, key)
