"""The support step hands out a calendar and a kit beside its documents."""

from __future__ import annotations

import zipfile

import pytest
from bs4 import BeautifulSoup
from vigie.steps import open_step


@pytest.fixture(scope="module")
def remis(ministere, sortie):
    etape = open_step("accompagnement", ministere, "scn-recrutement")
    view = etape.save_livrables()
    return view, sortie / "demonstration" / "2026-automne" / "scn-recrutement"


def test_the_calendar_and_the_kit_stand_beside_the_documents(remis):
    _, folder = remis
    assert (folder / "livrables" / "calendrier.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    with zipfile.ZipFile(folder / "livrables" / "kit_ia.zip") as kit:
        names = set(kit.namelist())
        agenda = kit.read("documents/calendrier.ics")
    assert {"index.html", "documents/calendrier.ics", "documents/kit_utilisation.pdf"} <= names
    assert "documents/mandat_gouvernance.pdf" not in names
    assert "documents/dossier_dialogue_social.pdf" not in names
    assert agenda == (folder / "livrables" / "calendrier.ics").read_bytes()


def test_every_file_handed_out_is_linked(remis):
    view, folder = remis
    links = {link["href"] for link in BeautifulSoup(str(view.html), "html.parser").select("a")}
    assert {"livrables/calendrier.ics", "livrables/kit_ia.zip"} <= links
    assert all((folder / link).is_file() for link in links)


def test_made_again_nothing_changes_in_the_kit(remis, ministere):
    _, folder = remis
    before = (folder / "livrables" / "kit_ia.zip").read_bytes()
    open_step("accompagnement", ministere, "scn-recrutement").save_livrables()
    assert (folder / "livrables" / "kit_ia.zip").read_bytes() == before
