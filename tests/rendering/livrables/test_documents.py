"""What each document must say, beyond its figures: people named nowhere but in one file, gaps said, acts complete."""

from __future__ import annotations

import re

import pytest
from vigie.rendering import formats

from . import dossiers, lecture, resultats_fictifs

STRUCTURE = "scn-recrutement"
NOMS = (
    "titre", "libelle", "intitule", "action", "sujet", "nature", "outil", "document", "siege", "point", "demande",
    "session", "plan", "contrainte", "groupe", "livrable",
)  # fmt: skip
"""Columns that name a row, the first found being the one."""
INSCRIPTIONS = "service_formation/inscriptions.xlsx"


def text(documents, name, structure=STRUCTURE):
    return lecture.plain(lecture.text_of(documents[structure, name]))


def test_agents_are_named_in_the_training_service_file_alone(documents):
    assert "AG0211" in text(documents, INSCRIPTIONS)
    for structure, name in documents:
        agents = set(dossiers.dossier(structure).agents["id"]) | {"AG0211"}
        if name == INSCRIPTIONS and structure != STRUCTURE:
            assert set(re.findall(r"\bAG\d{4}\b", text(documents, name, structure))) & agents
        elif name != INSCRIPTIONS:
            found = set(re.findall(r"\bAG\d{4}\b", text(documents, name, structure)))
            assert not found & agents, name


def test_no_respondent_is_named_in_a_document(documents):
    for structure in dossiers.STRUCTURES:
        names = {name for name in dossiers.dossier(structure).repondants["nom"] if name}
        for owner, name in documents:
            if owner == structure:
                shown = text(documents, name, structure)
                assert [person for person in names if person in shown] == [], name


def test_no_code_nor_missing_value_shows(documents):
    for structure, name in documents:
        shown = text(documents, name, structure)
        assert not re.search(r"\b(nan|None|NaT|True|False)\b", shown), name
        assert "{{" not in shown, name
        assert "custom-style" not in shown, name


def test_the_act_has_its_visas_articles_signature_and_annexes(documents):
    for structure in dossiers.STRUCTURES:
        shown = text(documents, "referentiel_ethique.docx", structure)
        for part in (
            "Vu le règlement (UE) 2016/679",
            "Décide :",
            "Article 1er – Objet",
            "Dispositions finales",
            "Annexe 4",
        ):
            assert part in shown, part
        numbers = [int(number) for number in re.findall(r"Article (\d+) –", shown)]
        assert numbers == list(range(2, 2 + len(numbers)))


def test_each_rule_of_the_act_names_its_owner_its_proof_its_check_and_its_base(documents):
    shown = text(documents, "referentiel_ethique.docx")
    articles = re.findall(r"Article \d+ – Règle E\d\d(.*?)(?=Article \d+ –|Titre [IVX]+ –)", shown)
    assert len(articles) == dossiers.resultat(STRUCTURE, "risques_ethique").regles["regle"].nunique()
    for article in articles:
        for part in ("Responsable :", "Preuve attendue :", "Critère de contrôle :", "Fondement :", "Caractère :"):
            assert part in article


def test_the_act_says_what_becomes_due_and_when(documents):
    due = dossiers.resultat(STRUCTURE, "risques_ethique").regles
    due = set(due.loc[due["echeance"].ne(""), "regle"])
    assert due
    shown = text(documents, "referentiel_ethique.docx")
    part = shown[shown.index("Échéances") : shown.index("– Contrôle")]
    assert {rule for rule in due if rule in part} == due
    assert "2 décembre 2027" in part


def test_a_crosswalk_links_each_risk_of_the_rules_to_its_articles(documents):
    rules = dossiers.resultat(STRUCTURE, "risques_ethique").regles
    risks = {risk for cell in rules["risques"] for risk in cell.split()}
    tables = lecture.docx_tables(documents[STRUCTURE, "referentiel_ethique.docx"].read_bytes())
    rows = lecture.rows_under(tables, "Niveau dans la structure")
    assert {row[0].split()[0] for row in rows} == risks
    assert all(re.search(r"\d+ \(E\d\d\)", row[2]) and row[3] for row in rows)


def test_each_request_that_asks_for_a_module_has_its_sheet(documents):
    names = [name for structure, name in documents if structure == STRUCTURE and name.startswith("demande_module")]
    assert sorted(names) == [f"demande_module.{kind}" for kind in ("docx", "odt", "pdf")]
    shown = text(documents, "demande_module.docx")
    assert "Demande DM-01" in shown
    assert "DM-02" not in shown, "a free resource is not a request"
    for part in (
        "18 décembre 2026",
        "Vérifier une sortie",
        "niveaux 2 à 3",
        "Service numérique",
        "MENTOR : rien",
        "Validation par la direction",
    ):
        assert part in shown, part


def test_an_unknown_duration_is_to_be_asked_never_invented(documents):
    tables = lecture.docx_tables(documents[STRUCTURE, "plan_formation.docx"].read_bytes())
    durations = {row[0]: row[1] for row in lecture.rows_under(tables, "Module et organisme")}
    assert {name[-6:]: hours for name, hours in durations.items()} == {"(M-01)": "à demander", "(M-02)": "3,5 h"}


def test_the_choice_of_the_training_service_is_printed_with_its_reason_and_its_function(documents):
    tables = lecture.docx_tables(documents[STRUCTURE, "plan_formation.docx"].read_bytes())
    row = lecture.rows_under(tables, "Module choisi")[0]
    assert row[0] == "B1 Repérer les données à ne pas saisir"
    assert "déjà demandé" in row[2]
    assert row[3:] == ["Service de formation", "Suivi par le plan"]


def test_a_masked_headcount_is_not_printed_in_a_path_sheet(documents):
    shown = text(documents, "fiches_parcours.docx")
    assert "Tous les agents (94 agents)" in shown
    assert "Nouveaux profils formés à l’IA." in shown


def test_the_signalement_procedure_gives_each_route_its_recipient_and_its_base(documents):
    tables = lecture.docx_tables(documents[STRUCTURE, "procedure_signalement.docx"].read_bytes())
    rows = lecture.rows_under(tables, "Destinataire")
    routes = dossiers.resultat(STRUCTURE, "accompagnement").routes
    assert [row[2] for row in rows] == [lecture.plain(formats.typeset(name)) for name in routes["destinataire"]]
    assert any("RGPD, art. 33 et 34" in row[4] for row in rows)


def test_staff_representatives_are_told_of_every_document_but_the_nominative_one(documents):
    shown = text(documents, "dossier_dialogue_social.docx")
    assert "Cartographie des risques" in shown
    assert "Synthèse des compétences" in shown
    assert "Liste nominative des inscriptions, réservée" not in shown


def test_what_cannot_be_compared_says_so(documents):
    """D6.2 and D7.4 changed since the campagne before: neither they nor their dimensions are in the table."""
    tables = lecture.docx_tables(documents[STRUCTURE, "rapport_restitution.docx"].read_bytes())
    changes = {row[0].split()[0]: row for row in lecture.rows_under(tables, "Ce qui l’explique")}
    assert changes["D1"][3] == "Progrès"
    assert not {"D6", "D6.2", "D7", "D7.4"} & set(changes)
    assert "Non comparable : D6, D6.2, D7, D7.4." in text(documents, "rapport_restitution.docx")


def test_the_slides_show_open_points_decisions_and_dates(documents):
    shown = text(documents, "presentation_direction.pptx")
    done = dossiers.resultat(STRUCTURE, "restitution")
    held = done.vigilances[done.vigilances["etat"] == "tenu"]["libelle"]
    for label in done.vigilances["libelle"]:
        assert (lecture.plain(formats.typeset(label)) in shown) == (label not in set(held)), label
    assert lecture.plain(formats.typeset(done.recommandations[0].action)) in shown
    assert "18 décembre 2026" in shown
    assert "PROJET, non validé" in shown


@pytest.mark.parametrize("etape", resultats_fictifs.ETAPES)
def test_every_row_of_a_later_step_reaches_a_document(documents, etape):
    """What names each row of each table is read somewhere among the documents; nominative frames are left out."""
    done = resultats_fictifs.invented(etape)
    shown = " ".join(text(documents, name) for structure, name in documents if structure == STRUCTURE)
    shown = shown.lower()
    names = dossiers.contexte(STRUCTURE).codes
    for table, frame in done.tables():
        naming = next(name for name in NOMS if name in frame.columns)
        for value in frame[naming]:
            label = lecture.plain(names.get(str(value), str(value))).replace("'", "’").lower()
            assert label in shown or str(value).lower() in shown, (table, value)


def test_the_mandate_gives_the_commission_its_seats_its_limits_and_the_legal_point(documents):
    shown = text(documents, "mandat_gouvernance.docx")
    seats = dossiers.resultat(STRUCTURE, "accompagnement").composition["siege"]
    assert [seat for seat in seats if lecture.plain(seat).replace("'", "’") not in shown] == []
    for part in ("Mandat : commission d’éthique", "Ne tranche pas de cas individuel", "Regard extérieur", "R*133-1"):
        assert part in shown, part
    numbers = [int(number) for number in re.findall(r"Article (\d+) –", shown)]
    assert numbers == list(range(2, 2 + len(numbers)))


def test_the_mandate_of_a_network_has_no_article_on_an_outsider(tmp_path):
    assert dossiers.resultat("mission-appui", "accompagnement").formule == "reseau"
    made = dossiers.make("mission-appui", "accompagnement", tmp_path)
    shown = lecture.plain(lecture.text_of(made["mandat_gouvernance.docx"]))
    assert "Mandat : réseau de correspondants" in shown
    assert "Regard extérieur" not in shown


def test_the_kit_for_all_agents_keeps_its_gaps_in_an_annex_to_remove(documents):
    shown = text(documents, "kit_utilisation.docx")
    page, annex = shown.split("Annexe – État des documents, à retirer avant diffusion")
    gaps = [gap for gap in dossiers.resultat(STRUCTURE, "accompagnement").kit["manque"] if gap]
    assert gaps
    assert [gap for gap in gaps if lecture.plain(gap).replace("'", "’") in page] == []
    assert all(lecture.plain(gap).replace("'", "’") in annex for gap in gaps)


def test_the_workshop_guide_gives_each_planted_error_and_its_correction(documents):
    shown = text(documents, "guide_atelier.docx").replace("’", "'")
    content = dossiers.contexte(STRUCTURE).referentiels.accompagnement
    errors = [error for exercise in content.exercices for error in exercise.erreurs]
    assert errors
    assert [error.id for error in errors if lecture.plain(error.correction) not in shown] == []
