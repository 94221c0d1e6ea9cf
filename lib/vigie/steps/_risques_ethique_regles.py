"""The rules of all uses in one list, and their table with owner, proof and legal base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..rendering.formats import long_date
from ..rendering.html import Content, element, join
from ..rendering.tables import Column, Columns, Table, as_is, lines, table

UNREAD = "*"
UNREAD_NOTE = "* : base ou date d'application qui n'a pas été lue dans le texte même ; voir l'annexe des bases."


def rule_table(
    regles: pd.DataFrame, bases: pd.DataFrame, codes: Mapping[str, str], labels: Mapping[str, str], caption: str
) -> Table:
    """Rules with who answers for them, what proves them and the law; a base not read in the text itself is starred."""
    unread = set(bases.loc[bases["confiance"] != "texte", "base"])
    frame = pd.DataFrame(
        {
            "regle": regles["regle"],
            "libelle": [_rule(line, codes) for line in lines(regles)],
            "responsable": regles["responsable"],
            "preuve": [_proof(line) for line in lines(regles)],
            "bases": [_cite(str(cell), unread) for cell in regles["bases"]],
        },
        dtype="object",
    )
    columns: Columns = [
        Column("regle", "N°"),
        Column("libelle", "Règle", as_is, wide=True),
        Column("responsable", "Qui en répond"),
        Column("preuve", "Preuve attendue", as_is),
        Column("bases", render=as_is),
    ]
    cited = {name for cell in regles["bases"] for name in str(cell).split()}
    return table(frame, columns, caption, labels, [UNREAD_NOTE] if cited & unread else [])


def short_rule_table(regles: pd.DataFrame, caption: str, labels: Mapping[str, str]) -> Table:
    """Rules by name and owner alone, for a reminder."""
    columns: Columns = [
        Column("regle", "N°"),
        Column("libelle", "Règle", wide=True),
        Column("responsable", "Qui en répond"),
    ]
    return table(regles, columns, caption, labels)


def _rule(line: Any, codes: Mapping[str, str]) -> Content:
    """The rule, then in small where it applies, its nature, its moment and when it becomes due."""
    facts = [
        f"pour {', '.join(line.cas.split())}" if line.cas else "toute la structure",
        codes.get(line.caractere, line.caractere).lower(),
        codes.get(line.moment, line.moment).lower(),
    ]
    if line.echeance:
        facts.append(f"exigible le {long_date(line.echeance)}")
    return join([line.libelle, element("span", " ; ".join(facts), class_="vg-precision")])


def _proof(line: Any) -> Content:
    given = f"prouvée par : {line.preuve_fournie}" if line.preuve_fournie else "prouvée"
    return join([line.preuve, element("span", given if line.prouvee else "à prouver", class_="vg-precision")])


def _cite(cell: str, unread: set[str]) -> Content:
    names = (f"{name}{UNREAD if name in unread else ''}" for name in cell.split())
    return join((element("span", name, class_="vg-court") for name in names), ", ")
