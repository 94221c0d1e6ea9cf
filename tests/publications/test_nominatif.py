"""What names agents leaves by the training service's files only; nothing else of a whole batch does, nor its logs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from vigie.collecte import open_store
from vigie.collecte.journal import account, read_journal, verify_journal

from tests import extraction

from .conftest import Publication

MOT = re.compile(r"[\w-]+")
FORMATS = {".html", ".ipynb", ".json", ".docx", ".odt", ".pdf", ".xlsx", ".pptx", ".ics", ".zip"}


@pytest.fixture(scope="module")
def agents(publication: Publication) -> set[str]:
    return set(publication.charge.agents["id"])


@pytest.fixture(scope="module")
def repondants(publication: Publication) -> set[str]:
    return set(publication.charge.repondants["id"])


def test_every_format_is_there_to_be_read(textes: dict[Path, str]) -> None:
    assert {path.suffix for path, text in textes.items() if text.strip()} >= FORMATS


def test_no_file_but_those_of_the_training_service_names_an_agent(
    textes: dict[Path, str], agents: set[str], publication: Publication
) -> None:
    named = {path.name: sorted(agents & set(MOT.findall(text)))[:3] for path, text in textes.items()}
    assert {name: found for name, found in named.items() if found} == {}
    service = [agents & set(MOT.findall(extraction.extract(path))) for path in publication.nominatifs()]
    assert service, "the list that the training service works from is made"
    assert all(service), "and it does name agents: the scan finds them where they are"


def test_every_list_that_names_agents_is_in_the_audit_log_with_who_made_it_leave(publication: Publication) -> None:
    store = open_store(publication.charge)
    assert verify_journal(store) == []
    journal = read_journal(store)
    noted = journal[journal["acte"].eq("export") & journal["objet"].str.contains("listes nominatives")]
    assert set(noted["auteur"]) == {account()}
    for path in publication.nominatifs():
        structure = path.relative_to(publication.dossier).parts[0]
        (what,) = noted.loc[noted["objet"].str.contains(f"structure {structure},"), "objet"]
        assert path.name in what


def test_no_file_gives_the_id_by_which_someone_answers(textes: dict[Path, str], repondants: set[str]) -> None:
    """The ids under which links, answers and the audit log are kept."""
    named = {path.name: sorted(repondants & set(MOT.findall(text)))[:3] for path, text in textes.items()}
    assert {name: found for name, found in named.items() if found} == {}


def test_what_the_batch_prints_and_logs_names_nobody(
    publication: Publication, agents: set[str], repondants: set[str]
) -> None:
    said = set(MOT.findall(publication.dit))
    assert said & (agents | repondants) == set()
    assert not [nom for nom in set(publication.charge.repondants["nom"]) if nom in publication.dit]
    assert "carnets exécutés" in publication.dit
