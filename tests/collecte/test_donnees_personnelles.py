"""Audit log, purge, export of a person's data, backup and restoration, on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from vigie.cli import main
from vigie.collecte import (
    MinistereCharge,
    Store,
    base_de_donnees,
    check_ministere,
    load_ministere,
    open_dossier,
    open_store,
    synchronise,
)
from vigie.collecte.droits import export_person
from vigie.collecte.journal import DEBUT, note, read_journal, verify_journal
from vigie.collecte.purge import plan_purge, purge
from vigie.collecte.restauration import restore
from vigie.collecte.sauvegarde import back_up
from vigie.errors import EntreeInvalide, Introuvable, MinistereInvalide, ParametreInvalide
from vigie.paths import output_dir

from .ministere_essai import CAMPAGNE, DEUX_CAMPAGNES, accord, anonymous_rows, niveau, receive, write_ministere

SECRET = "Propos tenus par Personne fictive"
APRES = date(2027, 1, 1)


@pytest.fixture
def deux_campagnes(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MinistereCharge:
    """Answers in a campagne that is closed, and in the current one."""
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    charge = load_ministere(write_ministere(tmp_path / "essai", ministere=DEUX_CAMPAGNES))
    before = charge.chemin / "reponses" / CAMPAGNE
    before.mkdir()
    receive(charge, f"{CAMPAGNE}/a.csv", [niveau("rh1", "RH", "D1.1", "4", commentaire=SECRET), accord("M1", "5")])
    receive(charge, "b.csv", [niveau("rh1", "RH", "D1.1", "2")])
    synchronise(charge, CAMPAGNE)
    synchronise(charge, "2027-printemps")
    return charge


def _columns(content: bytes, sheet: str) -> pd.DataFrame:
    return pd.read_excel(io.BytesIO(content), sheet_name=sheet, dtype=str, keep_default_na=False)


def test_each_entry_of_the_log_holds_the_hash_of_the_one_before(store: Store) -> None:
    for rang in range(3):
        note(store, "lecture", f"structure {rang}", "rh1")
    frame = read_journal(store)
    assert frame["objet"].tolist() == ["structure 0", "structure 1", "structure 2"]
    assert frame["auteur"].unique().tolist() == ["rh1"]
    assert len(set(frame["empreinte"]) | {DEBUT}) == 4
    assert verify_journal(store) == []


@pytest.mark.parametrize("order", ["UPDATE journal SET objet = 'autre'", "DELETE FROM journal"])
def test_an_entry_of_the_log_is_neither_changed_nor_removed(store: Store, order: str) -> None:
    note(store, "lecture", "une structure")
    with pytest.raises(DBAPIError, match="never changed nor removed"), store.engine.begin() as connection:
        connection.execute(text(order))
    assert len(read_journal(store)) == 1


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE journal SET objet = 'autre' WHERE id = 2",
        "UPDATE journal SET auteur = 'autre' WHERE id = 1",
        "DELETE FROM journal WHERE id = 2",
    ],
)
def test_whoever_gets_round_the_base_breaks_the_chain_and_check_says_where(
    charge: MinistereCharge, sqlite_seul: None, order: str
) -> None:
    store = open_store(charge)
    for rang in range(3):
        note(store, "lecture", f"structure {rang}")
    with store.engine.begin() as connection:
        for event in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER journal_sans_{event}"))
        connection.execute(text(order))
    assert len(verify_journal(store)) == 1
    with pytest.raises(MinistereInvalide, match="son enchaînement est rompu"):
        check_ministere(str(charge.chemin))


def test_an_import_is_in_the_log_and_the_anonymous_echo_is_not(charge: MinistereCharge, base: str) -> None:
    receive(charge, "echo.csv", [accord("M1", "5")])
    synchronise(charge, CAMPAGNE)
    assert read_journal(open_store(charge))["acte"].tolist() == ["validation"], "the file of what was validated"
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    synchronise(charge, CAMPAGNE)
    frame = read_journal(open_store(charge))
    assert frame["acte"].tolist() == ["validation", "import"]
    assert frame["objet"].iloc[-1].endswith(": 1 réponse, dont 0 corrigée")
    assert "rh1" not in frame.to_csv()
    assert any(line.startswith("Journal : 2 entrées") for line in check_ministere(str(charge.chemin)))


def test_a_purge_says_first_what_would_go_and_deletes_nothing(deux_campagnes: MinistereCharge) -> None:
    planned = plan_purge(deux_campagnes, APRES)
    assert planned.campagnes == (CAMPAGNE,)
    assert (planned.reponses, planned.echos) == (1, 1)
    assert [path.name for path in planned.fichiers] == ["a.csv"]
    assert open_dossier(deux_campagnes, "drh", CAMPAGNE).reponses["commentaire"].tolist().count(SECRET) == 1


def test_a_purge_leaves_nothing_of_the_past_campagne_and_all_of_the_current(deux_campagnes: MinistereCharge) -> None:
    nominative = output_dir() / "essai" / CAMPAGNE / "drh" / "livrables" / "service_formation" / "inscriptions.xlsx"
    nominative.parent.mkdir(parents=True)
    nominative.write_text("Personne fictive", encoding="utf-8")
    kept = output_dir() / "essai" / CAMPAGNE / "drh" / "resultats.json"
    kept.write_text("{}", encoding="utf-8")
    purge(deux_campagnes, APRES)
    assert open_dossier(deux_campagnes, "drh", CAMPAGNE).reponses.empty
    assert open_dossier(deux_campagnes, "drh").reponses["niveau"].tolist() == [2.0]
    assert not nominative.exists()
    assert kept.exists()
    assert not list((deux_campagnes.chemin / "reponses" / CAMPAGNE).iterdir())
    for file in deux_campagnes.chemin.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file.name
    store = open_store(deux_campagnes)
    assert read_journal(store)["acte"].tolist().count("purge") == 1
    assert verify_journal(store) == []
    assert plan_purge(deux_campagnes, APRES).reponses == 0


def test_a_purge_that_a_reader_keeps_from_its_end_says_so_and_the_next_one_ends_it(
    deux_campagnes: MinistereCharge, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_de_donnees, "_WAIT_S", 0.3)
    base_de_donnees._engine.cache_clear()
    if base == "sqlite":
        with open_store(deux_campagnes).engine.connect() as reader:
            reader.execute(text("SELECT count(*) FROM reponses")).scalar_one()
            with pytest.raises(EntreeInvalide, match="occupée par un autre programme"):
                purge(deux_campagnes, APRES)
    assert plan_purge(deux_campagnes, APRES).reponses == (0 if base == "sqlite" else 1)
    purge(deux_campagnes, APRES)
    base_de_donnees._engine.cache_clear()
    assert plan_purge(deux_campagnes, APRES).reponses == 0
    for file in deux_campagnes.chemin.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file.name


def test_a_file_received_when_the_past_campagne_was_the_current_one_goes_too(deux_campagnes: MinistereCharge) -> None:
    source = deux_campagnes.chemin / "reponses" / CAMPAGNE / "a.csv"
    source.rename(deux_campagnes.chemin / "reponses" / "a.csv")
    assert [path.name for path in purge(deux_campagnes, APRES).fichiers] == ["a.csv"]
    assert [path.name for path in (deux_campagnes.chemin / "reponses").glob("*.csv")] == ["b.csv"]


def test_the_current_campagne_is_never_purged(deux_campagnes: MinistereCharge) -> None:
    with pytest.raises(ParametreInvalide, match="la campagne en cours serait effacée"):
        purge(deux_campagnes, date(2027, 6, 1))
    assert not open_dossier(deux_campagnes, "drh").reponses.empty


def test_a_person_receives_all_that_bears_their_id_and_nothing_else(deux_campagnes: MinistereCharge) -> None:
    receive(deux_campagnes, "c.csv", [niveau("for1", "FOR", "D1.1", "5", commentaire="Autre propos")])
    receive(deux_campagnes, "d.csv", [niveau("rh1", "RH", "D2.1", "3", commentaire="=1+1")])
    synchronise(deux_campagnes, "2027-printemps")
    content = export_person(deux_campagnes, "rh1")
    answers = _columns(content, "Réponses")
    assert sorted(zip(answers["campagne"], answers["cible"], answers["niveau"], strict=True)) == [
        (CAMPAGNE, "D1.1", "4"),
        ("2027-printemps", "D1.1", "2"),
        ("2027-printemps", "D2.1", "3"),
    ]
    assert set(answers["commentaire"]) == {SECRET, "", "=1+1"}
    assert _columns(content, "Répondant")["fonction"].tolist() == ["Cheffe de service"]
    assert b"Autre propos" not in b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(name) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )
    assert read_journal(open_store(deux_campagnes))["acte"].tolist()[-1] == "export"


def test_an_unknown_person_is_said_with_the_nearest(deux_campagnes: MinistereCharge) -> None:
    with pytest.raises(Introuvable, match="Vouliez-vous dire « rh1 »"):
        export_person(deux_campagnes, "rh11")


def test_a_backup_gives_back_the_folder_and_every_row(
    deux_campagnes: MinistereCharge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "essai.zip"
    before = open_store(deux_campagnes)
    assert back_up(deux_campagnes, archive) > 0
    expected = [before.history(one, "") for one in (CAMPAGNE, "2027-printemps")]
    kept = before.answers(CAMPAGNE, "drh")
    journal, anonymes = read_journal(before), anonymous_rows(before)
    assert [row["cible"] for row in anonymes] == ["M1"]
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    charge = restore(archive, tmp_path / "ailleurs")
    after = open_store(charge)
    assert after.engine.dialect.name == "sqlite"
    for one, frame in zip((CAMPAGNE, "2027-printemps"), expected, strict=True):
        given = after.history(one, "")
        numbers = ["id", "lot"]
        pd.testing.assert_frame_equal(given.drop(columns=numbers), frame.drop(columns=numbers))
    current = after.answers(CAMPAGNE, "drh")
    assert current["mesure"].tolist() == ["niveau"]
    assert anonymous_rows(after) == anonymes
    pd.testing.assert_frame_equal(current.drop(columns="id"), kept.drop(columns="id"))
    assert after.known_lots() == before.known_lots()
    assert read_journal(after).iloc[:-1].equals(journal)
    assert verify_journal(after) == []
    assert synchronise(charge, "2027-printemps") == []
    assert (charge.chemin / "structures.csv").read_bytes() == (deux_campagnes.chemin / "structures.csv").read_bytes()


def test_nothing_is_restored_over_a_folder_or_over_rows(
    deux_campagnes: MinistereCharge, tmp_path: Path, base: str
) -> None:
    archive = tmp_path / "essai.zip"
    back_up(deux_campagnes, archive)
    with pytest.raises(EntreeInvalide, match="le dossier n'est pas vide"):
        restore(archive, deux_campagnes.chemin)
    with pytest.raises(EntreeInvalide, match="un fichier porte déjà ce nom"):
        back_up(deux_campagnes, archive)
    if base == "postgresql":
        with pytest.raises(EntreeInvalide, match="contient déjà des lignes"):
            restore(archive, tmp_path / "ailleurs")
        assert not (tmp_path / "ailleurs").exists()
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".ailleurs")]


def _rewrite(archive: Path, change: dict[str, bytes], **manifest: object) -> Path:
    """The same archive with some files, and some entries of its manifest, replaced."""
    made = archive.with_name("changee.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(made, "w") as target:
        head = json.loads(source.read("sauvegarde.json")) | manifest
        for name in source.namelist():
            target.writestr(
                name, json.dumps(head) if name == "sauvegarde.json" else change.get(name, source.read(name))
            )
    return made


@pytest.mark.parametrize(
    ("change", "manifest", "dit"),
    [
        ({"store/reponses.jsonl": b"{}\n"}, {}, "la sauvegarde est abîmée"),
        ({}, {"schema": "9999"}, "une version plus récente de Vigie"),
        ({}, {"fichiers": {"ministere/../../x": "0"}}, "n'est pas une sauvegarde"),
    ],
)
def test_a_damaged_newer_or_climbing_archive_is_refused_and_leaves_nothing(
    charge: MinistereCharge,
    sqlite_seul: None,
    tmp_path: Path,
    change: dict[str, bytes],
    manifest: dict[str, object],
    dit: str,
) -> None:
    archive = tmp_path / "essai.zip"
    back_up(charge, archive)
    with pytest.raises(EntreeInvalide, match=dit):
        restore(_rewrite(archive, change, **manifest), tmp_path / "ailleurs")
    assert not (tmp_path / "ailleurs").exists()


def test_a_backup_of_the_schema_before_the_urn_is_taken_back(
    charge: MinistereCharge, sqlite_seul: None, tmp_path: Path
) -> None:
    archive, older = tmp_path / "essai.zip", tmp_path / "ancienne.zip"
    back_up(charge, archive)
    row = {"id": 7, "ministere": "essai", "campagne": CAMPAGNE, "structure": "drh", "role": "AG", "etape": "maturite"}
    row |= {"cible": "M1", "mesure": "accord", "etat": "niveau", "niveau": 4, "commentaire": "", "version": "v"}
    echos = json.dumps({**row, "date": "2026-11-02"}).encode()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(older, "w") as target:
        head = json.loads(source.read("sauvegarde.json")) | {"schema": "0005"}
        kept = [name for name in head["fichiers"] if name not in ("store/urne.jsonl", "store/remises.jsonl")]
        contents = {name: source.read(name) for name in kept} | {"store/echos.jsonl": echos}
        head["fichiers"] = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        for name, content in {"sauvegarde.json": json.dumps(head).encode(), **contents}.items():
            target.writestr(name, content)
    restored = open_store(restore(older, tmp_path / "ailleurs"))
    assert [(row["cible"], row["niveau"], row["table"]) for row in anonymous_rows(restored)] == [("M1", 4.0, "echos")]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"pas une archive")
    with pytest.raises(EntreeInvalide, match="n'est pas une sauvegarde de Vigie"):
        restore(path, tmp_path / "ailleurs")


def test_the_commands_do_it_from_the_command_line(
    deux_campagnes: MinistereCharge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    essai, classeur, archive = str(deux_campagnes.chemin), tmp_path / "rh1.xlsx", tmp_path / "essai.zip"
    assert main(["export", essai, "rh1", str(classeur)]) == 0
    assert main(["export", essai, "rh1", str(classeur)]) == 2
    assert main(["backup", essai, str(archive)]) == 0
    assert {path.stat().st_mode & 0o777 for path in (classeur, archive)} == {0o600}
    assert main(["purge", essai, "--avant", APRES.isoformat()]) == 0
    assert "Rien n'est effacé" in capsys.readouterr().out
    assert plan_purge(deux_campagnes, APRES).reponses == 1
    assert main(["purge", essai, "--avant", APRES.isoformat(), "--confirmer"]) == 0
    assert plan_purge(deux_campagnes, APRES).reponses == 0
    assert main(["restore", str(archive), essai]) == 2
    assert "le dossier n'est pas vide" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["purge", essai, "--avant", "hier"])
