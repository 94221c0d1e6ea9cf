"""Required and current levels, gaps and priorities, one row an agent and a competence (knowledge: C.3, C.4, D.1).

Everything is computed on whole columns: a structure of 100,000 agents is 4 million rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..dossier import Dossier, Etat
from ..referentiels import Referentiels
from ..referentiels.competences import Competence, Competences
from .chiffres import TOLERANCE

LIGNES = (
    "agent",  # position in the agents
    "competence",  # position in the competences of the referentiel
    "requis",
    "actuel",  # NaN when unknown
    "mode",  # position in the modes of proof, -1 when unknown
    "confiance",
    "ecart_modes",  # two modes differ by `ecart_modes_signale` levels or more
    "ecart",
    "priorite",
    "rang",  # 1 to 3 when there is a gap, NaN otherwise
    "douce",
)


def soft_families(referentiel: Competences) -> set[str]:
    return {famille.id for famille in referentiel.familles if famille.douce}


def is_soft(competence: Competence, referentiel: Competences) -> bool:
    """True for a soft skill: voluntary, never individual, never to the hierarchy (B.3)."""
    return competence.famille in soft_families(referentiel)


def measure_gaps(dossier: Dossier, agents: pd.DataFrame) -> pd.DataFrame:
    """One row an agent and a competence that is required of them (columns LIGNES). `agents`: place_in_audiences."""
    referentiels = dossier.referentiels
    requis = required_levels(agents, referentiels)
    qui, quoi = np.nonzero(requis)
    lignes = pd.DataFrame({"agent": qui, "competence": quoi, "requis": requis[qui, quoi].astype("float64")})
    actuels = current_levels(dossier.answers("competences"), agents["agent"], referentiels.competences)
    lignes = lignes.merge(actuels, on=["agent", "competence"], how="left")
    lignes["mode"] = lignes["mode"].fillna(-1).astype("int64")
    lignes["ecart_modes"] = lignes["ecart_modes"].eq(True)
    return prioritise(lignes, agents, referentiels)


def required_levels(agents: pd.DataFrame, referentiels: Referentiels) -> np.ndarray:
    """agents × competences: the highest level that an audience of the agent, or their job, asks for (C.2, C.3)."""
    competences = [competence.id for competence in referentiels.competences.competences]
    table = referentiels.niveaux_requis.requis
    requis = np.zeros((len(agents), len(competences)), dtype="int8")
    for public in referentiels.niveaux_requis.publics:
        niveaux = np.array([table.get(nom, {}).get(public.id, 0) for nom in competences], dtype="int8")
        membres = agents[public.id].to_numpy(dtype=bool)
        requis[membres] = np.maximum(requis[membres], niveaux)
    for metier in referentiels.metiers.metiers:
        if metier.requis:
            membres = (agents["metier"] == metier.id).to_numpy(dtype=bool)
            niveaux = np.array([metier.requis.get(nom, 0) for nom in competences], dtype="int8")
            requis[membres] = np.maximum(requis[membres], niveaux)
    return requis


def current_levels(reponses: pd.DataFrame, agents: pd.Series, referentiel: Competences) -> pd.DataFrame:
    """Known levels (C.4): agent, competence (positions), actuel, mode, confiance, ecart_modes.

    The most recent mode holds; when two modes differ too much, the strongest holds and the difference is flagged. A
    mode that is forbidden for soft skills is left out for them. « Ne sait pas » and silence give no row.
    """
    rows = known_positions(reponses, agents, referentiel)
    cellule = ["agent", "competence"]
    rows = rows.sort_values(["date", "confiance", "id"]).drop_duplicates([*cellule, "mode"], keep="last")
    niveaux = rows.groupby(cellule)["actuel"]
    etendue = niveaux.transform("max") - niveaux.transform("min")
    rows["ecart_modes"] = etendue >= referentiel.cotation.ecart_modes_signale
    recents = rows.drop_duplicates(cellule, keep="last")
    forts = rows.sort_values(["confiance", "date", "id"]).drop_duplicates(cellule, keep="last")
    retenus = pd.concat([recents[~recents["ecart_modes"]], forts[forts["ecart_modes"]]])
    return retenus[[*cellule, "actuel", "mode", "confiance", "ecart_modes"]]


def known_positions(reponses: pd.DataFrame, agents: pd.Series, referentiel: Competences) -> pd.DataFrame:
    """Usable answers: agent, competence, mode (positions), id, date, actuel, confiance."""
    modes = referentiel.cotation.preuves
    competences = referentiel.competences
    rows = pd.DataFrame(
        {
            "agent": pd.Index(agents).get_indexer(pd.Index(reponses["repondant"])),
            "competence": pd.Index([competence.id for competence in competences]).get_indexer(
                pd.Index(reponses["cible"])
            ),
            "mode": pd.Index([mode.id for mode in modes]).get_indexer(pd.Index(reponses["mesure"])),
            "id": reponses["id"].to_numpy(),
            "date": pd.factorize(reponses["date"], sort=True)[0],
            "actuel": reponses["niveau"].to_numpy(),
        }
    )
    connues = (reponses["etat"] == Etat.NIVEAU).to_numpy() & rows["actuel"].notna()
    rows = rows[connues & (rows[["agent", "competence", "mode"]] >= 0).all(axis=1)]
    douces = np.array([is_soft(competence, referentiel) for competence in competences], dtype=bool)
    interdits = np.array([mode.interdit_douces for mode in modes], dtype=bool)
    rows = rows.loc[~(douces[rows["competence"]] & interdits[rows["mode"]])]
    confiances = np.array([mode.confiance for mode in modes], dtype="float64")
    kept: pd.DataFrame = rows.assign(confiance=confiances[rows["mode"]])
    return kept


def prioritise(lignes: pd.DataFrame, agents: pd.DataFrame, referentiels: Referentiels) -> pd.DataFrame:
    """Adds ecart, priorite (q = e × k × u), rang and douce (D.1). An unknown current level gives none of them."""
    competences = referentiels.competences.competences
    cotation = referentiels.competences.cotation
    criticites = np.array([competence.criticite for competence in competences])[lignes["competence"]]
    douces = np.array([is_soft(nom, referentiels.competences) for nom in competences], dtype=bool)
    agent = lignes["agent"].to_numpy()
    ecart = (lignes["requis"] - lignes["actuel"]).clip(lower=0)
    priorite = ecart * criticites * agents["urgence"].to_numpy()[agent]
    exposes = agents["impact"].isin(cotation.rang1_classes) | (agents["mois"] <= cotation.rang1_ouverture_mois)
    exposes |= agents[list(cotation.rang1_publics)].any(axis=1)
    douce = douces[lignes["competence"]]
    libre = douce | (criticites == min(referentiels.competences.criticites))
    premier = (criticites == cotation.rang1_criticite) & exposes.to_numpy()[agent]
    second = priorite >= cotation.rang2_priorite - TOLERANCE
    rang = pd.Series(np.select([libre, premier, second], [3.0, 1.0, 2.0], 3.0), index=lignes.index)
    return lignes.assign(ecart=ecart, priorite=priorite, rang=rang.where(ecart >= 1), douce=douce)[list(LIGNES)]
