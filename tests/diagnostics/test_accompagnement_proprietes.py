"""What must hold of support and governance for any structure."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.diagnostics.accompagnement import diagnose
from vigie.diagnostics.jours_ouvres import JoursOuvres, add_months

from .accompagnement_dossiers import build, one_group
from .dossiers import CAMPAGNE, shipped

JOUR = CAMPAGNE.date_reference
REGLES = shipped().accompagnement.calendrier
OUVRES = JoursOuvres(REGLES.jours_feries, REGLES.jours_feries_paques, REGLES.periodes_evitees)
ETATS = ("absent", "inconnu", "present", "valide", "accessible")
FORMULES = ("reseau", "commission", "les_deux")
OUVERTURES = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2029, 12, 31)))
MARQUES = ("haut_risque", "profilage_rh", "impact_conditions_travail")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def usages(draw: st.DrawFn) -> dict[str, Any]:
    """A few uses, each mark answered oui, non or not at all."""
    found = {}
    for number in range(draw(st.integers(0, 4))):
        said = {marque: draw(st.sampled_from(["oui", "non", ""])) for marque in MARQUES}
        found[f"L0{number + 1}"] = {
            "nom": f"Usage fictif {number}",
            "statut": draw(st.sampled_from(["projet", "pilote", "en_service", "ecarte"])),
            "oui": [name for name, value in said.items() if value == "oui"],
            "non": ["interdiction", *(name for name, value in said.items() if value == "non")],
        }
    return found


@st.composite
def structures(draw: st.DrawFn) -> dict[str, Any]:
    groups = [
        one_group(
            draw(st.integers(1, 30)), str(draw(OUVERTURES) or ""), draw(st.sampled_from(["MET08", "MET10", "MET15"]))
        )
        | {"id": f"g{number}"}
        for number in range(draw(st.integers(0, 3)))
    ]
    opening = draw(OUVERTURES)
    structure = {"effectif": draw(st.integers(1, 400))} | ({"mise_en_service": opening} if opening else {})
    return {"structure": structure, "agents": groups, "usages": draw(usages())}


@FEW
@given(structures())
def test_every_proposed_date_is_a_working_day_to_come(cas: dict[str, Any]) -> None:
    calendrier = diagnose(build(cas)).calendrier
    assert list(calendrier["date"]) == sorted(calendrier["date"])
    assert calendrier["evenement"].is_unique
    for line in calendrier.itertuples():
        day = date.fromisoformat(line.date)
        assert day > JOUR, line
        if line.type != "echeance_droit":
            assert OUVRES.is_open(day), line


@FEW
@given(structures())
def test_training_ends_a_month_before_each_opening_or_says_it_is_late(cas: dict[str, Any]) -> None:
    resultat = diagnose(build(cas))
    checks = resultat.calendrier[resultat.calendrier["evenement"].str.startswith("formation_achevee")]
    late = checks["intitule"].str.endswith("(à rattraper)")
    openings = {date.fromisoformat(group["mise_en_service"]) for group in cas["agents"] if group["mise_en_service"]}
    openings |= {cas["structure"]["mise_en_service"]} if "mise_en_service" in cas["structure"] else set()
    for text in checks.loc[~late, "date"]:
        assert any(date.fromisoformat(text) <= add_months(opening, -1) for opening in openings), text
    actions = {line.id for line in resultat.recommandations}
    assert sum(name.startswith("ACC-FORMATION") for name in actions) == len(checks)


@FEW
@given(structures(), st.integers(0, 10_000))
def test_the_order_of_the_answers_changes_nothing(cas: dict[str, Any], graine: int) -> None:
    dossier = build(cas | {"reponses": {"D3.4": 3, "D3.2": 2, "D4.1": 3}})
    melange = dossier.replace(reponses=dossier.reponses.sample(frac=1, random_state=graine))
    assert json.dumps(diagnose(dossier).to_json()) == json.dumps(diagnose(melange).to_json())


@FEW
@given(structures())
def test_one_more_high_risk_use_never_lightens_the_governance(cas: dict[str, Any]) -> None:
    before = FORMULES.index(diagnose(build(cas)).formule)
    added = {"L09": {"statut": "projet", "oui": ["haut_risque"], "non": ["interdiction"]}}
    after = FORMULES.index(diagnose(build(cas | {"usages": {**cas["usages"], **added}})).formule)
    assert after >= max(before, FORMULES.index("commission"))


@FEW
@given(structures())
def test_a_commission_has_as_many_votes_as_announced(cas: dict[str, Any]) -> None:
    resultat = diagnose(build(cas))
    seats = resultat.composition[resultat.composition["instance"] == "Commission d'éthique"]
    low, high = shipped().gouvernance.criteres.membres
    votes = seats.loc[seats["voix"] == "oui", "nombre"].sum()
    assert (votes == 0) if resultat.mutualisee or resultat.formule == "reseau" else (low <= votes <= high)
    assert "dpd" not in set(seats.loc[seats["voix"] == "oui", "id"])


@FEW
@given(structures())
def test_a_silence_never_makes_a_consultation_useless(cas: dict[str, Any]) -> None:
    """A point is without object only when every active use was asked about each of its marks."""
    resultat = diagnose(build(cas))
    points = {point.id: point for point in shipped().accompagnement.dialogue}
    active = [usage for usage in cas["usages"].values() if usage["statut"] != "ecarte"]
    for line in resultat.dialogue.itertuples():
        point = points[line.id]
        if line.etat == "sans_objet" and point.declencheur == "marques":
            asked = [set(usage["oui"]) | set(usage["non"]) for usage in active]
            assert all(set(point.marques) <= said for said in asked), line.id


@FEW
@given(st.integers(1, 5), st.integers(1, 5), st.booleans())
def test_a_higher_level_with_a_document_never_lowers_the_state(bas: int, haut: int, acces: bool) -> None:
    low, high = sorted((bas, haut))
    reponses = {"D4.1": 3} if acces else {}
    states = [
        diagnose(build({"reponses": {**reponses, "D3.4": level}})).kit.set_index("id").loc["charte", "etat"]
        for level in (low, high)
    ]
    assert ETATS.index(states[0]) <= ETATS.index(states[1])


@FEW
@given(st.sampled_from(["ne_sait_pas", "non_repondu", "masque"]), st.sampled_from(["D3.4", "D3.2", "D3.6", "D4.2"]))
def test_an_unknown_item_is_neither_absent_nor_present(etat: str, item: str) -> None:
    kit = diagnose(build({"reponses": {item: etat}})).kit
    document = next(one.id for one in shipped().accompagnement.documents if one.item == item and not one.par_outil)
    assert kit.set_index("id").loc[document, "etat"] == "inconnu"
