"""Who read, changed, exported and validated what: each verb goes to the audit log from each door that has it.

Doors: the commands, the forms, a notebook opened by hand, the cockpit, a batch (tests/publications reads the log of a
whole one). « D'autres » verbs (purge, backup) are tested with what they do.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from vigie.cli import main
from vigie.collecte import (
    MinistereCharge,
    check_ministere,
    dossier_kept,
    load_ministere,
    open_dossier,
    open_store,
    synchronise,
)
from vigie.collecte.droits import export_person
from vigie.collecte.formulaire import Feuille, record_envoi, write_answer
from vigie.collecte.journal import account, read_journal, verify_journal
from vigie.collecte.reponses import Saisie, controle_of
from vigie.errors import Anomalie, EntreeInvalide
from vigie.forms.invitations import invite, list_links, withdraw
from vigie.forms.ouverture import show_form
from vigie.paths import NOMINATIFS
from vigie.steps import open_step
from vigie.steps._accueil_envois import write_merge

from .ministere_essai import CAMPAGNE, charge_in, niveau, receive


@pytest.fixture
def charge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MinistereCharge:
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    return charge_in(tmp_path / "essai")


def entries(charge: MinistereCharge, *actes: str) -> list[tuple[str, str, str]]:
    """(verb, who, what) of the log, whose chain holds; of some verbs if given."""
    store = open_store(charge)
    assert verify_journal(store) == []
    frame = read_journal(store)
    rows = zip(frame["acte"], frame["auteur"], frame["objet"], strict=True)
    return [row for row in rows if not actes or row[0] in actes]


def feuille(charge: MinistereCharge, repondant: str, role: str, etape: str, auteur: str = "") -> Feuille:
    versions = charge.referentiels.versions
    return Feuille(CAMPAGNE, "drh", repondant, role, etape, f"jeton-{repondant}-{etape}", versions, auteur)


def fill(charge: MinistereCharge, where: Feuille, line: dict[str, str]) -> None:
    reponse, fautes = controle_of(charge).check(Saisie(**line))
    assert reponse is not None, fautes
    assert write_answer(open_store(charge), where, reponse, 0).acceptee


def test_a_dossier_opened_by_hand_is_a_reading_and_one_that_a_batch_holds_ready_is_not_noted_twice(
    charge: MinistereCharge,
) -> None:
    open_dossier(charge.chemin, "drh")
    assert entries(charge, "lecture") == [("lecture", account(), f"campagne {CAMPAGNE}, structure drh")]
    with dossier_kept(str(charge.chemin), "drh", CAMPAGNE):
        open_dossier(str(charge.chemin), "drh", CAMPAGNE)
    assert len(entries(charge, "lecture")) == 1


def test_what_a_form_changes_is_noted_once_an_opening_and_what_it_sends(charge: MinistereCharge) -> None:
    mine = feuille(charge, "rh1", "RH", "maturite")
    for cible in ("D1.1", "D2.1"):
        fill(charge, mine, niveau("rh1", "RH", cible, "3"))
    record_envoi(open_store(charge), mine, "maturite", 2, "jeton")
    where = f"campagne {CAMPAGNE}, structure drh, formulaire maturite"
    assert entries(charge) == [("saisie", "rh1", where), ("envoi", "rh1", where)]


def test_a_form_filled_in_for_someone_else_says_by_whom(charge: MinistereCharge) -> None:
    fill(charge, feuille(charge, "rh1", "RH", "maturite", auteur="consultante"), niveau("rh1", "RH", "D1.1", "3"))
    assert [author for _, author, _ in entries(charge)] == ["consultante pour rh1"]
    journal = export_person(charge, "rh1")
    assert b"xl/worksheets" in journal
    assert entries(charge, "export") == [("export", account(), "données de la personne « rh1 »")]


def test_a_validation_is_noted_from_a_form_from_a_file_of_answers_and_from_validations_csv(
    charge: MinistereCharge,
) -> None:
    line = {
        "structure": "drh",
        "repondant": "dir1",
        "role": "DIR",
        "etape": "validation",
        "cible": "maturite",
        "mesure": "validation",
        "valeur": "valide",
    }
    fill(charge, feuille(charge, "dir1", "DIR", "validation"), line)
    receive(charge, "v.csv", [{**line, "cible": "competences"}])
    synchronise(charge, CAMPAGNE)
    synchronise(charge, CAMPAGNE)
    noted = entries(charge, "validation")
    decided = [(author, what) for _, author, what in noted if "fichier" not in what]
    where = f"campagne {CAMPAGNE}, structure drh"
    assert decided == [("dir1", f"{where}, {etape} : valide") for etape in ("maturite", "competences")]
    assert len([what for _, _, what in noted if what.startswith("fichier validations.csv")]) == 1
    with (charge.chemin / "validations.csv").open("a", encoding="utf-8") as stream:
        stream.write("drh;competences;;validé;2026-11-21;La directrice\n")
    synchronise(load_ministere(charge.chemin), CAMPAGNE)
    assert len([what for _, _, what in entries(charge, "validation") if what.startswith("fichier")]) == 2


def test_links_made_withdrawn_and_written_out_with_names_are_noted(charge: MinistereCharge, tmp_path: Path) -> None:
    made = invite(charge, ["drh"])
    withdraw(charge, [made[0].numero])
    assert main(["invite", str(charge.chemin), "--structures", "drh", "--sortie", str(tmp_path / "liens.csv")]) == 0
    assert [acte for acte, _, _ in entries(charge)] == ["invitation", "retrait", "invitation", "export"]
    assert entries(charge, "export")[0][2] == f"campagne {CAMPAGNE}, liens personnels et noms, fichier liens.csv"
    assert not [what for _, _, what in entries(charge) for one in made if one.numero in what], (
        "no link can be made of it"
    )


def test_offline_questionnaires_which_hold_answers_are_an_export_and_an_import_a_change(
    charge: MinistereCharge, tmp_path: Path
) -> None:
    path = receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    assert main(["import", str(path), "--ministere", str(charge.chemin)]) == 0
    assert main(["workbook", str(charge.chemin), "drh", "--role", "RH", "--sortie", str(tmp_path)]) == 0
    assert [acte for acte, _, _ in entries(charge)] == ["import", "validation", "lecture", "export"]
    assert entries(charge, "export")[0][2] == "structure drh, questionnaires hors ligne de : rh1"
    said = "\n".join(check_ministere(str(charge.chemin)))
    assert "Journal : 4 entrées, enchaînement intact" in said


def test_a_form_filled_in_from_jupyterlab_is_noted_under_the_account_of_who_fills_it_in(
    charge: MinistereCharge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "consultante")
    monkeypatch.delenv("VIGIE_SEANCE", raising=False)
    _, roles, persons, place = show_form("maturite", str(charge.chemin), "drh").children
    for role, repondant, cible in (("RH", "rh1", "D1.1"), ("FOR", "for1", "D2.1")):
        roles.value = role
        persons.value = repondant
        (widget,) = place.children
        valeur = {"etat": "niveau", "valeur": "3", "commentaire": "", "preuve": "", "indicateur": ""}
        changed = {"t": "changer", "n": 1, "cle": f"|{cible}|niveau", "base": 0, "valeur": valeur}
        widget._receive(widget, changed, [])
    authors = [author for _, author, _ in entries(charge, "saisie")]
    assert authors == ["consultante pour rh1", "consultante pour for1"]
    stored = open_store(charge).answers(CAMPAGNE, "drh")
    assert stored["repondant"].tolist() == ["rh1", "for1"], "the answer is theirs"


def test_the_cockpit_notes_that_names_were_shown_and_that_names_and_links_left(charge: MinistereCharge) -> None:
    open_step("accueil", str(charge.chemin), "", CAMPAGNE)
    made = invite(charge, ["drh"])
    path = write_merge(list_links(charge, CAMPAGNE), charge, CAMPAGNE, "relances")
    read, _, export = [row for row in entries(charge) if row[0] != "validation"]
    assert read == ("lecture", account(), f"campagne {CAMPAGNE}, qui a répondu, par son nom")
    assert export == ("export", account(), f"campagne {CAMPAGNE}, liens personnels et noms, fichier {path.name}")
    assert not [what for _, _, what in entries(charge) for one in made if one.numero in what]


def test_nominative_lists_that_a_notebook_makes_by_hand_are_an_export_and_other_documents_are_not(
    charge: MinistereCharge, tmp_path: Path
) -> None:
    open_step("maturite", str(charge.chemin), "drh").save_livrables()
    assert entries(charge, "export") == []
    open_step("plan_formation", str(charge.chemin), "drh").save_livrables()
    lists = sorted(path.name for path in (tmp_path / "resultats").rglob(f"{NOMINATIFS}/*"))
    assert lists, "the training service has its list"
    ((_, author, what),) = entries(charge, "export")
    assert (author, what) == (
        account(),
        f"campagne {CAMPAGNE}, structure drh, pour le service de formation, listes nominatives {', '.join(lists)}",
    )


def test_nothing_that_names_people_leaves_when_the_log_cannot_say_so(
    charge: MinistereCharge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = open_step("plan_formation", str(charge.chemin), "drh")
    invite(charge, ["drh"])
    monkeypatch.setattr("vigie.collecte.dossier.note", lambda *_: None)  # readings apart

    def refuse(*_: object) -> None:
        raise EntreeInvalide([Anomalie("la base est occupée", "collecte.sqlite")])

    for module in ("sauvegarde", "invitations", "journal"):  # its own last: the others take theirs from it
        monkeypatch.setattr(f"vigie.collecte.{module}.write_entry", refuse)
    with pytest.raises(EntreeInvalide, match="la base est occupée"):
        opened.save_livrables()
    with pytest.raises(EntreeInvalide, match="la base est occupée"):
        write_merge(list_links(charge, CAMPAGNE), charge, CAMPAGNE, "relances")
    folder, place = str(charge.chemin), str(tmp_path / "sorti")
    for command in (
        ["invite", folder, "--structures", "drh", "--sortie", f"{place}/liens.csv"],
        ["workbook", folder, "drh", "--role", "RH", "--sortie", place],
        ["export", folder, "rh1", f"{place}/rh1.xlsx"],
        ["backup", folder, f"{place}/essai.zip"],
    ):
        assert main(command) == 2
        assert "la base est occupée" in capsys.readouterr().err
    left = [*(tmp_path / "sorti").rglob("*"), *(tmp_path / "resultats").rglob("*.*"), *charge.chemin.rglob("envois/*")]
    assert [path for path in left if path.is_file() and not path.name.startswith(".")] == []
