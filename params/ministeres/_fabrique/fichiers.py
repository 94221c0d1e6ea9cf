"""The files a consultant would receive, with the same bytes every time: CSV as a French Excel makes them, and XLSX.

Nothing of the day or of the machine enters a file: workbooks carry a fixed date and are stored without compression,
because two versions of zlib do not compress alike.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import xlsxwriter

from .reponse import Reponse

Table = tuple[list[str], list[list[str]]]
"""Header and rows, all text."""

LONGUE = [field.name for field in fields(Reponse)]
REPERES = ["structure", "repondant", "role", "etape", "mesure", "date"]
"""First columns of a wide table; then the targets."""
COMPLEMENTS = ("commentaire", "preuve", "indicateur")
CODES = {"ne_sait_pas": "NSP", "sans_objet": "SO", "non_repondu": ""}
HORODATAGE = datetime(2026, 11, 20, 18, 0, 0)


def long_table(reponses: Iterable[Reponse], implicite: bool = False) -> Table:
    """One line an answer. `implicite`: « niveau » and « non_repondu » are left to be understood, as many people do."""
    if implicite:
        tus = ("niveau", "non_repondu")
        reponses = (replace(item, etat="" if item.etat in tus else item.etat) for item in reponses)
    return LONGUE, [[getattr(item, colonne) for colonne in LONGUE] for item in reponses]


def wide_table(personnes: Iterable[Sequence[Reponse]], cibles: Sequence[str]) -> Table:
    """One line a person and a measure; one column a target, then one for each thing that someone joined to it."""
    tableau = [
        (mesure, {reponse.cible: reponse for reponse in reponses if reponse.mesure == mesure})
        for reponses in personnes
        for mesure in dict.fromkeys(reponse.mesure for reponse in reponses)
    ]
    joints = [
        (cible, complement)
        for cible in cibles
        for complement in COMPLEMENTS
        if any(cible in dites and getattr(dites[cible], complement) for _, dites in tableau)
    ]
    colonnes = [(cible, complement) for cible in cibles for complement in ("", *(c for of, c in joints if of == cible))]
    entete = [f"{cible}_{complement}" if complement else cible for cible, complement in colonnes]
    return REPERES + entete, [
        [*_head(mesure, dites), *(_cell(dites.get(cible), complement) for cible, complement in colonnes)]
        for mesure, dites in tableau
    ]


def _head(mesure: str, dites: dict[str, Reponse]) -> list[str]:
    une = next(iter(dites.values()))
    return [une.structure, une.repondant, une.role, une.etape, mesure, une.date]


def _cell(reponse: Reponse | None, complement: str) -> str:
    if reponse is None:
        return ""
    if complement:
        return str(getattr(reponse, complement))
    return reponse.valeur or CODES[reponse.etat]


def csv_bytes(table: Table, encodage: str = "utf-8-sig") -> bytes:
    """`;`, CRLF, quotes where needed; UTF-8 with a BOM unless another encoding is asked for."""
    entete, lignes = table
    texte = io.StringIO(newline="")
    sortie = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    sortie.writerow(entete)
    sortie.writerows(lignes)
    return texte.getvalue().encode(encodage)


def xlsx_bytes(table: Table, feuille: str) -> bytes:
    """A workbook of one sheet; numbers are numbers, a text that starts with « = » stays a text."""
    entete, lignes = table
    brut = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(brut, options) as classeur:
        classeur.set_properties({"created": HORODATAGE, "author": "Ministère de démonstration (fictif)"})
        page = classeur.add_worksheet(feuille)
        gras = classeur.add_format({"bold": True})
        page.write_row(0, 0, entete, gras)
        for rang, ligne in enumerate(lignes, 1):
            page.write_row(rang, 0, ligne)
        page.freeze_panes(1, 2)
    return _stored(brut.getvalue())


def _stored(archive: bytes) -> bytes:
    """The same archive without compression."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as copie:
        for info in source.infolist():
            copie.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), source.read(info))
    return sortie.getvalue()


def write(path: Path, contenu: bytes) -> None:
    """Leaves a file that already holds these bytes untouched, so that nothing seems to have changed."""
    if not path.is_file() or path.read_bytes() != contenu:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contenu)
