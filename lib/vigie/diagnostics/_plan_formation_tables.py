"""Tables of modules, coverage, sessions, fairness, comparison and enrolments (D.3, D.6), small groups protected.

What is printed of a need follows its line of the synthesis: masked there, masked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ._plan_formation_adequation import INSUFFISANT, module_adequacy, module_needs
from ._plan_formation_analyse import Analyse
from ._plan_formation_bilan import Bilan
from ._plan_formation_motifs import explain
from ._plan_formation_seances import A_DISTANCE, Seance
from .cadres import frame_of
from .chiffres import INCONNU, TOLERANCE, over
from .petits_effectifs import MASQUE, group_audiences

MODULES_PLAN = {
    "module": "str",
    "titre": "str",
    "organisme": "str",
    "source": "str",
    "modalite": "str",
    "duree_h": "float64",  # NaN = « à demander »
    "places": "float64",
    "adequation": "float64",
    "decision": "str",
    "competences": "str",
    "publics": "str",
    "fraicheur": "float64",
    "contexte": "float64",
    "url": "str",
    "verifie_le": "str",
    "confiance": "str",
}
COUVERTURE = {
    "competence": "str",
    "libelle": "str",
    "public": "str",  # every audience of the line
    "besoin": "float64",
    "rang": "float64",
    "module": "str",
    "adequation": "float64",
    "couvert": "boolean",  # NA on a masked line
    "reste": "float64",
    "motif": "str",
    "etat": "str",
}
NON_COUVERTS = {
    "competence": "str",
    "libelle": "str",
    "public": "str",
    "besoin": "float64",  # agents left
    "rang": "float64",
    "motif": "str",
}
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
EQUITE = {
    "critere": "str",
    "groupe": "str",
    "effectif": "float64",
    "taux_couverture": "float64",
    "ecart": "float64",
    "alerte": "bool",
}
COMPARAISON = {
    "plan": "str",
    "besoins_couverts": "float64",
    "charge_couverte": "float64",
    "rang1_couverts": "float64",
    "heures": "float64",
    "cout": "float64",
    "sessions": "int64",
    "ecart_equite": "float64",
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
MASQUEE = "Effectif trop faible pour être publié ; le service de formation dispose de la liste nominative"


def module_table(analyse: Analyse) -> pd.DataFrame:
    """Modules that aim at a need of the structure, by id. Figures drawn from masked needs are left out."""
    return frame_of(
        (_module(analyse, module) for module in range(len(analyse.offre)) if _aims(analyse, module)), MODULES_PLAN
    )


def _aims(analyse: Analyse, module: int) -> bool:
    return bool((analyse.offre.sortie[module, analyse.besoins.competence] > 0).any())


def _module(analyse: Analyse, module: int) -> Mapping[str, Any]:
    offre, adequation = analyse.offre, analyse.donnees.adequation
    cellules = module_needs(adequation, analyse.besoins, offre, module)
    visibles = cellules[analyse.publiee[cellules]]
    decision = adequation.decide(np.nan_to_num(module_adequacy(adequation, analyse.besoins, module, cellules)))
    ligne = offre.cadre.iloc[module]
    kept = visibles if decision != INSUFFISANT else visibles[:0]
    return {
        "module": ligne["id"],
        "titre": ligne["libelle"],
        "organisme": ligne["organisme"],
        "source": ligne["gisement"],
        "modalite": ligne["modalites"],
        "duree_h": ligne["duree_h"],
        "places": ligne["places"],
        "adequation": module_adequacy(adequation, analyse.besoins, module, visibles),
        "decision": decision,
        "competences": " ".join(dict.fromkeys(analyse.synthese["competence"].iloc[kept])),
        "publics": " ".join(_in_order(analyse, kept)),
        "fraicheur": offre.fraicheur[module],
        "contexte": offre.contexte[module],
        "url": ligne["url"],
        "verifie_le": ligne["verifie_le"],
        "confiance": ligne["confiance"],
    }


def _in_order(analyse: Analyse, cellules: np.ndarray) -> list[str]:
    vus = {public for cellule in cellules for public in analyse.publics(int(cellule)).split()}
    return [public.id for public in analyse.dossier.referentiels.niveaux_requis.publics if public.id in vus]


def coverage_table(analyse: Analyse) -> pd.DataFrame:
    """One row a need of the synthesis that someone has, or that may not be said."""
    return frame_of(_coverage(analyse), COUVERTURE)


def _coverage(analyse: Analyse) -> Iterator[Mapping[str, Any]]:
    besoins = analyse.besoins
    restes = np.bincount(besoins.cellule, weights=~analyse.retenu.couvert, minlength=len(analyse.synthese))
    for cellule, ligne in enumerate(analyse.synthese.to_dict("records")):
        publics = analyse.publics(cellule)
        tete = {"competence": ligne["competence"], "libelle": ligne["libelle"], "public": publics}
        if ligne["etat"] == MASQUE:
            chiffres = dict.fromkeys(("besoin", "rang", "adequation", "reste"), INCONNU)
            yield {**tete, **chiffres, "module": "", "couvert": None, "motif": MASQUEE, "etat": MASQUE}
        elif ligne["besoin"] > 0:
            reste = float(restes[cellule])
            yield {
                **tete,
                "besoin": ligne["besoin"],
                "rang": ligne["rang"],
                "module": " ".join(_serving(analyse, cellule)),
                "adequation": analyse.donnees.adequation.best(cellule)[0],
                "couvert": reste == 0,
                "reste": reste,
                "motif": explain(analyse, cellule),
                "etat": ligne["etat"],
            }


def _serving(analyse: Analyse, cellule: int) -> list[str]:
    """Modules followed for this need in the plan proposed."""
    besoins = analyse.besoins
    found = []
    for module in range(len(analyse.offre)):
        lignes = analyse.donnees.adequation.retenues[module]
        lignes = lignes[besoins.cellule[lignes] == cellule]
        if analyse.suivis[besoins.agent[lignes], module].any():
            found.append(analyse.offre.id(module))
    return found


def uncovered_table(couverture: pd.DataFrame) -> pd.DataFrame:
    """What is left: needs with someone still under the required level, most urgent first."""
    restes = couverture[couverture["couvert"].eq(False).fillna(False)]
    restes = restes.sort_values(["rang", "reste"], ascending=[True, False], kind="stable")
    return restes.assign(besoin=restes["reste"])[list(NON_COUVERTS)].reset_index(drop=True)


def session_names(analyse: Analyse) -> list[str]:
    """« S-01 », « S-02 »… in the order of the plan."""
    nombre = len(analyse.retenu.plan.seances)
    return [f"S-{rang:0{max(2, len(str(nombre)))}d}" for rang in range(1, nombre + 1)]


def session_table(analyse: Analyse) -> pd.DataFrame:
    """Sessions of the plan proposed. Numbers of people under the threshold are masked, and as many more as needed so
    that none can be deduced from the total hours."""
    noms = session_names(analyse)
    effectifs = {nom: len(seance.inscrits) for nom, seance in zip(noms, analyse.retenu.plan.seances, strict=True)}
    etats = {groupe.publics[0]: groupe.etat for groupe in group_audiences(effectifs, noms, {}, analyse.seuil)}
    rows = [
        _session(analyse, nom, seance, etats[nom])
        for nom, seance in zip(noms, analyse.retenu.plan.seances, strict=True)
    ]
    return frame_of(rows, SESSIONS)


def _session(analyse: Analyse, nom: str, seance: Seance, etat: str) -> Mapping[str, Any]:
    publie = etat != MASQUE
    places = INCONNU if seance.places is None else float(seance.places)
    comptes = float(len(seance.inscrits)) if publie else places
    couts = [analyse.offre.column(name)[seance.module] for name in ("cout_session", "cout_place")]
    connu = not np.isnan(couts).all()
    par_seance, par_place = np.nan_to_num(couts)
    return {
        "session": nom,
        "module": analyse.offre.id(seance.module),
        "site": EN_LIGNE if seance.lieu == A_DISTANCE else seance.lieu,
        "mois": analyse.donnees.calendrier.mois[seance.mois],
        "places": places,
        "inscrits": float(len(seance.inscrits)) if publie else INCONNU,
        "cout": par_seance + (par_place * comptes if par_place else 0.0) if connu else INCONNU,
        "motif": _when(analyse, seance, publie),
        "etat": etat,
    }


def _when(analyse: Analyse, seance: Seance, publie: bool) -> str:
    if seance.places is None:
        return "À suivre à tout moment, sur le temps de travail"
    if not publie and analyse.offre.column("cout_place")[seance.module] > 0:
        return "Coût compté pour une séance pleine"
    return ""


def fairness_table(analyse: Analyse) -> pd.DataFrame:
    """Coverage rate of each group read, and how far it is from the best served."""
    seuil = analyse.plan.equite.ecart_alerte
    rows = [
        {
            "critere": ligne["critere"],
            "groupe": ligne["groupe"],
            "effectif": ligne["effectif"],
            "taux_couverture": ligne["taux"],
            "ecart": ligne["ecart"],
            "alerte": over(float(ligne["ecart"]), seuil),
        }
        for ligne in analyse.retenu.equite.to_dict("records")
    ]
    return frame_of(rows, EQUITE)


def comparison_table(analyse: Analyse) -> pd.DataFrame:
    """The greedy plan and the one proposed, side by side."""
    bilans = (("glouton", analyse.glouton), ("optimise", analyse.retenu))
    return frame_of((_compared(analyse, nom, bilan) for nom, bilan in bilans), COMPARAISON)


def _compared(analyse: Analyse, nom: str, bilan: Bilan) -> Mapping[str, Any]:
    montre = min(bilan.inscrits, analyse.retenu.inscrits) >= analyse.seuil
    premiers = float((bilan.couvert & (analyse.besoins.rang == 1)).sum())
    chiffres = {
        "besoins_couverts": float(bilan.besoins_couverts),
        "charge_couverte": sum(bilan.charge),
        "rang1_couverts": premiers,
        "heures": bilan.heures,
        "cout": bilan.cout,
    }
    if not montre:
        chiffres = dict.fromkeys(chiffres, INCONNU)
    return {"plan": nom, **chiffres, "sessions": bilan.sessions, "ecart_equite": bilan.ecart_equite}


def enrolment_table(analyse: Analyse) -> pd.DataFrame:
    """For the training service alone: who follows what, then who waits for a seat in a planned module."""
    noms = session_names(analyse)
    rows = [
        _enrolment(analyse, agent, nom, seance.module)
        for nom, seance in zip(noms, analyse.retenu.plan.seances, strict=True)
        for agent in seance.inscrits
    ]
    rows += [_enrolment(analyse, agent, "", module) for agent, module in _waiting(analyse)]
    frame = frame_of(rows, INSCRIPTIONS)
    return frame.sort_values(["session", "rang", "date_limite", "agent"], key=_blank_last, ignore_index=True)


def _blank_last(values: pd.Series) -> pd.Series:
    return values.where(values.ne(""), "~") if values.dtype == "str" else values


def _enrolment(analyse: Analyse, agent: int, session: str, module: int) -> Mapping[str, Any]:
    besoins = analyse.besoins
    lignes = analyse.donnees.adequation.retenues[module]
    lignes = lignes[besoins.agent[lignes] == agent]
    personne = besoins.agents.iloc[agent]
    return {
        "agent": personne["agent"],
        "session": session,
        "module": analyse.offre.id(module),
        "parcours": personne["parcours"],
        "rang": float(besoins.rang[lignes].min()),
        "priorite": float(besoins.q[lignes].sum()),
        "site": personne["site"],
        "date_limite": "" if pd.isna(personne["limite"]) else personne["limite"].date().isoformat(),
    }


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
