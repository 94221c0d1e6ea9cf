"""Files for a mail merge: whom to invite, whom to remind, with each one's link. Vigie sends no message itself.

Written beside repondants.csv, readable by its owner alone: names and personal links do not belong with the results.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from ..atomic import write_bytes
from ..collecte import MinistereCharge
from ..forms.demande import Demande

DOSSIER = "envois"
COLONNES = (
    "structure", "nom_structure", "repondant", "nom", "fonction", "role", "formulaire", "titre", "etat", "reponses",
    "echeance", "lien",
)  # fmt: skip
Lien = Callable[[Demande], str]
"""The personal link of someone before a form, "" when forms are not served."""


def merge_rows(
    suivi: pd.DataFrame, charge: MinistereCharge, campagne: str, lien: Lien, mots: Mapping[str, str]
) -> list[dict[str, str]]:
    """COLONNES, one row a person and a form. `suivi`: diagnostics.accueil.SUIVI; `mots`: code → what is written."""
    titres = {one.id: one.titre for one in charge.referentiels.formulaires.formulaires}
    etapes = {one.id: one.etape for one in charge.referentiels.formulaires.formulaires}
    roles = {role.id: role.libelle for role in charge.referentiels.maturite.roles}
    cloture = charge.campagne(campagne).cloture
    rows = []
    for line in suivi.to_dict("records"):
        demande = Demande(
            str(charge.chemin), line["structure"], etapes[line["formulaire"]], line["role"], line["repondant"], campagne
        )
        row = {
            **{name: str(line[name]) for name in COLONNES if name in line},
            "nom_structure": charge.structures[line["structure"]].nom,
            "role": roles.get(line["role"], line["role"]),
            "titre": titres[line["formulaire"]],
            "etat": mots[line["etat"]],
            "echeance": f"{cloture:%d/%m/%Y}" if cloture else "",
            "lien": lien(demande),
        }
        rows.append({name: _harmless(row[name]) for name in COLONNES})
    return rows


def write_merge(
    rows: list[dict[str, str]], charge: MinistereCharge, campagne: str, genre: str, jour: date | None = None
) -> Path:
    """Write <ministère>/envois/<genre>_<campagne>_<jour>.csv, as French spreadsheets and mail merges read it."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLONNES, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    jour = jour or datetime.now(UTC).date()
    path = charge.chemin / DOSSIER / f"{genre}_{campagne}_{jour.isoformat()}.csv"
    write_bytes(path, stream.getvalue().encode("utf-8-sig"))
    path.chmod(0o600)
    return path


def _harmless(text: str) -> str:
    """A spreadsheet would compute a text that starts so."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
