"""What must hold for any answers: the legal floor, monotony, proofs that never harm, the unknown that is never low."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.diagnostics.risques_ethique import diagnose

from .dossiers import shipped
from .risques_dossiers import aggravant, build, cote, cotes, forcage, inventaire, marque, preuve

CALME = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
MARQUES = [libelle.id for libelle in shipped().regles.declencheurs if libelle.id != "toujours"]
AGGRAVANTS = [libelle.id for libelle in shipped().methode.aggravants]
RISQUES = [risque.id for risque in shipped().risques.risques]
REGLES = [regle.id for regle in shipped().regles.regles]
MOMENTS = [moment.id for moment in shipped().regles.moments]

scores = st.tuples(st.integers(1, 4), st.integers(1, 4))
ratings = st.dictionaries(st.sampled_from(RISQUES), st.lists(scores, min_size=1, max_size=4), max_size=6)
marks = st.sets(st.sampled_from(MARQUES))
proofs = st.sets(st.sampled_from(REGLES), max_size=15)
days = st.integers(0, 1500).map(lambda number: date(2025, 6, 1) + timedelta(days=number))


def _reponses(marques: set[str], notes: dict[str, list[tuple[int, int]]], prouvees: set[str]) -> list[dict[str, Any]]:
    """Sorted, so that two calls differ only by what their arguments differ."""
    return [
        inventaire("L01", nom="Outil fictif"),
        marque("L01", "interdiction", "non"),
        *(marque("L01", nom) for nom in sorted(marques)),
        *(reponse for risque, paires in sorted(notes.items()) for reponse in cotes("L01", risque, *paires)),
        *(reponse for regle in sorted(prouvees) for reponse in preuve("L01", regle)),
    ]


@CALME
@given(marks, ratings, proofs, days)
def test_an_applicable_duty_is_always_p1_or_p2(marques, notes, prouvees, jour):
    regles = diagnose(build(_reponses(marques, notes, prouvees), jour)).regles
    binding = regles[regles["caractere"].isin(["obligatoire", "mixte"])]
    assert set(binding["classe"]) <= {"P1", "P2"}
    assert set(shipped().methode.moments_avant) >= set(binding.loc[binding["classe"] == "P1", "moment"])
    expected = {
        regle.id
        for regle in shipped().regles.regles
        if regle.caractere in ("obligatoire", "mixte") and {"toujours", *marques} & set(regle.declencheur)
    }
    assert set(binding["regle"]) == expected


@CALME
@given(marks, ratings, proofs, st.sampled_from(REGLES))
def test_one_more_proven_rule_never_raises_a_residual_risk(marques, notes, prouvees, autre):
    before = diagnose(build(_reponses(marques, notes, prouvees - {autre}))).risques
    after = diagnose(build(_reponses(marques, notes, prouvees | {autre}))).risques
    assert (after["niveau_residuel"] <= before["niveau_residuel"]).all()
    assert (after["niveau_retenu"] == before["niveau_retenu"]).all()


@CALME
@given(marks, scores, proofs, st.sampled_from(["gravite", "vraisemblance"]), st.booleans())
def test_a_higher_rating_never_lowers_a_level(marques, paire, prouvees, mesure, aggrave):
    gravite, vraisemblance = paire
    plus = (min(gravite + 1, 4), vraisemblance) if mesure == "gravite" else (gravite, min(vraisemblance + 1, 4))
    base = [*_reponses(marques, {}, prouvees), *([aggravant("L01", AGGRAVANTS[1])] if aggrave else [])]
    low, high = (diagnose(build([*base, *cote("L01", "R04", *one)])).risques.iloc[0] for one in (paire, plus))
    for column in ("gravite_aggravee", "niveau", "niveau_retenu", "niveau_residuel"):
        assert low[column] <= high[column]


@CALME
@given(marks, ratings, st.sampled_from(AGGRAVANTS))
def test_an_aggravant_never_lowers_a_level_and_adds_one_notch_at_most(marques, notes, nom):
    base = _reponses(marques, notes, set())
    without, with_it = (diagnose(build(rows)).risques for rows in (base, [*base, aggravant("L01", nom)]))
    assert (with_it["niveau"] >= without["niveau"]).all()
    assert (with_it["gravite_aggravee"] - with_it["gravite"]).isin([0, 1]).all()
    assert with_it["gravite_aggravee"].le(4).all()


@CALME
@given(marks, ratings, proofs, st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(marques, notes, prouvees, hasard):
    dossier = build(_reponses(marques, notes, prouvees))
    order = list(range(len(dossier.reponses)))
    hasard.shuffle(order)
    again = dossier.replace(reponses=dossier.reponses.iloc[order])
    assert diagnose(again).to_json() == diagnose(dossier).to_json()


@CALME
@given(marks, ratings, st.sampled_from(RISQUES), st.sampled_from(["ne_sait_pas", "non_repondu", "masque"]), proofs)
def test_an_unrated_risk_is_never_treated_as_low(marques, notes, risque, etat, prouvees):
    notes = {name: paires for name, paires in notes.items() if name != risque}
    unknown = [{**reponse, "etat": etat, "niveau": float("nan")} for reponse in cote("L01", risque, 1, 1)]
    resultat = diagnose(build([*_reponses(marques, notes, prouvees), *unknown]))
    row = resultat.risques[resultat.risques["risque"] == risque].iloc[0]
    assert row[["niveau", "niveau_retenu", "niveau_residuel"]].isna().all()
    assert row["acceptation"] == ""
    assert risque in [cible for item in resultat.constats if item.code == "NON_COTE" for cible in item.cibles]
    rated = set(notes)
    for _, regle in resultat.regles.iterrows():
        assert pd.isna(regle["niveau_max"]) == (not rated & set(regle["risques"].split()))


@CALME
@given(marks, ratings, days)
def test_rules_are_ranked_by_class_then_moment_then_level(marques, notes, jour):
    regles = diagnose(build(_reponses(marques, notes, set()), jour)).regles.sort_values("rang")
    keys = [
        (row["classe"], MOMENTS.index(row["moment"]), -(row["niveau_max"] or 0), -row["risques_eleves"], row["regle"])
        for _, row in regles.fillna({"niveau_max": 0}).iterrows()
    ]
    assert keys == sorted(keys)
    assert list(regles["rang"]) == list(range(1, len(regles) + 1))


@CALME
@given(marks, ratings, proofs, st.sampled_from(RISQUES), st.integers(1, 4))
def test_an_override_never_takes_a_residual_below_the_legal_floor(marques, notes, prouvees, risque, niveau):
    resultat = diagnose(build([*_reponses(marques, notes, prouvees), forcage("L01", risque, niveau, "Motif fictif")]))
    row = resultat.risques[resultat.risques["risque"] == risque].iloc[0]
    owed = resultat.regles[(resultat.regles["caractere"] == "obligatoire") & ~resultat.regles["prouvee"]]
    if any(risque in risques.split() for risques in owed["risques"]):
        assert row["niveau_residuel"] >= shipped().methode.plancher_residuel
    assert row["niveau_retenu"] == niveau


@CALME
@given(marks, marks, ratings)
def test_one_more_mark_never_takes_a_rule_away(marques, autres, notes):
    few, many = (
        set(diagnose(build(_reponses(given_marks, notes, set()))).regles["regle"])
        for given_marks in (marques, marques | autres)
    )
    assert few <= many


@CALME
@given(marks, ratings, proofs)
def test_a_prohibited_case_has_no_rating_and_one_rule(marques, notes, prouvees):
    reponses = [*_reponses(marques, notes, prouvees), marque("L01", "interdiction", repondant="num-1")]
    resultat = diagnose(build(reponses))
    assert list(resultat.regles.loc[resultat.regles["cas"] == "L01", "regle"]) == [shipped().methode.regle_interdiction]
    assert "L01" not in set(resultat.risques["cas"])
    assert resultat.recommandations[0].id == "ARRET-L01"
