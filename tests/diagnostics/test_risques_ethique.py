"""Behaviour of the risks-to-rules diagnostic that no written case shows: doubts, bounds, order, traces."""

from __future__ import annotations

import json
import random
from datetime import date

import pandas as pd
import pytest
from vigie.diagnostics.risques_ethique import diagnose

from .dossiers import shipped
from .risques_dossiers import (
    aggravant,
    build,
    codes,
    cote,
    cotes,
    existe,
    forcage,
    inventaire,
    marque,
    preuve,
    repris,
    the,
    with_rules,
)

FICTIF = [inventaire("L01", nom="Outil fictif"), marque("L01", "interdiction", "non")]


def _row(resultat, table, **keys):
    frame = getattr(resultat, table)
    for column, value in keys.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_the_order_of_answers_changes_nothing():
    reponses = [
        *FICTIF,
        inventaire("L01", "pilote", "Autre nom fictif", repondant="num-1"),
        marque("L01", "donnees_personnelles", "oui"),
        *cotes("L01", "R01", (1, 2), (3, 2), (3, 4)),
        forcage("L01", "R02", 3, "Premier motif"),
        forcage("L01", "R02", 2, "Second motif"),
        *preuve("L01", "E25"),
        existe("oui", "Charte fictive"),
        repris("E04", "oui"),
        repris("E04", "non", repondant="jur-1"),
    ]
    dossier = build(reponses)
    shuffled = list(range(len(reponses)))
    random.Random(7).shuffle(shuffled)  # noqa: S311
    again = dossier.replace(reponses=dossier.reponses.iloc[shuffled])
    assert diagnose(again).to_json() == diagnose(dossier).to_json()


def test_the_result_is_plain_json_with_every_column_even_without_rows():
    resultat = diagnose(build())
    assert json.loads(json.dumps(resultat.to_json()))["etape"] == "risques_ethique"
    assert resultat.cas.empty
    assert "avertissement" in resultat.cas.columns
    assert [name for name, _ in resultat.tables()] == [
        "cas",
        "risques",
        "regles",
        "referentiel",
        "calendrier",
        "bases",
    ]


@pytest.mark.parametrize(
    ("gravite", "vraisemblance", "niveau"),
    [(1, 1, 1), (1, 2, 1), (1, 3, 2), (2, 1, 1), (2, 2, 2), (2, 4, 3), (3, 2, 2), (3, 3, 3), (4, 1, 2), (4, 4, 4)],
)
def test_the_level_is_read_in_the_matrix(gravite, vraisemblance, niveau):
    resultat = diagnose(build([*FICTIF, *cote("L01", "R01", gravite, vraisemblance)]))
    assert _row(resultat, "risques", risque="R01")["niveau"] == niveau


@pytest.mark.parametrize(("gravites", "flagged"), [((1, 2, 2), False), ((1, 3, 2), True), ((1, 4, 2), True)])
def test_a_gap_is_to_discuss_from_two_notches(gravites, flagged):
    resultat = diagnose(build([*FICTIF, *cotes("L01", "R01", *[(gravite, 2) for gravite in gravites])]))
    assert _row(resultat, "risques", risque="R01")["ecart_coteurs"] == flagged
    assert ("ECART_COTEURS" in codes(resultat)) == flagged


@pytest.mark.parametrize(("raters", "few"), [(2, True), (3, False), (4, False)])
def test_fewer_than_three_raters_is_said(raters, few):
    resultat = diagnose(build([*FICTIF, *cotes("L01", "R01", *[(2, 2)] * raters)]))
    assert ("COTEURS_INSUFFISANTS" in codes(resultat)) == few


@pytest.mark.parametrize(
    ("jour", "classe"), [(date(2026, 11, 2), "P3"), (date(2026, 12, 2), "P1"), (date(2027, 1, 2), "P1")]
)
def test_a_future_duty_becomes_a_duty_at_twelve_months(jour, classe):
    """13, 12 and 11 months before 2 December 2027; its linked risk of level 3 makes it P3 before that."""
    reponses = [*FICTIF, marque("L01", "haut_risque"), *cote("L01", "R26", 2, 3)]
    assert _row(diagnose(build(reponses, jour)), "regles", regle="E10")["classe"] == classe


def test_a_future_duty_without_risk_is_p4_and_not_left_to_choice():
    resultat = diagnose(build([*FICTIF, marque("L01", "haut_risque")]))
    assert _row(resultat, "regles", regle="E10")["classe"] == "P4"


def test_a_deadline_at_the_end_of_february_is_near_a_whole_year_before():
    contenu = with_rules(E10={"echeance": date(2028, 2, 29)})
    reponses = [*FICTIF, marque("L01", "haut_risque")]
    before, on = (
        _row(diagnose(build(reponses, jour, contenu)), "regles", regle="E10")["classe"]
        for jour in (date(2027, 2, 27), date(2027, 2, 28))
    )
    assert (before, on) == ("P4", "P1")


def test_a_future_duty_without_date_stays_p4_and_is_said():
    contenu = with_rules(E10={"echeance": None})
    resultat = diagnose(build([*FICTIF, marque("L01", "haut_risque")], contenu=contenu))
    row = _row(resultat, "regles", regle="E10")
    assert (row["classe"], row["applicable_aujourdhui"], row["echeance"]) == ("P4", False, "")
    assert the(resultat, "ECHEANCE_INCONNUE").cibles == ("E10",)


def test_a_high_risk_case_is_aggravated_even_if_someone_denies_it():
    reponses = [
        *FICTIF,
        marque("L01", "haut_risque"),
        aggravant("L01", "annexe_III_4", "non"),
        *cote("L01", "R04", 2, 3),
    ]
    row = _row(diagnose(build(reponses)), "risques", risque="R04")
    assert (row["gravite_aggravee"], row["niveau"], row["aggravants"]) == (3, 3, "annexe_III_4")


def test_a_mark_nobody_knows_is_kept_until_confirmed():
    resultat = diagnose(build([*FICTIF, marque("L01", "donnees_personnelles", "ne_sait_pas")]))
    assert _row(resultat, "cas", cas="L01")["marques"] == "donnees_personnelles"
    assert _row(resultat, "regles", regle="E02")["classe"] == "P1"
    assert the(resultat, "MARQUE_INCONNUE").cibles == ("L01", "donnees_personnelles")


def test_a_mark_nobody_answered_triggers_nothing_but_is_said_with_what_it_would_add():
    resultat = diagnose(build(FICTIF))
    assert _row(resultat, "cas", cas="L01")["marques"] == ""
    assert "32 règles pourraient s'ajouter" in the(resultat, "MARQUE_SANS_REPONSE").texte


def test_one_yes_keeps_a_mark_that_others_deny():
    reponses = [
        *FICTIF,
        marque("L01", "profilage_rh"),
        marque("L01", "profilage_rh", "non", "Motif", repondant="num-1"),
    ]
    resultat = diagnose(build(reponses))
    assert _row(resultat, "cas", cas="L01")["marques"] == "profilage_rh"
    assert "profilage_rh" in the(resultat, "MARQUE_DISCUTEE").cibles


def test_a_mark_carried_by_nature_only_falls_with_a_written_reason():
    bare, reasoned = (
        diagnose(build([inventaire("U08"), marque("U08", "haut_risque", "non", motif)]))
        for motif in ("", "Dérogation de l'art. 6(3) analysée dans la note de qualification")
    )
    assert _row(bare, "cas", cas="U08")["haut_risque"]
    assert "haut_risque" in the(bare, "MARQUE_DISCUTEE").cibles
    assert not _row(reasoned, "cas", cas="U08")["haut_risque"]
    assert "haut_risque" in the(reasoned, "MARQUE_RETIREE").cibles


def test_a_prohibition_nobody_could_answer_does_not_pass_in_silence():
    unknown = diagnose(build([inventaire("L01", nom="Outil fictif"), marque("L01", "interdiction", "ne_sait_pas")]))
    assert the(unknown, "INTERDICTION_INCONNUE").gravite == "alerte"
    assert unknown.recommandations[0].id == "LEVER-L01"
    assert not _row(unknown, "cas", cas="L01")["interdit"]
    silent = diagnose(build([inventaire("L01", nom="Outil fictif")]))
    assert "INTERDICTION_SANS_REPONSE" in codes(silent)


def test_a_prohibited_case_set_aside_by_the_structure_asks_for_nothing_more():
    resultat = diagnose(build([inventaire("L01", "ecarte", "Outil fictif"), marque("L01", "interdiction")]))
    assert the(resultat, "INTERDIT").gravite == "information"
    assert "ARRET-L01" not in [line.id for line in resultat.recommandations]


def test_the_most_advanced_status_holds_when_people_disagree():
    reponses = [
        *FICTIF,
        inventaire("L01", "en_service", repondant="num-1"),
        inventaire("L01", "ecarte", repondant="jur-1"),
    ]
    resultat = diagnose(build(reponses))
    assert _row(resultat, "cas", cas="L01")["statut"] == "en_service"
    assert "STATUT_DIVERGENT" in codes(resultat)


def test_a_tool_in_use_without_its_first_proofs_raises_an_alert():
    used, planned = (
        diagnose(build([inventaire("L01", statut, "Outil fictif"), marque("L01", "interdiction", "non")]))
        for statut in ("pilote", "projet")
    )
    assert the(used, "UTILISE_SANS_PREUVE").cibles == ("L01", "E04", "E18", "E43", "E19", "E23", "E25")
    assert "UTILISE_SANS_PREUVE" not in codes(planned)


@pytest.mark.parametrize("etat", ["ne_sait_pas", "non_repondu", "masque"])
def test_an_unrated_risk_has_no_level_and_is_never_treated_as_low(etat):
    reponses = [{**reponse, "etat": etat, "niveau": float("nan")} for reponse in cote("L01", "R14", 1, 1)]
    resultat = diagnose(build([*FICTIF, *reponses]))
    row = _row(resultat, "risques", risque="R14")
    assert row[["niveau", "niveau_retenu", "niveau_residuel"]].isna().all()
    assert (row["acceptation"], row["couvert"]) == ("", False)
    assert "R14" in the(resultat, "NON_COTE").cibles
    assert pd.isna(_row(resultat, "regles", regle="E48")["niveau_max"])


def test_a_risk_rated_by_halves_has_no_level():
    only_gravity = [reponse for reponse in cote("L01", "R14", 4, 4) if reponse["mesure"] == "gravite"]
    row = _row(diagnose(build([*FICTIF, *only_gravity])), "risques", risque="R14")
    assert (row["gravite"], row["coteurs"]) == (4, 0)
    assert pd.isna(row["niveau"])


def test_a_risk_declared_without_object_by_all_is_not_examined():
    reponses = [{**reponse, "etat": "sans_objet", "niveau": float("nan")} for reponse in cote("L01", "R14", 1, 1)]
    assert diagnose(build([*FICTIF, *reponses])).risques.empty


def test_a_case_without_any_rating_says_that_only_the_legal_floor_orders_its_rules():
    resultat = diagnose(build(FICTIF))
    assert any(sentence.startswith("Aucun risque n'est coté pour L01") for sentence in resultat.manques)
    assert "NON_COTE" in codes(resultat)


def test_a_rating_out_of_the_scale_is_left_out_and_said():
    resultat = diagnose(build([*FICTIF, *cotes("L01", "R01", (2, 2), (5, 2), (2.5, 2))]))
    row = _row(resultat, "risques", risque="R01")
    assert (row["gravite"], row["coteurs"]) == (2, 1)
    assert the(resultat, "HORS_ECHELLE").cibles == ("L01", "R01")


def test_only_the_consultant_may_override_a_level():
    resultat = diagnose(build([*FICTIF, *cote("L01", "R01", 3, 3), forcage("L01", "R01", 1, "Motif", role="RH")]))
    assert _row(resultat, "risques", risque="R01")["niveau_retenu"] == 3
    assert "FORCAGE_REFUSE" in codes(resultat)


def test_an_override_of_an_unrated_risk_is_its_level_and_its_residual():
    resultat = diagnose(build([*FICTIF, forcage("L01", "R14", 4, "Incident connu"), *preuve("L01", "E48")]))
    row = _row(resultat, "risques", risque="R14")
    assert (row["niveau_retenu"], row["niveau_residuel"]) == (4, 4)
    assert pd.isna(row["niveau"])


def test_proven_rules_lower_a_forced_level_by_as_many_notches_as_in_the_matrix():
    """Calculated 3 (3 × 3); E48 (VG) leaves 2 × 2 → 2, one level less; forced 4 → residual 3."""
    reponses = [*FICTIF, *cote("L01", "R14", 3, 3), forcage("L01", "R14", 4, "Incident connu"), *preuve("L01", "E48")]
    assert _row(diagnose(build(reponses)), "risques", risque="R14")["niveau_residuel"] == 3


def test_risks_of_the_whole_structure_are_examined_beside_the_cases():
    resultat = diagnose(build([*FICTIF, *cote("", "R01", 3, 3)]))
    assert _row(resultat, "risques", cas="", risque="R01")["niveau"] == 3
    assert _row(resultat, "regles", cas="", regle="E38")["classe"] == "P3"


def test_a_local_risk_without_any_rule_is_kept_and_uncovered():
    resultat = diagnose(build([*FICTIF, *cote("L01", "R99", 3, 3)]))
    row = _row(resultat, "risques", risque="R99")
    assert (row["libelle"], row["niveau_residuel"], row["couvert"]) == ("R99", 3, False)
    assert resultat.risques_non_couverts == 1


def test_a_recommendation_carries_the_whole_chain_from_answer_to_law():
    reponses = [
        *FICTIF,
        marque("L01", "haut_risque"),
        marque("L01", "decision_individuelle"),
        *cote("L01", "R04", 3, 3),
    ]
    dossier = build(reponses)
    line = next(line for line in diagnose(dossier).recommandations if line.id == "E42")
    text = line.pourquoi.explication
    assert "R04 gravité 3 aggravée 4 × vraisemblance 3 → niveau 4 (critique)" in text
    assert "E42 (version 2026.11)" in text
    assert "classe P1 (avant toute utilisation)" in text
    assert "CGFP-512-19 (Vérifié sur le texte)" in text
    assert line.pourquoi.regles == ("E42",)
    assert line.pourquoi.risques == ("R04",)
    assert line.pourquoi.bases == ("CGFP-512-19", "CGFP-413", "CGFP-131-1", "CRPA-100-2")
    assert line.pourquoi.versions["bases_juridiques"] == shipped().versions["bases_juridiques"]
    cited = dossier.reponses.set_index("id").loc[list(line.pourquoi.reponses), ["mesure", "cible"]]
    assert set(cited["mesure"]) == {"inventaire", "marque", "gravite", "vraisemblance"}
    assert set(cited["cible"]) == {"statut", "decision_individuelle", "R04"}
    assert (line.pilote, line.preuve) == ("RH", "Table de correspondance critère légal et paramètre, tests de cas")


def test_the_explanation_shows_the_ratings_behind_a_median_and_an_override_with_its_reason():
    reponses = [*FICTIF, *cotes("L01", "R14", (2, 2), (3, 2), (3, 2)), forcage("L01", "R14", 4, "Incident connu")]
    line = next(line for line in diagnose(build(reponses)).recommandations if line.id == "E48")
    assert (
        "R14 gravité 3 (médiane haute de 2, 3 et 3) × vraisemblance 2 → niveau 2 (modéré)" in line.pourquoi.explication
    )
    assert "forcé à 4 (critique) car «\u00a0Incident connu\u00a0»" in line.pourquoi.explication


def test_a_rule_of_several_cases_is_one_action_ranked_by_the_most_pressing_case():
    reponses = [
        *FICTIF,
        inventaire("L02", nom="Second outil fictif"),
        marque("L02", "interdiction", "non"),
        *cote("L02", "R01", 4, 4),
    ]
    lines = [line for line in diagnose(build(reponses)).recommandations if line.id == "E38"]
    assert len(lines) == 1
    assert lines[0].pourquoi.explication.startswith("L02 (Second outil fictif)")
    assert "Aussi\u00a0: L01 (P5)" in lines[0].pourquoi.explication


def test_proven_rules_leave_the_recommendations_and_ranks_follow_the_classes():
    resultat = diagnose(build([*FICTIF, *preuve("L01", "E18")]))
    ids = [line.id for line in resultat.recommandations]
    assert "E18" not in ids
    assert [line.rang for line in resultat.recommandations] == list(range(1, len(ids) + 1))
    priorites = [line.priorite for line in resultat.recommandations]
    assert priorites == sorted(priorites, reverse=True)


def test_no_one_knowing_of_a_referentiel_is_not_its_absence():
    unknown = diagnose(build([existe("ne_sait_pas")]))
    absent = diagnose(build([existe("non")]))
    assert "REFERENTIEL_NON_VERIFIE" in codes(unknown)
    assert not unknown.referentiel_verifie
    assert "REFERENTIEL_ABSENT" in codes(absent)
    assert absent.referentiel_verifie
    assert set(absent.referentiel["statut"]) == {"a_ecrire"}
    assert set(absent.referentiel["repris"]) == {""}


def test_a_referentiel_compared_for_every_applicable_rule_is_verified():
    rules = diagnose(build([existe("oui")])).referentiel["regle"]
    resultat = diagnose(build([existe("oui", "Charte fictive"), *(repris(regle, "oui") for regle in rules)]))
    assert resultat.referentiel_verifie
    assert "REFERENTIEL" not in [line.id for line in resultat.recommandations]
    assert set(resultat.referentiel["statut"]) == {"deja_ecrite"}


def test_a_declared_proof_without_document_counts_but_is_said():
    resultat = diagnose(build([*FICTIF, *preuve("L01", "E25", document="")]))
    assert _row(resultat, "regles", regle="E25")["prouvee"]
    assert the(resultat, "PREUVE_SANS_DOCUMENT").cibles == ("L01", "E25")


def test_people_who_disagree_on_a_proof_have_not_proven_it():
    reponses = [
        *preuve("L01", "E25"),
        *({**item, "repondant": "jur-1"} for item in preuve("L01", "E25", critere="non")),
    ]
    assert not _row(diagnose(build([*FICTIF, *reponses])), "regles", regle="E25")["prouvee"]
