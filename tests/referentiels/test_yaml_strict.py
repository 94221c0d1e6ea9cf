"""Whatever bytes come in, strict reading answers with values or with a fault said in French."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.paths import params_dir
from vigie.referentiels.fiche import Fiche
from vigie.referentiels.loading import read_model
from vigie.referentiels.yaml_strict import UnreadableError, parse

FICHE = (params_dir() / "referentiels" / "fiche.yaml").read_bytes()


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        parse(data)


@given(
    place=st.integers(0, len(FICHE)),
    longueur=st.integers(0, 30),
    ajout=st.text(alphabet="[]{}:,-#&*!|>'\"%@`?\t\n\\ aé0", max_size=6),
)
@settings(deadline=None, max_examples=150)
def test_a_damaged_file_is_read_or_its_faults_are_placed(place: int, longueur: int, ajout: str) -> None:
    with TemporaryDirectory() as dossier:
        path = Path(dossier) / "fiche.yaml"
        path.write_bytes(FICHE[:place] + ajout.encode() + FICHE[place + longueur :])
        lecture = read_model(path, Fiche)
    assert (lecture.valeur is None) == bool(lecture.anomalies)
    assert all(anomalie.quoi and str(path) in anomalie.ou for anomalie in lecture.anomalies)


def test_lines_are_those_of_the_keys_and_entries() -> None:
    document = parse(b"a: 1\nb:\n  - c: 2\n    d: 3\n  - 4\n")
    assert document.valeur == {"a": 1, "b": [{"c": 2, "d": 3}, 4]}
    chemins = [("a",), ("b",), ("b", 0), ("b", 0, "d"), ("b", 1)]
    assert [document.ligne(chemin) for chemin in chemins] == [1, 2, 3, 4, 5]
    assert document.ligne(("b", 0, "absent")) == 3


def test_numbers_and_truth_are_read_only_without_quotes() -> None:
    document = parse(b"a: 1\nb: 1.5\nc: true\nd: null\ne: '1'\nf: \"true\"\ng: -3\nh: ~\n")
    assert document.valeur == {"a": 1, "b": 1.5, "c": True, "d": None, "e": "1", "f": "true", "g": -3, "h": None}
