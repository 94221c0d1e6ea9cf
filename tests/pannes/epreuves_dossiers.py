"""A ministry purged, backed up, taken back, or whose base is brought up to date."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from vigie.collecte import open_store, synchronise
from vigie.collecte.base_de_donnees import FICHIER, database_url
from vigie.collecte.journal import read_journal
from vigie.collecte.purge import plan_purge, purge
from vigie.collecte.restauration import _check, restore
from vigie.collecte.sauvegarde import back_up
from vigie.collecte.schema import VERSION
from vigie.errors import VigieError
from vigie.paths import output_dir

from tests.collecte.ministere_essai import CAMPAGNE, DEUX_CAMPAGNES, accord, niveau, receive, write_ministere

from .anciens import write_ancien
from .epreuves import CIBLES, Acquitte, Epreuve, everything

APRES = date(2027, 1, 1)
SECRET = "Propos à effacer"


class Purge(Epreuve):
    """The personal data of a closed campagne, deleted."""

    nom = "purge"

    def prepare(self) -> None:
        write_ministere(self.ministere, ministere=DEUX_CAMPAGNES)
        charge = self.charge
        (charge.chemin / "reponses" / CAMPAGNE).mkdir()
        for rang in range(5):
            lines = [niveau("rh1", "RH", cible, "4", commentaire=f"{SECRET} {rang}") for cible in CIBLES]
            receive(charge, f"{CAMPAGNE}/{rang}.csv", [*lines, accord("M1", "5", commentaire=f"{SECRET} {rang}")])
        receive(charge, "courante.csv", [niveau("rh1", "RH", "D1.1", "2")])
        synchronise(charge, CAMPAGNE)
        synchronise(charge, "2027-printemps")
        for rang in range(10):
            path = output_dir() / "essai" / CAMPAGNE / "drh" / "livrables" / "service_formation" / f"{rang}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SECRET, encoding="utf-8")

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        if depuis == 0:
            purge(self.charge, APRES)
            acquitte("fini")

    def verifie(self, acquis: Sequence[str]) -> None:
        self.verifie_base()
        store = self.store
        assert store.answers("2027-printemps", "drh")["niveau"].tolist() == [2.0]
        left = len(everything(store, CAMPAGNE))
        assert left in (0, 5 + len(CIBLES))
        if left:  # nothing begun: the files are all there
            assert len(plan_purge(self.charge, APRES).fichiers) == 15
        assert len(store.known_lots()) == 6  # a copy that comes again is not recorded again
        if acquis:
            assert left == 0
            assert plan_purge(self.charge, APRES).fichiers == ()
            for path in (path for path in self.dossier.rglob("*") if path.is_file()):
                assert SECRET.encode() not in path.read_bytes(), path.name

    def etat(self) -> Any:
        files = sorted(path.name for path in self.ministere.rglob("*.csv"))
        return (
            everything(self.store, "2027-printemps"),
            files,
            len(plan_purge(self.charge, APRES).fichiers),
        )


class Sauvegarde(Epreuve):
    """A ministry written to an archive."""

    nom = "sauvegarde"

    def prepare(self) -> None:
        write_ministere(self.ministere)
        lines = [niveau("rh1", "RH", cible, "4", commentaire=f"{rang}" * 200) for rang, cible in enumerate(CIBLES)]
        receive(self.charge, "a.csv", [*lines, *(accord(f"M{n}", "3") for n in (1, 2, 3))])
        (self.ministere / "reponses" / "annexe.pdf").write_bytes(os.urandom(400_000))
        synchronise(self.charge, CAMPAGNE)

    @property
    def archive(self) -> Path:
        return self.dossier / "essai.zip"

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        if not self.archive.exists():
            back_up(self.charge, self.archive)
        acquitte("fini")

    def verifie(self, acquis: Sequence[str]) -> None:
        self.verifie_base()
        if acquis or self.archive.exists():
            _check(self.archive)

    def etat(self) -> Any:
        return sorted(_check(self.archive)[0])


class Restauration(Sauvegarde):
    """An archive taken back."""

    nom = "restauration"

    def prepare(self) -> None:
        super().prepare()
        back_up(self.charge, self.archive)
        self.ministere.rename(self.dossier / "perdu")
        if database_url(self.ministere).get_backend_name() == "postgresql":
            forget_everything(self.dossier / "perdu")

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        if depuis == 0:
            if not self._is_whole():
                restore(self.archive, self.ministere)
            acquitte("fini")

    def _is_whole(self) -> bool:
        """Killed once all was done, before it could say so: asked again, it would rightly refuse a full folder."""
        try:
            return bool(self.charge.structures)
        except VigieError:
            return False

    def verifie(self, acquis: Sequence[str]) -> None:
        try:
            charge = self.charge
        except VigieError:  # not there, or said to be unfinished
            assert not acquis
            return
        self.verifie_base()
        assert len(everything(open_store(charge), CAMPAGNE)) == len(CIBLES) + 3
        same = {path.name for path in (self.dossier / "perdu").rglob("*") if not path.name.startswith((FICHIER, "."))}
        assert same <= {path.name for path in self.ministere.rglob("*")}

    def etat(self) -> Any:
        acts = [acte for acte in read_journal(self.store)["acte"] if acte != "lecture"]  # who opens again reads again
        return everything(self.store, CAMPAGNE), acts


class MiseANiveau(Epreuve):
    """A base of the first schema, brought up to today's."""

    nom = "mise à niveau"

    def prepare(self) -> None:
        write_ministere(self.ministere)
        write_ancien(database_url(self.ministere), "0001")

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        _ = self.store
        acquitte("fini")

    def verifie(self, acquis: Sequence[str]) -> None:
        engine = create_engine(database_url(self.ministere))
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            rows = connection.execute(text("SELECT count(*) FROM reponses")).scalar_one()
        engine.dispose()
        assert (found, rows) in (("0001", 8), (VERSION, 5))  # the three anonymous answers left for their own table
        if acquis:
            assert found == VERSION

    def etat(self) -> Any:
        self.verifie_base()
        return everything(self.store, CAMPAGNE)


def forget_everything(folder: Path) -> None:
    """Empty a PostgreSQL base: the archive is then taken back in one that knows nothing of the ministry."""
    engine = create_engine(database_url(folder))
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE lots, reponses, urne, echos, remises, signalements, invitations, journal"))
    engine.dispose()
