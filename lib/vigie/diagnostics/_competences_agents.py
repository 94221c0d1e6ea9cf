"""Who the agents are for this diagnosis: when their tool opens, how urgent that is, which audiences they belong to.

Mandate holders (jobs that are never rated) are counted apart: they have no required level, no audience, no gap.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from ..referentiels.competences import CotationCompetences

TOUS = "TA"
"""The audience every agent belongs to (C.3)."""
NOUVEAUX = "NP"
"""The audience of the jobs that the referentiel holds for new profiles."""


def read_agents(dossier: Dossier) -> pd.DataFrame:
    """One row an agent, by id: agent, metier, publics, categorie, site, sexe, ouverture, mois, urgence, mandat.

    `ouverture` (datetime) is the agent's own date, else the structure's; `mois` counts the months before it.
    """
    lus = dossier.agents.drop_duplicates("id").sort_values("id", ignore_index=True).rename(columns={"id": "agent"})
    agents = lus.fillna(dict.fromkeys(lus.columns, ""))
    ouverture = pd.to_datetime(agents["mise_en_service"], format="%Y-%m-%d", errors="coerce")
    par_defaut: Any = pd.to_datetime(str(dossier.structure.mise_en_service or ""), errors="coerce")
    agents["ouverture"] = ouverture.fillna(par_defaut)
    agents["mois"] = months_until(agents["ouverture"], dossier.campagne.date_reference)
    agents["urgence"] = urgency(agents["mois"], dossier.referentiels.competences.cotation)
    mandats = [metier.id for metier in dossier.referentiels.metiers.metiers if metier.jamais_cote]
    agents["mandat"] = agents["metier"].isin(mandats)
    return agents.drop(columns="mise_en_service")


def months_until(dates: pd.Series, reference: date) -> pd.Series:
    """Months from `reference` to each date, begun months counting whole; 0 or less when the date is past, NaN without.

    A date is within n months when it is not after the same day n months later (the last day of a shorter month): from
    30 November, 28 February is at 3 months and 1 March at 4.
    """
    moments = pd.to_datetime(dates)
    mois = (moments.dt.year - reference.year) * 12 + (moments.dt.month - reference.month)
    echeance = moments.dt.days_in_month.clip(upper=reference.day)
    return (mois + (moments.dt.day > echeance)).where(moments.notna()).astype("float64")


def urgency(mois: pd.Series, cotation: CotationCompetences) -> pd.Series:
    """Urgency u (D.1): the value of the first bound that the months do not pass; the open bound holds without date."""
    bornes = sorted(
        (urgence for urgence in cotation.urgences if urgence.mois_max is not None), key=lambda u: u.mois_max or 0
    )
    sinon = next(urgence.valeur for urgence in cotation.urgences if urgence.mois_max is None)
    if not bornes:
        return pd.Series(sinon, index=mois.index, dtype="int64")
    valeurs = np.select([mois <= borne.mois_max for borne in bornes], [borne.valeur for borne in bornes], sinon)
    return pd.Series(valeurs, index=mois.index, dtype="int64")


def place_in_audiences(agents: pd.DataFrame, metiers: pd.DataFrame, referentiels: Referentiels) -> pd.DataFrame:
    """Agents with required levels (mandates left out), with `impact`, one boolean column an audience, and `public`.

    The columns of the audiences are named by their ids. `public` is the one an agent is counted in: the last of their
    audiences in the order of niveaux_requis.yaml, which goes from all agents to new profiles.
    """
    concernes = agents[~agents["mandat"]].drop(columns="mandat").reset_index(drop=True)
    cotes = metiers.set_index("metier")
    concernes["impact"] = concernes["metier"].map(cotes["impact"]).fillna("").astype("str")
    par_impact = concernes["metier"].map(cotes["public"]).fillna("")
    nouveaux = [metier.id for metier in referentiels.metiers.metiers if metier.nouveau_profil]
    mots = " " + concernes["publics"] + " "
    public = pd.Series(TOUS, index=concernes.index, dtype="str")
    for definition in referentiels.niveaux_requis.publics:
        membre = (par_impact == definition.id) | mots.str.contains(f" {definition.id} ", regex=False)
        if definition.id == NOUVEAUX:
            membre |= concernes["metier"].isin(nouveaux)
        concernes[definition.id] = membre | (definition.id == TOUS)
        public = public.mask(membre, definition.id)
    return concernes.assign(public=public)
