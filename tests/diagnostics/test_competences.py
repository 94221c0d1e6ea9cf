"""What the skills synthesis shows, says and keeps to itself."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from vigie.diagnostics._competences_besoins import BESOINS, DOUCES, MAINTENIR, PROFILS, URGENCES
from vigie.diagnostics._competences_exposition import METIERS, TACHES
from vigie.diagnostics._competences_synthese import INDIVIDUEL, SYNTHESE
from vigie.diagnostics.competences import ResultatCompetences, diagnose
from vigie.diagnostics.validation import PROJET
from vigie.dossier import AGENTS, REPONSES, VALIDATIONS
from vigie.referentiels.competences import ActionCompetences

from .competences_dossiers import build
from .dossiers import bare_dossier, shipped

SCHEMAS = {
    "metiers": METIERS,
    "taches": TACHES,
    "besoins": BESOINS,
    "synthese": SYNTHESE,
    "douces": DOUCES,
    "maintenir": MAINTENIR,
    "profils": PROFILS,
    "urgences": URGENCES,
    "individuel": INDIVIDUEL,
}
EQUIPE = {
    "structure": {"mise_en_service": "2027-01-24"},
    "agents": [
        {"id": "formation", "nombre": 20, "metier": "MET08", "sexe": "F", "niveaux": {"*": 1}},
        {"id": "social", "nombre": 11, "metier": "MET13", "sexe": "M", "niveaux": {"B1": {"quiz": 0, "auto": 3}}},
        {"id": "aguerri", "metier": "MET13", "sexe": "M", "niveaux": {"B1": {"quiz": 4}}},
        {"id": "chef", "nombre": 2, "metier": "MET20", "publics": "MP", "niveaux": {"*": 2}},
    ],
    "cotations": [
        {"metier": "MET08", "par": "formation-1", "notes": dict.fromkeys(["T1", "T2", "T3", "T4", "T5"], 1)},
        {"metier": "MET08", "par": "num-1", "role": "NUM", "notes": dict.fromkeys(["T1", "T2", "T3", "T4", "T5"], 0)},
    ],
}


def equipe() -> ResultatCompetences:
    return diagnose(build(EQUIPE))


def test_every_table_has_its_columns_and_types_with_and_without_data() -> None:
    for resultat in (equipe(), diagnose(bare_dossier())):
        assert [nom for nom, _ in resultat.tables(nominatives=True)] == list(SCHEMAS)
        for nom, table in resultat.tables(nominatives=True):
            assert {colonne: str(type_) for colonne, type_ in table.dtypes.items()} == SCHEMAS[nom], nom


def test_no_agent_is_named_in_the_general_outputs() -> None:
    sortie = equipe().to_json()
    assert "individuel" not in sortie["tables"]
    texte = json.dumps(sortie, ensure_ascii=False)
    assert not [agent for agent in build(EQUIPE).agents["id"] if agent in texte]


def test_no_answer_of_an_agent_is_cited() -> None:
    dossier = build(EQUIPE)
    roles = dossier.reponses.set_index("id")["role"]
    citees = [numero for line in diagnose(dossier).recommandations for numero in line.pourquoi.reponses]
    assert citees
    assert {roles[numero] for numero in citees} == {"NUM"}


def test_soft_skills_are_neither_individual_nor_given_by_audience() -> None:
    resultat = equipe()
    assert len(resultat.douces) == 8
    for table in (resultat.individuel, resultat.synthese, resultat.maintenir):
        assert not table["competence"].str.startswith("F").any()


def test_a_soft_skill_alone_does_not_make_an_agent_positioned() -> None:
    resultat = diagnose(build({"agents": [{"id": "a", "metier": "MET08", "niveaux": {"F1": 1}}]}))
    assert resultat.agents_positionnes == 0


def test_a_bare_structure_says_what_is_missing_and_shows_the_starting_classes() -> None:
    resultat = diagnose(bare_dossier())
    assert len(resultat.manques) == 3
    assert len(resultat.metiers) == len(shipped().metiers.metiers)
    assert np.isnan(resultat.taux_positionnement)
    assert [constat.code for constat in resultat.constats] == ["PRUDENCE", "COTATION_MANQUANTE"]


def test_agents_without_answers_have_required_levels_but_no_gap() -> None:
    resultat = diagnose(build({"agents": [{"id": "a", "nombre": 12, "metier": "MET08"}]}))
    assert resultat.individuel["requis"].gt(0).all()
    assert resultat.individuel["ecart"].isna().all()
    assert any("Aucun positionnement" in manque for manque in resultat.manques)
    assert not [line for line in resultat.recommandations if line.pourquoi.explication.count("Rang")]
    assert "COMP-DIAGNOSTIC" in [line.id for line in resultat.recommandations]


def test_the_sentence_of_prudence_is_in_every_output() -> None:
    for resultat in (equipe(), diagnose(bare_dossier())):
        assert resultat.prudence == shipped().metiers.cotation.prudence
        assert "PRUDENCE" in [constat.code for constat in resultat.constats]


def test_recommendations_are_ranked_from_one_and_say_why() -> None:
    lines = equipe().recommandations
    assert [line.rang for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert line.pourquoi.explication
        assert line.pourquoi.fiche
        assert set(line.pourquoi.versions) == {"competences", "metiers", "niveaux_requis"}
        assert "{" not in line.action


def test_every_pilot_of_an_action_is_one_of_the_three() -> None:
    pilotes = {role.id for role in shipped().maturite.roles if role.pilote}
    assert {action.pilote for action in shipped().competences.actions} <= pilotes


def test_every_kind_of_recommendation_is_worded() -> None:
    sortes = set(ActionCompetences.model_fields["id"].annotation.__args__)
    assert {action.id for action in shipped().competences.actions} == sortes


def test_a_need_names_each_audience_its_level_and_its_number() -> None:
    besoin = next(line for line in equipe().recommandations if line.id == "COMP-B1")
    texte = besoin.action.replace("\u00a0", " ").replace("\u202f", " ")
    assert texte == (
        "Formez à B1 Repérer les données à ne pas saisir : niveau 3 pour « Agents concernés, impact très fort » (20 "
        "personnes sur 20) ; niveau 2 pour « Agents concernés, impact modéré » (effectif non publiable) ; niveau "
        "3 pour « Managers de proximité » (effectif non publiable)."
    )
    assert str(besoin.echeance) == "2027-01-24"


def test_the_deadline_of_a_need_does_not_say_whose_gap_it_is() -> None:
    """It is the next opening among all those of whom the competence is required, with a gap or not."""
    agents = [
        {"id": "tot", "metier": "MET08", "mise_en_service": "2026-12-15", "niveaux": {"B1": 3}},
        {"id": "tard", "nombre": 12, "metier": "MET08", "mise_en_service": "2027-01-24", "niveaux": {"B1": 0}},
    ]
    besoin = next(line for line in diagnose(build({"agents": agents})).recommandations if line.id == "COMP-B1")
    assert str(besoin.echeance) == "2026-12-15"


def test_a_tool_already_open_gives_no_deadline_in_the_past() -> None:
    agents = [{"id": "a", "nombre": 12, "metier": "MET08", "mise_en_service": "2026-01-01", "niveaux": {"B1": 0}}]
    besoin = next(line for line in diagnose(build({"agents": agents})).recommandations if line.id == "COMP-B1")
    assert besoin.echeance is None


def test_equity_is_read_when_every_group_reaches_the_threshold() -> None:
    agents = [
        {"id": "f", "nombre": 10, "metier": "MET08", "sexe": "F"},
        {"id": "h", "nombre": 10, "metier": "MET13", "sexe": "M"},
    ]
    texte = constats(diagnose(build({"agents": agents})))["EQUITE"]
    assert "de 0 % (M, 10 agents) à 100 % (F, 10 agents)" in texte


def test_equity_is_not_read_with_a_small_group() -> None:
    agents = [
        {"id": "f", "nombre": 10, "metier": "MET08", "sexe": "F"},
        {"id": "h", "nombre": 9, "metier": "MET13", "sexe": "M"},
    ]
    trouves = constats(diagnose(build({"agents": agents})))
    assert "EQUITE_NON_LUE" in trouves
    assert "EQUITE" not in trouves


def test_few_positioned_agents_make_the_needs_indicative() -> None:
    agents = [
        {"id": "a", "nombre": 3, "metier": "MET08", "niveaux": {"B1": 0}},
        {"id": "b", "nombre": 7, "metier": "MET08"},
    ]
    assert "INDICATIF" not in constats(diagnose(build({"agents": agents})))
    agents[1]["nombre"] = 8
    assert "INDICATIF" in constats(diagnose(build({"agents": agents})))


def test_answers_of_someone_who_is_not_an_agent_are_counted_as_left_aside() -> None:
    dossier = build({"agents": [{"id": "a", "nombre": 2, "metier": "MET08", "niveaux": {"B1": 0}}]})
    resultat = diagnose(dossier.replace(agents=dossier.agents.iloc[:1]))
    assert "1 positionnement d'un agent absent" in constats(resultat)["REPONSES_SANS_AGENT"]
    assert resultat.agents == 1


def test_a_local_task_is_listed_after_those_of_the_referentiel() -> None:
    notes = dict.fromkeys(["T1", "T2", "T3", "T4", "T5", "T9"], 0.5)
    cotations = [{"metier": "MET08", "par": par, "notes": notes} for par in ("a", "b")]
    taches = diagnose(build({"cotations": cotations})).taches
    assert list(taches["tache"])[-1] == "MET08-T9"
    assert taches["part"].sum() == pytest.approx(1)


def test_too_many_tasks_are_said() -> None:
    notes = {f"T{numero}": 0.5 for numero in range(1, 10)}
    cotations = [{"metier": "MET08", "par": "a", "notes": notes}]
    assert "Plus de 8 tâches" in constats(diagnose(build({"cotations": cotations})))["TACHES_NOMBREUSES"]


def test_thresholds_come_from_the_referentiels() -> None:
    tout = shipped()
    cotation = tout.competences.cotation.model_copy(
        update={"seuil_effectif": 3, "seuil_homogene": 3, "rang2_priorite": 100}
    )
    change = replace(tout, competences=tout.competences.model_copy(update={"cotation": cotation}))
    cas = {"agents": [{"id": "a", "nombre": 3, "metier": "MET13", "niveaux": {"B1": 0}}]}
    besoin = diagnose(build(cas, change)).besoins.set_index("competence").loc["B1"]
    assert (besoin["etat"], besoin["besoin"], besoin["rang"]) == ("publie", 3, 3)


def test_a_soft_skill_stays_at_rank_three_whatever_its_criticality() -> None:
    tout = shipped()
    durcies = tuple(
        item.model_copy(update={"criticite": 3}) if item.id == "F1" else item for item in tout.competences.competences
    )
    change = replace(tout, competences=tout.competences.model_copy(update={"competences": durcies}))
    cas = {"agents": [{"id": "a", "nombre": 20, "metier": "MET08", "niveaux": {"F1": 0}}]}
    assert diagnose(build(cas, change)).besoins.set_index("competence").loc["F1", "rang"] == 3


def test_a_skill_with_a_gap_is_not_listed_as_held_by_everyone() -> None:
    niveaux = {"*": 4, "B1": 2}
    cas = {"agents": [{"id": "a", "nombre": 20, "metier": "MET08", "niveaux": niveaux}]}
    maintenir = diagnose(build(cas)).maintenir
    assert "C1" in set(maintenir["competence"])
    assert "B1" not in set(maintenir["competence"])


def test_the_validation_of_the_step_is_printed() -> None:
    dossier = build(EQUIPE)
    assert diagnose(dossier).validation == PROJET
    validations = pd.DataFrame(
        [("competences", "", "valide", "2026-11-20", "Direction fictive")], columns=list(VALIDATIONS)
    )
    resultat = diagnose(dossier.replace(validations=validations.astype(VALIDATIONS)))
    assert resultat.validation == "Validé le 20 novembre 2026 par Direction fictive"


def test_a_thousand_agents_take_well_under_a_second() -> None:
    nombre = 1000
    hasard = np.random.default_rng(1)
    ids = np.array([f"a{numero}" for numero in range(nombre)])
    competences = np.array([competence.id for competence in shipped().competences.competences])
    agents = pd.DataFrame("", index=range(nombre), columns=list(AGENTS))
    agents["id"], agents["metier"] = ids, hasard.choice([f"MET{rang:02}" for rang in range(1, 26)], nombre)
    reponses = pd.DataFrame("", index=range(nombre * len(competences)), columns=list(REPONSES))
    reponses["id"] = range(len(reponses))
    reponses["repondant"], reponses["cible"] = np.repeat(ids, len(competences)), np.tile(competences, nombre)
    reponses["etape"], reponses["mesure"], reponses["etat"] = "competences", "auto", "niveau"
    reponses["niveau"] = hasard.integers(0, 5, len(reponses)).astype("float64")
    dossier = bare_dossier().replace(agents=agents.astype(AGENTS), reponses=reponses.astype(REPONSES))
    durees = []
    for _ in range(3):
        debut = time.perf_counter()
        diagnose(dossier)
        durees.append(time.perf_counter() - debut)
    assert min(durees) < 1


def constats(resultat: ResultatCompetences) -> dict[str, str]:
    """Code → text, with plain spaces."""
    return {c.code: c.texte.replace("\u00a0", " ").replace("\u202f", " ") for c in resultat.constats}
