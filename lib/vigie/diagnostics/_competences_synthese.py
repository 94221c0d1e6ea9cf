"""The synthesis handed to the training service: competence × audience, with the small groups protected (D.1).

Soft skills are left out: they are only given for the whole structure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from ..referentiels import Referentiels
from ..referentiels.competences import Competences
from ._competences_besoins import enough_in_need, summarise
from .cadres import frame_of
from .petits_effectifs import MASQUE, group_audiences

SYNTHESE = {
    "competence": "str",
    "libelle": "str",
    "public": "str",
    "publics_regroupes": "str",  # every audience of the line, "" when it is alone
    "requis": "float64",
    "actuel_median": "float64",
    "ecart_median": "float64",
    "effectif": "float64",  # agents of whom the competence is required
    "besoin": "float64",
    "rang": "float64",
    "confiance": "float64",
    "etat": "str",
}
INDIVIDUEL = {
    "agent": "str",
    "competence": "str",
    "public": "str",
    "requis": "float64",
    "actuel": "float64",
    "mode": "str",
    "confiance": "float64",
    "ecart": "float64",
    "urgence": "int64",
    "priorite": "float64",
    "rang": "float64",
    "signalement": "str",
}
DIAGNOSTIC_COURT, ECART_MODES = "diagnostic_court", "ecart_modes"


def synthesise(
    lignes: pd.DataFrame, agents: pd.DataFrame, referentiels: Referentiels, tues: Collection[int] = ()
) -> pd.DataFrame:
    """Table `synthese`: one row a competence and a group of audiences.

    A group counts as many people as have a known level: unknowns protect nobody. What is required of an audience is
    a rule, not a result: it stays printed on masked lines.
    """
    publics: list[str] = [definition.id for definition in referentiels.niveaux_requis.publics]
    position = pd.Index(publics).get_indexer(pd.Index(agents["public"]))
    vue = lignes[~lignes["douce"]]
    vue = vue.assign(public=position[vue["agent"]])
    figures = summarise(vue, ["competence", "public"])[["connus", "besoin"]]
    plan = _plan(figures, publics, referentiels.competences, tues)
    table = np.full((len(referentiels.competences.competences), len(publics)), -1)
    for (competence, groupe), (membres, _) in plan.items():
        table[competence, list(membres)] = groupe
    vue = vue.assign(groupe=table[vue["competence"], vue["public"]])
    figures = summarise(vue, ["competence", "groupe"])
    told = zip(figures.index.tolist(), figures.to_dict("records"), strict=True)
    rows = [_row(figure, key, plan[key], publics, referentiels.competences) for key, figure in told]
    return frame_of(rows, SYNTHESE)


Plan = dict[tuple[int, int], tuple[tuple[int, ...], str]]
"""(competence, first audience of the group) → audiences of the group, etat. All are positions."""


def _plan(figures: pd.DataFrame, publics: list[str], referentiel: Competences, tues: Collection[int]) -> Plan:
    """`figures`: known levels and needs of each (competence, audience). `tues`: competences to mask whole."""
    cotation = referentiel.cotation
    connus: dict[int, dict[str, int]] = {}
    besoins: dict[int, dict[str, int]] = {}
    for (competence, public), nombre, besoin in cast(Any, figures.itertuples(name=None)):
        connus.setdefault(int(competence), {})[publics[int(public)]] = int(nombre)
        besoins.setdefault(int(competence), {})[publics[int(public)]] = int(besoin)
    plan: Plan = {}
    regles = (publics, cast(Any, cotation.voisins), cotation.seuil_effectif)
    for competence, nombres in connus.items():
        if competence in tues:
            plan |= {(competence, publics.index(public)): ((publics.index(public),), MASQUE) for public in nombres}
            continue
        for groupe in group_audiences(nombres, *regles, besoins[competence], cotation.seuil_homogene):
            membres = tuple(publics.index(public) for public in groupe.publics)
            plan[competence, membres[0]] = (membres, groupe.etat)
    return plan


def _row(
    figures: Mapping[Any, Any],
    key: tuple[int, int],
    groupe: tuple[tuple[int, ...], str],
    publics: list[str],
    referentiel: Competences,
) -> dict[str, object]:
    competence = referentiel.competences[key[0]]
    membres, etat = groupe
    masque = etat == MASQUE
    assez = enough_in_need(figures["besoin"], referentiel.cotation)
    return {
        "competence": competence.id,
        "libelle": competence.libelle,
        "public": publics[key[1]],
        "publics_regroupes": " ".join(publics[membre] for membre in membres) if len(membres) > 1 else "",
        "requis": figures["requis"],
        "actuel_median": np.nan if masque else figures["actuel"],
        "ecart_median": np.nan if masque else figures["ecart"],
        "effectif": np.nan if masque else figures["concernes"],
        "besoin": np.nan if masque else figures["besoin"],
        "rang": np.nan if masque else figures["rang"],
        "confiance": figures["confiance"] if assez and not masque else np.nan,
        "etat": etat,
    }


def individual_lines(lignes: pd.DataFrame, agents: pd.DataFrame, referentiels: Referentiels) -> pd.DataFrame:
    """Table `individuel`, for the training service alone: one row an agent and a required competence, none soft."""
    vue = lignes[~lignes["douce"]]
    agent = vue["agent"].to_numpy()
    modes = [*(mode.id for mode in referentiels.competences.cotation.preuves), ""]
    signalement = np.select([vue["actuel"].isna(), vue["ecart_modes"]], [0, 1], 2)
    return pd.DataFrame(
        {
            "agent": agents["agent"].take(agent).array,
            "competence": _named([item.id for item in referentiels.competences.competences], vue["competence"]),
            "public": agents["public"].take(agent).array,
            "requis": vue["requis"].array,
            "actuel": vue["actuel"].array,
            "mode": _named(modes, vue["mode"]),
            "confiance": vue["confiance"].array,
            "ecart": vue["ecart"].array,
            "urgence": agents["urgence"].take(agent).array,
            "priorite": vue["priorite"].array,
            "rang": vue["rang"].array,
            "signalement": _named([DIAGNOSTIC_COURT, ECART_MODES, ""], signalement),
        }
    ).astype(INDIVIDUEL)


def _named(names: list[str], positions: pd.Series | np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The name at each position; -1 is the last."""
    return pd.array(names, dtype="str").take(np.asarray(positions) % len(names))
