"""Support and governance: what every line rests on, and what is never read as known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from vigie.diagnostics._accompagnement_kit import read_date
from vigie.diagnostics._accompagnement_lecture import read
from vigie.diagnostics.accompagnement import ResultatAccompagnement, diagnose
from vigie.dossier import REPONDANTS
from vigie.referentiels import Referentiels

from .accompagnement_dossiers import build, one_group
from .dossiers import CAMPAGNE, bare_dossier, shipped

HAUT_RISQUE = {
    "L01": {
        "nom": "Tri fictif",
        "statut": "pilote",
        "oui": ["haut_risque", "impact_conditions_travail"],
        "non": ["interdiction"],
    }
}
COLONNES = {
    "kit": ["document", "etat", "date", "age_mois", "manque", "fiche"],
    "calendrier": ["date", "type", "intitule", "public", "pilote", "base", "fiche"],
    "gouvernance": ["point", "proposition", "motif", "bases"],
    "composition": ["instance", "siege", "nombre", "profil", "voix", "motif"],
    "routes": ["nature", "voie", "destinataire", "delai", "base", "confiance"],
    "pilotage": ["action", "pilote_rh", "pilote_formation", "pilote_numerique", "validation"],
    "dialogue": ["sujet", "formation_competente", "moment", "base", "confiance", "echeance", "etat"],
    "evaluation": ["outil", "public", "moment", "contenu", "precaution"],
}


@pytest.fixture(scope="module")
def plein() -> ResultatAccompagnement:
    """A structure with a high-risk pilot, an opening to come and some evidence."""
    return diagnose(
        build(
            {
                "structure": {"effectif": 95, "mise_en_service": "2027-06-28"},
                "agents": [one_group(30)],
                "usages": HAUT_RISQUE,
                "reponses": {"D3.4": 3, "D3.2": 2, "D3.5": 2, "D3.6": 1, "D4.1": 2},
            }
        )
    )


def with_criteria(**champs: Any) -> Referentiels:
    gouv = shipped().gouvernance
    return replace(shipped(), gouvernance=gouv.model_copy(update={"criteres": gouv.criteres.model_copy(update=champs)}))


def test_every_table_has_the_columns_that_documents_and_notebooks_read(plein: ResultatAccompagnement) -> None:
    for resultat in (plein, diagnose(bare_dossier())):
        for name, columns in COLONNES.items():
            assert list(getattr(resultat, name).columns)[: len(columns)] == columns, name


def test_without_any_answer_nothing_is_invented(plein: ResultatAccompagnement) -> None:
    resultat = diagnose(bare_dossier())
    assert set(resultat.kit["etat"]) == {"inconnu"}
    assert resultat.formule == "reseau"
    assert {constat.code for constat in resultat.constats} >= {"GOUVERNANCE_PROVISOIRE", "SIGNALEMENT_INCONNU"}
    assert "SIGNALEMENT_ABSENT" not in {constat.code for constat in resultat.constats}
    assert any("n'est pas réputé absent" in sentence.replace("\u00a0", " ") for sentence in resultat.manques)
    assert len(resultat.routes) == 12
    assert not (resultat.calendrier["type"] == "atelier").any()


def test_every_action_says_why_down_to_the_sheet_and_names_three_pilots(plein: ResultatAccompagnement) -> None:
    actions = {line.id: line for line in plein.recommandations}
    for line in actions.values():
        assert line.pourquoi.explication, line.id
        assert line.pourquoi.fiche, line.id
        assert line.pourquoi.versions["accompagnement"] == "2026.11"
        assert line.pilote in ("RH", "FOR", "NUM")
    assert [line.rang for line in plein.recommandations] == list(range(1, len(actions) + 1))
    assert list(plein.pilotage["id"]) == list(actions)
    pilots = plein.pilotage[["pilote_rh", "pilote_formation", "pilote_numerique"]]
    assert (pilots != "").all().all()
    assert plein.pilotage["validation"].str.endswith("PROJET, non validé").all()


def test_a_line_cites_the_answers_it_rests_on(plein: ResultatAccompagnement) -> None:
    dossier = build({"structure": {"effectif": 95}, "usages": HAUT_RISQUE, "reponses": {"D3.4": 3}})
    rows = dossier.reponses
    charte = set(rows.loc[rows["cible"] == "D3.4", "id"])
    marque = set(rows.loc[rows["cible"] == "haut_risque", "id"])
    actions = {line.id: line for line in diagnose(dossier).recommandations}
    assert marque <= set(actions["ACC-GOUVERNANCE"].pourquoi.reponses)
    assert set(rows.loc[rows["cible"] == "impact_conditions_travail", "id"]) <= set(
        actions["ACC-DIAL-nouvelles_technologies"].pourquoi.reponses
    )
    known = set(rows["id"])
    assert all(set(line.pourquoi.reponses) <= known for line in actions.values())
    stale = diagnose(build({"reponses": {"D3.4": 3}, "documents": {"D3.4": "Charte (01/01/2024)"}}))
    revision = next(line for line in stale.recommandations if line.id == "ACC-KIT-charte")
    assert revision.action.startswith("Révisez")
    assert len(revision.pourquoi.reponses) == len(charte)


def test_every_id_in_a_table_exists(plein: ResultatAccompagnement) -> None:
    bases = {base.id for base in shipped().bases.bases if base.citable}
    ideas = {idee.id for idee in shipped().fiche.idees}
    for frame, column in (
        (plein.calendrier, "base"),
        (plein.gouvernance, "bases"),
        (plein.routes, "base"),
        (plein.dialogue, "base"),
    ):
        assert {name for cell in frame[column] for name in cell.split()} <= bases
    for frame in (plein.kit, plein.calendrier):
        assert {name for cell in frame["fiche"] for name in cell.split()} <= ideas


def test_what_was_not_read_in_the_text_stays_marked(plein: ResultatAccompagnement) -> None:
    routes = plein.routes.set_index("id")
    assert "légal ; de mémoire, à vérifier" in routes.loc["alerte", "delai"].replace("\u202f", " ")
    assert "(proposé)" in routes.loc["reseau", "delai"]
    assert "sous 72 heures" in routes.loc["violation_donnees", "delai"]
    assert "à vérifier" not in routes.loc["violation_donnees", "delai"]
    assert routes.loc["violation_donnees", "confiance"] == "texte"
    assert routes.loc["incident_ia", "confiance"] == "deduction"
    (constat,) = [one for one in plein.constats if one.code == "DELAIS_NON_VERIFIES"]
    assert set(constat.cibles) == set(routes.index[routes["confiance"] != "texte"]) | {"alerte", "pratique_interdite"}


@pytest.mark.parametrize(("jour", "attendu"), [(date(2027, 12, 1), True), (date(2027, 12, 2), False)])
def test_a_route_says_it_is_to_come_until_the_day_it_applies(jour: date, attendu: bool) -> None:
    dossier = bare_dossier().replace(campagne=CAMPAGNE.model_copy(update={"date_reference": jour}))
    delai = diagnose(dossier).routes.set_index("id").loc["incident_ia", "delai"]
    assert ("applicable à compter du 2 décembre 2027" in delai) is attendu


def test_a_rule_that_does_not_apply_is_not_proven() -> None:
    assert not read(bare_dossier()).proven("E34")


def test_staff_representatives_and_direction_read_the_same_figures(plein: ResultatAccompagnement) -> None:
    """One Resultat, no frame about named agents: there is nothing to give to one and not to the other."""
    assert dict(plein.tables()).keys() == dict(plein.tables(nominatives=True)).keys()
    assert "ACC-PARTAGE" in {line.id for line in plein.recommandations}


def test_names_of_respondents_never_appear() -> None:
    dossier = build({"structure": {"effectif": 95}, "reponses": {"D3.4": 3}, "agents": [one_group(12)]})
    people = [{"id": "x1", "role": "RH", "nom": "Zéphyrine Quelconque", "fonction": "Cheffe fictive"}]
    dossier = dossier.replace(repondants=pd.DataFrame(people, columns=list(REPONDANTS)).astype(REPONDANTS))
    assert "Zéphyrine" not in str(diagnose(dossier).to_json())


def test_no_evaluation_tool_asks_about_soft_skills_and_the_optional_one_says_so(plein: ResultatAccompagnement) -> None:
    tools = plein.evaluation.set_index("id")
    assert tools.loc["grille_entretien", "moment"].startswith("Non décidé à ce jour.")
    assert "F1 à F8" in tools.loc["grille_entretien", "precaution"]
    assert not tools.drop("grille_entretien")["moment"].str.startswith("Non décidé").any()


def test_the_way_of_the_outside_person_decides_whether_it_votes() -> None:
    gouv = shipped().gouvernance
    externe = gouv.externe.model_copy(update={"voie_proposee": "voie_c"})
    autre = replace(shipped(), gouvernance=gouv.model_copy(update={"externe": externe}))
    dossier = build({"structure": {"effectif": 95}, "usages": HAUT_RISQUE})
    votes = {
        nom: diagnose(dossier.replace(referentiels=ref)).composition.set_index("id").loc["externe", "voix"]
        for nom, ref in (("a", shipped()), ("c", autre))
    }
    assert votes == {"a": "non", "c": "oui"}


def test_thresholds_are_those_of_the_referentiel() -> None:
    dossier = build({"structure": {"effectif": 95}, "usages": HAUT_RISQUE})
    assert diagnose(dossier).formule == "commission"
    assert diagnose(dossier.replace(referentiels=with_criteria(effectif_moyen=94))).formule == "les_deux"
    assert diagnose(dossier.replace(referentiels=with_criteria(marques_commission=()))).formule == "reseau"
    assert diagnose(dossier.replace(referentiels=with_criteria(commission_effectif_minimal=96))).mutualisee


def test_a_site_more_is_a_correspondent_more() -> None:
    groups = [one_group(4) | {"id": f"s{n}", "site": f"Site {n}"} for n in range(3)]
    composition = diagnose(build({"structure": {"effectif": 12}, "agents": groups})).composition.set_index("id")
    assert composition.loc["correspondant", "nombre"] == 3


def test_audiences_without_opening_date_are_not_dated_when_another_opens() -> None:
    dates = [one_group(12, "2027-06-28"), one_group(12, metier="MET15") | {"id": "h"}]
    resultat = diagnose(build({"structure": {"effectif": 40}, "agents": dates}))
    assert not resultat.calendrier["evenement"].str.startswith("suivi_fort").any()
    assert resultat.calendrier["evenement"].str.startswith("suivi_tres_fort").any()
    assert any("Aucune date d'ouverture n'est connue" in sentence for sentence in resultat.manques)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Charte (14/06/2026)", date(2026, 6, 14)),
        ("Décision du 18 juin 2025, après avis du 3 juin 2025", date(2025, 6, 18)),
        ("Acte du 1er septembre 2026", date(2026, 9, 1)),
        ("2026-09-01 et 30/12/2026", date(2026, 9, 1)),
        ("Charte de 2025", None),
        ("31/02/2026", None),
        ("", None),
    ],
)
def test_a_document_is_dated_by_the_latest_day_written_that_is_not_to_come(texte: str, attendu: date | None) -> None:
    assert read_date(texte, date(2026, 11, 24)) == attendu


def test_the_result_goes_to_json(plein: ResultatAccompagnement) -> None:
    content = plein.to_json()
    assert content["etape"] == "accompagnement"
    assert set(COLONNES) <= set(content["tables"])
    assert content["formule"] == "commission"
