"""What a form writes in the store, one change at a time, and what it reads back: its own respondent's answers.

Optimistic concurrency: a change says which answer it was made from (`base`, an id of the store, 0 for none). When
another answer has come meanwhile, nothing is written and that answer is given back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, bindparam, event, func, insert, select

from ..dossier import REPONSES, Etat
from .base_de_donnees import readable, writing
from .journal import write_entry
from .lot import FORMULAIRE
from .mesures import VALIDATION
from .reponses import CLE, Reponse, validated
from .schema import lots, reponses
from .store import CONTENU, Store

ENVOI = "envoi"
"""Etape, and measure, of the rows that say that a form was sent: its objet is the form, its niveau a count of answers.
No diagnostic reads them."""


_COLONNES = tuple(reponses.c[name] for name in REPONSES)
_A_MOI = ("ministere", "campagne", "structure", "etape", "repondant")


def _equal(table: Table, *names: str) -> list[Any]:
    return [table.c[name] == bindparam(name) for name in names]


_LES_MIENNES = (
    select(*_COLONNES)
    .where(
        reponses.c.id.in_(
            select(func.max(reponses.c.id))
            .where(*_equal(reponses, *_A_MOI))
            .group_by(*(reponses.c[name] for name in CLE))
        )
    )
    .order_by(reponses.c.id)
)
_LA_DERNIERE = (
    select(*_COLONNES).where(*_equal(reponses, "ministere", "campagne", *CLE)).order_by(reponses.c.id.desc()).limit(1)
)
_LE_LOT = select(lots.c.id).where(*_equal(lots, "ministere", "campagne", "empreinte"))
_UNE_REPONSE = insert(reponses).returning(reponses.c.id)
_UN_LOT = insert(lots).returning(lots.c.id)
"""Built once, with the names of their values: built at each change, they were most of what a change costs."""


@dataclass(frozen=True)
class Feuille:
    """One form of one respondent. `jeton`: drawn once by each opening; its rows are one lot.

    `auteur`: the account that fills it in for the respondent, "" when they do it themselves.
    """

    campagne: str
    structure: str
    repondant: str
    role: str
    etape: str
    jeton: str
    versions: Mapping[str, str]
    auteur: str = ""

    @property
    def par(self) -> str:
        """Who writes, as the audit log says it."""
        return f"{self.auteur} pour {self.repondant}" if self.auteur else self.repondant


@dataclass(frozen=True)
class Ecriture:
    """What became of a change: the id of the answer that is now current, 0 when there is none.

    `actuelle`, when the change was not written: the answer that came meanwhile (columns of dossier.REPONSES).
    """

    id: int
    acceptee: bool
    actuelle: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Envoi:
    """A form that was sent: its number, the day (ISO), the count of answers it held."""

    id: int
    jour: str
    reponses: int


def read_form(store: Store, feuille: Feuille) -> pd.DataFrame:
    """Current answers of the respondent of a form, in its etape: dossier.REPONSES, no one else's."""
    return pd.DataFrame(read_rows(store, feuille), columns=list(REPONSES)).astype(dict(REPONSES))


def read_rows(store: Store, feuille: Feuille) -> list[dict[str, Any]]:
    """The same as rows, without a frame: a visitor's kernel reads them at each opening. No `niveau` is None."""
    who = {name: getattr(feuille, name) for name in ("campagne", "structure", "etape", "repondant")}
    with readable(store.engine.url), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(_LES_MIENNES, {"ministere": store.ministere, **who}).mappings()]


def write_answer(store: Store, feuille: Feuille, reponse: Reponse, base: int) -> Ecriture:
    """Write one change at once, unless another answer than `base` is current. The same content again changes nothing.

    Raises EntreeInvalide when the base cannot be written.
    """
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        current = _current(connection, store, feuille.campagne, reponse)
        if current is None:
            return Ecriture(_keep(connection, store, feuille, reponse) if reponse.explicite else 0, True)
        if all(current[name] == getattr(reponse, name) for name in CONTENU):
            return Ecriture(int(current["id"]), True)
        if int(current["id"]) != base:
            return Ecriture(int(current["id"]), False, current)
        return Ecriture(_keep(connection, store, feuille, reponse), True)


def record_envoi(store: Store, feuille: Feuille, formulaire: str, nombre: int, jeton: str) -> Envoi:
    """Say that a form was sent. The same `jeton` again gives the same receipt."""
    line = replace(
        _envoi_key(feuille, formulaire), etat=Etat.NIVEAU.value, niveau=float(nombre), commentaire=_hash(jeton)
    )
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        same = select(reponses.c.id, reponses.c.date, reponses.c.niveau).where(
            *_key(store, feuille.campagne, line), reponses.c.commentaire == line.commentaire
        )
        found = connection.execute(same).first()
        if found is None:
            _insert(connection, store, feuille, line)
            objet = f"campagne {feuille.campagne}, structure {feuille.structure}, formulaire {formulaire}"
            write_entry(connection, store.ministere, "envoi", objet, feuille.par)
            found = connection.execute(same).one()
    return Envoi(int(found.id), found.date, int(found.niveau))


def last_envoi(store: Store, feuille: Feuille, formulaire: str) -> Envoi | None:
    """The last time this respondent sent this form."""
    with readable(store.engine.url), store.engine.connect() as connection:
        found = _current(connection, store, feuille.campagne, _envoi_key(feuille, formulaire))
    return Envoi(int(found["id"]), str(found["date"]), int(found["niveau"])) if found else None


def _envoi_key(feuille: Feuille, formulaire: str) -> Reponse:
    return Reponse(
        structure=feuille.structure,
        repondant=feuille.repondant,
        role=feuille.role,
        etape=ENVOI,
        objet=formulaire,
        cible=FORMULAIRE,
        mesure=ENVOI,
        etat=Etat.NON_REPONDU.value,
        niveau=None,
        choix="",
        commentaire="",
        preuve="",
        indicateur="",
        date="",
        version=feuille.versions.get("formulaires", ""),
    )


def _current(connection: Connection, store: Store, campagne: str, reponse: Reponse) -> Mapping[str, Any] | None:
    """The current answer of the key of `reponse`."""
    key = {"ministere": store.ministere, "campagne": campagne, **{name: getattr(reponse, name) for name in CLE}}
    row = connection.execute(_LA_DERNIERE, key).mappings().first()
    return None if row is None else dict(row)


def _key(store: Store, campagne: str, reponse: Reponse) -> list[Any]:
    of = [reponses.c.ministere == store.ministere, reponses.c.campagne == campagne]
    return of + [reponses.c[name] == getattr(reponse, name) for name in CLE]


def _keep(connection: Connection, store: Store, feuille: Feuille, reponse: Reponse) -> int:
    """Write a row; what the direction decides goes to the audit log at once."""
    if reponse.mesure == VALIDATION:
        write_entry(connection, store.ministere, "validation", validated(feuille.campagne, reponse), feuille.par)
    return _insert(connection, store, feuille, reponse)


def _insert(connection: Connection, store: Store, feuille: Feuille, reponse: Reponse) -> int:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    values = {name: getattr(reponse, name) for name in (*CLE, *CONTENU, "version")}
    common = {"ministere": store.ministere, "campagne": feuille.campagne}
    stamp = {"lot": _lot(connection, store, feuille, now), "enregistre_le": now, "date": reponse.date or now[:10]}
    return int(connection.execute(_UNE_REPONSE, {**values, **common, **stamp}).scalar_one())


def _lot(connection: Connection, store: Store, feuille: Feuille, now: str) -> int:
    """The lot of this opening of the form, made with its first change, which goes to the audit log; it does not count
    its rows, which come later."""
    empreinte = _hash(feuille.jeton)
    key = {"ministere": store.ministere, "campagne": feuille.campagne, "empreinte": empreinte}
    found = connection.execute(_LE_LOT, key).scalar()
    if found is not None:
        return int(found)
    objet = f"campagne {feuille.campagne}, structure {feuille.structure}, formulaire {feuille.etape}"
    write_entry(connection, store.ministere, "saisie", objet, feuille.par)
    more = {"nom": FORMULAIRE, "recu_le": now, "lignes": 0}
    made = {**key, **more, "versions": json.dumps(dict(feuille.versions), sort_keys=True)}
    return int(connection.execute(_UN_LOT, made).scalar_one())


def rehearse_change(store: Store) -> None:
    """Have the base's engine prepare what a change writes: a visitor's kernel then finds it made. Nothing is sent."""
    key = dict.fromkeys(("ministere", "campagne", "empreinte"))
    lot = key | dict.fromkeys(("nom", "recu_le", "lignes", "versions"))
    stamp = ("version", "ministere", "campagne", "lot", "enregistre_le", "date")
    reponse = dict.fromkeys((*CLE, *CONTENU, *stamp))
    with readable(store.engine.url), store.engine.connect() as connection, connection.begin():
        event.listen(connection, "before_cursor_execute", _stop)
        for statement, values in ((_LE_LOT, key), (_UN_LOT, lot), (_UNE_REPONSE, reponse)):
            with suppress(_Arret):
                connection.execute(statement, values)


class _Arret(Exception):
    """Raised instead of sending."""


def _stop(*_: Any) -> None:
    raise _Arret


def _hash(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()
