"""One ministry on which thousands of files are tried through the `vigie` command, and what must hold after each.

A file is stored whole or refused in French with exit 2; what is refused changes nothing, in the folder nor the store.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from vigie.cli import main
from vigie.collecte import MinistereCharge, load_ministere, open_store
from vigie.collecte.classeur import make_workbook, respondents
from vigie.dossier import REPONSES

from tests.collecte.ministere_essai import write_ministere

from .mutations import workbook_parts

TITRES = (
    *("Import refusé, rien n'a été enregistré : ", "Dossier de ministère invalide : ", "Référentiel invalide : "),
    *("Entrée invalide : ", "Paramètre invalide : ", "Ministère « ", "Structure « ", "Campagne « "),
)
"""How every refusal begins."""
PATIENCE_S = 30
"""How long one small file may take, on a machine that does other things."""
ANGLAIS = re.compile(r"(?<!lu : )\b(Input should|Value error|must be|should|Traceback|NoneType|object has no|Errno)\b")
_LIGNE = re.compile(r"(\d+) réponses? nouvelles?, (\d+) corrigées?, (\d+) inchangées?\.$")


def _answers(charge: MinistereCharge, person: dict[str, str]) -> pd.DataFrame:
    """What this person would have answered, texts included: dossier.REPONSES."""
    items = [id_ for id_, item in charge.referentiels.maturite.items.items() if person["role"] in item.roles]
    who = {"structure": person["structure"], "repondant": person["id"], "role": person["role"]}
    said = {"etat": "niveau", "niveau": 3, "commentaire": "une remarque", "preuve": "une note", "indicateur": "12"}
    asked = {"etape": "maturite", "mesure": "niveau"}
    return pd.DataFrame([{**who, **asked, **said, "cible": id_} for id_ in items]).reindex(columns=list(REPONSES))


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """A file must not keep the command busy: past this time, it is a fault too."""

    def stop(*_: object) -> None:
        raise TooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class TooLong(BaseException):
    """No « except Exception » may hide it."""


class Banc:
    """`lancer` runs a command; `importer` and `verifier` run one case and check what must hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = write_ministere(folder)
        self.ticks = itertools.count(10**18, 10**9)
        charge = load_ministere(self.folder)
        open_store(charge)
        # kept open: data_version moves when, and only when, somebody else commits
        self.base = sqlite3.connect(self.folder / "collecte.sqlite", isolation_level=None)
        self.base.execute("PRAGMA synchronous = OFF")
        self.vide = sqlite3.connect(":memory:")
        self.base.backup(self.vide)
        person = respondents(charge, "drh", "JUR").iloc[0].to_dict()
        self.classeur = workbook_parts(make_workbook(charge, person, _answers(charge, person)))

    def lancer(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, what was printed, what was complained of. Anything that escapes is a fault of Vigie."""
        printed, complained = io.StringIO(), io.StringIO()
        redirected = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained)
        with redirected[0], redirected[1], _at_most(PATIENCE_S):
            try:
                code = main(arguments)
            except SystemExit as stop:
                code = int(str(stop.code))
        return code, printed.getvalue(), complained.getvalue()

    def importer(self, name: str, data: bytes) -> int | None:
        """Gives how many answers a file stored or left as they were; None when it was refused."""
        path = self.write(f"../{name}", data)
        before = self.state()
        code, said, complaint = self.lancer("import", str(path), "--ministere", str(self.folder))
        path.unlink()
        if code:
            self._refused(code, complaint)
            assert self.state() == before
            return None
        found = _LIGNE.search(said)
        assert found, said
        new, corrected, unchanged = map(int, found.groups())
        assert sum(map(self.count, ("reponses", "urne", "echos"))) == new + corrected
        return new + corrected + unchanged

    def verifier(self, name: str, data: bytes) -> bool:
        """Whether the ministry is found good with this file in its folder; nothing may be written either way."""
        path = self.folder / name
        kept = path.read_bytes() if path.exists() else None
        self.write(name, data)
        try:
            before = self.state()
            code, said, complaint = self.lancer("check", str(self.folder))
            assert self.state() == before
        finally:
            path.unlink() if kept is None else self.write(name, kept)
        if code:
            self._refused(code, complaint)
        else:
            assert said.count("aucune anomalie") == 3
        return not code

    def write(self, name: str, data: bytes) -> Path:
        """Writes a file, with a time of its own: clocks tick slower than cases."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        now = next(self.ticks)
        os.utime(path, ns=(now, now))
        return path

    def state(self) -> tuple[object, ...]:
        """Changes with any commit in the store and any file of the folder, SQLite's own apart."""
        files = sorted(
            (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
            for folder in (self.folder, self.folder / "reponses")
            for entry in os.scandir(folder)
            if entry.is_file() and not entry.name.startswith("collecte.sqlite")
        )
        return self.base.execute("PRAGMA data_version").fetchone(), *files

    def count(self, table: str) -> int:
        return int(self.base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names

    def texts(self) -> list[str]:
        """Every free text of the store."""
        rows = self.base.execute(
            "SELECT commentaire, preuve, indicateur FROM reponses"
            " UNION ALL SELECT commentaire, '', '' FROM urne UNION ALL SELECT commentaire, '', '' FROM echos"
        )
        return [text for row in rows for text in row]

    @contextlib.contextmanager
    def emptied(self) -> Iterator[None]:
        """An empty store for the next case."""
        try:
            yield
        finally:
            self.vide.backup(self.base)

    def _refused(self, code: int, complaint: str) -> None:
        assert code == 2
        assert complaint.startswith(TITRES), complaint
        assert not ANGLAIS.search(complaint), complaint
