"""What the figures of a campagne would tell beside those of the campagne before: the needs of the few who came or left.

A need of today minus the need of then is the need of those who came, less that of those who left, whenever the people
of both campagnes count together as many needs in one as in the other. When those who came or left are too few, or of
one kind, the competence is masked today, what was printed then being impossible to take back: all of it when its total
tells them, else its lines by audience only.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..referentiels import Referentiels
from .petits_effectifs import MASQUE, may_print

QUI = ["agent", "competence"]
TOUS, RESTE = -1, -2
"""The group that holds every audience; that of the audiences masked then, which the total less the lines gives."""


def told_by_difference(
    avant: pd.DataFrame, maintenant: pd.DataFrame, synthese_avant: pd.DataFrame, referentiels: Referentiels
) -> tuple[frozenset[int], frozenset[int]]:
    """Positions of the competences to mask today: whole, and by audience (the former are among the latter).

    Frames: see `people`; `synthese_avant`: what was printed then.
    """
    cotation = referentiels.competences.cotation
    groupes = printed_groups(synthese_avant, referentiels)
    cotes = [_by_group(frame, groupes) for frame in (avant, maintenant)]
    paires = cotes[0].merge(cotes[1], on=[*QUI, "groupe"], how="outer", suffixes=("_avant", ""), indicator=True)
    reste = paires["_merge"] == "both"
    besoins = paires[["manque_avant", "manque"]].fillna(0).astype("int64")
    vues = pd.DataFrame(
        {
            "competence": paires["competence"],
            "groupe": paires["groupe"],
            "avant": (paires["_merge"] != "right_only").astype("int64"),
            "mobiles": (~reste).astype("int64"),
            "besoin": besoins.sum(axis=1).where(~reste, 0),
            "change": (besoins["manque"] - besoins["manque_avant"]).where(reste, 0),
        }
    )
    sommes = vues.groupby(["competence", "groupe"]).sum()
    sommes = sommes[(sommes["avant"] > 0) & (sommes["mobiles"] > 0) & (sommes["change"] == 0)]
    regles = cotation.seuil_effectif, cotation.seuil_homogene
    told = [
        row for row in sommes.reset_index().to_dict("records") if not may_print(row["mobiles"], row["besoin"], *regles)
    ]
    whole = frozenset(int(row["competence"]) for row in told if row["groupe"] == TOUS)
    return whole, frozenset(int(row["competence"]) for row in told)


def people(lignes: pd.DataFrame, agents: pd.DataFrame) -> pd.DataFrame:
    """One row an agent and a competence whose level is known: agent (id), competence, public, manque."""
    connues = lignes[lignes["actuel"].notna()]
    places = connues["agent"].to_numpy()
    return pd.DataFrame(
        {
            "agent": agents["agent"].to_numpy()[places],
            "competence": connues["competence"].to_numpy(),
            "public": agents["public"].to_numpy()[places],
            "manque": (connues["ecart"] >= 1).to_numpy(),
        }
    )


def printed_groups(synthese: pd.DataFrame, referentiels: Referentiels) -> Mapping[tuple[int, str], int]:
    """(competence, audience) → row of the synthesis that printed it."""
    positions = {one.id: place for place, one in enumerate(referentiels.competences.competences)}
    return {
        (positions[str(row["competence"])], public): rang
        for rang, row in enumerate(synthese.to_dict("records"))
        if row["etat"] != MASQUE
        for public in str(row["publics_regroupes"] or row["public"]).split()
    }


def _by_group(frame: pd.DataFrame, groupes: Mapping[tuple[int, str], int]) -> pd.DataFrame:
    """Each row once for the whole, and once more for the printed group of its audience, or for the rest."""
    cles = zip(frame["competence"], frame["public"], strict=True)
    propre = frame.assign(groupe=[groupes.get((int(one), public), RESTE) for one, public in cles])
    whole = frame.assign(groupe=TOUS)
    return pd.concat([whole, propre])[[*QUI, "groupe", "manque"]]
