"""The cases of tests/cas/accompagnement: governance, kit, calendar, social dialogue."""

from __future__ import annotations

from typing import Any

import pytest
from vigie.diagnostics.accompagnement import diagnose

from tests.cas.runner import check_case, load_cases

from .accompagnement_dossiers import KEYS, build


@pytest.mark.parametrize("cas", load_cases("accompagnement"))
def test_the_written_reasoning_is_what_is_computed(cas: dict[str, Any]) -> None:
    resultat = diagnose(build(cas))
    check_case(resultat, cas["attendu"], KEYS)
    found = list(resultat.calendrier["evenement"])
    for kind, wanted in cas.get("evenements", {}).items():
        assert [name for name in found if name.rsplit("-")[0] == kind] == wanted, kind
