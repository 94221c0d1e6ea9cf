"""A batch of the kit's own notebooks, answers in a real PostgreSQL: the same results as with SQLite."""

from __future__ import annotations

import json

from sqlalchemy import create_engine, text
from vigie.batch import run_batch

ETAPES = ["maturite", "competences", "ministere"]


def _results(folder):
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("resultats.json"))
    }


def test_a_batch_on_postgresql_gives_the_results_of_sqlite(ministere, base_postgresql, tmp_path, monkeypatch):
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    with_sqlite = run_batch(str(ministere), etapes=ETAPES, workers=2, sortie=tmp_path / "sqlite", progress=False)
    monkeypatch.setenv("VIGIE_DATABASE_URL", base_postgresql)
    with_postgresql = run_batch(str(ministere), etapes=ETAPES, workers=2, sortie=tmp_path / "pg", progress=False)
    assert not with_sqlite.echecs
    assert not with_postgresql.echecs
    with create_engine(base_postgresql).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reponses")).scalar_one() > 0
    results = _results(tmp_path / "sqlite")
    assert len(results) == 4
    assert _results(tmp_path / "pg") == results
