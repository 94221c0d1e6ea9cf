"""Links to the forms, as the store knows them: who was invited to what, until when, and what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import insert, select

from .base_de_donnees import readable, writing
from .journal import Acte, account, write_entry
from .lot import count
from .schema import invitations
from .store import Store

FAITE, RETIREE = "faite", "retiree"
"""Acts: the link was made, the link was withdrawn."""
INVITATIONS = {
    **dict.fromkeys(("numero", "campagne", "structure", "role", "repondant", "etapes", "expire_le", "fait_le"), "str"),
    "retiree_le": "str",
}
"""Columns of `read_invitations`. `etapes`: separated by commas; instants are ISO, in UTC; `retiree_le` is "" if not."""


@dataclass(frozen=True)
class Invitation:
    """What one link opens: forms (`etapes`) of one structure, as one person in one role.

    `repondant` is "" for what is anonymous. `expire_le`: ISO instant, in UTC.
    """

    numero: str
    campagne: str
    structure: str
    role: str
    repondant: str
    etapes: tuple[str, ...]
    expire_le: str

    @property
    def expiree(self) -> bool:
        return datetime.fromisoformat(self.expire_le) <= datetime.now(UTC)


def record_invitations(store: Store, made: Iterable[Invitation]) -> None:
    """Write new links, all of them or none."""
    rows = [_row(one, FAITE) for one in made]
    if rows:
        _write(store, rows)


def withdraw_invitations(store: Store, numeros: Sequence[str]) -> list[str]:
    """Withdraw links for good; gives the numbers that were known and not withdrawn yet."""
    found = read_invitations(store)
    live = found[found["numero"].isin(list(numeros)) & (found["retiree_le"] == "")]
    rows = [_row(_invitation(row), RETIREE) for row in live.to_dict("records")]
    if rows:
        _write(store, rows)
    return list(live["numero"])


def find_invitation(store: Store, numero: str) -> tuple[Invitation | None, bool]:
    """The link of that number, and whether it was withdrawn."""
    query = select(invitations).where(invitations.c.ministere == store.ministere, invitations.c.numero == numero)
    with readable(store.engine.url), store.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    made = next((_invitation(row) for row in rows if row["acte"] == FAITE), None)
    return made, any(row["acte"] == RETIREE for row in rows)


def read_invitations(store: Store, campagne: str = "") -> pd.DataFrame:
    """Every link ever made, for a campagne or for all of them: INVITATIONS, oldest first."""
    query = select(invitations).where(invitations.c.ministere == store.ministere).order_by(invitations.c.id)
    if campagne:
        query = query.where(invitations.c.campagne == campagne)
    with readable(store.engine.url), store.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    withdrawn = {row["numero"]: row["fait_le"] for row in rows if row["acte"] == RETIREE}
    made = [{**row, "retiree_le": withdrawn.get(row["numero"], "")} for row in rows if row["acte"] == FAITE]
    return pd.DataFrame(made, columns=list(INVITATIONS)).astype(INVITATIONS)


def _invitation(row: Any) -> Invitation:
    names = ("numero", "campagne", "structure", "role", "repondant")
    return Invitation(
        **{name: row[name] for name in names},
        etapes=tuple(row["etapes"].split(",")),
        expire_le=row["expire_le"],
    )


def _row(one: Invitation, acte: str) -> dict[str, str]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {**asdict(one), "etapes": ",".join(one.etapes), "acte": acte, "fait_le": now}


def _write(store: Store, rows: list[dict[str, str]]) -> None:
    acte: Acte = "invitation" if rows[0]["acte"] == FAITE else "retrait"
    structures = ", ".join(dict.fromkeys(row["structure"] for row in rows))
    with readable(store.engine.url), writing(store.engine, store.ministere) as connection:
        connection.execute(insert(invitations), [{**row, "ministere": store.ministere} for row in rows])
        objet = f"{count(len(rows), 'lien personnel', 'liens personnels')}, structures : {structures}"
        write_entry(connection, store.ministere, acte, objet, account())
