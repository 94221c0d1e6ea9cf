"""The ministry's view, from written results: nothing averaged, nothing unmasked, nothing dropped without a word."""

from __future__ import annotations

import pytest
from vigie.diagnostics.ministere import diagnose
from vigie.referentiels.ministere import Campagne, Structure

from .dossiers import shipped

CAMPAGNE = Campagne.model_validate({"id": "2026", "libelle": "2026", "date_reference": "2026-11-24"})


def structure(nom):
    return Structure(id=nom, nom=nom.upper(), type="direction", situation="b", effectif=50)


def maturite(niveau, etat="concluant"):
    row = {"dimension": "D3", "libelle": "Règles", "niveau": niveau, "score": 2.4, "couverture": 0.9, "etat": etat}
    return {"prealables_manquants": 1, "validation": "PROJET, non validé", "tables": {"dimensions": [row]}}


def besoin(nombre, rang=1, etat="publie", charge=10.0):
    return {"competence": "B1", "libelle": "Données", "besoin": nombre, "rang": rang, "etat": etat, "charge": charge}


def competences(*rows):
    return {"validation": "x", "tables": {"besoins": list(rows)}}


def ethique(statut="a_ecrire", niveau=3.0, interdits=0):
    risque = {"cas": "U04", "risque": "R01", "libelle": "Ombre", "niveau_retenu": niveau, "couvert": False}
    regle = {"regle": "E18", "libelle": "Déclarez.", "caractere": "obligatoire", "statut": statut}
    return {
        "cas_interdits": interdits,
        "risques_non_couverts": 1,
        "tables": {"risques": [risque], "referentiel": [regle]},
    }


def view(resultats, echecs=(), structures=("a", "b", "c")):
    return diagnose(CAMPAGNE, resultats, {nom: structure(nom) for nom in structures}, echecs, shipped())


def test_levels_stand_side_by_side_and_no_column_is_a_mean():
    result = view({"a": {"maturite": maturite(1)}, "b": {"maturite": maturite(3)}})
    assert dict(zip(result.dimensions["structure"], result.dimensions["niveau"], strict=True)) == {"a": 1, "b": 3}
    assert not {"moyenne", "global", "total"} & set(result.dimensions)


def test_a_masked_need_stays_out_of_the_sum_and_is_counted():
    pooled = view(
        {
            "a": {"competences": competences(besoin(30))},
            "b": {"competences": competences(besoin(None, etat="masque", charge=None))},
            "c": {"competences": competences(besoin(12, rang=2))},
        }
    ).besoins.iloc[0]
    assert (pooled["besoin"], pooled["masquees"], pooled["structures"], pooled["rang_min"]) == (42, 1, 3, 1)


def test_a_need_masked_everywhere_has_no_sum():
    pooled = view({"a": {"competences": competences(besoin(None, etat="masque", charge=None))}}).besoins.iloc[0]
    assert pooled[["besoin", "charge"]].isna().all()


def test_a_figure_left_beside_a_mask_is_not_added():
    pooled = view({"a": {"competences": competences(besoin(7, etat="masque"))}}).besoins.iloc[0]
    assert pooled[["besoin", "charge"]].isna().all()


def test_a_failed_step_is_left_out_even_with_older_results():
    result = view({"a": {"maturite": maturite(2)}}, [("a", "maturite", "le calcul a échoué (référence V-1)")])
    assert result.dimensions.empty
    row = result.exclusions.query("structure == 'a' and etape == 'maturite'").iloc[0]
    assert (row["cause"], row["motif"]) == ("echec", "le calcul a échoué (référence V-1)")


def test_every_structure_and_step_is_in_the_view_or_in_the_exclusions():
    resultats = {"a": {"maturite": maturite(2), "competences": competences()}, "b": {"risques_ethique": ethique()}}
    result = view(resultats)
    seen = {(name, step) for name, parts in resultats.items() for step in parts}
    missing = set(zip(result.exclusions["structure"], result.exclusions["etape"], strict=True))
    assert len(seen | missing) == 9
    assert not seen & missing


def test_a_dimension_without_level_is_said_partial():
    result = view({"a": {"maturite": maturite(None, "partiel")}})
    assert list(result.exclusions.query("cause == 'partiel'")["motif"]) == [
        "sans niveau affiché, réponses insuffisantes : D3"
    ]
    assert {constat.code for constat in result.constats} >= {"PARTIEL", "EXCLUSIONS"}


def test_results_of_a_structure_that_left_are_ignored():
    assert view({"partie": {"maturite": maturite(2)}}).dimensions.empty


@pytest.mark.parametrize(("nombre", "attendu"), [(1, 0), (2, 1)])
def test_a_rule_is_to_write_once_from_two_structures_on(nombre, attendu):
    resultats = {nom: {"risques_ethique": ethique()} for nom in "abc"[:nombre]}
    found = [line for line in view(resultats).recommandations if line.id == "MIN-E18"]
    assert len(found) == attendu


def test_a_common_rule_says_why_down_to_its_bases():
    resultats = {nom: {"risques_ethique": ethique()} for nom in "ab"}
    line = view(resultats).recommandations[0]
    assert line.pourquoi.regles == ("E18",)
    assert line.pourquoi.bases
    assert line.pourquoi.versions["regles"]


def test_a_risk_keeps_its_highest_level_and_counts_structures():
    resultats = {"a": {"risques_ethique": ethique(niveau=2.0)}, "b": {"risques_ethique": ethique(niveau=4.0)}}
    row = view(resultats).risques.iloc[0]
    assert (row["structures"], row["cas"], row["niveau_max"], row["non_couverts"]) == (2, 2, 4, 2)


def test_an_unrated_risk_is_not_counted_as_low():
    assert view({"a": {"risques_ethique": ethique(niveau=None)}}).risques.empty


def test_a_prohibited_use_is_an_alert():
    result = view({"a": {"risques_ethique": ethique(interdits=1)}})
    assert [constat.gravite for constat in result.constats if constat.code == "CAS_INTERDIT"] == ["alerte"]


def test_the_order_of_structures_in_the_results_does_not_matter():
    parts = {"a": {"competences": competences(besoin(3))}, "b": {"competences": competences(besoin(5))}}
    assert view(parts).besoins.equals(view(dict(reversed(parts.items()))).besoins)


def test_without_any_result_the_view_is_empty_and_says_so():
    result = view({})
    assert result.completes == 0
    assert all(frame.empty for name, frame in result.tables() if name not in ("structures", "exclusions"))
    assert len(result.manques) == 9
