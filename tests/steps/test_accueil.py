"""The cockpit on the demonstration: counts from the store, files for a mail merge, in a kernel and in JupyterLab."""

from __future__ import annotations

import csv
import os
import shutil
import stat
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from vigie.batch.etapes import list_etapes
from vigie.collecte import load_ministere, open_store
from vigie.collecte.formulaire import Feuille, record_envoi
from vigie.collecte.suivi import count_echos, read_participation
from vigie.diagnostics.accueil import missing
from vigie.paths import notebooks_dir, params_dir
from vigie.steps import open_step
from vigie.steps._accueil_envois import invitations, reminders, write_merge
from vigie.steps.ministere import short_name

CAMPAGNE = "2026-automne"
CARNET = notebooks_dir() / "0_accueil.ipynb"


@pytest.fixture(scope="module")
def lieu(tmp_path_factory):
    """A copy of the demonstration of its own: these tests write in it."""
    folder = tmp_path_factory.mktemp("accueil")
    originaux = shutil.ignore_patterns("*.sqlite*", "envois")
    shutil.copytree(params_dir() / "ministeres" / "demonstration", folder / "demonstration", ignore=originaux)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SORTIE", str(folder / "resultats"))
        yield folder


@pytest.fixture(scope="module")
def etape(lieu):
    return open_step("accueil", str(lieu / "demonstration"))


def text(view):
    return BeautifulSoup(str(view.html), "html.parser").get_text(" ", strip=True).replace("\u00a0", " ")


def test_no_batch_runs_the_cockpit():
    assert CARNET.is_file()
    assert "accueil" not in {one.id for one in list_etapes()}
    assert CARNET not in {one.notebook for one in list_etapes()}


def test_what_is_counted_is_what_the_files_hold(etape, lieu):
    """Counted again from the raw files of one structure, without the store."""
    people = set()
    for path in (lieu / "demonstration" / "reponses").glob("*_csrh-nord_maturite.csv"):
        with path.open(encoding="utf-8-sig") as stream:
            people |= {
                row["repondant"] for row in csv.DictReader(stream, delimiter=";") if row["mesure"] in ("niveau", "")
            }
    suivi = etape.suivi.query("structure == 'csrh-nord' and formulaire == 'maturite'")
    done = set(suivi.query("etat == 'rendu'")["repondant"])
    assert done == people & set(suivi["repondant"])
    assert len(done) > 20


def test_every_view_is_readable(etape):
    for name in ("show_essentiel", "show_structures", "show_roles", "show_absents", "show_rapports"):
        page = BeautifulSoup(str(getattr(etape, name)().html), "html.parser")
        assert not any(word in page.get_text(" ").split() for word in ("nan", "None", "NaN")), name
        assert all(table.caption.text for table in page.select("table")), name


def test_no_agent_is_named_and_a_small_echo_is_not_counted(etape):
    everything = " ".join(text(getattr(etape, name)()) for name in ("show_structures", "show_roles", "show_absents"))
    assert not set(etape.charge.agents["id"]) & set(everything.split())
    small = [name for name, number in count_echos(open_store(etape.charge), CAMPAGNE).items() if number < 10]
    assert small
    rows = BeautifulSoup(str(etape.show_structures().html), "html.parser").select("tbody tr")
    said = {row.th.get_text(): row.select("td")[-2].get_text().replace("\u00a0", " ") for row in rows}
    for name in small:
        nom = short_name(etape.charge.structures[name].nom).replace("'", "’")
        assert said[nom] == "moins de 10"


def test_a_form_that_was_sent_counts_at_once(tmp_path):
    originaux = shutil.ignore_patterns("*.sqlite*")
    shutil.copytree(params_dir() / "ministeres" / "demonstration", tmp_path / "d", ignore=originaux)
    charge = load_ministere(tmp_path / "d")
    store = open_store(charge)
    feuille = Feuille(
        CAMPAGNE, "csrh-nord", "csrh-nord-dir1", "DIR", "validation", "jeton", charge.referentiels.versions
    )
    assert read_participation(store, CAMPAGNE).empty
    record_envoi(store, feuille, "validation", 4, "envoi-1")
    (line,) = read_participation(store, CAMPAGNE).to_dict("records")
    assert (line["repondant"], line["formulaire"], line["envoye"]) == ("csrh-nord-dir1", "validation", True)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_reminders_are_for_those_who_are_missing_and_say_what_is_awaited(etape):
    late = missing(etape.suivi)
    rows = reminders(late, etape.charge, CAMPAGNE, ["csrh-nord"])
    wanted = late[late["structure"] == "csrh-nord"]
    assert set(rows["repondant"]) == set(wanted["repondant"])
    assert len(rows) == wanted["repondant"].nunique()
    one = rows.iloc[0]
    assert len(one["a_rendre"].split(" ; ")) == int((wanted["repondant"] == one["repondant"]).sum())


def test_invitations_cover_everyone_with_a_link_each_and_the_same_when_asked_again(etape):
    first = invitations(etape.charge, CAMPAGNE, ["mission-appui"])
    people = etape.charge.repondants.query(
        "structure == 'mission-appui' and role != 'ATELIER' and role != 'CONSULTANT'"
    )
    assert set(people["id"]) <= set(first["repondant"])
    assert first["lien"].str.startswith("http").all()
    assert first["lien"].is_unique
    again = invitations(etape.charge, CAMPAGNE, ["mission-appui"])
    assert sorted(again["lien"]) == sorted(first["lien"])


def test_the_merge_file_is_read_by_a_french_spreadsheet_and_by_its_owner_alone(etape):
    rows = invitations(etape.charge, CAMPAGNE, ["mission-appui"], adresse="https://formulaires.exemple")
    path = write_merge(rows, etape.charge, CAMPAGNE, "essai")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = read(path)
    assert [line["lien"] for line in lines] == rows["lien"].tolist()
    assert all(line["lien"].startswith("https://formulaires.exemple/") for line in lines)
    assert {line["echeance"] for line in lines} == {"20/11/2026"}


def test_a_name_that_looks_like_a_formula_is_only_a_text(etape):
    rows = invitations(etape.charge, CAMPAGNE, ["mission-appui"]).head(1).assign(nom="=HYPERLINK(1)", fonction="@SUM")
    (line,) = read(write_merge(rows, etape.charge, CAMPAGNE, "formule"))
    assert (line["nom"], line["fonction"]) == ("'=HYPERLINK(1)", "'@SUM")


def test_in_a_real_kernel_every_cell_shows_something_and_buttons_write_the_file(lieu, monkeypatch):
    node = nbformat.read(CARNET, as_version=4)
    for cell in node.cells:
        if cell.id == "parametres":
            cell.source = f"ministere = {str(lieu / 'demonstration')!r}\ncampagne = ''"
    click = (
        "panneau = etape.show_envois()\npanneau.children[1].value = 'csrh-nord'\n"
        "panneau.children[3].children[1].click()\nprint(panneau.children[-1].value)"
    )
    run = (
        "panneau = etape.show_execution()\npanneau.children[0].value = 'mission-appui'\n"
        "panneau.children[1].children[0].click()\nprint(panneau.children[-1].value)\nprint(etape.show_rapports())"
    )
    node.cells += [nbformat.v4.new_code_cell(click, id="clic"), nbformat.v4.new_code_cell(run, id="lance")]
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    NotebookClient(node, timeout=240, kernel_name="python3").execute()
    by_id = {cell.id: cell for cell in node.cells}
    silent = [one.id for one in node.cells if one.cell_type == "code" and one.id != "parametres" and not one.outputs]
    assert silent == []
    said = "".join(output.get("text", "") for output in by_id["clic"].outputs)
    assert "à fusionner" in said.replace("\u00a0", " ")
    (written,) = (lieu / "demonstration" / "envois").glob(f"relances_{CAMPAGNE}_*.csv")
    assert {line["structure"] for line in read(written)} == {"csrh-nord"}
    done = "".join(output.get("text", "") for output in by_id["lance"].outputs)
    assert "Tout est fait" in done
    assert (lieu / "resultats" / "demonstration" / CAMPAGNE / "mission-appui" / "maturite.html").is_file()
    assert "Lire" in done


def test_links_to_reports_are_relative_to_the_notebooks(etape):
    """Runs after the batch of the test before, in the same folder of results."""
    page = BeautifulSoup(str(etape.show_rapports().html), "html.parser")
    links = [link["href"] for link in page.select("a")]
    assert links
    assert all((notebooks_dir() / link).resolve().is_file() for link in links)


def test_what_goes_wrong_is_said_in_the_page(etape, monkeypatch):
    panneau = etape.show_envois()
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(OSError("disque plein")))
    panneau.children[3].children[0].click()
    assert "disque plein" in panneau.children[-1].value
    assert not panneau.children[3].children[0].disabled
