"""What training tables write the same way on screen and in documents: durations, costs, audiences, « à demander »."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ..diagnostics.petits_effectifs import MASQUE
from . import formats
from .charts import Chart, coverage_bars
from .tables import Column, Columns, lines, table

A_DEMANDER = "à demander"


def asked(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame with « à demander » where these numbers are unknown: a course whose length was not given has one."""
    return frame.assign(
        **{name: frame[name].astype("object").where(frame[name].notna(), A_DEMANDER) for name in columns}
    )


def hours(value: object) -> str:
    """« 6 h », « 1,5 h »; a text, such as « à demander », stays."""
    if isinstance(value, str):
        return value
    if formats.is_absent(value):
        return A_DEMANDER
    exact = float(str(value))
    return f"{formats.count(exact) if exact == round(exact) else formats.number(exact)}{formats.NBSP}h"


def duration(low: object, high: object) -> str:
    """« de 6 h à 8 h »; an individual path has no hours."""
    if formats.is_absent(high):
        return "individuelle"
    return hours(low) if low == high else f"de {hours(low)} à {hours(high)}"


def money(value: object) -> str:
    """« 1 200 € »; a text stays."""
    return str(value) if isinstance(value, str) else f"{formats.number(value, 0)}{formats.NBSP}€"


def code_list(value: object) -> str:
    """Ids or audiences of a cell, separated by commas."""
    return ", ".join(str(value).replace(",", " ").split())


def month(value: object) -> str:
    """« décembre 2026 » from « 2026-12 »."""
    return formats.month_year(f"{value}-01")


def audience(labels: Mapping[str, str]) -> Callable[[object], str]:
    """A formatter that writes the labels of the audiences of a cell; any other text stays."""

    def write(value: object) -> str:
        codes = str(value).replace("+", " ").split()
        return " ; ".join(labels.get(code, code) for code in codes) if {*codes} & {*labels} else str(value)

    return write


def aimed(cell: object) -> dict[str, tuple[int, int]]:
    """Competence → (lowest, highest) level of a cell such as « B1:2-3 C1:2 »."""
    found = {}
    for part in str(cell).split():
        competence, _, levels = part.partition(":")
        low, _, high = levels.partition("-")
        found[competence] = (int(low), int(high or low))
    return found


def level_words(low: int, high: int) -> str:
    """« niveau 3 », « niveaux 2 à 4 »."""
    return f"niveau {high}" if low == high else f"niveaux {low} à {high}"


def left_by_reason(frame: pd.DataFrame) -> list[tuple[int, list[str], str]]:
    """(rank, competences, reason) of the needs left, most urgent first: needs left for one reason are said together.

    `frame`: table `non_couverts` of the plan. A competence is written with its label.
    """
    groups: dict[tuple[int, str], list[str]] = {}
    for line in lines(frame):
        groups.setdefault((int(line.rang), line.motif), []).append(f"{line.competence} {line.libelle}")
    return [(rang, list(dict.fromkeys(names)), motif) for (rang, motif), names in groups.items()]


def covered_by_competence(frame: pd.DataFrame) -> pd.DataFrame:
    """competence, libelle, besoin, couvert: needs that may be printed, all audiences together.

    `frame`: table `couverture` of the plan.
    """
    shown = frame[frame["etat"] != MASQUE]
    shown = shown.assign(couvert=shown["besoin"] - shown["reste"])
    return shown.groupby(["competence", "libelle"], sort=False)[["besoin", "couvert"]].sum().reset_index()


def coverage_chart(frame: pd.DataFrame, labels: Mapping[str, str]) -> Chart:
    """Needs covered, competence by competence, the largest first. `frame`: table `couverture` of the plan."""
    needs = covered_by_competence(frame).sort_values("besoin", ascending=False, kind="stable")
    needs = needs.assign(libelle=needs["competence"] + " " + needs["libelle"], reste=needs["besoin"] - needs["couvert"])
    columns: Columns = [
        Column("libelle", "Compétence", wide=True),
        Column("besoin", "Besoins"),
        Column("couvert", "Couverts"),
        Column("reste", "Restants"),
    ]
    listed = table(needs, columns, "Besoins couverts, par compétence", labels, hidden_caption=True)
    whole = int((needs["reste"] == 0).sum())
    several = "compétences sont entièrement couvertes"
    lecture = f"{formats.plural(whole, 'compétence est entièrement couverte', several)} sur {len(needs)}"
    return coverage_bars(needs, f"{lecture}, parmi les besoins publiés.", listed)


def levels(cell: object) -> str:
    """« B1 (niveaux 2 à 3), C1 (niveau 2) », or the competences alone when no level is asked for."""
    if ":" not in str(cell):
        return code_list(cell)
    return ", ".join(f"{name} ({level_words(*found)})" for name, found in aimed(cell).items())


def bounded(value: object) -> str:
    """Seats of a session; what may be followed at any time has no limit."""
    return str(value) if isinstance(value, str) else formats.count(value)


def points(value: object) -> str:
    """A difference between two rates: « 5 points »."""
    return formats.ABSENT if formats.is_absent(value) else formats.plural(round(100 * float(str(value))), "point")


def at_least(value: object) -> str:
    """A total to which some providers have not answered yet."""
    return str(value) if isinstance(value, str) else f"au moins {money(value)}"


def partial_cost(resultat: Any) -> bool:
    """True when a module of the plan has no known cost. `resultat`: ResultatPlanFormation."""
    return any(constat.code == "COUT_INCONNU" for constat in resultat.constats)
