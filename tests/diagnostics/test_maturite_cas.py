"""The cases of tests/cas/maturite: examples of the method and each threshold from both sides."""

from __future__ import annotations

from typing import Any

import pytest
from vigie.diagnostics.maturite import diagnose

from tests.cas.runner import check_case, load_cases

from .maturite_dossiers import KEYS, build


@pytest.mark.parametrize("cas", load_cases("maturite"))
def test_the_written_calculation_is_what_is_computed(cas: dict[str, Any]) -> None:
    check_case(diagnose(build(cas)), cas["attendu"], KEYS)
