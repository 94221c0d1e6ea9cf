"""The forms' server: how soon a page is usable, how long an answer takes to be saved, what one more visitor costs.

Beside stock Voilà serving the same form made with ipywidgets, one page at a time, on the same store.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright
from vigie.collecte import load_ministere, open_store

from tests.collecte.ministere_essai import CAMPAGNE
from tests.forms.ministere_forme import STRUCTURE, demande
from tests.forms.voila_essai import ServeurVoila
from tests.server.serveur_essai import ServeurVigie, inviter, lien, serveur

from .formulaires_clients import Repondant, load_stock, write_crowd
from .mesure import Mesure, ratio

TITRE = "Les formulaires (serveur et visiteurs sur la même machine)"
TOURS = 5
RAFALE = 10
PALIERS = (1, 10, 50)
REPONSES, TOUTES_LES_S = 5, 4.0
MO = 1 << 20
CELLULE = (
    "from tests.benchmarks.formulaires_clients import FormeOrdinaire\n\n"
    "FormeOrdinaire({ministere!r}, {repondant!r}).boite"
)


def run() -> Iterator[Mesure]:
    with tempfile.TemporaryDirectory(prefix="vigie-mesure-") as name:
        dossier = Path(name)
        os.environ["VIGIE_SORTIE"] = str(dossier / "resultats")
        ministere = write_crowd(dossier / "ministere", 2 + RAFALE + 2 * max(PALIERS))
        with serveur(dossier, ministere, "--sessions=100") as notre, ordinaire(dossier, ministere) as stock:
            yield from _usable(notre, stock, ministere)
            yield from _burst(notre, stock, ministere)
        for palier in PALIERS:
            with serveur(dossier, ministere, "--sessions=100") as notre:
                yield from _crowd(notre, ministere, palier)


@contextmanager
def ordinaire(dossier: Path, ministere: Path) -> Iterator[ServeurVoila]:
    """Stock Voilà, its own kernels, its own page."""
    (dossier / "ordinaire").mkdir()
    cellule = CELLULE.format(ministere=str(ministere), repondant="foule0")
    stock = ServeurVoila(dossier / "ordinaire", demande(ministere, "maturite", "RH", "foule0"), cellule)
    stock.lancer()
    try:
        yield stock
    finally:
        stock.tuer()


def _usable(notre: ServeurVigie, stock: ServeurVoila, ministere: Path) -> Iterator[Mesure]:
    """In a browser that has kept nothing, from the link to the first button."""
    invitation = inviter(ministere, demande(ministere, "maturite", "RH", "foule0"))
    adresses = {"vigie": lien(ministere, invitation, notre.origine), "voila": stock.adresse}
    temps: dict[str, list[float]] = {nom: [] for nom in adresses}
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for _ in range(TOURS + 1):
            for nom, adresse in adresses.items():
                temps[nom].append(_first_button(navigateur, adresse))
        navigateur.close()
    notres, autres = temps["vigie"][1:], temps["voila"][1:]  # the first turn warms everyone up
    mediane = statistics.median(autres)
    yield Mesure(
        "page utilisable", statistics.median(notres), "s", f"Voilà et ipywidgets, {mediane:.2f} s",
        ratio(autres, notres), "≥ 3", f"navigateur neuf, {TOURS} fois, en alternance",
    )  # fmt: skip


def _first_button(navigateur: Browser, adresse: str) -> float:
    contexte = navigateur.new_context()
    page = contexte.new_page()
    depart = time.perf_counter()
    page.goto(adresse, wait_until="commit")
    page.get_by_role("button", name="Commencer").wait_for(timeout=60_000)
    temps = time.perf_counter() - depart
    contexte.close()
    return temps


def _burst(notre: ServeurVigie, stock: ServeurVoila, ministere: Path) -> Iterator[Mesure]:
    """Ten at once, without a browser: until the last one has its page whole and an answer of its kernel."""

    async def ours() -> float:
        foule = [Repondant(f"foule{1 + rang}") for rang in range(RAFALE)]
        depart = time.perf_counter()
        await asyncio.gather(*(one.venir(notre, ministere) for one in foule))
        temps = time.perf_counter() - depart
        for one in foule:
            one.partir()
        await asyncio.sleep(0.2)
        return temps

    async def theirs() -> float:
        depart = time.perf_counter()
        await asyncio.gather(*(load_stock(stock.adresse) for _ in range(RAFALE)))
        return time.perf_counter() - depart

    notres, autres = [], []
    for _ in range(2):
        notres.append(asyncio.run(ours()))
        _wait_empty(notre)
        autres.append(asyncio.run(theirs()))
        lourds = [noyau.memory_full_info().pss / MO for noyau in stock.noyaux()]
        stock.tuer()  # killed alone, its kernels would be started again
        stock.lancer()
    mediane = statistics.median(autres)
    yield Mesure(
        f"rafale de {RAFALE}", statistics.median(notres), "s", f"Voilà et ipywidgets, {mediane:.2f} s",
        ratio(autres, notres), "≥ 2,5", "toutes les pages prêtes",
    )  # fmt: skip
    yield Mesure("Voilà et ipywidgets : mémoire par formulaire ouvert", statistics.median(lourds), "Mo (PSS)")


def _wait_empty(notre: ServeurVigie) -> None:
    limite = time.monotonic() + 30
    while notre.noyaux() and time.monotonic() < limite:
        time.sleep(0.2)


def _crowd(notre: ServeurVigie, ministere: Path, palier: int) -> Iterator[Mesure]:
    """Visitors who come within a few seconds, then answer every few seconds. Nothing that was said saved is missing."""
    foule = [Repondant(f"foule{RAFALE + 1 + palier + rang}") for rang in range(palier)]
    premier = Repondant(f"foule{RAFALE + 1 + 2 * palier}")
    memoire: list[float] = []

    async def arrive(rang: int) -> None:
        await asyncio.sleep(rang * 0.2)
        await foule[rang].venir(notre, ministere)

    async def scenario() -> None:
        await premier.venir(notre, ministere)
        await premier.repondre(REPONSES, 0.1)
        memoire.append(await asyncio.to_thread(_whole_memory, notre))
        await asyncio.gather(*(arrive(rang) for rang in range(palier)))
        answering = asyncio.gather(*(one.repondre(REPONSES, TOUTES_LES_S) for one in foule))
        await asyncio.sleep(TOUTES_LES_S)
        memoire.append(await asyncio.to_thread(_whole_memory, notre))
        await answering
        for one in (premier, *foule):
            one.partir()
        await asyncio.sleep(0.2)

    asyncio.run(scenario())
    perdues = _lost(ministere, foule)
    gardes = sorted(temps for one in foule for temps in one.gardes_s)
    nom = f"{palier} à la fois" if palier > 1 else "une personne"
    prets = [one.pret_s for one in foule]
    lente = 1000 * gardes[int(0.95 * (len(gardes) - 1))]
    yield Mesure(f"{nom} : page prête", statistics.median(prets), "s", note=f"au plus {max(prets):.2f} s")
    yield Mesure(
        f"{nom} : réponse enregistrée", 1000 * statistics.median(gardes), "ms", note=f"95 % sous {lente:.0f} ms"
    )
    yield Mesure(f"{nom} : réponses perdues", perdues, f"sur {len(gardes)}", vise="0")
    de_plus = (memoire[1] - memoire[0]) / palier / MO
    yield Mesure(f"{nom} : mémoire par formulaire ouvert de plus", de_plus, "Mo (PSS)", vise="≤ 20")


def _whole_memory(notre: ServeurVigie) -> float:
    """Bytes of the server, of the warm parent and of all kernels, each shared page counted once."""
    assert notre.processus is not None
    serveur = psutil.Process(notre.processus.pid)
    return float(sum(one.memory_full_info().pss for one in (serveur, *serveur.children(recursive=True))))


def _lost(ministere: Path, foule: list[Repondant]) -> int:
    stored = open_store(load_ministere(ministere)).answers(CAMPAGNE, STRUCTURE)
    kept = {(row.repondant, row.cible): row.niveau for row in stored.itertuples()}
    said = [((one.id, cle.split("|")[1]), float(valeur)) for one in foule for cle, valeur in one.reponses.items()]
    return sum(kept.get(key) != valeur for key, valeur in said)
