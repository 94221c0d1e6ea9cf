"""What must hold of the restitution for any structure."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.diagnostics._restitution_actions import group, sources
from vigie.diagnostics._restitution_lecture import read
from vigie.diagnostics.restitution import diagnose

from .dossiers import shipped
from .restitution_dossiers import build

ITEMS = [item.id for dimension in shipped().maturite.dimensions for item in dimension.items]
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
VALEURS = st.sampled_from([1, 2, 3, 4, 5, "ne_sait_pas"])
REPONSES = st.dictionaries(st.sampled_from(ITEMS), VALEURS, max_size=20)
NIVEAUX = st.dictionaries(st.sampled_from(["A1", "B1", "E1", "F3"]), st.integers(0, 4), max_size=4)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """Answers on both sides, a group of agents who changed, some uses, some validations."""
    statut = draw(st.sampled_from(["projet", "pilote", "en_service", "ecarte"]))
    interdit = draw(st.booleans())
    usage = {"nom": "Usage fictif", "statut": statut, ("oui" if interdit else "non"): ["interdiction"]}
    before, now = draw(st.integers(1, 25)), draw(st.integers(1, 25))
    return {
        "reponses": draw(REPONSES),
        "usages": {"L01": usage} if draw(st.booleans()) else {},
        "agents": [{"id": "g", "nombre": now, "metier": "MET08", "niveaux": draw(NIVEAUX)}],
        "valides": draw(st.lists(st.sampled_from(["maturite", "restitution feuille_de_route"]), unique=True)),
        "avant": {
            "reponses": draw(REPONSES),
            "agents": [{"id": "g", "nombre": before, "metier": "MET08", "niveaux": draw(NIVEAUX)}],
        },
    }


@FEW
@given(situations())
def test_keys_share_out_recommandations_and_what_stops_a_use_stays_alone(cas: dict[str, Any]) -> None:
    lines = sources(read(build(cas)))
    groups = group(lines)
    assert sum(len(found) for found in groups.values()) == len(lines)
    for key, found in groups.items():
        assert {line.cle for line in found} == {key}
        kinds = {line.recommandation.id.split("-")[0] for line in found}
        assert len(found) == 1 or not kinds & {"ARRET", "LEVER", "ECARTER"}


@FEW
@given(situations())
def test_no_gain_is_printed_for_a_few_people_nor_near_a_few_moves(cas: dict[str, Any]) -> None:
    before, now = (one["agents"][0]["nombre"] for one in (cas["avant"], cas))
    rows = diagnose(build(cas)).avant_apres
    gains = rows[rows["etape"] == "competences"]
    seuil = shipped().competences.cotation.seuil_effectif
    few = min(before, now) < seuil or 0 < abs(before - now) < seuil
    assert gains["evolution"].isna().all() == (few or gains.empty)
    assert "F3" not in set(gains["cible"])


@FEW
@given(situations())
def test_a_held_point_has_proven_items_at_the_level_and_nothing_missing(cas: dict[str, Any]) -> None:
    dossier = build(cas)
    items = read(dossier).base
    seuil = shipped().vigilances.cotation.seuil_tenu
    points = {point.id: point for point in shipped().vigilances.vigilances}
    for row in diagnose(dossier).vigilances.itertuples():
        if row.etat == "tenu":
            assert row.manque == ""
            for item in map(items.item, points[row.vigilance].items):
                assert item.etat == "sans_objet" or (item.valeur >= seuil and item.preuve), (row.vigilance, item.id)
