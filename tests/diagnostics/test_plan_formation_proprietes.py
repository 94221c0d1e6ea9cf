"""What holds for any plan: bounds kept, rank 1 first, the optimum never under the greedy plan, nobody recognised."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics import plan_formation
from vigie.diagnostics._plan_formation_adequation import coverage
from vigie.diagnostics._plan_formation_analyse import Analyse, analyse
from vigie.diagnostics._plan_formation_bilan import Bilan, assess, plan_cost
from vigie.diagnostics._plan_formation_seances import Plan, Seance
from vigie.dossier import Dossier
from vigie.referentiels import Referentiels

from . import plan_dossiers

COMPETENCES = ("A2", "B1", "C1", "D1", "E1")
METIERS = ("MET01", "MET08", "MET13")
MOIS = ("2026-12", "2027-01", "2027-04")
OUVERTURES = ("", "", "2026-09-01", "2027-01-10", "2027-02-24", "2027-06-01")
SEUIL = 10
PEU = settings(deadline=None, max_examples=25)
"""A plan takes a tenth of a second."""


@pytest.fixture(autouse=True, scope="module")
def _fewer_competences() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_dossiers, "without_offer", small)
        yield


@cache
def small() -> Referentiels:
    """The shipped referentiels cut down to a few competences and job families, without the known offer."""
    tout = plan_dossiers.shipped()
    competences = tuple(one for one in tout.competences.competences if one.id in COMPETENCES)
    metiers = tuple(one for one in tout.metiers.metiers if one.id in METIERS)
    return replace(
        tout,
        competences=tout.competences.model_copy(update={"competences": competences}),
        metiers=tout.metiers.model_copy(update={"metiers": metiers}),
        formations=tout.formations.model_copy(update={"modules": ()}),
    )


@st.composite
def agents(draw: st.DrawFn, most: int = 14) -> list[dict[str, Any]]:
    return [
        {
            "id": f"g{numero}",
            "nombre": draw(st.sampled_from([1, 3, most // 2, most])),
            "metier": draw(st.sampled_from(METIERS)),
            "publics": draw(st.sampled_from(["", "", "MP", "NP"])),
            "site": draw(st.sampled_from(["Paris", "Nantes"])),
            "sexe": draw(st.sampled_from(["F", "H"])),
            "mise_en_service": draw(st.sampled_from(OUVERTURES)),
            "niveaux": draw(st.fixed_dictionaries(dict.fromkeys(COMPETENCES, st.integers(0, 3)))),
        }
        for numero in range(draw(st.integers(1, 4)))
    ]


@st.composite
def module(draw: st.DrawFn, numero: int, autonome: bool | None = None) -> dict[str, Any]:
    taught = draw(st.lists(st.sampled_from(COMPETENCES), min_size=1, max_size=2, unique=True))
    entree = draw(st.integers(0, 1))
    dit: dict[str, Any] = {
        "id": f"L-{numero}",
        "niveaux": ", ".join(f"{one}:{entree}>{draw(st.integers(entree + 1, 3))}" for one in taught),
        "contexte": draw(st.sampled_from(["rh_public", "secteur_public", "generique"])),
    }
    if draw(st.booleans()) if autonome is None else autonome:
        return {**dit, "autonomie": True, "duree_distance_h": draw(st.sampled_from([0.5, 2]))}
    return {
        **dit,
        "modalites": ["presentiel"],
        "duree_presence_h": draw(st.sampled_from([1.5, 3, 6])),
        "places": draw(st.integers(1, 12)),
        "sessions_max": draw(st.sampled_from([None, 0, 1, 2])),
        "mois": draw(st.lists(st.sampled_from(MOIS), max_size=2, unique=True)),
        "sites": draw(st.sampled_from([[], ["Paris"]])),
        "cout_session": draw(st.sampled_from([None, 0, 400, 1000])),
    }


@st.composite
def cas(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "agents": draw(agents()),
        "modules": [draw(module(numero)) for numero in range(draw(st.integers(0, 5)))],
        "contraintes": {
            "budget": draw(st.sampled_from([None, 0, 900, 2500])),
            "heures_par_agent": draw(st.sampled_from([None, 2, 5])),
            "sessions_par_mois": draw(st.sampled_from([None, 0, 1, 3])),
            "mois_fermes": draw(st.sampled_from([[], ["2027-01"]])),
        },
    }


def plans(found: Analyse) -> list[Bilan]:
    return [found.glouton, found.retenu]


@given(cas())
@PEU
def test_no_bound_is_ever_passed(dit: dict[str, Any]) -> None:
    found = analyse(plan_dossiers.build(dit))
    besoins, offre, contraintes = found.besoins, found.offre, found.donnees.contraintes
    for bilan in plans(found):
        assert (bilan.heures_agents <= besoins.agents["plafond"].to_numpy() + 1e-9).all()
        assert contraintes.budget is None or bilan.cout <= contraintes.budget + 1e-9
        tenues = [seance for seance in bilan.plan.seances if seance.places is not None]
        assert all(0 < len(seance.inscrits) <= offre.places[seance.module] for seance in tenues)
        par_module = Counter(seance.module for seance in tenues)
        limites = offre.column("sessions_max")
        assert all(np.isnan(limites[one]) or nombre <= limites[one] for one, nombre in par_module.items())
        par_mois = Counter(seance.mois for seance in tenues)
        assert (
            contraintes.sessions_par_mois is None
            or not par_mois
            or max(par_mois.values()) <= contraintes.sessions_par_mois
        )
        for seance in tenues:
            assert found.donnees.months_open(seance.module)[seance.mois]
            assert (found.donnees.months[seance.inscrits] > seance.mois).all()
        pairs = bilan.plan.enrolments()
        assert len(pairs) == len(set(pairs)), "nobody follows a module twice"


@given(cas())
@PEU
def test_a_covered_need_has_a_module_that_covers_it(dit: dict[str, Any]) -> None:
    found = analyse(plan_dossiers.build(dit))
    besoins, offre = found.besoins, found.offre
    for bilan in plans(found):
        suivis = bilan.plan.followed(len(besoins.agents), len(offre))
        for ligne in np.flatnonzero(bilan.couvert):
            sien = suivis[besoins.agent[ligne]]
            place = besoins.competence[ligne]
            mene = (offre.sortie[:, place] >= besoins.requis[ligne]) & (offre.entree[:, place] <= besoins.actuel[ligne])
            assert (sien & mene).any()


@given(cas())
@PEU
def test_the_optimised_plan_is_never_under_the_greedy_one_rank_after_rank(dit: dict[str, Any]) -> None:
    found = analyse(plan_dossiers.build(dit))
    assert found.retenu.objective() >= found.glouton.objective()


@given(cas())
@PEU
def test_an_adequacy_goes_from_zero_to_one(dit: dict[str, Any]) -> None:
    valeurs = analyse(plan_dossiers.build(dit)).donnees.adequation.valeurs
    assert ((valeurs >= 0) & (valeurs <= 1) | np.isnan(valeurs)).all()


@given(st.integers(0, 3), st.integers(1, 4), st.integers(0, 3), st.integers(1, 4))
def test_a_coverage_is_the_share_of_the_levels_crossed(actuel: int, requis: int, entree: int, sortie: int) -> None:
    found = float(coverage(np.array([actuel]), np.array([requis]), np.array([entree]), np.array([sortie]))[0])
    niveaux = set(range(actuel + 1, requis + 1))
    attendu = len(niveaux & set(range(entree + 1, sortie + 1))) / len(niveaux) if niveaux else 0
    assert found == pytest.approx(attendu)


@given(cas(), st.randoms(use_true_random=False))
@PEU
def test_the_order_of_the_modules_and_of_the_answers_changes_nothing(dit: dict[str, Any], hasard: Any) -> None:
    dossier = plan_dossiers.build(dit)
    autre = dossier.replace(
        catalogue=dossier.catalogue.sample(frac=1, random_state=hasard.randint(0, 99)),
        reponses=dossier.reponses.sample(frac=1, random_state=hasard.randint(0, 99)),
    )
    assert plan_formation.diagnose(dossier).to_json() == plan_formation.diagnose(autre).to_json()


@given(agents(), st.data())
@settings(deadline=None, max_examples=10)
def test_without_hours_nor_seats_a_module_more_never_leaves_more(personnes: list[dict[str, Any]], data: Any) -> None:
    """New profiles have an individual path, without hours."""
    dit = {"agents": [{**groupe, "publics": "NP"} for groupe in personnes]}
    libres = [data.draw(module(numero, autonome=True)) for numero in range(3)]
    restes = [
        int((~analyse(plan_dossiers.build({**dit, "modules": libres[:nombre]})).glouton.couvert).sum())
        for nombre in range(4)
    ]
    assert restes == sorted(restes, reverse=True)


@given(cas())
@PEU
def test_nobody_is_named_nor_counted_under_the_threshold(dit: dict[str, Any]) -> None:
    dossier = plan_dossiers.build(dit)
    resultat = plan_formation.diagnose(dossier)
    publie = str(resultat.to_json())
    assert not set(dossier.agents["id"]) & set(re.findall(r"[\w-]+", publie))
    assert set(resultat.inscriptions["agent"]) <= set(dossier.agents["id"])
    inscrits = resultat.inscriptions.loc[resultat.inscriptions["session"] != "", "agent"].nunique()
    totaux, besoins = (resultat.inscrits, resultat.heures_totales, resultat.cout), resultat.besoins
    assert np.isnan(totaux).all() if inscrits < SEUIL else not np.isnan(totaux).any()
    # what the total adds to the printed lines is nothing: no masked line can be completed
    imprimes = resultat.couverture[resultat.couverture["etat"] != "masque"]
    assert np.isnan(besoins) or besoins == imprimes["besoin"].sum()
    assert np.isnan(besoins) or resultat.besoins_couverts == besoins - imprimes["reste"].sum()
    connus = resultat.sessions["inscrits"].dropna()
    assert (connus >= SEUIL).all()
    assert (resultat.equite["effectif"] >= SEUIL).all()
    masquees = resultat.couverture[resultat.couverture["etat"] == "masque"]
    assert masquees[["besoin", "rang", "adequation", "reste"]].isna().all(axis=None)


@st.composite
def tiny(draw: st.DrawFn) -> dict[str, Any]:
    """Two people and three modules at a distance, without deadline: every plan can be tried."""
    modules = []
    for numero in range(3):
        dit = draw(module(numero))
        modules.append({name: value for name, value in dit.items() if name not in ("mois", "sites")})
        if "places" in dit:
            modules[-1] |= {"modalites": ["en_ligne"], "duree_distance_h": dit["duree_presence_h"]}
            modules[-1] |= {"duree_presence_h": None, "places": draw(st.integers(1, 2))}
    niveaux = st.fixed_dictionaries(dict.fromkeys(COMPETENCES, st.integers(0, 3)))
    personnes = [{"id": f"g{numero}", "metier": "MET08", "niveaux": draw(niveaux)} for numero in range(2)]
    heures, budget = draw(st.sampled_from([None, 3, 5])), draw(st.sampled_from([None, 900]))
    return {"agents": personnes, "modules": modules, "contraintes": {"heures_par_agent": heures, "budget": budget}}


@given(tiny())
@PEU
def test_a_proven_plan_is_the_best_of_all_those_that_can_be_tried(dit: dict[str, Any]) -> None:
    found = analyse(plan_dossiers.build(dit))
    assert found.recherche.prouve
    assert found.retenu.objective() == pytest.approx(max(_every_objective(found)))


def _every_objective(found: Analyse) -> list[tuple[float, ...]]:
    """Objective of each plan within the bounds, all enrolments being tried."""
    donnees, nombre = found.donnees, len(found.offre)
    planifies = np.flatnonzero(found.offre.planifiable)
    choix = list(product([False, True], repeat=len(planifies)))
    objectifs = []
    for sien in product(choix, repeat=len(found.besoins.agents)):
        suivi = np.zeros((len(sien), nombre), dtype=bool)
        suivi[:, planifies] = sien
        plan = _seated(found, suivi)
        tient = suivi @ np.nan_to_num(found.offre.heures) <= found.besoins.agents["plafond"].to_numpy() + 1e-9
        budget = donnees.contraintes.budget
        if plan and tient.all() and (budget is None or plan_cost(donnees, plan) <= budget):
            objectifs.append(assess(donnees, plan, SEUIL).objective())
    return objectifs


def _seated(found: Analyse, suivi: np.ndarray) -> Plan | None:
    """The plan with as few sessions as seats allow; None when a module cannot hold them."""
    seances = []
    for rang in np.flatnonzero(suivi.any(axis=0)).tolist():
        inscrits = np.flatnonzero(suivi[:, rang]).tolist()
        if found.offre.autonome[rang]:
            seances.append(Seance(rang, "", 0, None, inscrits))
            continue
        places = int(found.offre.places[rang])
        lots = [inscrits[debut : debut + places] for debut in range(0, len(inscrits), places)]
        limite = found.offre.column("sessions_max")[rang]
        if not np.isnan(limite) and len(lots) > limite:
            return None
        seances += [Seance(rang, "", 0, places, lot) for lot in lots]
    return Plan("essai", tuple(seances))


def test_a_structure_without_agents_gets_an_empty_plan_that_says_so() -> None:
    resultat = plan_formation.diagnose(plan_dossiers.build({}))
    assert resultat.recommandations == ()
    assert resultat.manques[0].startswith("Aucun agent")
    assert all(table.empty for name, table in resultat.tables() if name not in ("parcours", "comparaison"))


def test_agents_whose_level_is_unknown_are_offered_a_diagnosis_and_no_session() -> None:
    groupe = {"id": "g", "nombre": 12, "metier": "MET08", "niveaux": {"*": "ne_sait_pas"}}
    dit = {
        "agents": [groupe],
        "modules": [{"id": "L-a", "niveaux": "C1:0>3", "autonomie": True, "duree_distance_h": 2}],
    }
    dossier: Dossier = plan_dossiers.build(dit)
    resultat = plan_formation.diagnose(dossier)
    assert resultat.inscriptions.empty
    assert "PLAN-DIAGNOSTIC" in {line.id for line in resultat.recommandations}
