"""XLSX workbooks: values only. A formula, a merged cell or a hidden sheet is refused, since one reads what one sees."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ..errors import Anomalie
from .cellules import closest, fold, listing
from .csv_texte import too_many_rows
from .limites import Limites
from .tableau import letters, place

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\sr=[\"']([^\"']*)")
_CHUNK = 1 << 20
_OVERLAP = 200
_LAST_ROW = 1_048_576
"""Of a sheet, for every spreadsheet program."""
_LIGNE_IMPOSSIBLE = "une ligne porte un numéro qui n'existe dans aucun tableur"
_REENREGISTRER = "ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) »"


@dataclass(frozen=True)
class Feuille:
    """Non-empty rows with their number (from 1). `fusions`: « B2:B5 » → last row of each merged range."""

    nom: str = ""
    lignes: tuple[tuple[int, tuple[str, ...]], ...] = ()
    fusions: tuple[tuple[str, int], ...] = ()
    anomalies: tuple[Anomalie, ...] = ()


def read_sheet(path: Path, fichier: str, feuille: str, limites: Limites) -> Feuille:
    """Reads the sheet named `feuille`, else the only visible one."""
    refus = _refuse_archive(path, fichier, limites)
    if refus:
        return Feuille(anomalies=(refus,))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about extensions that hold no value
            with closing(load_workbook(path, read_only=True, keep_links=False)) as book:
                sheet, refus = _choose(book.worksheets, fichier, feuille)
                return Feuille(anomalies=(refus,)) if refus else _read(sheet, path, fichier, limites)
    # openpyxl lets many kinds of errors through on a damaged file; all mean the same to who sent it
    except Exception as error:
        anomalie = Anomalie(
            "le classeur est illisible",
            fichier,
            type(error).__name__,
            "un classeur XLSX",
            f"{_REENREGISTRER}, ou envoyez un CSV",
        )
        return Feuille(anomalies=(anomalie,))


def _refuse_archive(path: Path, fichier: str, limites: Limites) -> Anomalie | None:
    """What can be refused from the archive's own table, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not any(name.startswith("xl/") for name in names):
                attendu = "un classeur XLSX" + (" (celui-ci est au format OpenDocument)" if "mimetype" in names else "")
                return Anomalie("le fichier n'est pas un classeur XLSX", fichier, "", attendu, _REENREGISTRER)
            # zipfile never unpacks more than the size written in this table
            total = sum(info.file_size for info in archive.infolist())
            if total > limites.octets_decompresses:
                return Anomalie(
                    "le classeur est trop gros une fois décompressé",
                    fichier,
                    f"{total / 1e6:.0f} Mo",
                    f"au plus {limites.octets_decompresses / 1e6:.0f} Mo",
                    "retirez les feuilles et les images inutiles, ou envoyez un CSV",
                )
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        if _DOCTYPE.search(part.read(4096)):
                            quoi = "le classeur contient une déclaration XML interdite"
                            return Anomalie(
                                quoi, fichier, name, "un classeur enregistré par un tableur", _REENREGISTRER
                            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return Anomalie(
            "le fichier n'est pas un classeur XLSX, ou il est abîmé", fichier, "", "un classeur XLSX", _REENREGISTRER
        )
    return None


def _choose(sheets: Collection[Any], fichier: str, feuille: str) -> tuple[Any, Anomalie | None]:
    named = next((sheet for sheet in sheets if feuille and fold(sheet.title) == fold(feuille)), None)
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if named is not None and named.sheet_state == "visible":
        return named, None
    if named is not None:
        return None, Anomalie(
            f"la feuille « {named.title} » est masquée",
            fichier,
            "",
            "une feuille visible",
            "affichez-la, relisez-la, puis enregistrez de nouveau le classeur",
        )
    if len(visible) == 1:
        return visible[0], None
    titles = [sheet.title for sheet in visible]
    proche = closest(feuille, titles)
    return None, Anomalie(
        f"la feuille « {feuille} » manque" if feuille else "le classeur a plusieurs feuilles",
        fichier,
        listing(titles, "et") or "aucune feuille visible",
        f"une feuille « {feuille} »" if feuille else "une seule feuille visible",
        f"renommez « {proche} » en « {feuille} » ?" if proche else "renommez la feuille à lire ou retirez les autres",
    )


def _read(sheet: Any, path: Path, fichier: str, limites: Limites) -> Feuille:
    fusions, last = _scan(path, sheet._worksheet_path)
    if last > _LAST_ROW:
        attendu, lu = f"au plus la ligne {_LAST_ROW}", f"ligne {last}"
        return Feuille(sheet.title, anomalies=(Anomalie(_LIGNE_IMPOSSIBLE, fichier, lu, attendu, _REENREGISTRER),))
    sheet.reset_dimensions()  # the size a program wrote in the file may be wrong
    rows: list[tuple[int, tuple[str, ...]]] = []
    anomalies: list[Anomalie] = []
    read = 0
    # openpyxl makes every row up to the last one, whatever its number
    for numero, cells in enumerate(sheet.iter_rows(max_row=_LAST_ROW), 1):
        if all(cell.value is None for cell in cells):
            continue
        read += len(cells)
        if read > limites.cellules:
            return Feuille(sheet.title, anomalies=(_too_many_cells(fichier, limites),))
        if len(cells) > limites.colonnes:
            cells = _used(cells)
        texts = []
        for position, cell in enumerate(cells):
            text, refus = _text(cell)
            if refus is not None:
                ou = place(fichier, sheet.title, numero, "", letters(position))
                anomalies.append(Anomalie(refus[0], ou, *refus[1:]))
            texts.append(text)
        rows.append((numero, tuple(texts)))
        if len(rows) > limites.lignes:
            return Feuille(sheet.title, anomalies=(too_many_rows(fichier, limites),))
    return Feuille(sheet.title, tuple(rows), tuple(fusions.items()), tuple(anomalies))


def _used(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    last = max(position for position, cell in enumerate(cells) if cell.value is not None)
    return cells[: last + 1]


def _text(cell: Any) -> tuple[str, tuple[str, str, str, str] | None]:
    """Text of a cell, and why it is refused: what is wrong, read, expected, to do."""
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value))
        shown = formula if len(formula) <= 80 else formula[:79] + "…"
        que_faire = "copiez la cellule puis « Collage spécial, Valeurs »"
        return "", ("la cellule contient une formule", shown, "une valeur saisie", que_faire)
    if cell.data_type == "e":
        return "", ("la cellule contient une erreur de calcul", str(value), "une valeur saisie", "saisissez la valeur")
    if isinstance(value, bool):
        return ("oui" if value else "non"), None
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), None
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat(), None
    return (value.isoformat() if isinstance(value, date) else str(value)), None


def _scan(path: Path, part: str) -> tuple[dict[str, int], int]:
    """Merged ranges of a sheet, with their last row, and the greatest number of a row.

    read_only leaves ranges out, and only the first cell of a range holds its value.
    """
    ranges: dict[str, int] = {}
    greatest = 0
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        window = b""
        while chunk := stream.read(_CHUNK):
            window = window[-_OVERLAP:] + chunk
            for found in _MERGED.finditer(window):
                first, top, last, bottom = (group.decode() for group in found.groups())
                ranges[f"{first}{top}:{last}{bottom}"] = int(bottom)
            greatest = max(greatest, max(map(_row_number, _ROW.findall(window)), default=0))
    return ranges, greatest


def _row_number(text: bytes) -> int:
    """As openpyxl reads it, « 1e9 » included; 0 for what it refuses by itself."""
    try:
        return int(min(float(text), 1e18))
    except ValueError:
        return 0


def _too_many_cells(fichier: str, limites: Limites) -> Anomalie:
    return Anomalie(
        "la feuille a trop de cellules",
        fichier,
        "",
        f"au plus {limites.cellules} cellules, vides comprises",
        "effacez ce qui se trouve loin à droite du tableau, ou envoyez un CSV",
    )
