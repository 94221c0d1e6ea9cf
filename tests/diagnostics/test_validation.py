"""The line every step prints about its validation by the direction."""

from __future__ import annotations

import pandas as pd
from vigie.diagnostics.validation import PROJET, validation_text
from vigie.dossier import VALIDATIONS, empty_frame


def validations(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(VALIDATIONS)).astype(VALIDATIONS)


def test_a_step_without_validation_is_a_draft() -> None:
    assert validation_text(empty_frame(VALIDATIONS), "competences") == PROJET


def test_a_validated_step_says_when_and_by_whom() -> None:
    rows = validations(("competences", "", "valide", "2026-11-20", "Direction fictive"))
    assert validation_text(rows, "competences") == "Validé le 20 novembre 2026 par Direction fictive"


def test_a_validation_without_date_nor_name_still_counts() -> None:
    assert validation_text(validations(("competences", "", "valide", "", "")), "competences") == "Validé"


def test_the_validation_of_a_livrable_or_of_another_step_does_not_validate_the_step() -> None:
    rows = validations(
        ("competences", "plan", "valide", "2026-11-20", "X"),
        ("maturite", "", "valide", "2026-11-20", "X"),
        ("competences", "", "projet", "2026-11-21", "X"),
    )
    assert validation_text(rows, "competences") == PROJET
