"""What the corpus says, typed in the forms of a real server, then read in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vigie.collecte import load_ministere

from tests.collecte.ministere_essai import FICHIERS, write_ministere
from tests.forms.conftest import navigateur as navigateur
from tests.forms.ministere_forme import REPONDANTS
from tests.forms.navigation import visite
from tests.server.monde import VIDE, Ligne, Monde
from tests.server.serveur_essai import lien, serveur

from .corpus import PORTE, by, text_of
from .ministere_hostile import TOUT

QUI = (("RH", "rh1"), ("FOR", "for1"), ("NUM", "num1"))
_VISIBLES = ("html", "fin_de_programme", "jinja", "lien_markdown", "image_markdown", "bidirectionnel", "sql", "lien_nu")


def typed(text: str) -> str:
    """As the text area of a page gives it: one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


SAISIS = [typed(text_of(entry)) for entry in by("texte") if entry["nom"] in _VISIBLES]
"""Texts that a browser could take for something else."""


def with_names(text: str, column: str) -> str:
    """A table of the ministry in which this column of every row holds every ruse at once."""
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    place = header.index(column)
    stream = io.StringIO()
    changed = [[*row[:place], TOUT, *row[place + 1 :]] for row in rows]
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows([header, *changed])
    return stream.getvalue()


@pytest.fixture(scope="module")
def monde(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monde]:
    folder: Path = tmp_path_factory.mktemp("formulaire")
    ministere = write_ministere(
        folder / "ministere",
        structures=with_names(FICHIERS["structures.csv"], "nom"),
        repondants=with_names(REPONDANTS, "nom"),
        ministere=FICHIERS["ministere.yaml"].replace("Ministère d'essai (fictif)", f"'{TOUT}'"),
    )
    with serveur(folder, ministere) as lance:
        yield Monde(folder, ministere, lance)


def test_each_text_is_kept_as_it_was_typed_or_refused_in_french(monde):
    limite = load_ministere(monde.ministere).referentiels.formulaires.limites.texte
    waiting = by("texte") + by("formulaire")
    for role, repondant in QUI:
        ligne = Ligne(monde, monde.inviter("maturite", role=role, repondant=repondant))
        items = [id_ for id_, item in monde.items().items() if role in item.roles]
        entries, waiting = waiting[: len(items)], waiting[len(items) :]
        texts = [typed(text_of(entry)) for entry in entries]
        replies, _ = ligne.parler(*map(change, items, texts))
        frame = monde.reponses()
        kept = dict(frame[frame["repondant"] == repondant][["cible", "commentaire"]].itertuples(index=False, name=None))
        for entry, item, text, reply in zip(entries, items, texts, replies, strict=False):
            taken = entry["attendu"] == PORTE and len(text) <= limite
            assert reply["t"] == ("enregistre" if taken else "refus"), entry["nom"]
            assert kept.get(item) == (text if taken else None), entry["nom"]
            assert taken or reply["message"].startswith(("Cette réponse n", "Ce texte est trop long"))
    assert waiting == []


def change(item: str, text: str) -> dict[str, Any]:
    valeur = {**VIDE, "etat": "niveau", "valeur": "3", "commentaire": text}
    return {"t": "changer", "n": 1, "cle": f"|{item}|niveau", "base": 0, "valeur": valeur}


@pytest.fixture(scope="module")
def rempli(monde: Monde) -> Any:
    """The link of someone who typed what a browser could take for something else; before any browser has started."""
    invitation = monde.inviter("maturite", role="RH", repondant="rh9")
    items = [id_ for id_, item in monde.items().items() if "RH" in item.roles]
    replies, _ = Ligne(monde, invitation).parler(*map(change, items, SAISIS))
    assert [reply["t"] for reply in replies] == ["enregistre"] * len(SAISIS)
    again = Ligne(monde, invitation).page
    assert not re.search(r"<(b onclick|svg/onload|img src=x|script>alert)", again)
    return invitation


def test_a_page_shows_them_as_text_and_nothing_of_them_runs(monde, rempli, navigateur):
    said: list[str] = []
    monde.serveur.adresse = lien(monde.ministere, rempli, monde.serveur.origine)
    with visite(navigateur, monde.serveur) as v:
        v.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        v.ouvrir()
        assert "<b onclick=alert(1)>" in v.page.locator("body").inner_text()
        v.page.get_by_role("button", name=re.compile("^Reprendre")).click()
        while not v.titre.startswith("Page 1 "):
            v.bouton("Page précédente").click()
        shown: set[str] = set()
        while bouton := v.suite():
            v.deplier()
            shown |= {field.input_value() for field in v.page.locator("textarea, input[type=text]").all()}
            bouton.click()
        assert set(SAISIS) <= shown
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        v.deplier()
        assert v.page.locator(".vq b, .vq svg[onload], .vq script, .vq a[href*='exemple.invalid']").count() == 0
        assert (said, v.console, v.ailleurs) == ([], [], [])
