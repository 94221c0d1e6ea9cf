"""From a Resultat to files: whole or absent, the same every time, nothing left from a former run."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import pytest
from jinja2 import UndefinedError
from vigie.atomic import PARTIEL
from vigie.paths import root
from vigie.rendering.livrables import ConversionError, conversion, make_livrables
from vigie.rendering.livrables.fabrique import preparation
from vigie.rendering.livrables.gabarits import fill, read_templates, sources_dir

from . import dossiers

UNE_FOIS = """
import hashlib, sys
from pathlib import Path
from tests.rendering.livrables import dossiers
for path in sorted(dossiers.make("csrh-nord", sys.argv[1], Path(sys.argv[2])).values()):
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def hashes(etape, folder, seed, zone):
    """Names and SHA-256 of the documents made by another process, under another hash seed and time zone."""
    done = subprocess.run(
        [sys.executable, "-c", UNE_FOIS, etape, str(folder)],
        cwd=root(),
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("etape", dossiers.etapes())
def test_the_same_resultat_gives_the_same_bytes_in_every_format(tmp_path, etape):
    first = hashes(etape, tmp_path / "un", "1", "Europe/Paris")
    assert first
    assert first == hashes(etape, tmp_path / "deux", "2", "America/Cayenne")


def test_each_template_has_its_preparation_and_each_preparation_its_template():
    for livrable in read_templates():
        assert callable(preparation(livrable))
    modules = (sources_dir().parents[1] / "lib/vigie/rendering/livrables/documents").glob("[a-z]*.py")
    assert {path.stem for path in modules} == set(read_templates())


def test_a_value_that_a_template_does_not_receive_is_never_left_blank():
    with pytest.raises(UndefinedError):
        fill("rapport_maturite", "rapport_maturite", {}, {}, {})


def test_files_are_whole_and_named_after_their_livrable(documents):
    for (_, name), path in documents.items():
        assert path.stat().st_size > 1000, name
        assert name.rpartition("/")[2].split(".")[0].split("-")[0] in read_templates(), name
        assert not list(path.parent.glob(f"*{PARTIEL}"))


def test_a_document_not_made_again_is_removed(tmp_path):
    former = tmp_path / "rapport_maturite-ancien.pdf"
    former.write_bytes(b"ancien")
    kept = tmp_path / "mes_notes.txt"
    kept.write_text("à garder")
    made = make_livrables(dossiers.resultat("csrh-nord", "maturite"), dossiers.contexte("csrh-nord"), tmp_path)
    assert not former.exists()
    assert kept.exists()
    assert [path.name for path in made] == [f"rapport_maturite.{kind}" for kind in ("docx", "odt", "pdf", "xlsx")]


def test_when_one_document_cannot_be_made_none_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "compile_pdf", lambda _: (_ for _ in ()).throw(ConversionError("refus")))
    with pytest.raises(ConversionError, match="refus"):
        make_livrables(dossiers.resultat("csrh-nord", "maturite"), dossiers.contexte("csrh-nord"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_the_livrables_asked_for_are_made(tmp_path):
    result, contexte = dossiers.resultat("csrh-nord", "risques_ethique"), dossiers.contexte("csrh-nord")
    made = make_livrables(result, contexte, tmp_path, ["cartographie_risques"])
    assert {path.name.split(".")[0] for path in made} == {"cartographie_risques"}


def test_a_structure_without_any_use_still_gets_its_documents(tmp_path):
    result = dossiers.resultat("operateur-foncier", "risques_ethique")
    assert result.cas.empty
    made = make_livrables(result, dossiers.contexte("operateur-foncier"), tmp_path)
    assert {path.suffix for path in made} == {".docx", ".odt", ".pdf", ".xlsx"}


def test_an_empty_resultat_still_gets_its_documents(tmp_path):
    """Every frame without rows: nothing is known, and the documents say so."""
    for etape in dossiers.etapes():
        done = dossiers.resultat("mission-appui", etape)
        empty = {name: frame.iloc[0:0] for name, frame in done.tables(nominatives=True)}
        bare = dataclasses.replace(done, constats=(), recommandations=(), manques=(), **empty)
        made = make_livrables(bare, dossiers.contexte("mission-appui"), tmp_path / etape)
        assert made, etape
