"""A table as received: columns, rows of text, where each row stands, and the faults found while reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..errors import Anomalie


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row. `numero` counts from 1 in the file or sheet, header included; `cellules` follow the columns."""

    numero: int
    cellules: tuple[str, ...]
    places: Mapping[str, int]
    """Column → its position in `cellules`, shared by all the rows of a table."""

    def __getitem__(self, colonne: str) -> str:
        """Text of a cell, "" when the table has no such column or the row is shorter."""
        place = self.places.get(colonne, len(self.cellules))
        return self.cellules[place] if place < len(self.cellules) else ""


@dataclass(frozen=True)
class Tableau:
    """`fichier` is the name shown to people; `feuille` is "" for a CSV. Columns keep the header's own spelling."""

    fichier: str
    feuille: str = ""
    colonnes: tuple[str, ...] = ()
    lettres: tuple[str, ...] = ()
    """Letter of each column in the sheet (A, B… AA); for a CSV, the same letters, unused."""
    ligne_entete: int = 1
    lignes: tuple[Ligne, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()

    def __iter__(self) -> Iterator[Ligne]:
        return iter(self.lignes)

    def __len__(self) -> int:
        return len(self.lignes)

    def ou(self, ligne: Ligne | int | None = None, colonne: str = "") -> str:
        """« reponses.csv, ligne 12, colonne « valeur » » or « reponses.xlsx, feuille « réponses », cellule B12 »."""
        numero = ligne.numero if isinstance(ligne, Ligne) else ligne
        return place(self.fichier, self.feuille, numero, colonne, self._letter(colonne))

    def with_anomalies(self, anomalies: Iterable[Anomalie]) -> Tableau:
        return replace(self, anomalies=(*self.anomalies, *anomalies))

    def _letter(self, colonne: str) -> str:
        return self.lettres[self.colonnes.index(colonne)] if colonne in self.colonnes else ""


def place(fichier: str, feuille: str, numero: int | None, colonne: str, lettre: str) -> str:
    """Where something stands, as a reader would look for it."""
    parts = [fichier]
    if feuille:
        parts.append(f"feuille « {feuille} »")
        if numero is not None and lettre:
            return ", ".join([*parts, f"cellule {lettre}{numero}"])
    if numero is not None:
        parts.append(f"ligne {numero}")
    if colonne:
        parts.append(f"colonne « {colonne} »")
    return ", ".join(parts)


def letters(position: int) -> str:
    """Letters of a column of a spreadsheet, from its position counted from 0."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
