"""What is said when the base cannot be had, and how an older one is brought up to date."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from vigie.collecte import MinistereCharge, base_de_donnees, open_store, schema
from vigie.errors import EntreeInvalide, ParametreInvalide

from .ministere_essai import CAMPAGNE

pytestmark = pytest.mark.usefixtures("sqlite_seul")


def migrate(charge: MinistereCharge, revision: str) -> None:
    """Makes the store as an older program left it."""
    from alembic import command

    engine = create_engine(base_de_donnees.database_url(charge.chemin))
    config = Config()
    config.set_main_option("script_location", str(base_de_donnees._MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_revisions_the_program_knows_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(base_de_donnees._MIGRATIONS))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(revisions)) == schema.REVISIONS


def test_the_migrations_make_the_tables_that_the_program_uses(charge: MinistereCharge, base: str) -> None:
    engine = open_store(charge).engine
    assert engine.dialect.name == base
    found = inspect(engine)
    assert set(found.get_table_names()) == {*schema.metadata.tables, "alembic_version"}
    for name, table in schema.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}


def test_the_store_stands_beside_the_ministry_in_write_ahead_mode(charge: MinistereCharge) -> None:
    open_store(charge)
    with sqlite3.connect(charge.chemin / "collecte.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_base_of_a_newer_program_is_refused_and_left_as_it_is(charge: MinistereCharge) -> None:
    with open_store(charge).engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = (charge.chemin / "collecte.sqlite").read_bytes()
    with pytest.raises(EntreeInvalide) as refus:
        open_store(charge)
    anomalie = refus.value.anomalies[0]
    assert "version plus récente de Vigie" in anomalie.quoi
    assert anomalie.valeur == "schéma 9999"
    assert anomalie.que_faire == "mettez Vigie à jour"
    assert (charge.chemin / "collecte.sqlite").read_bytes() == before


def test_an_older_base_keeps_its_answers_and_its_anonymous_ones_lose_what_could_name_them(
    charge: MinistereCharge,
) -> None:
    migrate(charge, "0001")
    path = charge.chemin / "collecte.sqlite"
    common = "'essai', 'automne', 'drh', '{who}', '{role}', 'maturite', '', '{cible}', '{mesure}', 'niveau', {niveau}"
    rest = ", '', '', '', '', '2026-11-02', '2026.11', {anonyme}, 1, '2026-11-02T09:12:00+00:00')"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO lots VALUES (1, 'essai', 'automne', 'abc', 'a.csv', '2026-11-02T09:12:00+00:00', 3, '{}')"
        )
        for id_, who, role, cible, mesure, niveau in (
            (1, "rh1", "RH", "D1.1", "niveau", 4),
            (2, "", "AG", "M1", "accord", 5),
            (3, "", "AG", "M2", "accord", 1),
        ):
            values = common.format(who=who, role=role, cible=cible, mesure=mesure, niveau=niveau)
            connection.execute(f"INSERT INTO reponses VALUES ({id_}, {values}{rest.format(anonyme=int(not who))}")  # noqa: S608
        connection.execute("UPDATE lots SET campagne = ?", (CAMPAGNE,))
        connection.execute("UPDATE reponses SET campagne = ?", (CAMPAGNE,))
    connection.close()
    store = open_store(charge)
    frame = store.answers(CAMPAGNE, "drh")
    assert sorted(zip(frame["cible"], frame["niveau"], strict=True)) == [("D1.1", 4.0), ("M1", 5.0), ("M2", 1.0)]
    assert frame.loc[frame["cible"] == "D1.1", "id"].tolist() == [1]
    assert frame.loc[frame["cible"] != "D1.1", "id"].min() >= 2**48
    assert store.known_lots() == {"abc": CAMPAGNE}


def test_a_file_that_is_no_base_is_said_to_be_damaged(charge: MinistereCharge) -> None:
    (charge.chemin / "collecte.sqlite").write_bytes(b"pas une base de donnees" * 100)
    with pytest.raises(EntreeInvalide, match="la base de réponses est abîmée"):
        open_store(charge)


def test_a_server_that_does_not_answer_is_said_without_its_password(
    charge: MinistereCharge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", "postgresql://vigie:secret@127.0.0.1:1/vigie?connect_timeout=2")
    with pytest.raises(EntreeInvalide) as refus:
        open_store(charge)
    assert "la base de réponses est injoignable" in str(refus.value)
    assert "secret" not in str(refus.value)


@pytest.mark.parametrize("address", ["n'importe quoi", "mysql://serveur/base", "oracle+machin://x"])
def test_an_address_that_is_not_one_is_a_wrong_parameter(
    charge: MinistereCharge, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", address)
    with pytest.raises(ParametreInvalide, match="l'adresse de la base de réponses n'est pas valide"):
        open_store(charge)
