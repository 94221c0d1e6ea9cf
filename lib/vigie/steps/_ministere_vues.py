"""Views of what structures share: training, vigilance points, actions. They lay out the ministry's Resultat."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..rendering import formats
from ..rendering.formats import long_date, plural
from ..rendering.html import Content, element, folded, join
from ..rendering.tables import Column, Columns, as_is, lines
from ..rendering.views import View, paragraph, tabular
from .base import Etape

SHOWN = 20
"""Common actions shown at once; the rest is folded on screen and printed all the same."""
ETATS = ("absent", "inconnu", "a_renforcer", "tenu")


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
    none = "Aucun plan de formation n'est disponible."
    return View(
        tabular(etape.table(placed, shared, "Sessions des plans de formation, module par module"))
        if len(sessions)
        else paragraph(none, class_="vg-vide"),
        tabular(etape.table(asked, once, "Modules à créer ou à adapter une seule fois"))
        if len(creations)
        else paragraph("Aucune demande de module.", class_="vg-vide"),
    )


def vigilance_view(etape: Etape, names: Mapping[str, str]) -> View:
    """One row a point, one column a state, the structures named in each. `names`: structure → short name."""
    frame = etape.resultat.vigilances
    if frame.empty:
        return paragraph("Aucune restitution n'est disponible.", class_="vg-vide")
    states = frame.pivot(index="vigilance", columns="structure", values="etat")
    labels = frame.drop_duplicates("vigilance").set_index("vigilance")["libelle"]
    counts = pd.DataFrame(
        {"point": [f"{point} {labels[point]}" for point in states.index]}
        | {etat: [", ".join(_in(states.loc[point], etat, names)) for point in states.index] for etat in ETATS},
        dtype="str",
    )
    columns: Columns = [
        Column("point", "Point de vigilance", wide=True),
        *(Column(etat, etape.codes[etat], wide=True) for etat in ETATS),
    ]
    return tabular(etape.table(counts, columns, "Points de vigilance, structure par structure"))


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
