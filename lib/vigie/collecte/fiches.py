"""The ministry's own tables: who its structures, agents and respondents are, its targets and validations.

Column lists are published in ministere.py. Every fault is an Anomalie with its file, line, value and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import ValidationError

from ..dossier import AGENTS, CIBLES, REPONDANTS, VALIDATIONS, typed_frame
from ..errors import Anomalie
from ..referentiels import Referentiels
from ..referentiels.anomalies import describe_errors
from ..referentiels.ministere import Structure
from ..tabular import (
    Ligne,
    Tableau,
    align_columns,
    closest,
    duplicate_rows,
    fold,
    listing,
    parse_date,
    parse_number,
    read_table,
)
from .catalogue import FICHIERS as CATALOGUES
from .mesures import ETATS_VALIDATION, Mesures

_ID = re.compile(r"\w[\w.@+-]{0,78}\w|\w")
DATE_ATTENDUE = "une date comme 2026-11-24 ou 24/11/2026"
NOMS_RESERVES = ("ministere", "aux", "con", "nul", "prn")
"""Each structure has a folder of results: « ministere » is the ministry's own, the others cannot exist on Windows."""


class Lue(NamedTuple):
    """What reading a cell gives: the text kept, or what was expected instead."""

    texte: str
    attendu: str = ""
    que_faire: str = "corrigez la valeur"


Lecture = Callable[[str, "Regles"], Lue]


@dataclass(frozen=True)
class Regles:
    """What cells are checked against. `structures` and `campagnes` None: unknown, because their own file is faulty."""

    structures: Collection[str] | None
    campagnes: Collection[str] | None
    metiers: Collection[str]
    publics: Collection[str]
    roles: Collection[str]
    dimensions: Collection[str]
    niveaux: Collection[float]


@dataclass(frozen=True)
class Fiche:
    """One file: columns, those that must hold something, what makes a row unique, how cells are read."""

    schema: Mapping[str, str]
    requises: tuple[str, ...]
    cle: tuple[str, ...]
    lectures: Mapping[str, Lecture] = field(default_factory=dict)

    @property
    def colonnes(self) -> dict[str, str]:
        return {"structure": "str", **self.schema}


def _known(names: Callable[[Regles], Collection[str] | None]) -> Lecture:
    def read(text: str, regles: Regles) -> Lue:
        allowed = names(regles)
        if not text or allowed is None or text in allowed:
            return Lue(text)
        proche = closest(text, allowed)
        return Lue(text, listing(allowed), f"écrivez « {proche} » ?" if proche else "corrigez la valeur")

    return read


def _date(text: str, regles: Regles) -> Lue:
    iso = parse_date(text) if text else ""
    return Lue(text, DATE_ATTENDUE) if iso is None else Lue(iso)


def _cible(text: str, regles: Regles) -> Lue:
    low, high = min(regles.niveaux), max(regles.niveaux)
    number = parse_number(text)
    if number is None or not low <= number <= high:
        return Lue(text, f"un nombre de {low:g} à {high:g}")
    return Lue(str(number))


def _publics(text: str, regles: Regles) -> Lue:
    codes = text.replace(",", " ").replace(";", " ").split()
    if set(codes) <= set(regles.publics):
        return Lue(" ".join(dict.fromkeys(codes)))
    return Lue(text, "des codes parmi " + listing(regles.publics, "et") + ", séparés par une espace")


def _etat(text: str, regles: Regles) -> Lue:
    return Lue(fold(text)) if fold(text) in ETATS_VALIDATION else Lue(text, listing(ETATS_VALIDATION))


def _id(text: str, regles: Regles) -> Lue:
    """Ids name files and stand in tables that a spreadsheet opens: no path, no formula."""
    attendu = "des lettres, des chiffres, et les signes . _ - @ + ailleurs qu'au début, 80 au plus"
    return Lue(text) if not text or _ID.fullmatch(text) else Lue(text, attendu, "changez cet identifiant")


_STRUCTURE = {"structure": _known(lambda regles: regles.structures)}
_CAMPAGNE = {"campagne": _known(lambda regles: regles.campagnes)}
FICHIERS: dict[str, Fiche | None] = {
    "structures.csv": None,
    **dict.fromkeys(CATALOGUES),
    "agents.csv": Fiche(
        AGENTS,
        ("structure", "id", "metier"),
        ("structure", "id"),
        {
            **_STRUCTURE,
            "id": _id,
            "metier": _known(lambda regles: regles.metiers),
            "publics": _publics,
            "mise_en_service": _date,
        },
    ),
    "repondants.csv": Fiche(
        REPONDANTS,
        ("structure", "id", "role"),
        ("structure", "id"),
        {**_STRUCTURE, "id": _id, "role": _known(lambda regles: regles.roles)},
    ),
    "cibles.csv": Fiche(
        {**CIBLES, "campagne": "str"},
        ("structure", "dimension", "cible"),
        ("structure", "dimension", "campagne"),
        {
            **_STRUCTURE,
            **_CAMPAGNE,
            "dimension": _known(lambda regles: regles.dimensions),
            "cible": _cible,
            "date": _date,
        },
    ),
    "validations.csv": Fiche(
        {**VALIDATIONS, "campagne": "str"},
        ("structure", "etape", "etat"),
        ("structure", "etape", "livrable", "campagne"),
        {**_STRUCTURE, **_CAMPAGNE, "etat": _etat, "date": _date},
    ),
}
"""Files of a ministry's folder; structures.csv and the catalogue have models of their own."""


def unknown_files(chemin: Path) -> list[Anomalie]:
    """A misnamed table would be silently ignored, hence refused."""
    tables = sorted(path.name for path in chemin.glob("*") if path.suffix.lower() in (".csv", ".xlsx", ".xls", ".ods"))
    return [
        Anomalie(
            "fichier inconnu",
            name,
            name,
            "l'un des fichiers " + listing(FICHIERS),
            f"renommez-le « {proche} » ?"
            if (proche := closest(name, FICHIERS))
            else "des réponses reçues vont dans le dossier reponses/",
        )
        for name in tables
        if name not in FICHIERS and not name.startswith(("~$", "."))
    ]


def read_structures(chemin: Path) -> tuple[dict[str, Structure], list[str], list[Anomalie]]:
    """Structures by id, in the order of the file; every id written, those of faulty rows too; what is wrong."""
    names = list(Structure.model_fields)
    required = [name for name, champ in Structure.model_fields.items() if champ.is_required()]
    raw = read_table(chemin / "structures.csv", nom="structures.csv", reperes=required)
    table = align_columns(raw, required, [name for name in names if name not in required])
    anomalies = list(table.anomalies)
    structures: dict[str, Structure] = {}
    if set(required) <= set(table.colonnes):
        for ligne in table:
            structure, more = _structure(table, ligne, names)
            anomalies += more
            if structure and structure.id in NOMS_RESERVES:
                attendu = "un autre identifiant que " + listing(NOMS_RESERVES)
                ou = table.ou(ligne, "id")
                anomalies.append(Anomalie("cet identifiant est réservé", ou, structure.id, attendu, "changez-le"))
            if structure:
                structures.setdefault(structure.id, structure)
        anomalies += duplicate_rows(table, ["id"])
    return structures, [ligne["id"] for ligne in table if ligne["id"]], anomalies


def _structure(table: Tableau, ligne: Ligne, names: list[str]) -> tuple[Structure | None, list[Anomalie]]:
    values = {name: ligne[name] for name in names if ligne[name]}
    if iso := parse_date(values.get("mise_en_service", "")):
        values["mise_en_service"] = iso
    try:
        return Structure.model_validate(values), []
    except ValidationError as error:
        return None, [
            Anomalie(
                f"la colonne « {'.'.join(map(str, detail['loc']))} » est vide",
                table.ou(ligne, str(detail["loc"][0])),
                attendu="une valeur",
                que_faire="complétez cette cellule",
            )
            if detail["type"] == "missing"
            else anomalie
            for detail, anomalie in zip(
                error.errors(include_url=False),
                describe_errors(error, Structure, lambda path: table.ou(ligne, str(path[0]) if path else "")),
                strict=True,
            )
        ]


def read_frames(
    chemin: Path,
    referentiels: Referentiels,
    mesures: Mesures,
    structures: Collection[str] | None,
    campagnes: Collection[str] | None,
) -> tuple[dict[str, pd.DataFrame], list[Anomalie]]:
    """Frame of each file, empty when the file is not there."""
    classes = {classe.public for classe in referentiels.metiers.classes}
    regles = Regles(
        structures=structures,
        campagnes=campagnes,
        metiers=[metier.id for metier in referentiels.metiers.metiers],
        publics=[public.id for public in referentiels.niveaux_requis.publics if public.id not in classes],
        roles=mesures.roles,
        dimensions=[dimension.id for dimension in referentiels.maturite.dimensions],
        niveaux=[niveau.niveau for niveau in referentiels.maturite.niveaux],
    )
    frames, anomalies = {}, []
    for name, fiche in FICHIERS.items():
        if fiche is not None:
            frames[name], more = _read_frame(chemin / name, fiche, regles)
            anomalies += more
    return frames, anomalies


def _read_frame(path: Path, fiche: Fiche, regles: Regles) -> tuple[pd.DataFrame, list[Anomalie]]:
    columns: dict[str, list[str]] = {name: [] for name in fiche.colonnes}
    anomalies: list[Anomalie] = []
    if path.is_file():
        raw = read_table(path, nom=path.name, reperes=fiche.requises, vide_admis=True)
        table = align_columns(raw, fiche.requises, [name for name in fiche.colonnes if name not in fiche.requises])
        anomalies += table.anomalies
        if set(fiche.requises) <= set(table.colonnes):
            for ligne in table:
                anomalies += _read_row(table, ligne, fiche, regles, columns)
            anomalies += duplicate_rows(table, fiche.cle)
    if anomalies:
        return pd.DataFrame(columns=list(columns)), anomalies
    return typed_frame(columns.values(), fiche.colonnes), []


def _read_row(
    table: Tableau, ligne: Ligne, fiche: Fiche, regles: Regles, columns: dict[str, list[str]]
) -> Iterator[Anomalie]:
    """Adds a row to `columns`; yields what is wrong with it."""
    for name, values in columns.items():
        text = ligne[name]
        if not text and name in fiche.requises:
            quoi = f"la colonne « {name} » est vide"
            yield Anomalie(quoi, table.ou(ligne, name), "", "une valeur", "complétez cette cellule")
        elif name in fiche.lectures:
            lue = fiche.lectures[name](text, regles)
            text = lue.texte
            if lue.attendu:
                quoi = f"la valeur de « {name} » n'est pas admise"
                yield Anomalie(quoi, table.ou(ligne, name), text, lue.attendu, lue.que_faire)
        values.append(text)
