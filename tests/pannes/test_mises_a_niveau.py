"""A base of every schema that was ever released, with what its program wrote, is read by today's: same answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from vigie.collecte import MinistereCharge, open_dossier, open_store, schema, synchronise
from vigie.collecte.base_de_donnees import FICHIER, current_engine, database_url
from vigie.collecte.invitations import find_invitation, read_invitations
from vigie.collecte.journal import read_journal, verify_journal
from vigie.collecte.restauration import restore
from vigie.collecte.sauvegarde import back_up
from vigie.collecte.signalements import read_signalements

from tests.collecte.ministere_essai import CAMPAGNE, accord, anonymous_rows, niveau, receive

from .anciens import ARCHIVES, SCHEMAS, ancien, write_ancien

ATTENDU = [
    ("for1", "D2.1", "niveau", "3.0", ""),
    ("rh1", "D1.1", "niveau", "2.0", ""),
    ("rh1", "D2.1", "ne_sait_pas", "nan", ""),
]
ECHO = [("M1", 5.0), ("M1", 5.0), ("M2", 1.0)]
FORMULAIRE = [("num1", "D3.1", "niveau", "3.0", "")]


@pytest.fixture(params=SCHEMAS)
def vieux(request: pytest.FixtureRequest, base: str, charge: MinistereCharge) -> str:
    """The schema of the base that the ministry has; its files are those that were received at the time."""
    write_ancien(database_url(charge.chemin), request.param)
    for name, content in ancien(request.param)["fichiers"].items():
        (charge.chemin / "reponses" / name).write_text(content, encoding="utf-8")
    return str(request.param)


def answers(charge: MinistereCharge, structure: str = "drh") -> list[tuple[str, ...]]:
    frame = open_dossier(charge, structure).reponses
    frame = frame[(frame["etape"] == "maturite") & (frame["mesure"] == "niveau")]
    rows = frame[["repondant", "cible", "etat", "niveau", "commentaire"]].to_numpy().tolist()
    return sorted(tuple(map(str, row)) for row in rows)


def echo(charge: MinistereCharge) -> list[tuple[str, float]]:
    """Anonymous answers, published or not."""
    return sorted((row["cible"], row["niveau"]) for row in anonymous_rows(open_store(charge)))


def test_every_released_schema_has_its_base() -> None:
    assert SCHEMAS == schema.REVISIONS
    assert tuple(ARCHIVES) == tuple(one for one in SCHEMAS if "0005" <= one < schema.VERSION), "and its backup"


def test_a_base_of_any_schema_gives_the_answers_it_was_given(vieux: str, charge: MinistereCharge) -> None:
    check_whole(charge, vieux)


@pytest.mark.parametrize("vieille", ARCHIVES)
def test_a_backup_that_the_program_of_an_older_schema_made_is_taken_back_whole(
    vieille: str, base: str, tmp_path: Path
) -> None:
    after = restore(ARCHIVES[vieille], tmp_path / "ailleurs")
    assert read_journal(open_store(after))["acte"].tolist()[-2:] == ["sauvegarde", "restauration"]
    check_whole(after, vieille)
    files = ancien(vieille)["fichiers"]
    assert {name: (after.chemin / "reponses" / name).read_text(encoding="utf-8") for name in files} == files


def check_whole(charge: MinistereCharge, vieux: str) -> None:
    """All that people gave to the program of that schema is there, as they gave it."""
    formulaire = FORMULAIRE if vieux >= "0003" else []
    assert answers(charge) == sorted([*ATTENDU, *formulaire])
    assert echo(charge) == ECHO
    published = {row["table"] for row in anonymous_rows(open_store(charge))}
    assert published == {"echos" if vieux < "0006" else "urne"}  # what was published stays so
    assert answers(charge, "centre-sud") == [("rh2", "D1.1", "niveau", "5.0", "")]
    store = open_store(charge)
    history = store.history(CAMPAGNE, "drh")
    first = history[(history["repondant"] == "rh1") & (history["cible"] == "D1.1")]
    assert first["niveau"].tolist() == [4.0, 2.0]
    assert first["actuelle"].tolist() == [False, True]
    assert first["commentaire"].tolist() == ["Été : « à revoir »", ""]
    assert first["preuve"].tolist() == ["Note n° 12", ""]
    assert history.loc[history["repondant"] == "rh1", "nom"].tolist() == ["a.csv", "a.csv", "b.csv"]
    assert synchronise(charge, CAMPAGNE) == []  # the files received then are known
    reports = read_signalements(store)
    assert sorted(reports["valeur"]) == (["Assistant", "Un résumé faux"] if vieux >= "0003" else [])
    links = read_invitations(store)
    assert links["numero"].tolist() == (["lien-un", "lien-deux"] if vieux >= "0004" else [])
    assert find_invitation(store, "lien-un")[1] == (vieux >= "0004")
    assert verify_journal(store) == []
    written = [acte for acte in read_journal(store)["acte"] if acte in ("import", "envoi")]
    assert written == (["import", "import", "envoi"] if vieux >= "0005" else [])


def test_a_base_of_any_schema_takes_new_answers_and_refuses_changes_as_a_new_one_does(
    vieux: str, charge: MinistereCharge
) -> None:
    receive(charge, "c.csv", [niveau("rh1", "RH", "D1.1", "5"), accord("M3", "2")])
    synchronise(charge, CAMPAGNE)
    assert ("rh1", "D1.1", "niveau", "5.0", "") in answers(charge)
    assert echo(charge) == [*ECHO, ("M3", 2.0)]
    store = open_store(charge)
    assert store.history(CAMPAGNE, "drh")["id"].is_unique
    assert verify_journal(store) == []
    assert read_journal(store)["acte"].tolist().count("import") == (3 if vieux >= "0005" else 1)
    for table in ("reponses", "urne", "lots", "journal"):
        with pytest.raises(DBAPIError, match="never changed"), store.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET ministere = 'autre'"))  # noqa: S608


def test_a_base_of_any_schema_is_backed_up_and_taken_back(
    vieux: str, charge: MinistereCharge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, anonymous = answers(charge), echo(charge)
    back_up(charge, tmp_path / "x.zip")
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    after = restore(tmp_path / "x.zip", tmp_path / "ailleurs")
    assert (answers(after), echo(after)) == (before, anonymous)
    assert verify_journal(open_store(after)) == []


def test_an_older_base_is_only_read_by_check_which_changes_nothing(
    vieux: str, charge: MinistereCharge, base: str
) -> None:
    held = current_engine(database_url(charge.chemin))
    assert (held is None) == (vieux != schema.VERSION)
    if base == "sqlite":
        assert not list(charge.chemin.glob(f"{FICHIER}-*"))
