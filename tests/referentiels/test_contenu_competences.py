"""What the skills content says: levels, references to public frameworks, job families, required levels."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.competences import Competence, Metier

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CLASSES_DE_DEPART = {
    "tres_forte": {1, 2, 8},
    "forte": {4, 15, 16},
    "moderee": {3, 5, 6, 7, 9, 10, 11, 17, 18, 19, 20, 21, 24},
    "faible": {12, 13, 14, 22, 23},
    None: {25},
}
"""Class → numbers of the job families."""
TACHES_HUMAINES = {
    "MET05-T2",
    "MET05-T3",
    "MET06-T1",
    "MET10-T3",
    "MET11-T4",
    "MET11-T5",
    "MET13-T1",
    "MET16-T4",
    "MET18-T3",
    "MET18-T4",
    "MET20-T3",
    "MET20-T5",
    "MET21-T5",
    "MET22-T1",
    "MET25-T3",
    "MET25-T4",
}


@pytest.fixture(scope="module")
def referentiels() -> Referentiels:
    return load_referentiels()


@pytest.fixture(scope="module")
def competences(referentiels: Referentiels) -> dict[str, Competence]:
    return {competence.id: competence for competence in referentiels.competences.competences}


@pytest.fixture(scope="module")
def metiers(referentiels: Referentiels) -> dict[str, Metier]:
    return {metier.id: metier for metier in referentiels.metiers.metiers}


def required(referentiels: Referentiels, metier: Metier, publics: set[str]) -> dict[str, int]:
    """Required levels of a person: the highest of their audiences (C.3), and the H levels of their job (C.2)."""
    tables = referentiels.niveaux_requis.requis
    communs = {id_: max(niveaux[public] for public in publics) for id_, niveaux in tables.items()}
    return communs | dict(metier.requis)


def test_every_competence_describes_its_four_levels(competences: dict[str, Competence]) -> None:
    assert len(competences) == 39
    for competence in competences.values():
        assert sorted(competence.niveaux) == [1, 2, 3, 4]
        assert len(set(competence.niveaux.values())) == 4


def test_the_legal_and_ethical_core_is_what_blocks(competences: dict[str, Competence]) -> None:
    socle = {id_ for id_, competence in competences.items() if competence.criticite == 3}
    assert socle == {"B1", "C1", "C2", "C3", "C4", "E1", "E2"}


def test_digcomp_statements_belong_to_their_competence(competences: dict[str, Competence]) -> None:
    enonces = [
        (rapprochement.competence, enonce)
        for competence in competences.values()
        for rapprochement in competence.digcomp
        for enonce in rapprochement.enonces
    ]
    assert len(enonces) == 51
    assert [
        enonce.id for digcomp, enonce in enonces if not re.fullmatch(rf"CS{re.escape(digcomp)}\.\d\d", enonce.id)
    ] == []


def test_digcomp_statements_that_do_not_name_ai_are_marked(competences: dict[str, Competence]) -> None:
    marques: dict[str, set[str]] = {}
    for competence in competences.values():
        for rapprochement in competence.digcomp:
            for enonce in rapprochement.enonces:
                marques.setdefault(enonce.etiquette, set()).add(enonce.id)
    assert marques["neutre"] == {"CS4.2.12", "CS2.4.07", "CS2.5.02"}
    assert marques["implicite"] == {
        "CS4.2.10",
        "CS2.5.09",
        "CS4.3.11",
        "CS2.5.10",
        "CS4.2.15",
        "CS5.3.01",
        "CS5.4.04",
        "CS5.4.05",
        "CS5.4.06",
        "CS5.4.02",
        "CS2.4.09",
        "CS2.4.10",
        "CS5.4.10",
        "CS5.4.13",
    }
    assert not marques["explicite"] & (marques["implicite"] | marques["neutre"])


def test_public_framework_references_are_complete(referentiels: Referentiels) -> None:
    for competence in referentiels.competences.competences:
        for uri in competence.esco:
            assert re.fullmatch(rf"http://data\.europa\.eu/esco/skill/{UUID}", uri), competence.id
        for mentor in competence.mentor:
            assert re.fullmatch(r"FP2(SF|SE|CO)\d{3}", mentor.code), competence.id
        assert all(re.fullmatch(r"[1-5]\.[1-6]", code) for code in competence.pix), competence.id
    for metier in referentiels.metiers.metiers:
        assert not metier.esco or re.fullmatch(rf"http://data\.europa\.eu/esco/occupation/{UUID}", metier.esco)
        assert all(re.fullmatch(r"\d{4}", code) for code in metier.citp), metier.id


def test_a_mentor_code_has_one_label(competences: dict[str, Competence]) -> None:
    libelles: dict[str, set[str]] = {}
    for competence in competences.values():
        for mentor in competence.mentor:
            libelles.setdefault(mentor.code, set()).add(mentor.libelle)
    assert [code for code, noms in libelles.items() if len(noms) > 1] == []


def test_no_rmfp_number_is_claimed(metiers: dict[str, Metier]) -> None:
    assert {metier.rmfp_code for metier in metiers.values()} == {""}


def test_extraversion_is_neither_matched_nor_scored(competences: dict[str, Competence]) -> None:
    assert competences["F5"].libelle == "Aller vers les autres, oser proposer"
    assert competences["F5"].mentor == ()
    assert not any("extraver" in competence.libelle.lower() for competence in competences.values())


def test_soft_skills_rest_on_what_people_say_of_themselves(referentiels: Referentiels) -> None:
    douces = [famille.id for famille in referentiels.competences.familles if famille.douce]
    admis = [mode.id for mode in referentiels.competences.cotation.preuves if not mode.interdit_douces]
    assert (douces, admis) == (["F"], ["auto"])
    assert len(referentiels.competences.garde_fous) == 5


def test_soft_skills_have_a_nature_and_the_lowest_criticality(competences: dict[str, Competence]) -> None:
    douces = [competence for competence in competences.values() if competence.famille == "F"]
    assert len(douces) == 8
    assert all(competence.nature and competence.criticite == 1 for competence in douces)
    assert not any(competence.nature for competence in competences.values() if competence.famille != "F")


def test_only_job_expertise_without_ai_is_kept_up_whatever_the_gap(competences: dict[str, Competence]) -> None:
    a_maintenir = [competence for competence in competences.values() if competence.a_maintenir]
    assert [competence.id for competence in a_maintenir] == ["E5"]
    assert "F3-32" in a_maintenir[0].fiche


def test_confidence_urgency_and_ranks_follow_the_method(referentiels: Referentiels) -> None:
    cotation = referentiels.competences.cotation
    assert {mode.id: mode.confiance for mode in cotation.preuves} == {
        "auto": 0.5,
        "manager": 0.7,
        "quiz": 0.85,
        "situation": 1,
    }
    assert [(urgence.mois_max, urgence.valeur) for urgence in cotation.urgences] == [(3, 3), (6, 2), (None, 1)]
    assert (cotation.rang1_criticite, cotation.rang2_priorite, cotation.seuil_effectif) == (3, 6, 10)
    assert cotation.rang1_classes == ("forte", "tres_forte")
    assert cotation.rang1_publics == ("MP",)


def test_all_agents_reach_level_2_only_on_data_and_confidentiality(referentiels: Referentiels) -> None:
    socle = {id_ for id_, niveaux in referentiels.niveaux_requis.requis.items() if niveaux["TA"] == 2}
    assert socle == {"B1", "C1"}


def test_required_levels_never_fall_as_impact_rises(referentiels: Referentiels) -> None:
    for id_, niveaux in referentiels.niveaux_requis.requis.items():
        assert all(bas <= haut for bas, haut in pairwise([niveaux[p] for p in ("TA", "AC1", "AC2", "AC3")])), id_


def test_everyone_is_asked_at_most_level_2_of_soft_skills(referentiels: Referentiels) -> None:
    requis = referentiels.niveaux_requis.requis
    assert {max(requis[f"F{n}"].values()) for n in range(1, 9)} == {2}


def test_competences_of_the_hr_trades_are_required_by_trade_only(
    referentiels: Referentiels, metiers: dict[str, Metier]
) -> None:
    assert not any(id_.startswith("H") for id_ in referentiels.niveaux_requis.requis)
    assert {id_ for metier in metiers.values() for id_ in metier.requis} == {"H1", "H2", "H3", "H4", "H5"}


def test_a_recruiter_who_manages_a_team_owes_the_highest_of_both(
    referentiels: Referentiels, metiers: dict[str, Metier]
) -> None:
    """Recruitment: moderate class raised one notch, so AC2; with MP and the job's H2, column by column of C.3."""
    requis = required(referentiels, metiers["MET05"], {"TA", "AC2", "MP"})
    attendus = {
        "A1": 2,  # AC2 2, MP 2
        "B1": 3,  # AC2 3, MP 3
        "B2": 2,  # AC2 2, MP 1
        "C1": 2,  # TA 2, AC2 2, MP 2
        "C3": 3,  # AC2 2, MP 3
        "C5": 3,  # AC2 2, MP 3
        "D3": 2,  # AC2 2, MP 1
        "E1": 3,  # AC2 3, MP 2
        "E4": 3,  # AC2 2, MP 3
        "F1": 2,
        "G1": 3,  # AC2 0, MP 3
        "G5": 1,  # AC2 0, MP 1
        "H2": 3,  # job
    }
    assert {id_: requis[id_] for id_ in attendus} == attendus
    assert "H4" not in requis


def test_a_payroll_officer_owes_level_3_on_controls_and_human_decision(
    referentiels: Referentiels, metiers: dict[str, Metier]
) -> None:
    requis = required(referentiels, metiers["MET01"], {"TA", "AC3"})
    assert (requis["E1"], requis["E2"], requis["E5"], requis["H4"], requis["C5"], requis["G1"]) == (3, 3, 3, 3, 2, 1)


def test_starting_classes_are_those_of_the_public_data(metiers: dict[str, Metier]) -> None:
    lues: dict[str | None, set[int]] = {}
    for metier in metiers.values():
        lues.setdefault(metier.classe_depart, set()).add(int(metier.id[3:]))
    assert lues == CLASSES_DE_DEPART


def test_each_class_leads_to_one_audience_from_the_lowest_to_the_highest(referentiels: Referentiels) -> None:
    classes = [(classe.id, classe.public) for classe in referentiels.metiers.classes]
    assert classes == [("faible", "TA"), ("moderee", "AC1"), ("forte", "AC2"), ("tres_forte", "AC3")]


def test_whether_a_job_is_sensitive_is_always_justified(metiers: dict[str, Metier]) -> None:
    sensibles = {int(id_[3:]) for id_, metier in metiers.items() if metier.domaine_sensible}
    assert sensibles == {1, 2, 5, 6, 14, 17, 20, 21, 22}
    for metier in metiers.values():
        attendu = "Domaine sensible" if metier.domaine_sensible else "Hors domaine sensible"
        assert metier.jamais_cote or attendu in metier.classe_note, metier.id


def test_a_hesitation_of_the_public_data_is_kept_in_the_note(metiers: dict[str, Metier]) -> None:
    assert "hésite entre faible et modérée" in metiers["MET18"].classe_note
    assert "forte selon O*NET" in metiers["MET19"].classe_note
    assert "hausse probable" in metiers["MET14"].classe_note


def test_mandate_holders_are_never_rated_and_new_profiles_stand_apart(metiers: dict[str, Metier]) -> None:
    assert [metier.id for metier in metiers.values() if metier.jamais_cote] == ["MET25"]
    assert [metier.id for metier in metiers.values() if metier.nouveau_profil] == ["MET24"]
    assert metiers["MET25"].requis == {}


def test_tasks_that_stay_human_by_principle_are_marked(metiers: dict[str, Metier]) -> None:
    taches = [tache for metier in metiers.values() for tache in metier.taches]
    assert len(taches) == 119
    assert {tache.id for tache in taches if tache.humain} == TACHES_HUMAINES


def test_exposure_thresholds_are_those_of_the_ilo_file(referentiels: Referentiels) -> None:
    cotation = referentiels.metiers.cotation
    assert (cotation.seuil_tres_forte, cotation.seuil_forte, cotation.seuil_moderee_haut) == (0.6, 0.5, 0.5)
    assert [note.valeur for note in cotation.notes] == [0, 0.25, 0.5, 0.75, 1]
    assert cotation.plafond_humain == 0.5
    assert (cotation.cotations_minimales, cotation.releve_ouverture_mois) == (2, 3)


def test_exposure_is_never_read_as_posts_to_cut(referentiels: Referentiels) -> None:
    assert "ni un effectif à supprimer" in referentiels.metiers.cotation.prudence


def test_what_is_not_verified_is_said_in_the_reservations(referentiels: Referentiels) -> None:
    competences = " ".join(referentiels.competences.reserves)
    assert "non d'équivalence" in competences
    assert "rapprochés par nos soins" in competences
    assert "sans validation de terrain" in " ".join(referentiels.metiers.reserves)
