"""Columns by name: unknown, missing and double ones are faults, and so are two rows with the same key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..errors import Anomalie
from .cellules import closest, fold, listing
from .tableau import Ligne, Tableau


def align_columns(
    tableau: Tableau, requises: Sequence[str], facultatives: Iterable[str] = (), attendu: str = ""
) -> Tableau:
    """The table with its columns under their expected names, case and accents aside.

    Unknown, missing and double columns are added to the anomalies. A missing optional column reads as "". `attendu`
    says what columns there may be, when listing them would not help.
    """
    if not tableau.colonnes:
        return tableau
    expected = {fold(name): name for name in (*requises, *facultatives)}
    columns = tuple(expected.get(fold(name), name) for name in tableau.colonnes)
    anomalies: list[Anomalie] = []
    seen: dict[str, int] = {}
    for position, (name, written) in enumerate(zip(columns, tableau.colonnes, strict=True)):
        if not written:
            continue
        place = tableau.ou(tableau.ligne_entete, written)
        if name in seen:
            anomalies.append(_double(written, place))
        elif fold(name) not in expected:
            anomalies.append(_unknown(written, place, expected.values(), attendu))
        seen.setdefault(name, position)
    anomalies += [
        Anomalie(
            f"la colonne « {name} » manque",
            tableau.ou(tableau.ligne_entete),
            listing([column for column in tableau.colonnes if column], "et"),
            f"une colonne « {name} »",
            "ajoutez cette colonne",
        )
        for name in requises
        if name not in seen
    ]
    places = {name: position for name, position in seen.items() if fold(name) in expected}
    lignes = tuple(replace(ligne, places=places) for ligne in tableau.lignes)
    return replace(tableau, colonnes=columns, lignes=lignes).with_anomalies(anomalies)


def duplicate_rows(
    tableau: Tableau, colonnes: Sequence[str], cle: Callable[[Ligne], tuple[str, ...] | None] | None = None
) -> list[Anomalie]:
    """One anomaly a row whose key was already read. `cle` gives the key of a row, None for a row without one."""
    first: dict[tuple[str, ...], int] = {}
    anomalies = []
    for ligne in tableau:
        key = cle(ligne) if cle else tuple(ligne[colonne] for colonne in colonnes)
        if key is None:
            continue
        if key in first:
            anomalies.append(_duplicate(tableau, ligne, colonnes, key, first[key]))
        first.setdefault(key, ligne.numero)
    return anomalies


def _duplicate(
    tableau: Tableau, ligne: Ligne, colonnes: Sequence[str], key: tuple[str, ...], premiere: int
) -> Anomalie:
    shown: Mapping[str, str] = dict(zip(colonnes, key, strict=True))
    return Anomalie(
        f"cette ligne répète la ligne {premiere}",
        tableau.ou(ligne),
        ", ".join(f"{colonne} « {value} »" for colonne, value in shown.items() if value),
        "une seule ligne pour " + listing((f"« {colonne} »" for colonne in colonnes), "et"),
        "gardez la bonne ligne et retirez l'autre",
    )


def _double(written: str, place: str) -> Anomalie:
    return Anomalie(
        f"la colonne « {written} » est écrite deux fois",
        place,
        "",
        "une seule fois chaque colonne",
        "retirez l'une des deux",
    )


def _unknown(written: str, place: str, expected: Iterable[str], attendu: str) -> Anomalie:
    names = list(expected)
    proche = closest(written, names)
    return Anomalie(
        f"la colonne « {written} » est inconnue",
        place,
        written,
        attendu or "l'une des colonnes " + listing(names, most=16),
        f"écrivez « {proche} » ?" if proche else "retirez cette colonne ou corrigez son nom",
    )
