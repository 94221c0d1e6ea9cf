"""CSV as people send it: any usual encoding and separator, with the line of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from ..errors import Anomalie
from .cellules import fold
from .limites import Limites

SEPARATEURS = (";", ",", "\t")
_ENREGISTRER = "réenregistrez le fichier en « CSV UTF-8 (séparateur : point-virgule) »"
_MAX_LISTED = 10


@dataclass(frozen=True)
class Brut:
    """Rows with their line (from 1). `devine`: neither a mark nor UTF-8, CP1252 was assumed."""

    lignes: tuple[tuple[int, tuple[str, ...]], ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    devine: bool = False


def read_csv(data: bytes, fichier: str, reperes: Collection[str], limites: Limites) -> Brut:
    """`reperes`: column names that tell the header, used to choose the separator."""
    text, anomalies, guessed = _decode(data, fichier)
    if anomalies:
        return Brut(anomalies=anomalies)
    text, separator = _separator(text, reperes)
    rows, anomalies = _parse(text, separator, fichier, limites)
    return Brut(rows, anomalies, guessed)


def _decode(data: bytes, fichier: str) -> tuple[str, tuple[Anomalie, ...], bool]:
    encoding = _marked_encoding(data)
    try:
        return data.decode(encoding or "utf-8"), (), False
    except UnicodeDecodeError as error:
        if encoding:
            ligne = data.count(b"\n", 0, error.start) + 1
            return "", (_undecodable(fichier, ligne, data[error.start], f"du texte {encoding.upper()}"),), False
    if b"\0" in data:
        anomalie = Anomalie(
            "le fichier n'est pas un texte", fichier, attendu="un fichier CSV ou XLSX", que_faire=_ENREGISTRER
        )
        return "", (anomalie,), False
    try:
        return data.decode("cp1252"), (), True
    except UnicodeDecodeError:
        return "", _undefined_bytes(data, fichier), True


def _marked_encoding(data: bytes) -> str:
    """What a byte order mark, or the zeros of UTF-16, say; "" when nothing is said."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:400]
    if len(start) >= 4 and start.count(0) * 3 > len(start):
        return "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
    return ""


def _undefined_bytes(data: bytes, fichier: str) -> tuple[Anomalie, ...]:
    """Five bytes mean nothing in CP1252: one anomaly a line, the first lines only."""
    found = []
    for numero, line in enumerate(data.split(b"\n"), 1):
        byte = next((byte for byte in line if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)), None)
        if byte is not None:
            found.append(_undecodable(fichier, numero, byte, "du texte UTF-8 ou Windows (CP1252)"))
    return tuple(found[:_MAX_LISTED])


def _undecodable(fichier: str, ligne: int, byte: int, attendu: str) -> Anomalie:
    quoi = "caractère illisible : l'encodage n'est pas celui attendu"
    return Anomalie(quoi, f"{fichier}, ligne {ligne}", f"octet 0x{byte:02x}", attendu, _ENREGISTRER)


def _separator(text: str, reperes: Collection[str]) -> tuple[str, str]:
    """The text and the separator that its header shows.

    Excel's own first line « sep=; » is obeyed, and blanked so that line numbers stay true.
    """
    first, end, rest = text.partition("\n")
    if fold(first).startswith("sep=") and len(first.strip()) == 5:
        return end + rest, first.strip()[4]
    wanted = {fold(name) for name in reperes}

    def readable(separator: str) -> tuple[bool, int]:
        rows = _first_rows(text[:20_000], separator)
        header = next((row for row in rows if wanted and wanted <= {fold(cell) for cell in row}), None)
        return header is not None, len(header or max(rows, key=len, default=()))

    return text, max(SEPARATEURS, key=readable)


def _first_rows(text: str, separator: str, count: int = 30) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == count:
                break
    except csv.Error:
        pass  # the real reading reports it, with its line
    return rows


def _parse(
    text: str, separator: str, fichier: str, limites: Limites
) -> tuple[tuple[tuple[int, tuple[str, ...]], ...], tuple[Anomalie, ...]]:
    csv.field_size_limit(max(limites.caracteres, csv.field_size_limit()))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    seen: dict[str, str] = {}  # a role, a site, a structure come back on thousands of rows: one text for all
    numero = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((numero, tuple(seen.setdefault(cell, cell) for cell in row)))
            if len(rows) > limites.lignes:
                return (), (too_many_rows(fichier, limites),)
            numero = reader.line_num + 1
    except csv.Error as error:
        return tuple(rows), (_syntax(str(error), fichier, numero),)
    return tuple(rows), ()


def _syntax(message: str, fichier: str, ligne: int) -> Anomalie:
    if "unexpected end" in message:
        quoi = "un guillemet droit ouvert sur cette ligne n'est jamais fermé"
    elif "expected after" in message:
        quoi = "un guillemet droit est mal placé"
    elif "field larger" in message:
        quoi = "une cellule est trop longue : un guillemet droit n'est sans doute pas fermé"
    else:
        quoi = f"ligne illisible ({message})"
    return Anomalie(
        quoi,
        f"{fichier}, ligne {ligne}",
        attendu='un texte entre deux guillemets droits, ceux du texte étant doublés ("")',
        que_faire="corrigez cette ligne ; les suivantes n'ont pas été lues",
    )


def too_many_rows(fichier: str, limites: Limites) -> Anomalie:
    return Anomalie(
        "le fichier a trop de lignes",
        fichier,
        f"plus de {limites.lignes}",
        f"au plus {limites.lignes} lignes",
        "partagez-le en plusieurs fichiers",
    )
