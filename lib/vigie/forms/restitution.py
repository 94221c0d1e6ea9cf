"""What a person's own answers say, at once and to them alone. Computed by the diagnostics on those answers only.

Nothing is shown for what is anonymous, or decides rather than assesses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..collecte import read_results
from ..collecte.dossier import make_dossier
from ..diagnostics import competences, risques_ethique
from ..dossier import Dossier
from ..rendering import formats
from ..rendering.formats import count
from ..rendering.tables import Column, Columns, lines, table
from ..rendering.views import View, paragraph, tabular
from ._restitution_maturite import maturity_view

if TYPE_CHECKING:
    from .seance import Seance


def render_own(seance: Seance) -> str:
    """HTML of the restitution, escaped and typeset by rendering. Raises KeyError for a form without one."""
    dossier = own_dossier(seance)
    textes = dossier.referentiels.formulaires.restitution.textes
    view = VUES[seance.genre](dossier, seance)
    return str(View(paragraph(textes["limite"], class_="vg-note"), view)._repr_mimebundle_()[0]["text/html"])


def own_dossier(seance: Seance) -> Dossier:
    """The dossier with this person and their answers, nobody else's."""
    charge, demande = seance.charge, seance.demande
    whole = make_dossier(charge, charge.structure(demande.structure), seance.campagne.id, seance.answers())
    return whole.replace(
        agents=whole.agents[whole.agents["id"] == demande.repondant].reset_index(drop=True),
        repondants=whole.repondants[whole.repondants["id"] == demande.repondant].reset_index(drop=True),
        resultats={},
    )


def _maturity(dossier: Dossier, seance: Seance) -> View:
    saved = read_results(dossier.ministere.id, dossier.campagne.id, dossier.structure.id)
    return maturity_view(dossier, seance.demande.role, saved.get("maturite", {}))


def _position(dossier: Dossier, seance: Seance) -> View:
    """Required levels beside the agent's own; soft skills are compared to nothing."""
    textes, labels = dossier.referentiels.formulaires.restitution.textes, dossier.referentiels.libelles.colonnes
    gaps = competences.diagnose(dossier).individuel
    known = gaps[gaps["actuel"].notna()]
    if known.empty:
        return paragraph(textes["rien"], class_="vg-vide")
    names = {one.id: f"{one.id} {one.libelle}" for one in dossier.referentiels.competences.competences}
    frame = known.assign(libelle=known["competence"].map(names))
    frame = frame.sort_values(["ecart", "requis"], ascending=False, kind="stable")
    short = int((frame["ecart"] > 0).sum())
    columns: Columns = [Column("libelle", labels["competence"]), "actuel", "requis", "ecart"]
    sentence = textes["competences_lecture" if short > 1 else "competences_lecture_un"]
    return View(
        paragraph(sentence.format(n=short, total=len(frame))),
        tabular(table(frame, columns, textes["competences_table"], labels)),
        paragraph(textes["competences_douces"], class_="vg-note"),
    )


def _exposure(dossier: Dossier, seance: Seance) -> View:
    textes, libelles = dossier.referentiels.formulaires.restitution.textes, dossier.referentiels.libelles
    metiers = competences.diagnose(_with_all_agents(dossier, seance)).metiers
    rated = metiers[metiers["exposition"].notna()]
    if rated.empty:
        return paragraph(textes["rien"], class_="vg-vide")
    columns = [
        Column("libelle", libelles.colonne("metier")),
        Column("exposition", render=lambda value: formats.number(value, 2)),
        Column("classe_cotee", render=lambda value: libelles.code(str(value))),
    ]
    return View(
        tabular(table(rated, columns, textes["exposition_table"], libelles.colonnes)),
        paragraph(textes["exposition_note"], class_="vg-note"),
    )


def _with_all_agents(dossier: Dossier, seance: Seance) -> Dossier:
    """Job families are those of the structure's agents: which jobs exist there, not who holds them."""
    agents = seance.charge.agents
    return dossier.replace(agents=agents[agents["structure"] == dossier.structure.id].drop(columns="structure"))


def _risks(dossier: Dossier, seance: Seance) -> View:
    textes, libelles = dossier.referentiels.formulaires.restitution.textes, dossier.referentiels.libelles
    risques = risques_ethique.diagnose(dossier).risques
    rated: pd.DataFrame = risques[risques["niveau"].notna()]
    if rated.empty:
        return paragraph(textes["rien"], class_="vg-vide")
    names = {one.id: one.libelle for one in seance.faits.cas}
    levels: dict[int, str] = {one.niveau: one.libelle for one in dossier.referentiels.methode.niveaux}
    frame = rated.assign(
        libelle=rated["risque"] + " " + rated["libelle"],
        cas=rated["cas"].map(lambda id_: names.get(id_, id_)),
        niveau_ecrit=[f"{count(level)}, {levels[int(level)]}" for level in rated["niveau"]],
    ).sort_values(["niveau", "gravite_aggravee"], ascending=False, kind="stable")
    columns: Columns = [
        Column("libelle", libelles.colonne("risque"), wide=True),
        "cas",
        "gravite",
        "vraisemblance",
        Column("niveau_ecrit", libelles.colonne("niveau")),
    ]
    high = sum(line.niveau >= dossier.referentiels.methode.niveau_p3 for line in lines(frame))
    return View(
        paragraph(textes["risques_lecture"].format(n=len(frame), hauts=high)),
        tabular(table(frame, columns, textes["risques_table"], libelles.colonnes)),
        paragraph(textes["risques_note"], class_="vg-note"),
    )


VUES: Mapping[str, Callable[[Dossier, Seance], View]] = {
    "maturite": _maturity,
    "competences": _position,
    "exposition": _exposure,
    "risques_ethique": _risks,
}
"""Kind of form → its restitution; see seance.RESTITUES."""
