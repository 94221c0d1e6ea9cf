"""The ministry's view, from written results: nothing averaged, nothing unmasked, nothing dropped without a word."""

from __future__ import annotations

import pytest
from vigie.diagnostics.ministere import ETAPES, diagnose
from vigie.referentiels.ministere import Campagne, DocumentMinistere, Structure

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


def seance(module="M-x", site="Lille", places=12.0, inscrits=None, etat="publie"):
    return {"module": module, "site": site, "places": places, "inscrits": inscrits, "etat": etat}


def demande(ident="CRE-B", competences="B1 B2", effectif=None, decision="creation", echeance=""):
    row = {"demande": ident, "competences": competences, "effectif": effectif, "decision": decision}
    return {**row, "echeance": echeance}


def plan(sessions=(), creations=()):
    modules = [{"module": "M-x", "titre": "Module fictif"}]
    return {"tables": {"sessions": list(sessions), "creations": list(creations), "modules": modules}}


def restitution(actions=(), etat="absent"):
    point = {"vigilance": "V03", "libelle": "Divergences", "etat": etat}
    return {"vigilances_tenues": 0, "tables": {"vigilances": [point], "feuille_de_route": list(actions)}}


def action(cle, priorite="Importante", echeance=""):
    return {"cle": cle, "action": f"Action {cle}", "priorite": priorite, "pilote": "RH", "echeance": echeance}


def regle(ident, prouvee):
    return {"regle": ident, "libelle": "Règle.", "cas": "U04", "prouvee": prouvee}


def view(resultats, echecs=(), structures=("a", "b", "c"), documents=()):
    named = {nom: structure(nom) for nom in structures}
    return diagnose(CAMPAGNE, resultats, named, echecs, shipped(), documents)


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
    assert len(seen | missing) == 3 * len(ETAPES)
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
    assert len(result.manques) == 3


@pytest.mark.parametrize(
    ("seances", "attendu"),
    [
        # 7 + 5 = 12 people, 12 seats a session: one session instead of two.
        ({"a": seance(inscrits=7.0), "b": seance(inscrits=5.0)}, ("oui", 1, 12)),
        # 7 + 6 = 13 people: two sessions whatever is done.
        ({"a": seance(inscrits=7.0), "b": seance(inscrits=6.0)}, ("non", 2, 13)),
        ({"a": seance(inscrits=7.0)}, ("non", 1, 7)),
        # A masked headcount is not guessed: the services look at it together.
        ({"a": seance(inscrits=20.0), "b": seance(etat="masque")}, ("a_verifier", None, 20)),
        # Followed at any time: there is no session to share.
        ({"a": seance(inscrits=7.0, places=None), "b": seance(inscrits=5.0, places=None)}, ("non", None, 12)),
        # Two sites: each keeps its session.
        ({"a": seance(inscrits=7.0), "b": seance(inscrits=5.0, site="Arras")}, ("non", 1, 5)),
    ],
)
def test_a_session_is_worth_sharing_when_fewer_would_do(seances, attendu):
    found = view({nom: {"plan_formation": plan([row])} for nom, row in seances.items()}).sessions.iloc[0]
    partage, ensemble, inscrits = attendu
    assert found["partage"] == partage
    assert found["inscrits"] == inscrits
    assert pytest.approx(found["sessions_ensemble"], nan_ok=True) == (float("nan") if ensemble is None else ensemble)


def test_people_are_counted_by_module_whatever_the_place_and_masked_ones_apart():
    sessions = {"a": seance(inscrits=12.0), "b": seance(inscrits=11.0, site="Arras"), "c": seance(etat="masque")}
    row = view({nom: {"plan_formation": plan([one])} for nom, one in sessions.items()}).modules.iloc[0]
    assert (row["structures"], row["sessions"], row["inscrits"], row["masquees"]) == (3, 3, 23, 1)


def test_shared_sessions_become_an_action():
    parts = {
        "a": {"plan_formation": plan([seance(inscrits=7.0)])},
        "b": {"plan_formation": plan([seance(inscrits=5.0)])},
    }
    (line,) = [one for one in view(parts).recommandations if one.id.startswith("MIN-SESSION")]
    assert line.pourquoi.modules == ("M-x",)
    assert "1 au lieu de 2" in line.pourquoi.explication


def test_a_module_that_several_lack_is_created_once_before_the_first_opening():
    parts = {
        "a": {"plan_formation": plan((), [demande(effectif=20.0, echeance="2027-03-01")])},
        "b": {"plan_formation": plan((), [demande("MUT-B", "B2 B3", decision="mutualisation", echeance="2027-01-15")])},
        "c": {"plan_formation": plan((), [demande("LIB-B", "B1", 30.0, "libre_acces")])},
    }
    result = view(parts)
    row = result.creations.iloc[0]
    assert (row["competences"], row["structures"], row["effectif"], row["masquees"]) == ("B1 B2 B3", 2, 20, 1)
    assert row["echeance"] == "2027-01-15"
    (line,) = [one for one in result.recommandations if one.id == "MIN-MODULE-B"]
    assert str(line.echeance) == "2027-01-15"
    assert line.pourquoi.competences == ("B1", "B2", "B3")


def test_a_rule_of_a_ministerial_act_is_proven_by_each_and_written_by_none():
    fields = {"id": "charte", "libelle": "Charte", "reference": "n° 1", "date": "2026-05-12", "regles": ["E18", "E33"]}
    charte = DocumentMinistere.model_validate(fields)
    parts = {nom: {"risques_ethique": ethique()} for nom in "ab"}
    parts["a"]["risques_ethique"]["tables"]["regles"] = [regle("E18", prouvee=True)]
    parts["b"]["risques_ethique"]["tables"]["regles"] = [regle("E18", prouvee=False)]
    without, result = view(parts), view(parts, documents=(charte,))
    assert "MIN-E18" in {line.id for line in without.recommandations}
    assert "MIN-E18" not in {line.id for line in result.recommandations}
    row = result.heritage.iloc[0]
    assert (row["regle"], row["structures"], row["prouvees"], row["a_prouver"]) == ("E18", 2, 1, "b")
    assert len(result.heritage) == 1
    (line,) = [one for one in result.recommandations if one.id == "MIN-ACTE-1"]
    assert line.pourquoi.regles == ("E18",)
    assert line.pourquoi.bases


def test_actions_of_several_structures_keep_the_most_pressing_priority_and_the_first_deadline():
    parts = {
        "a": {"restitution": restitution([action("kit", "Importante", "2027-03-01"), action("charte")])},
        "b": {"restitution": restitution([action("kit", "Avant d'ouvrir", "2027-05-01")], "tenu")},
    }
    result = view(parts)
    assert list(result.actions["cle"]) == ["kit"]
    row = result.actions.iloc[0]
    assert (row["priorite"], row["echeance"], row["structures"]) == ("Avant d'ouvrir", "2027-03-01", 2)
    assert dict(zip(result.vigilances["structure"], result.vigilances["etat"], strict=True)) == {
        "a": "absent",
        "b": "tenu",
    }
