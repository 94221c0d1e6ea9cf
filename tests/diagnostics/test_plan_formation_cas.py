"""The cases of tests/cas/plan_formation: the calculation is written in French beside what is expected."""

from __future__ import annotations

from typing import Any

import pytest
from vigie.diagnostics.plan_formation import diagnose

from tests.cas.runner import check_case, load_cases

from .plan_dossiers import KEYS, build


@pytest.mark.parametrize("cas", load_cases("plan_formation"))
def test_the_written_calculation_is_what_is_computed(cas: dict[str, Any]) -> None:
    check_case(diagnose(build(cas)), cas["attendu"], KEYS)
