"""A diagnosis shared by several steps: computed once, and never given for another dossier or other contents."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from vigie.diagnostics.partage import GARDES, once_a_dossier
from vigie.dossier import REPONDANTS, Dossier
from vigie.referentiels import load_referentiels
from vigie.steps.repetition import invented_dossier


@pytest.fixture
def dossier() -> Dossier:
    return invented_dossier(load_referentiels())


@pytest.fixture
def calls() -> list[Dossier]:
    return []


@pytest.fixture
def diagnose(calls: list[Dossier]) -> Callable[[Dossier], int]:
    def count(dossier: Dossier) -> int:
        calls.append(dossier)
        return len(calls)

    return once_a_dossier(count)


def _with_respondents(dossier: Dossier, number: int) -> Dossier:
    rows = [{"id": f"X-{rank}", "role": "RH", "nom": "", "fonction": ""} for rank in range(number)]
    return dossier.replace(repondants=pd.DataFrame(rows, columns=list(REPONDANTS)).astype(REPONDANTS))


def test_the_same_dossier_is_diagnosed_once_whatever_its_earlier_results(
    dossier: Dossier, diagnose: Callable[[Dossier], int], calls: list[Dossier]
) -> None:
    later = dossier.replace(resultats={"maturite": {"etape": "maturite"}})
    assert [diagnose(dossier), diagnose(later), diagnose(dossier)] == [1, 1, 1]
    assert len(calls) == 1


def test_other_answers_or_other_contents_are_diagnosed_apart(
    dossier: Dossier, diagnose: Callable[[Dossier], int]
) -> None:
    metiers = dossier.referentiels.metiers.model_copy(update={"metiers": dossier.referentiels.metiers.metiers[:1]})
    same_files = dossier.referentiels.__class__(**{**vars(dossier.referentiels), "metiers": metiers})
    assert diagnose(dossier) == 1
    assert diagnose(_with_respondents(dossier, 1)) == 2
    assert diagnose(dossier.replace(referentiels=same_files)) == 3


def test_a_long_life_keeps_few_dossiers(
    dossier: Dossier, diagnose: Callable[[Dossier], int], calls: list[Dossier]
) -> None:
    several = [_with_respondents(dossier, number) for number in range(GARDES + 1)]
    for one in several:
        diagnose(one)
    diagnose(several[-1])
    assert len(calls) == GARDES + 1
    diagnose(several[0])
    assert len(calls) == GARDES + 2


def test_a_hash_is_kept_only_when_nothing_it_covers_changes(dossier: Dossier) -> None:
    before = dossier.empreinte
    assert vars(dossier.replace(resultats={}))["empreinte"] == before
    assert _with_respondents(dossier, 1).empreinte != before
