"""Kernels end when nobody is there any more, and what was answered stays: the same rules, with shorter delays."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from vigie.server.reglages import Reglages

from tests.forms.ministere_forme import write_forme
from tests.server.monde import CHANGER, Ligne, Monde
from tests.server.serveur_essai import serveur

FERMETURE, ARRIVEE, ABSENCE, INACTIVITE = 1, 3, 6, 10


@pytest.fixture
def monde(tmp_path):
    ministere = write_forme(tmp_path / "ministere")
    reglages = f"absence_s={ABSENCE}, inactivite_s={INACTIVITE}, fermeture_s={FERMETURE}, arrivee_s={ARRIVEE}"
    with serveur(tmp_path, ministere, reglages=reglages) as lance:
        yield Monde(tmp_path, ministere, lance)


def test_the_delays_are_those_that_are_said():
    said = (Reglages.fermeture_s, Reglages.arrivee_s, Reglages.absence_s, Reglages.inactivite_s)
    assert said == (2, 20, 90, 3600)


async def dire(page: Any, message: dict[str, Any]) -> Any:
    await page.write_message(json.dumps(message))
    return json.loads(await asyncio.wait_for(page.read_message(), 20))


def test_pages_that_leave_vanish_or_fall_silent_end_their_kernels_and_keep_their_answers(monde):
    partie = Ligne(monde, monde.inviter("maturite"))
    perdue = Ligne(monde, monde.inviter("maturite", role="FOR", repondant="for1"))
    muette = Ligne(monde, monde.inviter("maturite", role="NUM", repondant="num1"))
    jamais = Ligne(monde, monde.inviter("maturite", role="DIR", repondant="dir1"))
    assert jamais.page
    items = monde.items()

    def changement(role: str, n: int) -> dict[str, Any]:
        cles = [f"|{id_}|niveau" for id_, item in items.items() if role in item.roles]
        return {**CHANGER, "n": n, "cle": cles[n]}

    async def scenario() -> list[float]:
        pages = [await ligne.ouvrir() for ligne in (partie, perdue, muette)]
        for page, role in zip(pages, ("RH", "FOR", "NUM"), strict=True):
            assert (await dire(page, changement(role, 1)))["t"] == "enregistre"
        debut = time.monotonic()
        pages[0].close(1000)  # the tab is closed
        pages[1].stream.close() if hasattr(pages[1], "stream") else pages[1].protocol.stream.close()  # the wire is cut
        fins: list[float] = []
        while len(fins) < 4 and time.monotonic() - debut < INACTIVITE + 15:
            restent = await asyncio.to_thread(lambda: len(monde.serveur.noyaux()))
            fins += [time.monotonic() - debut] * (4 - restent - len(fins))
            if time.monotonic() - debut < INACTIVITE / 2 and restent == 1:
                assert (await dire(pages[2], {"t": "relire"}))["t"] == "reponses"
            await asyncio.sleep(0.1)
        return fins

    fins = asyncio.run(scenario())
    assert len(fins) == 4
    assert fins[0] < ARRIVEE, "the tab that was closed, at once"
    assert fins[1] < ABSENCE, "the one that never came"
    assert ABSENCE <= fins[2] < INACTIVITE, "the one that was cut off, after a while"
    assert fins[3] >= INACTIVITE, "the one that is there and says nothing, last"
    kept = monde.reponses()
    assert {(row["repondant"], row["niveau"]) for row in kept.to_dict("records")} == {
        ("rh1", 3),
        ("for1", 3),
        ("num1", 3),
    }
    (etat,), _ = Ligne(monde, partie.invitation).parler({"t": "ouvrir"})
    assert [reponse["valeur"]["valeur"] for reponse in etat["reponses"].values()] == ["3"]


def test_a_page_that_was_cut_off_and_comes_back_in_time_finds_its_own_kernel(monde):
    ligne = Ligne(monde, monde.inviter("maturite"))

    async def scenario() -> None:
        page = await ligne.ouvrir()
        await dire(page, CHANGER)
        page.protocol.stream.close()
        await asyncio.sleep(ABSENCE / 2)
        page = await ligne.ouvrir()
        assert CHANGER["cle"] in (await dire(page, {"t": "relire"}))["reponses"]
        await asyncio.sleep(ABSENCE)
        assert (await dire(page, {"t": "relire"}))["t"] == "reponses", "no longer counted as absent"
        page.close(1000)
        await asyncio.sleep(0.1)

    asyncio.run(scenario())
