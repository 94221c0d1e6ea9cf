"""The law at the campagne's date: what applies, what will, what is not verified, what must not be cited."""

from __future__ import annotations

from datetime import date

import pytest
from vigie.diagnostics.risques_ethique import diagnose
from vigie.referentiels.base import Confiance

from .dossiers import shipped
from .risques_dossiers import build, codes, inventaire, marque, the, with_bases, with_rules

HAUT_RISQUE = [
    inventaire("L01", nom="Outil fictif"),
    marque("L01", "interdiction", "non"),
    *(marque("L01", nom) for nom in ("haut_risque", "donnees_personnelles", "ia_generative", "interaction_personne")),
]


def _applicable(resultat, base):
    rows = resultat.calendrier[resultat.calendrier["base"] == base]
    return {row["date"]: bool(row["applicable"]) for _, row in rows.iterrows()}


@pytest.mark.parametrize(("jour", "applies"), [(date(2027, 12, 1), False), (date(2027, 12, 2), True)])
def test_a_text_applies_from_its_very_day(jour, applies):
    assert _applicable(diagnose(build(HAUT_RISQUE, jour)), "RIA-6-III4") == {"2027-12-02": applies}


def test_each_entry_of_a_text_has_its_own_date():
    resultat = diagnose(build(HAUT_RISQUE))
    assert _applicable(resultat, "RIA-5") == {"2025-02-02": True, "2026-12-02": False}


def test_the_base_shows_the_entry_in_force_and_else_the_next_one():
    resultat = diagnose(build(HAUT_RISQUE, date(2026, 11, 24)))
    dates = resultat.bases.set_index("base")["date"]
    assert (dates["RIA-5"], dates["RIA-4"], dates["RIA-27"]) == ("2025-02-02", "2026-07-27", "2027-12-02")


def test_the_calendar_is_in_order_and_undated_texts_come_first():
    dates = list(diagnose(build(HAUT_RISQUE)).calendrier["date"])
    assert dates == sorted(dates)
    assert dates[0] == ""


def test_an_undated_text_is_in_force_only_if_it_binds():
    resultat = diagnose(build(HAUT_RISQUE))
    assert _applicable(resultat, "CPP-40") == {"": True}
    assert _applicable(resultat, "CONV-225") == {"": False}


def test_a_text_cited_by_analogy_never_applies():
    resultat = diagnose(build([*HAUT_RISQUE, marque("L01", "impact_conditions_travail")]))
    assert set(_applicable(resultat, "TJ-NANT").values()) == {False}


def test_a_base_that_must_not_be_cited_never_appears():
    contenu = with_bases(RIA_4={"citable": False})
    resultat = diagnose(build(HAUT_RISQUE, contenu=contenu))
    assert "RIA-4 " in " ".join(diagnose(build(HAUT_RISQUE)).regles["bases"]) + " "
    assert "RIA-4" not in set(resultat.bases["base"]) | set(resultat.calendrier["base"])
    assert "RIA-4" not in " ".join(resultat.regles["bases"]).split()
    assert all("RIA-4" not in line.pourquoi.bases for line in resultat.recommandations)
    assert all("RIA-4 " not in line.pourquoi.explication for line in resultat.recommandations)


def test_what_was_not_read_in_its_text_stays_marked():
    resultat = diagnose(build(HAUT_RISQUE))
    expected = {base.id: base.confiance.value for base in shipped().bases.bases}
    assert {row["base"]: row["confiance"] for _, row in resultat.bases.iterrows()}.items() <= expected.items()
    marked = {cible for item in resultat.constats if item.code == "NON_VERIFIE" for cible in item.cibles}
    unread = resultat.bases.loc[resultat.bases["confiance"] != Confiance.TEXTE, "base"]
    undated = resultat.calendrier.loc[resultat.calendrier["confiance"] != Confiance.TEXTE, "base"]
    assert marked == {*unread, *undated}
    assert len(marked) > 10


def test_each_base_of_a_recommendation_is_followed_by_its_confidence():
    resultat = diagnose(build(HAUT_RISQUE))
    labels = shipped().libelles
    confiances = resultat.bases.set_index("base")["confiance"]
    for line in resultat.recommandations:
        for base in line.pourquoi.bases:
            if base in confiances:
                assert f"{base} ({labels.code(confiances[base])})" in line.pourquoi.explication


def test_bases_name_the_rules_that_cite_them():
    row = diagnose(build(HAUT_RISQUE)).bases.set_index("base").loc["RIA-27"]
    assert row["regles"] == "E14"


def test_a_duty_whose_binding_texts_are_all_to_come_does_not_apply_today_but_keeps_its_class():
    """E33 rests on RIA-50, applicable on 2 August 2026."""
    before, after = (
        diagnose(build(HAUT_RISQUE, jour)).regles.set_index("regle").loc["E33"]
        for jour in (date(2026, 8, 1), date(2026, 8, 2))
    )
    assert (before["applicable_aujourdhui"], after["applicable_aujourdhui"]) == (False, True)
    assert before["classe"] == after["classe"] == "P2"


def test_deadlines_are_grouped_by_date():
    contenu = with_rules(E32={"echeance": date(2027, 3, 1)})
    resultat = diagnose(build(HAUT_RISQUE, contenu=contenu))
    assert the(resultat, "ECHEANCE_PROCHE").cibles == ("E32",)
    assert the(resultat, "ECHEANCE_A_VENIR").cibles == ("E03", "E10", "E14")


def test_a_deadline_already_past_is_no_longer_announced():
    resultat = diagnose(build(HAUT_RISQUE, date(2028, 1, 1)))
    assert not {"ECHEANCE_PROCHE", "ECHEANCE_A_VENIR"} & set(codes(resultat))


def test_a_recommendation_carries_the_deadline_of_a_future_duty_only():
    lines = {line.id: line.echeance for line in diagnose(build(HAUT_RISQUE)).recommandations}
    assert lines["E14"] == date(2027, 12, 2)
    assert lines["E26"] is None
