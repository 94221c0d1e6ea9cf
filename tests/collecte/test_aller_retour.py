"""Whatever the answers, a CSV read, recorded and read back gives them again."""

from __future__ import annotations

import string
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.collecte import MinistereCharge, open_store, read_answers

from .ministere_essai import CAMPAGNE, charge_in, long_csv

# What a cell may hold once trimmed: no control sign but the line end, no sign that a wrong encoding leaves.
SIGNS = st.characters(
    min_codepoint=32, exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="ÂÃâ\ufffd\u2028\u2029\x85"
)
TEXTS = st.text(SIGNS | st.just("\n"), max_size=60).map(
    lambda text: text.strip(string.whitespace + "\u200b\ufeff\u00a0\u202f")
)
PEOPLE = st.sampled_from([("rh1", "RH"), ("for1", "FOR"), ("dir1", "DIR")])
STATES = st.sampled_from(["niveau", "ne_sait_pas", "non_repondu", "masque"])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    repondant, role = draw(PEOPLE)
    etat = draw(STATES)
    return {
        "structure": "drh",
        "repondant": repondant,
        "role": role,
        "etape": "maturite",
        "objet": "",
        "cible": "D1.1",
        "mesure": "niveau",
        "etat": etat,
        "valeur": str(draw(st.integers(1, 5))) if etat == "niveau" else "",
        "commentaire": draw(TEXTS),
        "preuve": draw(TEXTS),
        "indicateur": draw(TEXTS),
        "date": draw(st.dates(min_value=date(2020, 1, 1), max_value=date(2199, 12, 31))).isoformat(),
    }


@pytest.fixture(scope="module")
def ministere(tmp_path_factory: pytest.TempPathFactory) -> MinistereCharge:
    return charge_in(tmp_path_factory.mktemp("aller") / "essai")


@pytest.mark.usefixtures("sqlite_seul")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(answers(), min_size=1, max_size=3, unique_by=lambda row: row["repondant"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_rows_of_a_csv_come_back_from_the_store_as_they_were(
    ministere: MinistereCharge, rows: list[dict[str, Any]], encoding: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(long_csv(*rows).encode(encoding))
        for base in ministere.chemin.glob("collecte.sqlite*"):
            base.unlink()
        store = open_store(ministere)
        store.record(CAMPAGNE, read_answers(path, ministere))
    frame = store.answers(CAMPAGNE, "drh").set_index("repondant")
    for row in rows:
        stored = frame.loc[row["repondant"]]
        for name in ("role", "etat", "commentaire", "preuve", "indicateur", "date"):
            assert stored[name] == row[name]
        assert (str(int(stored["niveau"])) if stored["niveau"] == stored["niveau"] else "") == row["valeur"]
