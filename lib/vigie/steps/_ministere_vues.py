"""Views of what structures share: training, vigilance points, actions. They lay out the ministry's Resultat."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..diagnostics.ministere import COMMUN
from ..rendering import formats
from ..rendering.formats import long_date, plural
from ..rendering.html import Content, element, folded, join
from ..rendering.tables import Column, Columns, Table, as_is, lines
from ..rendering.views import View, paragraph, tabular
from .base import Etape

SHOWN = 20
"""Common actions shown at once; the rest is folded on screen and printed all the same."""
NOMMES, RENFORCER = ("absent", "inconnu", "tenu"), "a_renforcer"


def training_view(etape: Etape) -> View:
    """Sessions by module and place, then modules to create once."""
    sessions, creations = etape.resultat.sessions, etape.resultat.creations
    placed = sessions.assign(
        titre=[_below(line.titre, line.site) for line in lines(sessions)],
        partage=[_below(etape.codes[line.partage], line.motif) for line in lines(sessions)],
    )
    shared: Columns = [
        Column("titre", "Module, lieu", as_is, wide=True),
        "structures",
        "sessions",
        Column("inscrits", "Agents, au moins"),
        Column("masquees", "Sessions masquées"),
        Column("partage", render=as_is, wide=True),
    ]
    labels = {one.id: one.libelle for one in etape.referentiels.competences.competences}
    asked = creations.assign(
        competences=[
            " ; ".join(f"{one} {labels.get(one, one)}" for one in cell.split()) for cell in creations["competences"]
        ],
        decisions=[
            formats.enumerate_words([etape.codes.get(one, one).lower() for one in cell.split()])
            for cell in creations["decisions"]
        ],
    )
    once: Columns = [
        Column("competences", "Compétences sans module adéquat", wide=True),
        "structures",
        Column("effectif", "Agents, au moins"),
        Column("masquees", "Demandes masquées"),
        Column("decisions", "Demandé"),
        Column("echeance", "Première échéance", long_date),
    ]
    parts: list[Content | View] = []
    common = placed[placed["structures"] >= COMMUN]
    if len(sessions):
        parts.append(tabular(_by_module(etape)))
    if len(common):
        parts.append(tabular(etape.table(common, shared, "Sessions de plusieurs structures au même lieu")))
    rest = placed[placed["structures"] < COMMUN]
    if len(rest):
        title = f"{plural(len(rest), 'autre lieu de session', 'autres lieux de session')}, d'une seule structure"
        parts.append(View(folded(title, etape.table(rest, shared, "Sessions d'une seule structure").to_html())))
    if not parts:
        parts.append(paragraph("Aucun plan de formation n'est disponible.", class_="vg-vide"))
    if len(creations):
        parts.append(tabular(etape.table(asked, once, "Modules à créer ou à adapter une seule fois")))
    else:
        parts.append(paragraph("Aucune demande de module.", class_="vg-vide"))
    return View(*parts)


def _by_module(etape: Etape) -> Table:
    """Agents to train by module, all places together."""
    columns: Columns = [
        Column("titre", "Module", wide=True),
        "structures",
        "sessions",
        Column("inscrits", "Agents, au moins"),
        Column("masquees", "Sessions masquées"),
    ]
    return etape.table(etape.resultat.modules, columns, "Agents à former, module par module")


def vigilance_view(etape: Etape, names: Mapping[str, str]) -> View:
    """One row a point: who is absent, unknown or held, by name; how many have to strengthen it. `names`: structure →
    short name."""
    frame = etape.resultat.vigilances
    if frame.empty:
        return paragraph("Aucune restitution n'est disponible.", class_="vg-vide")
    states = frame.pivot(index="vigilance", columns="structure", values="etat")
    labels = frame.drop_duplicates("vigilance").set_index("vigilance")["libelle"]
    listed = pd.DataFrame(
        {"point": [f"{point} {labels[point]}" for point in states.index]}
        | {etat: [", ".join(_in(states.loc[point], etat, names)) for point in states.index] for etat in NOMMES},
        dtype="str",
    ).assign(**{RENFORCER: states.eq(RENFORCER).sum(axis=1).to_numpy()})
    columns: Columns = [
        Column("point", "Point de vigilance", wide=True),
        *(Column(etat, etape.codes[etat]) for etat in NOMMES),
        Column(RENFORCER, f"{etape.codes[RENFORCER]}, structures"),
    ]
    return tabular(etape.table(listed, columns, "Points de vigilance, structure par structure"))


def common_actions_view(etape: Etape) -> View:
    """Actions of the same key in several feuilles de route."""
    frame = etape.resultat.actions
    if frame.empty:
        return paragraph("Aucune action commune.", class_="vg-vide")
    roles = {role.id: role.libelle for role in etape.referentiels.maturite.roles}
    frame = frame.assign(pilote=[roles.get(one, one) for one in frame["pilote"]])
    columns: Columns = [
        Column("action", wide=True),
        "priorite",
        "structures",
        "pilote",
        Column("echeance", "Première échéance", long_date),
    ]
    head, rest = frame.head(SHOWN), frame.iloc[SHOWN:]
    caption = "Actions de plusieurs feuilles de route"
    parts: list[Content | View] = [tabular(etape.table(head, columns, caption))]
    if len(rest):
        parts.append(View(folded(plural(len(rest), "autre action"), etape.table(rest, columns, "Suite").to_html())))
    return View(*parts)


def _below(text: str, detail: str) -> Content:
    return join([text, element("span", detail, class_="vg-precision")]) if detail else text


def _in(states: pd.Series, etat: str, names: Mapping[str, str]) -> list[str]:
    return [name for structure, name in names.items() if states.get(structure) == etat]
