"""Needs of the structure by competence, and what goes with them: soft skills, know-how to keep up, new profiles, dates.

A figure drawn from levels is printed when at least `seuil_effectif` people are known behind it (D.1, B.3, §4.3), and
`seuil_homogene` when they are all of one kind. Means and loads of those who have the need are about these alone: they
take as many of them, or none. A masked line does not say how many are known either, which would tell
what masks it. Headcounts follow the threshold too: see petits_effectifs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from ..referentiels import Referentiels
from ..referentiels.competences import CotationCompetences
from ._competences_agents import NOUVEAUX
from .cadres import frame_of
from .chiffres import under
from .petits_effectifs import MASQUE, PUBLIE, hide_counts, may_print

BESOINS = {
    "competence": "str",
    "libelle": "str",
    "famille": "str",
    "criticite": "int64",
    "besoin": "float64",
    "intensite": "float64",
    "charge": "float64",
    "rang": "float64",
    "confiance": "float64",
    "a_confirmer": "bool",
    "inconnus": "float64",
    "etat": "str",
}
DOUCES = {
    "competence": "str",
    "libelle": "str",
    "nature": "str",
    "effectif": "float64",
    "actuel_median": "float64",
    "part_besoin": "float64",
    "etat": "str",
}
MAINTENIR = {
    "competence": "str",
    "libelle": "str",
    "effectif": "float64",
    "niveau_median": "float64",
    "motif": "str",
}
PROFILS = {"metier": "str", "libelle": "str", "effectif": "float64", "effectif_masque": "bool", "motif": "str"}
URGENCES = {
    "public": "str",
    "effectif": "float64",
    "effectif_masque": "bool",
    "mise_en_service": "str",
    "mois": "float64",
    "urgence": "int64",
}

DERNIER_RANG = 3.0


def summarise(lignes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Figures of each group of lines, indexed by `by`: concernes, connus, requis, actuel, ecart, besoin, intensite,
    charge, rang, confiance.

    Medians and needs are over known levels only; `requis` is the upper median, so that it stays a level that exists.
    """
    manque = lignes["ecart"] >= 1
    vue = lignes[[*by, "requis", "actuel", "ecart", "priorite", "rang"]].assign(
        manque=manque, intensite=lignes["ecart"].where(manque), confiance=lignes["confiance"].where(manque)
    )
    groupes = vue.groupby(by)
    return pd.DataFrame(
        {
            "concernes": groupes.size(),
            "connus": groupes["actuel"].count(),
            **groupes[["actuel", "ecart"]].median(),
            **groupes[["manque", "priorite"]].sum().set_axis(["besoin", "charge"], axis=1),
            **groupes[["intensite", "confiance"]].mean(),
            "rang": groupes["rang"].min(),
            "requis": groupes["requis"].quantile(0.5, interpolation="higher"),
        }
    )


def figures_by(lignes: pd.DataFrame) -> list[tuple[int, dict[Any, Any]]]:
    """(position of a competence, its figures) of `summarise`."""
    figures = summarise(lignes, ["competence"])
    return list(zip(figures.index.tolist(), figures.to_dict("records"), strict=True))


def _sound(vue: Mapping[Any, Any], cotation: CotationCompetences) -> bool:
    return may_print(vue["connus"], vue["besoin"], cotation.seuil_effectif, cotation.seuil_homogene)


def enough_in_need(besoin: float, cotation: CotationCompetences) -> bool:
    """Whether what is about the people in need alone may be printed, in a group that may be."""
    return besoin == 0 or besoin >= cotation.seuil_effectif


def needs(lignes: pd.DataFrame, referentiels: Referentiels, tues: Collection[int] = ()) -> pd.DataFrame:
    """Table `besoins`: one row a competence that someone needs, in the order of the referentiel. `tues`: competences
    (positions) to mask whatever their numbers.

    The rank of a masked line stays printed (a rank 1 is acted on whatever the number of people, D.4); without any gap
    it reads 3, so that a masked line never says that nobody has one. A soft skill has no unknowns, since silence is
    a right, is never to be confirmed by a test, and shows nothing at all when masked.
    """
    cotation = referentiels.competences.cotation
    rows = []
    douces = lignes.groupby("competence")["douce"].first()
    for position, vue in figures_by(lignes):
        competence = referentiels.competences.competences[position]
        douce = bool(cast(Any, douces)[position])
        publie = _sound(vue, cotation) and position not in tues
        assez = enough_in_need(vue["besoin"], cotation)
        cache = np.nan if douce else np.nan_to_num(vue["rang"], nan=DERNIER_RANG)
        rows.append(
            {
                "competence": competence.id,
                "libelle": competence.libelle,
                "famille": competence.famille,
                "criticite": competence.criticite,
                "besoin": vue["besoin"] if publie else np.nan,
                **{nom: vue[nom] if publie and assez else np.nan for nom in ("intensite", "charge", "confiance")},
                "rang": vue["rang"] if publie else cache,
                "a_confirmer": bool(
                    publie and assez and not douce and under(vue["confiance"], cotation.confiance_a_confirmer)
                ),
                "inconnus": vue["concernes"] - vue["connus"] if publie and not douce else np.nan,
                "etat": PUBLIE if publie else MASQUE,
            }
        )
    return frame_of(rows, BESOINS)


def to_diagnose(besoins: pd.DataFrame) -> pd.DataFrame:
    """Rows of `besoins` whose levels are unknown for someone, or masked: leaving some of those out would tell why."""
    masquees = (besoins["etat"] == MASQUE) & besoins["rang"].notna()
    return besoins[(besoins["inconnus"] > 0) | masquees]


def soft_skills(lignes: pd.DataFrame, referentiels: Referentiels, tues: Collection[int] = ()) -> pd.DataFrame:
    """Table `douces`: soft skills over those who chose to answer, for the whole structure only (B.3)."""
    cotation = referentiels.competences.cotation
    rows = []
    for position, vue in figures_by(lignes[lignes["douce"]]):
        competence = referentiels.competences.competences[position]
        publie = _sound(vue, cotation) and position not in tues
        rows.append(
            {
                "competence": competence.id,
                "libelle": competence.libelle,
                "nature": competence.nature,
                "effectif": vue["connus"] if publie else np.nan,
                "actuel_median": vue["actuel"] if publie else np.nan,
                "part_besoin": vue["besoin"] / vue["connus"] if publie and vue["connus"] else np.nan,
                "etat": PUBLIE if publie else MASQUE,
            }
        )
    return frame_of(rows, DOUCES)


def skills_to_keep(lignes: pd.DataFrame, referentiels: Referentiels, tues: Collection[int] = ()) -> pd.DataFrame:
    """Table `maintenir` (F3-32): know-how marked `a_maintenir`, and competences that all those known already hold.

    `effectif`: agents known to hold the required level.
    """
    cotation = referentiels.competences.cotation
    rows = []
    for position, vue in figures_by(lignes[~lignes["douce"]]):
        competence = referentiels.competences.competences[position]
        publie = _sound(vue, cotation) and position not in tues
        if not competence.a_maintenir and not (publie and vue["besoin"] == 0):
            continue
        motif = "Savoir-faire existant à entretenir, avec ou sans écart"
        if not competence.a_maintenir:
            motif = "Niveau requis atteint par toutes les personnes positionnées"
        rows.append(
            {
                "competence": competence.id,
                "libelle": competence.libelle,
                "effectif": vue["connus"] - vue["besoin"] if publie else np.nan,
                "niveau_median": vue["actuel"] if publie else np.nan,
                "motif": motif,
            }
        )
    return frame_of(rows, MAINTENIR)


def new_profiles(agents: pd.DataFrame, metiers: pd.DataFrame, referentiels: Referentiels) -> pd.DataFrame:
    """Table `profils` (F3-07): the jobs held for new profiles, present or not, and the jobs where some agents are.

    `metiers`: the table of headcounts by job, which a count here must not complete.
    """
    seuil = referentiels.competences.cotation.seuil_effectif
    caches = set(metiers.loc[metiers["effectif_masque"], "metier"])
    tous = agents.groupby("metier").size()
    effectifs = agents[agents[NOUVEAUX]].groupby("metier").size()
    rows = []
    for metier in referentiels.metiers.metiers:
        effectif = int(effectifs.get(metier.id, 0))
        if metier.nouveau_profil or effectif:
            motif = "À mobiliser pour accompagner les agents et encadrer l'usage des outils"
            if not effectif:
                motif = "Aucun dans la structure : à désigner, à recruter ou à partager avec une autre structure"
            reste = int(tous.get(metier.id, 0)) - effectif
            cache = effectif > 0 and (effectif < seuil or 0 < reste < seuil or metier.id in caches)
            shown = {"effectif": np.nan if cache else effectif, "effectif_masque": cache}
            rows.append({"metier": metier.id, "libelle": metier.libelle, **shown, "motif": motif})
    return frame_of(rows, PROFILS)


def openings(agents: pd.DataFrame, referentiels: Referentiels) -> pd.DataFrame:
    """Table `urgences`: agents of each audience by opening date of their tool, the agents without date last.

    The headcounts of an audience and of a date are known elsewhere: neither gives a masked one back.
    """
    ordre = {definition.id: rang for rang, definition in enumerate(referentiels.niveaux_requis.publics)}
    groupes = agents.groupby(["public", "ouverture"], dropna=False)
    vues = groupes.agg(effectif=("agent", "size"), mois=("mois", "first"), urgence=("urgence", "first")).reset_index()
    vues = vues.sort_values(["public", "ouverture"], key=lambda col: col.map(ordre) if col.name == "public" else col)
    vues["mise_en_service"] = vues["ouverture"].dt.strftime("%Y-%m-%d").fillna("")
    vues = vues.reset_index(drop=True)
    sommes = [list(places) for by in ("public", "mise_en_service") for places in vues.groupby(by).groups.values()]
    seuil = referentiels.competences.cotation.seuil_effectif
    caches = hide_counts(cast("dict[int, int]", vues["effectif"].to_dict()), sommes, seuil)
    vues["effectif_masque"] = vues.index.isin(list(caches))
    vues["effectif"] = vues["effectif"].mask(vues["effectif_masque"])
    return frame_of(cast(Any, vues.to_dict("records")), URGENCES)
