"""The record of processing says what is really recorded: every column, once; and it opens in each format."""

from __future__ import annotations

import io
import zipfile

import pytest
from vigie.cli import main
from vigie.collecte import schema
from vigie.dossier import AGENTS, REPONDANTS, VALIDATIONS
from vigie.paths import NOMINATIFS
from vigie.referentiels import load_referentiels
from vigie.referentiels.traitement import read_traitement
from vigie.rendering.livrables.gabarits import read_templates

FICHIERS = {"agents.csv": AGENTS, "repondants.csv": REPONDANTS, "validations.csv": VALIDATIONS}


def test_every_column_recorded_is_in_one_category_and_no_other_is():
    told = [
        (place, column)
        for category in read_traitement().categories
        for place, columns in category.donnees.items()
        for column in columns
    ]
    real = {(name, column.name) for name, table in schema.metadata.tables.items() for column in table.c}
    real |= {(name, column) for name, columns in FICHIERS.items() for column in columns}
    assert len(told) == len(set(told))
    assert set(told) == real


def test_its_bases_are_those_of_the_referentiel():
    known = {base.id for base in load_referentiels().bases.bases}
    assert {*read_traitement().bases, "RGPD-35"} <= known


def test_what_names_agents_stands_in_the_folder_that_a_purge_empties():
    """Another name in a template would leave its documents behind."""
    assert {gabarit.dossier for gabarit in read_templates().values()} - {""} == {NOMINATIFS}


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registre")
    assert main(["register", "demonstration", "--sortie", str(folder)]) == 0
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


def test_the_three_formats_are_made(documents):
    assert set(documents) == {".docx", ".odt", ".pdf"}
    assert documents[".pdf"].startswith(b"%PDF-")


def test_the_document_says_it_is_a_draft_with_fictional_data_and_leaves_what_is_not_its_own(documents):
    text = zipfile.ZipFile(io.BytesIO(documents[".docx"])).read("word/document.xml").decode()
    for expected in ("PROJET, non validé", "Données fictives", "[à compléter]", "RGPD, art.", "enregistre_le"):
        assert expected in text
    assert "{{" not in text
