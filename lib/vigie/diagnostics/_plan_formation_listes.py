"""Sessions, and who is enrolled in each. The list of enrolments names agents: it goes to the training service alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ._plan_formation_analyse import Analyse
from ._plan_formation_seances import A_DISTANCE, Seance
from .cadres import frame_of
from .chiffres import INCONNU, TOLERANCE
from .petits_effectifs import MASQUE, group_audiences

SESSIONS = {
    "session": "str",
    "module": "str",
    "site": "str",
    "mois": "str",
    "places": "float64",  # NaN = at any time
    "inscrits": "float64",
    "cout": "float64",
    "motif": "str",
    "etat": "str",
}
INSCRIPTIONS = {
    "agent": "str",
    "session": "str",  # "" = waiting for a seat
    "module": "str",
    "parcours": "str",
    "rang": "float64",
    "priorite": "float64",
    "site": "str",
    "date_limite": "str",
}
EN_LIGNE = "À distance"


def session_names(analyse: Analyse) -> list[str]:
    """« S-01 », « S-02 »… in the order of the plan."""
    nombre = len(analyse.retenu.plan.seances)
    return [f"S-{rang:0{max(2, len(str(nombre)))}d}" for rang in range(1, nombre + 1)]


def session_table(analyse: Analyse) -> pd.DataFrame:
    """Sessions of the plan proposed. Numbers of people under the threshold are masked, and as many more as needed so
    that none can be deduced from the total hours."""
    tenues = dict(zip(session_names(analyse), analyse.retenu.plan.seances, strict=True))
    effectifs = {nom: len(seance.inscrits) for nom, seance in tenues.items()}
    etats = {groupe.publics[0]: groupe.etat for groupe in group_audiences(effectifs, [*tenues], {}, analyse.seuil)}
    return frame_of((_session(analyse, nom, seance, etats[nom]) for nom, seance in tenues.items()), SESSIONS)


def _session(analyse: Analyse, nom: str, seance: Seance, etat: str) -> Mapping[str, Any]:
    publie = etat != MASQUE
    places = INCONNU if seance.places is None else float(seance.places)
    inscrits = float(len(seance.inscrits))
    return {
        "session": nom,
        "module": analyse.offre.id(seance.module),
        "site": EN_LIGNE if seance.lieu == A_DISTANCE else seance.lieu,
        "mois": analyse.donnees.calendrier.mois[seance.mois],
        "places": places,
        "inscrits": inscrits if publie else INCONNU,
        "cout": _cost(analyse, seance, inscrits if publie else places),
        "motif": _note(analyse, seance, publie),
        "etat": etat,
    }


def _cost(analyse: Analyse, seance: Seance, comptes: float) -> float:
    """Euros; NaN when the provider did not say. A masked session is counted full, so that it says nothing."""
    couts = np.array([analyse.offre.column(name)[seance.module] for name in ("cout_session", "cout_place")])
    if np.isnan(couts).all():
        return INCONNU
    par_seance, par_place = np.nan_to_num(couts)
    return float(par_seance + (par_place * comptes if par_place else 0.0))


def _note(analyse: Analyse, seance: Seance, publie: bool) -> str:
    if seance.places is None:
        return "À suivre à tout moment, sur le temps de travail"
    if not publie and analyse.offre.column("cout_place")[seance.module] > 0:
        return "Coût compté pour une séance pleine"
    return ""


def enrolment_table(analyse: Analyse) -> pd.DataFrame:
    """Who follows what, then who waits for a seat in a planned module."""
    pairs = [
        (agent, nom, seance.module)
        for nom, seance in zip(session_names(analyse), analyse.retenu.plan.seances, strict=True)
        for agent in seance.inscrits
    ]
    pairs += [(agent, "", module) for agent, module in _waiting(analyse)]
    if not pairs:
        return frame_of([], INSCRIPTIONS)
    agent, session, module = (np.array(column) for column in zip(*pairs, strict=True))
    rang, priorite = _served(analyse)
    personnes = analyse.besoins.agents.iloc[agent].reset_index(drop=True)
    limite = personnes["limite"].dt.strftime("%Y-%m-%d").fillna("")
    columns = {
        "agent": personnes["agent"],
        "session": session,
        "module": analyse.offre.column("id")[module],
        "parcours": personnes["parcours"],
        "rang": rang[module, agent],
        "priorite": priorite[module, agent],
        "site": personnes["site"],
        "date_limite": limite,
    }
    frame = pd.DataFrame(columns, columns=list(INSCRIPTIONS)).astype(INSCRIPTIONS)
    cles = frame.assign(attente=frame["session"].eq(""), dernier=frame["date_limite"].eq(""))
    ordre = cles.sort_values(["attente", "session", "rang", "dernier", "date_limite", "agent"]).index
    return frame.loc[ordre].reset_index(drop=True)


def _served(analyse: Analyse) -> tuple[np.ndarray, np.ndarray]:
    """modules × agents: (best rank, priority) of the needs that the module serves for each agent; rank NaN for none."""
    besoins = analyse.besoins
    rang = np.full((len(analyse.offre), len(besoins.agents)), np.inf)
    priorite = np.zeros_like(rang)
    for module, lignes in enumerate(analyse.donnees.adequation.retenues):
        np.minimum.at(rang[module], besoins.agent[lignes], besoins.rang[lignes])
        np.add.at(priorite[module], besoins.agent[lignes], besoins.q[lignes])
    rang[np.isinf(rang)] = INCONNU
    return rang, priorite


def _waiting(analyse: Analyse) -> list[tuple[int, int]]:
    """(agent, module): for each agent with something left, the planned module that would cover most of it."""
    besoins, atteint = analyse.besoins, analyse.retenu.atteint
    gains = np.zeros((len(analyse.offre), len(besoins.agents)))
    for module in np.flatnonzero(analyse.offre.planifiable).tolist():
        lignes = analyse.donnees.adequation.retenues[module]
        monte = np.clip(analyse.donnees.adequation.cible[module] - atteint[lignes], 0, None)
        q = besoins.q[lignes] * monte / besoins.ecart[lignes]
        gains[module] = np.bincount(besoins.agent[lignes], weights=q, minlength=len(besoins.agents))
    if not gains.size:
        return []
    best = gains.argmax(axis=0)
    return [(agent, int(best[agent])) for agent in np.flatnonzero(gains.max(axis=0) > TOLERANCE).tolist()]
