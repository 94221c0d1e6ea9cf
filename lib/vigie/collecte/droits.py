"""What the house holds on one person, to be given to that person (RGPD, art. 15): one workbook.

Anonymous answers and reports are not there: nothing says whose they are.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Table, select

from ..errors import Introuvable
from ..tabular import closest, listing
from .base_de_donnees import readable
from .journal import account, note, read_journal
from .ministere import MinistereCharge
from .schema import invitations, lots, reponses
from .store import Store, open_store

LARGEUR = 24
"""Width of the columns, in letters."""


def export_person(charge: MinistereCharge, personne: str) -> bytes:
    """An XLSX of everything that names `personne`, an id of repondants.csv or agents.csv; noted in the audit log.

    Raises Introuvable when nothing is known of that id.
    """
    store = open_store(charge)
    sheets = {name: frame for name, frame in _sheets(charge, store, personne).items() if not frame.empty}
    if not sheets:
        raise Introuvable(_unknown(charge, personne))
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(stream, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
            writer.sheets[name].set_column(0, len(frame.columns) - 1, LARGEUR)
    note(store, "export", f"données de la personne « {personne} »", account())
    return stream.getvalue()


def _sheets(charge: MinistereCharge, store: Store, personne: str) -> Mapping[str, pd.DataFrame]:
    """Name of the sheet → rows."""
    journal = read_journal(store)
    return {
        "Répondant": charge.repondants[charge.repondants["id"] == personne],
        "Agent": charge.agents[charge.agents["id"] == personne],
        "Réponses": _answers(store, personne),
        "Invitations": _rows(store, invitations, personne),
        "Journal": journal[_about(journal, personne)],
    }


def _about(journal: pd.DataFrame, personne: str) -> pd.Series:
    """What they did, what was done in their name, and what was handed over about them."""
    # not str.rpartition, which gives no column at all for a journal without entries
    listed = journal["objet"].map(lambda objet: personne in objet.rpartition(" : ")[2].split(", ")).astype(bool)
    named = listed | journal["objet"].str.contains(f"« {personne} »", regex=False)
    return journal["auteur"].eq(personne) | journal["auteur"].str.endswith(f" pour {personne}") | named


def _answers(store: Store, personne: str) -> pd.DataFrame:
    """Every answer ever recorded, those that were corrected included."""
    columns = [column for column in reponses.c if column.name not in ("ministere", "lot")]
    query = (
        select(*columns, lots.c.nom.label("recu_dans"))
        .join(lots)
        .where(reponses.c.ministere == store.ministere, reponses.c.repondant == personne)
        .order_by(reponses.c.id)
    )
    with readable(store.engine.url), store.engine.connect() as connection:
        found = connection.execute(query)
        return pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()))


def _rows(store: Store, table: Table, personne: str) -> pd.DataFrame:
    columns = [column for column in table.c if column.name != "ministere"]
    query = select(*columns).where(table.c.ministere == store.ministere, table.c.repondant == personne)
    with readable(store.engine.url), store.engine.connect() as connection:
        found = connection.execute(query.order_by(table.c.id))
        return pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()))


def _unknown(charge: MinistereCharge, personne: str) -> str:
    known = sorted({*charge.repondants["id"], *charge.agents["id"]})
    proche = closest(personne, known)
    hint = f" Vouliez-vous dire « {proche} » ?" if proche else ""
    return f"Aucune donnée au nom de « {personne} ».{hint} Identifiants connus : {listing(known, 'et', most=10)}."
