"""manifeste.json: what is written is what is read, an execution a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from vigie.batch.manifest import FORMAT, NOM, Execution, Manifeste, read_manifest

ENTETE = {"format": FORMAT, "nom": "Ministère d'essai\n}", "paquets": {"pandas": "1"}}
FAITES = (
    Execution("s1", "maturite", "ok", 0.25, "a1"),
    Execution("s1", "competences", "echec", 1.5, "a2", 'ValueError : « une "cause" »\nsur deux lignes', "V-1"),
    Execution("", "ministere", "cache", 0.0, "a3"),
)


@pytest.mark.parametrize("number", range(len(FAITES) + 1))
def test_a_manifest_is_read_as_it_was_written_one_execution_a_line(tmp_path: Path, number: int) -> None:
    written = Manifeste(ENTETE, {}).merge(FAITES[:number])
    written.write(tmp_path)
    assert read_manifest(tmp_path) == written
    lines = (tmp_path / NOM).read_text(encoding="utf-8").splitlines()
    found = [json.loads(line.strip().rstrip(",")) for line in lines if '"etape"' in line]
    assert found == [vars(one) for one in sorted(FAITES[:number], key=lambda one: one.cle)]
    counted = json.loads("\n".join(lines))["bilan"]
    assert counted == {statut: sum(one.statut == statut for one in FAITES[:number]) for statut in counted}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 0, "executions": []}', '{"format": 1}'])
def test_a_manifest_that_this_program_does_not_read_has_everything_run_again(tmp_path: Path, content: str) -> None:
    (tmp_path / NOM).write_text(content, encoding="utf-8")
    assert read_manifest(tmp_path) == Manifeste({}, {})
