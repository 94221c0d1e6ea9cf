"""The training plan: ordinary structures of the demonstration, then 1,000 agents all different × 60 modules.

Seconds of the processor are given beside those of the clock, since other work on the machine lengthens the latter.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pandas as pd
from vigie.collecte import open_dossier
from vigie.diagnostics.plan_formation import ResultatPlanFormation, diagnose
from vigie.dossier import AGENTS, REPONSES, Dossier
from vigie.referentiels.contraintes_formation import ContraintesStructure
from vigie.referentiels.formations import MODULES, Module, module_row

from .mesure import Mesure

TITRE = "Plan de formation"
STRUCTURES = ("drh-centrale", "scn-recrutement", "dr-est")
EFFECTIF, OFFRE = 1000, 60
VISE = 10.0
"""Seconds for the large plan."""
GRAINE = 7


def run() -> Iterator[Mesure]:
    for structure in STRUCTURES:
        yield _measure(structure, open_dossier("demonstration", structure), "≤ 1 s")
    yield _measure(f"{EFFECTIF} agents × {OFFRE} modules", large(), f"≤ {VISE:g} s", VISE)


def _measure(nom: str, dossier: Dossier, vise: str, limite: float = 1.0) -> Mesure:
    diagnose(dossier.replace(agents=dossier.agents.head(20)))
    clock, processor = time.perf_counter(), time.process_time()
    resultat = diagnose(dossier)
    spent, used = time.perf_counter() - clock, time.process_time() - processor
    note = f"{used:.1f} s de processeur ; {_gain(resultat)}"
    return Mesure(nom, spent, "s", ratio=limite / spent, vise=vise, note=note)


def _gain(resultat: ResultatPlanFormation) -> str:
    glouton, optimise = resultat.comparaison["charge_couverte"]
    return f"charge couverte : {glouton:.0f} module après module, {optimise:.0f} au plan proposé"


def large() -> Dossier:
    """Agents who differ by job, audience, place, date and levels; seats, costs and a budget that bind."""
    hasard = Random(GRAINE)  # noqa: S311
    base = open_dossier("demonstration", STRUCTURES[0])
    competences = [one.id for one in base.referentiels.competences.competences]
    metiers = [one.id for one in base.referentiels.metiers.metiers if not one.jamais_cote]
    agents = [_agent(numero, metiers, hasard) for numero in range(EFFECTIF)]
    positions = [
        {**dict.fromkeys(REPONSES, ""), "repondant": agent["id"], "role": "AG", "etape": "competences"}
        | {"cible": competence, "mesure": "auto", "etat": "niveau", "niveau": float(hasard.randint(0, 2))}
        | {"date": "2026-11-02"}
        for agent in agents
        for competence in competences
    ]
    reponses = pd.DataFrame([{**row, "id": rang} for rang, row in enumerate(positions, 1)], columns=list(REPONSES))
    formations = base.referentiels.formations.model_copy(update={"modules": ()})
    modules = [module_row(_module(numero, competences, hasard)) for numero in range(OFFRE)]
    return base.replace(
        referentiels=replace(base.referentiels, formations=formations),
        agents=pd.DataFrame(agents, columns=list(AGENTS)).astype(AGENTS),
        reponses=reponses.astype(REPONSES),
        catalogue=pd.DataFrame(modules, columns=list(MODULES)).astype(MODULES),
        contraintes=ContraintesStructure(budget=150_000, sessions_par_mois=25),
        anterieur=None,
    )


def _agent(numero: int, metiers: list[str], hasard: Random) -> dict[str, str]:
    return {
        "id": f"A{numero:04d}",
        "metier": hasard.choice(metiers),
        "publics": hasard.choice(["", "", "", "", "MP", "RF", "ED", "NP"]),
        "categorie": hasard.choice("ABC"),
        "site": hasard.choice(["Paris", "Nantes", "Lyon"]),
        "sexe": hasard.choice("FH"),
        "mise_en_service": hasard.choice(["2027-02-15", "2027-05-10", "2027-09-01", ""]),
    }


def _module(numero: int, competences: list[str], hasard: Random) -> Module:
    enseignees = hasard.sample([one for one in competences if not one.startswith("F")], hasard.randint(1, 3))
    dit: dict[str, Any] = {
        "id": f"L-{numero:02d}",
        "libelle": f"Module {numero}",
        "competences": [{"competence": one, "entree": 0, "sortie": hasard.randint(1, 3)} for one in enseignees],
        "statut": "disponible",
        "acces": "ouvert",
        "offre": "ministerielle",
        "contexte": hasard.choice(["rh_public", "secteur_public"]),
        "mise_a_jour": "2026-05-01",
    }
    if numero % 3 == 0:
        libre = {"autonomie": True, "modalites": ["en_ligne"], "duree_distance_h": hasard.choice([1, 2, 3])}
        return Module.model_validate({**dit, **libre})
    seances = {
        "modalites": ["presentiel"],
        "duree_presence_h": hasard.choice([1.5, 3, 6]),
        "places": hasard.randint(8, 15),
        "cout_session": hasard.choice([300, 700, 1500]),
    }
    return Module.model_validate({**dit, **seances})
