"""Every harmless text of the corpus is kept by a real PostgreSQL as it is by SQLite, from each way in to each way out.

What a batch makes depends on the dossiers alone: those read from both bases are compared, not a second batch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal
from vigie.collecte import load_ministere, open_dossier, open_store
from vigie.collecte.journal import JOURNAL, read_journal, verify_journal
from vigie.collecte.restauration import restore
from vigie.collecte.sauvegarde import back_up
from vigie.collecte.signalements import read_signalements, record_signalement
from vigie.forms.demande import Demande
from vigie.forms.invitations import invite
from vigie.forms.seance import open_seance

from tests.collecte.ministere_essai import anonymous_rows

from .corpus import PORTE, PORTES, by, text_of
from .ministere_hostile import STRUCTURE, write_hostile
from .test_formulaire import change, typed

QUI = (("RH", f"{STRUCTURE}-rh1"), ("FOR", f"{STRUCTURE}-for1"), ("NUM", f"{STRUCTURE}-num1"))


def fill(folder: Path) -> list[str]:
    """All that people may send, in the base of the moment; gives the replies of the forms, in order."""
    open_dossier(folder, STRUCTURE)
    charge = load_ministere(folder)
    invite(charge, [STRUCTURE])
    for number, text in enumerate(PORTES):
        record_signalement(open_store(charge), STRUCTURE, "DRH", {"constat": text}, f"jeton-{number}")
    said: list[str] = []
    waiting = by("texte") + by("formulaire")
    for role, repondant in QUI:
        seance = open_seance(Demande(str(folder), STRUCTURE, "maturite", role, repondant))
        current = dict(seance.answers().set_index("cible")["id"].items())
        items = [champ.cible for champ in seance.questionnaire.champs.values() if champ.cible.startswith("D")]
        entries, waiting = waiting[: len(items)], waiting[len(items) :]
        for item, entry in zip(items, entries, strict=False):
            message = {**change(item, typed(text_of(entry))), "base": int(current.get(item, 0))}
            said += [f"{entry['nom']} {reply['t']}" for reply in seance.receive(message)]
    assert waiting == []
    return said


def held(folder: Path) -> dict[str, Any]:
    """What the base of the moment gives back, hours and hashes aside."""
    charge = load_ministere(folder)
    store = open_store(charge)
    assert verify_journal(store) == []
    dossier = open_dossier(folder, STRUCTURE)
    return {
        "reponses": dossier.reponses,
        "agents": dossier.agents,
        "histoire": store.history(dossier.campagne.id, STRUCTURE).drop(columns="enregistre_le", errors="ignore"),
        "signalements": read_signalements(store).drop(columns=["id"], errors="ignore"),
        "journal": read_journal(store)[[name for name in JOURNAL if name not in ("fait_le", "empreinte")]],
        "echo": anonymous_rows(store),
    }


def test_what_postgresql_keeps_of_every_text_is_what_sqlite_keeps(
    tmp_path: Path, base_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "r"))
    monkeypatch.setenv("VIGIE_CLE", "cle-des-essais-" * 4)
    monkeypatch.delenv("VIGIE_DATABASE_URL", raising=False)
    folder = write_hostile(tmp_path / "sqlite" / "hostile", PORTES)
    said = fill(folder)
    expected = held(folder)
    monkeypatch.setenv("VIGIE_DATABASE_URL", base_postgresql)
    other = write_hostile(tmp_path / "postgresql" / "hostile", PORTES)
    assert fill(other) == said
    same(held(other), expected)
    limite = load_ministere(folder).referentiels.formulaires.limites.texte
    taken = [e["nom"] for e in by("texte", PORTE) if len(text_of(e)) <= limite]
    assert [one.removesuffix(" enregistre") for one in said if one.endswith(" enregistre")] == taken
    kept = set(expected["histoire"]["commentaire"])
    assert {typed(text_of(e)) for e in by("texte", PORTE) if e["nom"] in taken} <= kept

    back_up(load_ministere(other), tmp_path / "hostile.zip")
    monkeypatch.delenv("VIGIE_DATABASE_URL")
    restored = held(restore(tmp_path / "hostile.zip", tmp_path / "retabli" / "hostile").chemin)
    for name in ("reponses", "histoire", "signalements", "echo"):
        same({name: restored[name]}, {name: expected[name]})


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, one in expected.items():
        if isinstance(one, list):
            assert found[name] == one, name
        else:
            assert_frame_equal(found[name].reset_index(drop=True), one.reset_index(drop=True), obj=name)
