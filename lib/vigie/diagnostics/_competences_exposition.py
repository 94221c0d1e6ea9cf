"""Exposure of job families to AI, from the ratings of their tasks to their impact (knowledge: competences, C.1).

One rating is what one person said of the tasks of one job. Ratings are never averaged: the highest class is kept until
the workshop, and the figures shown are those of the rating that gave it, so that X = Σ w·s can be redone by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from ..dossier import Dossier, Etat
from ..referentiels.competences import CotationExposition, Metier, Metiers
from .cadres import frame_of
from .chiffres import TOLERANCE
from .petits_effectifs import hide_counts

METIERS = {
    "metier": "str",
    "libelle": "str",
    "effectif": "float64",  # NaN when masked
    "effectif_masque": "bool",
    "exposition": "float64",  # X of the rating kept, NaN without rating
    "ecart_type": "float64",
    "classe_depart": "str",
    "classe_cotee": "str",  # the highest class among the ratings
    "classe_autre": "str",  # the furthest other class to show beside, "" if none
    "classe": "str",
    "source": "str",  # cotation, a_confirmer, depart, mandat
    "impact": "str",
    "impact_motif": "str",
    "cotations": "int64",
    "public": "str",
    "vigilance": "str",
}
TACHES = {
    "metier": "str",
    "tache": "str",
    "libelle": "str",
    "part": "float64",
    "note": "float64",
    "nature": "str",
    "cotations": "int64",
}
COTATION, A_CONFIRMER, DEPART, MANDAT = "cotation", "a_confirmer", "depart", "mandat"
HUMAIN = "H"
"""Nature of a task that is human by principle: a decision, listening, negotiating."""


@dataclass(frozen=True)
class Exposition:
    """`cotations`: one row a usable rating (metier, cotation, exposition, ecart_type, rang, classe, ids).

    `incompletes`: job families some of whose ratings were left aside because too few tasks were rated.
    `parts_ramenees`: job families some of whose shares of time did not sum to 1 and were brought back to it.
    """

    metiers: pd.DataFrame
    taches: pd.DataFrame
    cotations: pd.DataFrame
    incompletes: tuple[str, ...]
    parts_ramenees: tuple[str, ...]


def rate_exposure(dossier: Dossier, agents: pd.DataFrame, mois_structure: float) -> Exposition:
    """Rates the job families present in the structure; all of the referentiel when nothing is known of it.

    `agents` (metier, mois): one row an agent, mandates included; `mois` is the number of months before their tool
    opens. `mois_structure` holds for a job without agents, NaN without date.
    """
    referentiel = dossier.referentiels.metiers
    notes = read_ratings(dossier.answers("competences"), referentiel)
    lignes, incompletes = _complete(notes, referentiel)
    lignes, ramenees = _weigh(lignes)
    cotations = _score(lignes, referentiel)
    presents = _present(referentiel, agents, cotations)
    rows = _metier_rows(presents, dossier.referentiels.metiers, agents, cotations, mois_structure)
    metiers = frame_of(_hide(rows, dossier.referentiels.competences.cotation.seuil_effectif), METIERS)
    taches = frame_of(_tache_rows(presents, lignes, cotations), TACHES)
    return Exposition(metiers, taches, cotations, incompletes, ramenees)


def read_ratings(reponses: pd.DataFrame, referentiel: Metiers) -> pd.DataFrame:
    """One row a task of a rating: metier, cotation, tache, id, etat, note, part, nature, ids.

    Jobs that are never rated and jobs unknown to the referentiel are left out. `nature` is the referentiel's when the
    rating does not say; a task that the referentiel holds for human stays human.
    """
    cotables = {metier.id: metier for metier in referentiel.metiers if not metier.jamais_cote}
    rows = reponses[reponses["mesure"].isin(["note", "part", "nature"]) & reponses["objet"].isin(list(cotables))]
    rows = rows.rename(columns={"objet": "metier", "repondant": "cotation", "cible": "tache"}).sort_values("id")
    key = ["metier", "cotation", "tache"]
    rows = rows.drop_duplicates([*key, "mesure"], keep="last")
    valued = rows[rows["etat"] == Etat.NIVEAU]
    notes = rows.loc[rows["mesure"] == "note", [*key, "role", "id", "etat", "niveau"]]
    parts = valued.loc[valued["mesure"] == "part", [*key, "niveau"]].rename(columns={"niveau": "part"})
    natures = valued.loc[valued["mesure"] == "nature", [*key, "choix"]].rename(columns={"choix": "nature"})
    lignes = (
        notes.rename(columns={"niveau": "note"}).merge(parts, on=key, how="left").merge(natures, on=key, how="left")
    )
    humaines = [tache.id for metier in cotables.values() for tache in metier.taches if tache.humain]
    lignes["nature"] = lignes["nature"].fillna("").mask(lignes["tache"].isin(humaines), HUMAIN)
    plafond = referentiel.cotation.plafond_humain
    capped = lignes["note"].where(lignes["nature"] != HUMAIN, lignes["note"].clip(upper=plafond))
    return lignes.assign(note=capped.where(lignes["etat"] == Etat.NIVEAU))


def classify(exposition: pd.Series, ecart_type: pd.Series, cotation: CotationExposition) -> pd.Series:
    """Class of each (X, σ): C.1, step 5."""
    conditions = [
        exposition >= cotation.seuil_tres_forte - TOLERANCE,
        exposition >= cotation.seuil_forte - TOLERANCE,
        exposition + ecart_type >= cotation.seuil_moderee_haut - TOLERANCE,
    ]
    classes = np.select(conditions, ["tres_forte", "forte", "moderee"], default="faible")
    return pd.Series(classes, index=exposition.index, dtype="str")


def _complete(lignes: pd.DataFrame, referentiel: Metiers) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leaves out tasks without object, and ratings with fewer tasks rated than a job must have.

    The minimum is `taches_minimum`, or all the tasks of a job that has fewer of them in this structure. An unknown is
    not a low note: too many of them leave the rating aside rather than lower it.
    """
    nombres = {metier.id: len(metier.taches) for metier in referentiel.metiers}
    key = [lignes["metier"], lignes["cotation"]]
    ecartees = (lignes["etat"] == Etat.SANS_OBJET).groupby(key).transform("sum")
    demandees = (lignes["metier"].map(nombres) - ecartees).clip(lower=1, upper=referentiel.cotation.taches_minimum)
    suffisant = lignes["note"].notna().groupby(key).transform("sum") >= demandees
    incompletes = tuple(sorted(lignes.loc[~suffisant, "metier"].unique()))
    return lignes[suffisant & (lignes["etat"] != Etat.SANS_OBJET)], incompletes


def _weigh(lignes: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Shares of time of each rating, over the tasks rated, summing to 1.

    Tasks without a share divide equally what the others leave; without any share, all tasks weigh the same.
    """
    key = [lignes["metier"], lignes["cotation"]]
    donnees = lignes["part"].groupby(key).transform("sum")
    absentes = lignes["part"].isna().groupby(key).transform("sum")
    reste = (1 - donnees).clip(lower=0) / absentes.clip(lower=1)
    brutes = lignes["part"].fillna(reste)
    somme = brutes.groupby(key).transform("sum")
    ramenees = lignes.loc[(somme - 1).abs() > TOLERANCE, "metier"]
    cotees = lignes["note"].notna()
    lignes, brutes = lignes[cotees], brutes[cotees]
    key = [lignes["metier"], lignes["cotation"]]
    total = brutes.groupby(key).transform("sum")
    egales = 1 / brutes.groupby(key).transform("size")
    return lignes.assign(part=(brutes / total).where(total > 0, egales)), tuple(sorted(ramenees.unique()))


def _score(lignes: pd.DataFrame, referentiel: Metiers) -> pd.DataFrame:
    """X, σ and class of each rating (C.1, steps 4 and 5), the highest of each job first."""
    key = ["metier", "cotation"]
    produit = lignes.assign(produit=lignes["part"] * lignes["note"])
    moyenne = produit.groupby(key)["produit"].transform("sum")
    produit["carre"] = lignes["part"] * (lignes["note"] - moyenne) ** 2
    scores = produit.groupby(key, as_index=False).agg(
        exposition=("produit", "sum"), variance=("carre", "sum"), role=("role", "first"), ids=("id", tuple)
    )
    scores["ecart_type"] = np.sqrt(scores["variance"])
    scores["classe"] = classify(scores["exposition"], scores["ecart_type"], referentiel.cotation)
    scores["rang"] = scores["classe"].map(class_ranks(referentiel)).astype("int64")
    ordre = {"metier": True, "rang": False, "exposition": False, "ecart_type": False, "cotation": True}
    return scores.sort_values(list(ordre), ascending=list(ordre.values()), ignore_index=True)


def class_ranks(referentiel: Metiers) -> dict[str, int]:
    """Class → its place, from the lowest to the highest."""
    return {classe.id: rang for rang, classe in enumerate(referentiel.classes)}


def _present(referentiel: Metiers, agents: pd.DataFrame, cotations: pd.DataFrame) -> list[Metier]:
    connus = set(agents["metier"]) | set(cotations["metier"])
    presents = [metier for metier in referentiel.metiers if metier.id in connus]
    return presents or list(referentiel.metiers)


def _metier_rows(
    presents: list[Metier], referentiel: Metiers, agents: pd.DataFrame, cotations: pd.DataFrame, mois_structure: float
) -> list[dict[str, Any]]:
    effectifs = agents.groupby("metier").size()
    ouvertures = agents.groupby("metier")["mois"].min()
    par_metier = {str(nom): groupe for nom, groupe in cotations.groupby("metier")}
    return [
        _metier_row(
            metier,
            referentiel,
            par_metier.get(metier.id, cotations.iloc[:0]),
            int(effectifs.get(metier.id, 0)),
            float(ouvertures.get(metier.id, mois_structure)),
        )
        for metier in presents
    ]


def _metier_row(
    metier: Metier, referentiel: Metiers, cotations: pd.DataFrame, effectif: int, mois: float
) -> dict[str, object]:
    """C.1, steps 6 and 7. `cotations`: the ratings of this job, the highest first."""
    classes = [classe.id for classe in referentiel.classes]
    rangs = class_ranks(referentiel)
    depart = metier.classe_depart or ""
    cotee = str(cotations["classe"].iloc[0]) if len(cotations) else ""
    basse = str(cotations["classe"].iloc[-1]) if len(cotations) else ""
    if metier.jamais_cote:
        classe, autre, source = "", "", MANDAT
    elif len(cotations) >= referentiel.cotation.cotations_minimales:
        classe, autre, source = cotee, basse, COTATION
    else:
        vues = sorted((nom for nom in {depart, cotee, basse} if nom), key=rangs.__getitem__)
        classe, autre = (vues[-1], vues[0]) if vues else ("", "")
        source = A_CONFIRMER if cotee else DEPART
    motifs = _raise_reasons(metier, referentiel, mois) if classe else []
    impact = classes[min(rangs[classe] + bool(motifs), len(classes) - 1)] if classe else ""
    publics: dict[str, str] = {nom.id: nom.public for nom in referentiel.classes}
    return {
        "metier": metier.id,
        "libelle": metier.libelle,
        "effectif": effectif,
        "exposition": cotations["exposition"].iloc[0] if len(cotations) else np.nan,
        "ecart_type": cotations["ecart_type"].iloc[0] if len(cotations) else np.nan,
        "classe_depart": depart,
        "classe_cotee": cotee,
        "classe_autre": autre if autre != classe else "",
        "classe": classe,
        "source": source,
        "impact": impact,
        "impact_motif": " ; ".join(motifs),
        "cotations": len(cotations),
        "public": publics.get(impact, ""),
        "vigilance": metier.vigilance,
    }


def _hide(rows: list[dict[str, Any]], seuil: int) -> list[dict[str, Any]]:
    """Headcounts under the threshold are masked, and those that the headcount of an audience would give back."""
    effectifs = {str(row["metier"]): int(row["effectif"]) for row in rows}
    publics: dict[str, list[str]] = {}
    for row in rows:
        publics.setdefault(str(row["public"]), []).append(str(row["metier"]))
    caches = hide_counts(effectifs, publics.values(), seuil)
    return [
        {
            **row,
            "effectif": np.nan if row["metier"] in caches else row["effectif"],
            "effectif_masque": row["metier"] in caches,
        }
        for row in rows
    ]


def _raise_reasons(metier: Metier, referentiel: Metiers, mois: float) -> list[str]:
    """Why the impact is one notch over the class; a tool that is already open counts as opening now."""
    limite = referentiel.cotation.releve_ouverture_mois
    motifs = []
    if metier.domaine_sensible:
        motifs.append("domaine sensible")
    if mois <= limite:
        motifs.append(f"outil en service ou ouvert sous {limite} mois")
    return motifs


def _tache_rows(presents: list[Metier], lignes: pd.DataFrame, cotations: pd.DataFrame) -> list[dict[str, object]]:
    """Tasks of each job, with the share, note and nature of the rating kept; tasks added locally come last."""
    retenues = cotations.drop_duplicates("metier", keep="first")[["metier", "cotation"]]
    retenues = lignes.merge(retenues, on=["metier", "cotation"])
    vues = {(row["metier"], row["tache"]): row for row in retenues.to_dict("records")}
    nombres: dict[tuple[str, str], int] = cast(Any, lignes.groupby(["metier", "tache"]).size().to_dict())
    rows = []
    for metier in presents:
        libelles = {tache.id: (tache.libelle, HUMAIN if tache.humain else "") for tache in metier.taches}
        locales = sorted({tache for nom, tache in nombres if nom == metier.id} - set(libelles))
        for tache, (libelle, nature) in [*libelles.items(), *((nom, (nom, "")) for nom in locales)]:
            vue = vues.get((metier.id, tache), {"part": np.nan, "note": np.nan, "nature": nature})
            rows.append(
                {
                    "metier": metier.id,
                    "tache": tache,
                    "libelle": libelle,
                    "part": vue["part"],
                    "note": vue["note"],
                    "nature": vue["nature"],
                    "cotations": nombres.get((metier.id, tache), 0),
                }
            )
    return rows
