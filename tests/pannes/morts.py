"""Kill -9 at a random moment of what writes, again and again; after each, three questions:

- is all that was acknowledged there?
- is anything half-written?
- does the same command, run again, complete, with what an undisturbed run gives?
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from .epreuves import Epreuve
from .epreuves_dossiers import MiseANiveau, Purge, Restauration, Sauvegarde
from .epreuves_reponses import Formulaire, Import, Remise

GENRES: tuple[type[Epreuve], ...] = (Import, Formulaire, Remise, Purge, Sauvegarde, Restauration, MiseANiveau)

PRET, ACQUIS = "pret", "acquis"
ATTENTE_S = 120


@dataclass
class Bilan:
    """What a series of kills of one kind came to. `tues` were at work when they were killed."""

    nom: str
    tues: int = 0
    trop_tard: int = 0
    acquis: int = 0
    fautes: list[str] = field(default_factory=list)


def serie(genre: type[Epreuve], nombre: int, folder: Path, hasard: random.Random, base: str = "") -> Bilan:
    """Kill `nombre` times something at work. `base`: a PostgreSQL address, "" for SQLite."""
    bilan = Bilan(f"{genre.nom}, {'PostgreSQL' if base else 'SQLite'}")
    with _environment(folder, base):
        calme = _new(genre, folder, base)
        before = time.perf_counter()
        process = _start(calme)
        process.join(ATTENTE_S)
        assert process.exitcode == 0, f"{bilan.nom} : the undisturbed run failed"
        duree = time.perf_counter() - before
        calme.verifie(_acknowledged(calme))
        attendu = calme.etat()
        while bilan.tues < nombre:
            epreuve = _new(genre, folder, base)
            process = _start(epreuve)
            time.sleep(hasard.uniform(0, duree))
            process.kill()
            process.join(ATTENTE_S)
            done = process.exitcode == 0
            bilan.trop_tard += done
            bilan.tues += not done
            duree *= 0.9 if done else 1  # the first run was slower: it read what the next ones find in memory
            acquis = _acknowledged(epreuve)
            bilan.acquis += len(acquis)
            try:
                assert process.exitcode in (0, -9)
                epreuve.verifie(acquis)
                epreuve.travaille(lambda _: None, len(acquis))
                epreuve.verifie([*acquis, *epreuve.suite(len(acquis))])
                assert epreuve.etat() == attendu
            except Exception as error:
                bilan.fautes.append(f"{type(error).__name__} : {str(error)[:300]} (acquis : {acquis[-1:]})")
            assert bilan.trop_tard < 20 + 5 * nombre, f"{bilan.nom} : hardly ever killed at work"
    return bilan


def _new(genre: type[Epreuve], folder: Path, base: str) -> Epreuve:
    """A trial of its own in an empty folder and an empty base."""
    shutil.rmtree(folder / "essai", ignore_errors=True)
    (folder / "essai").mkdir(parents=True)
    if base:
        with create_engine(base, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    epreuve = genre(folder / "essai")
    epreuve.prepare()
    return epreuve


def _start(epreuve: Epreuve) -> BaseProcess:
    """The work in a process of its own, forked from one that has imported everything; returns when it begins."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.pannes.epreuves_reponses", "tests.pannes.epreuves_dossiers"])
    variables = {name: value for name, value in os.environ.items() if name.startswith("VIGIE_")}
    process = context.Process(target=_work, args=(epreuve, variables))
    process.start()
    limit = time.monotonic() + ATTENTE_S
    while not (epreuve.dossier / PRET).exists():
        assert time.monotonic() < limit
        assert process.exitcode is None
        time.sleep(0.001)
    return process


def _work(epreuve: Epreuve, variables: dict[str, str]) -> None:
    os.environ.update(variables)
    descriptor = os.open(epreuve.dossier / ACQUIS, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def acknowledge(what: str) -> None:
        os.write(descriptor, f"{what}\n".encode())

    (epreuve.dossier / PRET).touch()
    epreuve.travaille(acknowledge, 0)


def _acknowledged(epreuve: Epreuve) -> list[str]:
    path = epreuve.dossier / ACQUIS
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@contextmanager
def _environment(folder: Path, base: str) -> Iterator[None]:
    variables = {"VIGIE_SORTIE": str(folder / "essai" / "resultats"), "VIGIE_DATABASE_URL": base}
    with patch.dict(os.environ, variables):
        yield
