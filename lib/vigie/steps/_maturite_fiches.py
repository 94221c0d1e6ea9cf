"""Two pieces of the maturity report that are long to lay out: the sheet of one dimension and the map of divergences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from ..diagnostics.resultat import Constat, Recommandation
from ..referentiels.maturite import Maturite
from ..rendering import charts, formats
from ..rendering.formats import count, plural, score
from ..rendering.tables import Column, Columns, Table, lines, table
from ..rendering.views import View, bullets, drawing, findings, titled

LABEL = 76
"""Length at which a statement is cut on a drawing; it is whole in the table."""
NEXT = 3
"""Actions reminded in the sheet of a dimension; all of them stand in the list of actions."""


def level_names(maturite: Maturite) -> dict[int, str]:
    return {niveau.niveau: niveau.nom for niveau in maturite.niveaux}


def dimension_sheet(
    line: Any,
    maturite: Maturite,
    constats: Sequence[Constat],
    recommandations: Sequence[Recommandation],
    labels: Mapping[str, str],
) -> View:
    """Where a dimension stands, what limits it, what lifts it. `line`: a row of `dimensions`, its label with its id."""
    frame = pd.DataFrame([{"score": line.score, "score_bas": line.score_bas, "score_haut": line.score_haut}])
    figures = table(frame, ["score", "score_bas", "score_haut"], f"Chiffres de {line.libelle}", labels)
    chart = charts.bullet(
        line.score,
        line.score_bas,
        line.score_haut,
        line.cible,
        level_names(maturite),
        _reading(line, maturite),
        figures,
    )
    parts: list[View] = [drawing(chart), findings(constats)]
    actions = [entry.action for entry in recommandations[:NEXT]]
    if actions:
        parts.append(titled("Ce qui fait passer au niveau suivant", bullets(actions), level=4))
    return titled(line.libelle, *parts)


def divergence_map(
    items: pd.DataFrame, roles: pd.DataFrame, maturite: Maturite, labels: Mapping[str, str]
) -> charts.Chart:
    """The median of each role on the items that separate roles strongly. `items`: only these."""
    seen = set(roles["role"])
    known = {role.id: role.libelle for role in maturite.roles if role.id in seen}
    medians = roles.pivot(index="item", columns="role", values="mediane")
    values = medians.reindex(index=list(items["item"]), columns=list(known))
    statements = [shorten(f"{line.item} {line.enonce}", LABEL, placeholder=" …") for line in lines(items)]
    marks = [
        f"écart {count(line.ecart_roles)}{', arbitré' if pd.notna(line.arbitrage) else ''}" for line in lines(items)
    ]
    names = level_names(maturite)
    subject = plural(len(items), "item sépare", "items séparent")
    return charts.heat_map(
        values,
        statements,
        list(known),
        (float(min(names)), float(max(names))),
        f"{subject} fortement les rôles : à discuter en atelier.",
        _divergence_table(items, values, known, labels),
        marks,
        absent="",
    )


def _reading(line: Any, maturite: Maturite) -> str:
    if pd.isna(line.score):
        return f"Aucune réponse : ni score ni niveau (cible {count(line.cible)})."
    bounds = f"fourchette de {score(line.score_bas)} à {score(line.score_haut)}"
    figures = f"score {score(line.score)}, {bounds}, cible {count(line.cible)}"
    if pd.isna(line.niveau):
        return f"Non concluant, {formats.percent(line.couverture)} du poids coté : aucun niveau affiché ({figures})."
    level = next(niveau for niveau in maturite.niveaux if niveau.niveau == int(line.niveau))
    return f"Niveau {level.niveau}, {level.nom.lower()} ({figures}). {level.definition}."


def _divergence_table(
    items: pd.DataFrame, values: pd.DataFrame, roles: Mapping[str, str], labels: Mapping[str, str]
) -> Table:
    kept = items[["item", "enonce", "arbitrage", "motif_arbitrage"]]
    frame = kept.merge(values, left_on="item", right_index=True)
    columns: Columns = ["item", Column("enonce", wide=True), *roles, "arbitrage", "motif_arbitrage"]
    legend = " ; ".join(f"{code} : {label}" for code, label in roles.items())
    return table(
        frame,
        columns,
        "Items à forte divergence, médiane par rôle",
        labels,
        [f"{legend}. Case vide du graphique : rôle non interrogé sur cet item, ou sans réponse."],
    )
