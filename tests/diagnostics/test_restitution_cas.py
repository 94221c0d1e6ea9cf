"""The cases of tests/cas/restitution: vigilance points, feuille de route, before and after, validations."""

from __future__ import annotations

from typing import Any

import pytest
from vigie.diagnostics.restitution import diagnose

from tests.cas.runner import check_case, load_cases

from .restitution_dossiers import KEYS, build


@pytest.mark.parametrize("cas", load_cases("restitution"))
def test_the_written_reasoning_is_what_is_computed(cas: dict[str, Any]) -> None:
    check_case(diagnose(build(cas)), cas["attendu"], KEYS)
