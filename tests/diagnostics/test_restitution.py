"""What must hold of the restitution for the structures of the demonstration, whose answers are of every kind."""

from __future__ import annotations

import json
from functools import cache

import pytest
from vigie.collecte import open_dossier, open_dossiers
from vigie.diagnostics import _restitution_lecture as lecture
from vigie.diagnostics import plan_formation
from vigie.diagnostics._restitution_actions import matches
from vigie.diagnostics.restitution import ResultatRestitution, diagnose
from vigie.diagnostics.resultat import ENTREE
from vigie.dossier import Dossier

STRUCTURES = ("scn-recrutement", "mission-appui", "deleg-outre-mer", "etablissement-accueil")
"""One with a high-risk use and a campagne before, a small one with one too, one that hardly answered, one with a
prohibited use."""
IDS = ("reponses", "items", "competences", "risques", "regles", "bases", "modules", "fiche")


@cache
def dossier(structure: str) -> Dossier:
    return open_dossier("demonstration", structure)


@cache
def resultat(structure: str) -> ResultatRestitution:
    return diagnose(dossier(structure))


@pytest.fixture(params=STRUCTURES)
def structure(request) -> str:
    return str(request.param)


def test_each_recommandation_is_in_one_action_and_no_reason_is_lost(structure):
    lines = {line.id: line for line in lecture.read(dossier(structure)).recommandations}
    done = resultat(structure)
    actions = {line.id: line for line in done.recommandations}
    placed = [(name, row.cle) for row in done.feuille_de_route.itertuples() for name in row.recommandations.split()]
    assert sorted(name for name, _ in placed) == sorted(lines)
    assert done.recommandations_reunies == len(lines)
    for name, key in placed:
        own, why = lines[name].pourquoi, actions[key].pourquoi
        assert own.explication.strip() in why.explication, name
        for kind in IDS:
            assert set(getattr(own, kind)) <= set(getattr(why, kind)), (name, kind)
        assert why.versions.items() >= own.versions.items(), name


def test_every_action_has_one_of_the_three_pilots_a_livrable_and_a_proof(structure):
    pilots = {role.id for role in dossier(structure).referentiels.maturite.roles if role.pilote}
    for line in resultat(structure).recommandations:
        assert line.pilote in pilots, line.id
        assert line.livrable, line.id
        assert line.preuve, line.id


def test_actions_follow_priority_then_deadline_then_effort(structure):
    scale = dossier(structure).referentiels.restitution
    weights = {one.libelle: one.poids for one in scale.priorites}
    efforts = {one.id: one.poids for one in scale.efforts}
    rows = resultat(structure).feuille_de_route
    keys = [
        (-weights[row.priorite], row.echeance or "9999", efforts[row.effort]) for row in rows.itertuples(index=False)
    ]
    assert keys == sorted(keys)
    assert list(rows["rang"]) == list(range(1, len(rows) + 1))


def test_each_id_that_the_referentiel_places_is_one_that_a_step_gives():
    """Three may be given by no structure of the demonstration: a use that the DGAFP advises against, an unfair plan, a
    module to adapt."""
    seen = {line.id for one in open_dossiers("demonstration") for line in lecture.read(one).recommandations}
    scale = dossier("scn-recrutement").referentiels.restitution
    placed = (*scale.fusions, *scale.efforts, *scale.classements)
    patterns = {pattern for one in placed for pattern in one.actions} | set(scale.separees)
    unseen = {one for one in patterns if not any(matches(name, [one]) for name in seen)}
    assert unseen <= {"ECARTER-*", "PLAN-EQUITE*", "PLAN-ADAPTER*"}


def test_what_stops_a_use_stays_an_action_of_its_own():
    rows = resultat("etablissement-accueil").feuille_de_route
    stops = rows[rows["cle"].str.startswith("ARRET")]
    assert list(stops["recommandations"]) == list(stops["cle"]) == ["ARRET-U14"]
    assert list(stops["rang"]) == [1]


def test_what_conditions_an_opening_is_due_before_it():
    done = resultat("scn-recrutement")
    opening = lecture.read(dossier("scn-recrutement")).base.prochaine_ouverture
    rows = done.feuille_de_route[done.feuille_de_route["priorite"].eq("Avant d'ouvrir")]
    assert len(rows) > 1
    assert opening
    assert rows["echeance"].le(opening.isoformat()).all()
    assert rows["echeance"].ne("").all()


def test_the_same_answers_in_any_order_give_the_same_result(structure):
    whole = dossier(structure)
    before = whole.anterieur
    shuffled = whole.replace(
        reponses=whole.reponses.sample(frac=1, random_state=3).reset_index(drop=True),
        agents=whole.agents.sample(frac=1, random_state=4).reset_index(drop=True),
        anterieur=before and before.replace(reponses=before.reponses.sample(frac=1, random_state=5)),
    )
    assert json.dumps(diagnose(shuffled).to_json()) == json.dumps(resultat(structure).to_json())


def test_a_point_is_never_held_while_something_is_missing(structure):
    for row in resultat(structure).vigilances.itertuples():
        assert (row.etat in ("tenu", "sans_objet")) <= (row.manque == ""), row.vigilance
        assert row.manque or row.etat in ("tenu", "sans_objet"), row.vigilance


def test_actions_named_by_a_point_are_those_that_serve_it(structure):
    done = resultat(structure)
    actions = {line.rang: line for line in done.recommandations}
    for row in done.vigilances.itertuples():
        point = next(one for one in dossier(structure).referentiels.vigilances.vigilances if one.id == row.vigilance)
        for rank in map(int, row.actions.split()):
            why = actions[rank].pourquoi
            assert {*why.items, *why.regles} & {*point.items, *point.regles}, (row.vigilance, rank)


def test_before_and_after_says_nothing_of_a_few_people():
    rows = resultat("mission-appui").avant_apres
    gains = rows[rows["etape"] == "competences"]
    assert len(gains)
    masked = gains[gains["etat"] == "masque"]
    assert len(masked)
    assert masked[["avant", "apres", "evolution"]].isna().all().all()
    assert not gains["cible"].str.startswith("F").any()
    for row in gains[gains["etat"].ne("masque")].itertuples():
        assert int(row.explication.split()[0]) >= 10, row.cible


def test_what_changed_in_the_questionnaire_is_not_compared():
    done = resultat("scn-recrutement")
    changed = done.avant_apres[~done.avant_apres["comparable"]]
    assert set(changed["cible"]) == {"D6", "D6.2", "D7", "D7.4"}
    assert changed["evolution"].isna().all()
    versions = done.versions_comparees.set_index("referentiel")
    assert versions.loc["maturite", "changes"] == "D6.2 D7.4"


def test_without_an_earlier_campagne_nothing_is_compared():
    done = resultat("deleg-outre-mer")
    assert done.avant_apres.empty
    assert done.versions_comparees.empty
    assert done.campagne_avant == ""
    assert "SANS_ANTERIEUR" in {constat.code for constat in done.constats}


def test_a_written_plan_is_read_only_when_it_comes_from_the_same_answers():
    whole = dossier("mission-appui")
    plan = plan_formation.diagnose(whole).to_json()
    marked = {**plan, "manques": ["Plan lu."], ENTREE: whole.empreinte}
    read = diagnose(whole.replace(resultats={"plan_formation": marked}))
    assert any("plan lu." in sentence for sentence in read.manques)
    fresh = resultat("mission-appui")
    for other in (whole.replace(reponses=whole.reponses.iloc[1:]), whole.replace(agents=whole.agents.iloc[1:])):
        assert other.empreinte != whole.empreinte
        old = diagnose(other.replace(resultats={"plan_formation": marked}))
        assert not any("plan lu." in sentence for sentence in old.manques)
    same = diagnose(whole.replace(resultats={"plan_formation": {**plan, ENTREE: whole.empreinte}}))
    assert json.dumps(same.to_json()) == json.dumps(fresh.to_json())
