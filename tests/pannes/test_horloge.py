"""A clock set back: what is recorded after stays after. Order comes from the numbers of the rows, never from hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from vigie.batch import manifest, run_batch
from vigie.collecte import (
    MinistereCharge,
    formulaire,
    invitations,
    journal,
    open_dossier,
    open_store,
    signalements,
    store,
    synchronise,
)
from vigie.collecte.formulaire import Feuille, last_envoi, record_envoi, write_answer
from vigie.collecte.invitations import Invitation, find_invitation, read_invitations, record_invitations
from vigie.collecte.journal import read_journal, verify_journal
from vigie.collecte.reponses import Saisie, controle_of
from vigie.forms.invitations import list_links

from tests.batch.conftest import carnets
from tests.collecte.ministere_essai import CAMPAGNE, niveau, receive

DEBUT = datetime(2026, 11, 24, 12, tzinfo=UTC)

__all__ = ["carnets"]


class Recule(datetime):
    """A clock that goes back one hour each time it is read."""

    lectures = 0

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        cls.lectures += 1
        return DEBUT - timedelta(hours=cls.lectures)


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> type[Recule]:
    monkeypatch.setattr(Recule, "lectures", 0)
    for module in (store, formulaire, journal, invitations, signalements, manifest):
        monkeypatch.setattr(module, "datetime", Recule)
    return Recule


def feuille(jeton: str) -> Feuille:
    return Feuille(CAMPAGNE, "drh", "rh1", "RH", "maturite", jeton, {})


def test_the_last_answer_recorded_is_the_current_one_whatever_the_hour(
    charge: MinistereCharge, base: str, horloge: type[Recule]
) -> None:
    held = open_store(charge)
    last = 0
    for rang in range(30):  # more than a day back
        valeur = str(1 + rang % 5)
        if rang % 2:
            receive(charge, f"{rang}.csv", [niveau("rh1", "RH", "D1.1", valeur, commentaire=f"{rang}")])
            synchronise(charge, CAMPAGNE)
        else:
            reponse, _ = controle_of(charge).check(Saisie(**niveau("rh1", "RH", "D1.1", valeur)))
            assert reponse is not None
            last = write_answer(held, feuille(f"j{rang}"), reponse, last).id
        frame = open_dossier(charge, "drh").reponses
        assert frame["niveau"].tolist() == [float(valeur)]
        last = int(frame["id"].iloc[0])
    history = held.history(CAMPAGNE, "drh")
    assert history["niveau"].tolist() == [float(1 + rang % 5) for rang in range(30)]
    assert history["actuelle"].tolist() == [False] * 29 + [True]
    assert history["enregistre_le"].is_monotonic_decreasing
    assert horloge.lectures > 30


def test_the_last_receipt_of_a_form_is_the_last_one_given(
    charge: MinistereCharge, base: str, horloge: type[Recule]
) -> None:
    held = open_store(charge)
    for nombre in range(1, 4):
        record_envoi(held, feuille("j"), "maturite", nombre, f"envoi {nombre}")
    last = last_envoi(held, feuille("j"), "maturite")
    assert last is not None
    assert last.reponses == 3


def test_the_audit_log_keeps_the_order_of_what_was_done_and_its_chain(
    charge: MinistereCharge, base: str, horloge: type[Recule]
) -> None:
    held = open_store(charge)
    for rang in range(5):
        journal.note(held, "lecture", f"structure {rang}", "rh1")
    frame = read_journal(held)
    assert frame["objet"].tolist() == [f"structure {rang}" for rang in range(5)]
    assert frame["fait_le"].is_monotonic_decreasing
    assert verify_journal(held) == []


def test_a_link_withdrawn_at_an_earlier_hour_than_it_was_made_stays_withdrawn(
    charge: MinistereCharge, base: str, horloge: type[Recule]
) -> None:
    held = open_store(charge)
    expire = (DEBUT + timedelta(days=30)).isoformat()
    for numero in ("un", "deux"):
        one = Invitation(numero, CAMPAGNE, "drh", "RH", "rh1", ("maturite",), expire)
        record_invitations(held, [one])
    assert invitations.withdraw_invitations(held, ["un"]) == ["un"]
    frame = read_invitations(held)
    assert frame["numero"].tolist() == ["un", "deux"]
    assert frame["retiree_le"].iloc[0] < frame["fait_le"].iloc[0]
    assert find_invitation(held, "un")[1]
    assert not find_invitation(held, "deux")[1]
    assert [bool(lien) for lien in list_links(charge)["lien"]] == [False, True]


def test_a_batch_run_at_an_earlier_hour_keeps_what_is_good_and_runs_what_changed(
    charge: MinistereCharge, sqlite_seul: None, carnets: Any, tmp_path: Any, horloge: type[Recule]
) -> None:
    def go() -> dict[str, set[str]]:
        options: dict[str, Any] = {"carnets": carnets, "sortie": tmp_path / "r", "workers": 2, "progress": False}
        found: dict[str, set[str]] = {}
        for line in run_batch(str(charge.chemin), **options).executions:
            found.setdefault(line.statut, set()).add(f"{line.structure}/{line.etape}")
        return found

    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    assert set(go()) == {"ok"}
    assert set(go()) == {"cache"}
    receive(charge, "b.csv", [niveau("rh1", "RH", "D1.1", "2")])
    assert go()["ok"] == {"drh/premiere", "drh/seconde", "/ensemble"}
