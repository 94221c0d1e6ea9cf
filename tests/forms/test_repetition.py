"""The rehearsal of the forms, before any visitor: everything is prepared, nothing is said in anybody's name."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import func, select
from vigie.collecte import open_store
from vigie.collecte.reponses import controle_of
from vigie.collecte.schema import echos, journal, lots, reponses
from vigie.forms import repetition
from vigie.forms.seance import Seance

from .ministere_forme import charge_forme


@pytest.fixture
def charge(tmp_path):
    return charge_forme(tmp_path / "ministere")


def test_a_rehearsal_leaves_the_store_as_it_was_and_no_invented_person_behind(charge):
    repetition.rehearse(charge)
    with open_store(charge).engine.connect() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (lots, reponses, echos, journal)
        ]
    assert counts == [0, 0, 0, 0]
    assert repetition.STRUCTURE not in charge.structures
    assert not controle_of(charge).roles_of(repetition.STRUCTURE, "RH-0")


def test_a_rehearsal_opens_every_kind_of_form(charge, monkeypatch):
    opened = set()
    receive = Seance.receive

    def noted(self, content):
        replies = receive(self, content)
        opened.update((self.genre, reply["t"]) for reply in replies)
        return replies

    monkeypatch.setattr(Seance, "receive", noted)
    repetition.rehearse(charge)
    assert opened == {(one.id, "etat") for one in charge.referentiels.formulaires.formulaires}


def test_a_change_after_a_rehearsal_finds_its_statements_ready(charge):
    repetition.rehearse(charge)
    made = open_store(charge).engine._compiled_cache
    texts = " ".join(str(compiled) for compiled in made.values())
    assert "INSERT INTO reponses" in texts and "INSERT INTO lots" in texts


def test_the_invented_frames_have_the_types_of_the_real_ones(charge):
    invented = repetition._with_invented_people(charge)
    pd.testing.assert_series_equal(invented.agents.dtypes, charge.agents.dtypes)
    pd.testing.assert_series_equal(invented.repondants.dtypes, charge.repondants.dtypes)
