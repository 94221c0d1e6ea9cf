"""The demonstration's files as a reader with no knowledge of Vigie sees them: one frame of answers, plain tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook
from vigie.paths import params_dir

DOSSIER = params_dir() / "ministeres" / "demonstration"
LONGUES = ["structure", "repondant", "role", "etape", "objet", "cible", "mesure", "etat", "valeur"]
TEXTES = ["commentaire", "preuve", "indicateur", "date"]
ETATS = {"NSP": "ne_sait_pas", "SO": "sans_objet"}


@cache
def table(nom: str) -> pd.DataFrame:
    """One of the ministry's own tables, as text."""
    return pd.read_csv(DOSSIER / nom, sep=";", dtype=str, encoding="utf-8-sig").fillna("")


@cache
def reponses() -> pd.DataFrame:
    """Every answer of the current campagne in the order of the file names, with its `fichier`; `niveau` is NaN without
    a number."""
    fichiers = sorted(path for path in (DOSSIER / "reponses").iterdir() if path.is_file())
    lignes = [ligne for path in fichiers for ligne in _lines(path)]
    frame = pd.DataFrame(lignes, columns=["fichier", *LONGUES, *TEXTES]).fillna("")
    frame["niveau"] = pd.to_numeric(frame["valeur"].str.replace(",", "."), errors="coerce")
    return frame


def current() -> pd.DataFrame:
    """Answers left once a later file has replaced earlier ones; the anonymous écho is never replaced."""
    frame = reponses()
    cle = ["structure", "etape", "repondant", "objet", "cible", "mesure"]
    return frame[~frame.duplicated(cle, keep="last") | frame["repondant"].eq("")]


def of(structure: str, mesure: str, **egalites: str) -> pd.DataFrame:
    """Current answers of one structure and one measure; `egalites` are columns and the value wanted."""
    frame = current()
    frame = frame[frame["structure"].eq(structure) & frame["mesure"].eq(mesure)]
    for colonne, valeur in egalites.items():
        frame = frame[frame[colonne].eq(valeur)]
    return frame


def role_medians(structure: str, cible: str) -> dict[str, float]:
    """Role → low median of its known answers to one item (A.4, step 1)."""
    connues = of(structure, "niveau", cible=cible).dropna(subset="niveau")
    return {role: lignes["niveau"].quantile(0.5, interpolation="lower") for role, lignes in connues.groupby("role")}


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for ligne in _rows(path):
        if "cible" in ligne:
            etat = ligne["etat"] or ("niveau" if ligne["valeur"] else "non_repondu")
            yield {**ligne, "fichier": path.name, "etat": etat}
            continue
        tete = {nom: valeur for nom, valeur in ligne.items() if nom in (*LONGUES, *TEXTES)}
        for cible, valeur in ligne.items():
            if cible in tete or "_" in cible or not valeur:  # an empty cell of a wide table says nothing
                continue
            etat = ETATS.get(valeur, "niveau")
            joints = {nom: ligne.get(f"{cible}_{nom}", "") for nom in ("commentaire", "preuve", "indicateur")}
            lue = {"cible": cible, "etat": etat, "valeur": valeur if etat == "niveau" else ""}
            yield {**tete, **joints, **lue, "fichier": path.name}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".xlsx":
        lignes = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
        entete = next(lignes)
        for ligne in lignes:
            textes = ("" if valeur is None else str(valeur) for valeur in ligne)
            yield dict(zip(entete, textes, strict=True))
        return
    brut = path.read_bytes()
    texte = brut.decode("utf-8-sig" if brut.startswith(b"\xef\xbb\xbf") else "cp1252")
    yield from csv.DictReader(io.StringIO(texte, newline=""), delimiter=";")
