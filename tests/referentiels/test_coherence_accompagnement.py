"""What governance.yaml and accompagnement.yaml must keep true, and each check that sees when they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.coherence import check_coherence
from vigie.referentiels.coherence.accompagnement import cited_by_support


@pytest.fixture(scope="module")
def juste() -> Referentiels:
    return load_referentiels()


def changed(ref: Referentiels, fichier: str, **champs: Any) -> Referentiels:
    return replace(ref, **{fichier: getattr(ref, fichier).model_copy(update=champs)})


def entry(entries: tuple[Any, ...], id_: str) -> Any:
    return next(one for one in entries if one.id == id_)


def updated(entries: tuple[Any, ...], id_: str, **champs: Any) -> tuple[Any, ...]:
    assert any(one.id == id_ for one in entries), id_
    return tuple(one.model_copy(update=champs) if one.id == id_ else one for one in entries)


def with_route(ref: Referentiels, id_: str, **champs: Any) -> Referentiels:
    signalement = ref.gouvernance.signalement
    routes = updated(signalement.routes, id_, **champs)
    return changed(ref, "gouvernance", signalement=signalement.model_copy(update={"routes": routes}))


def with_delay(ref: Referentiels, id_: str, **champs: Any) -> Referentiels:
    route = entry(ref.gouvernance.signalement.routes, id_)
    return with_route(ref, id_, delai=route.delai.model_copy(update=champs))


def with_seat(ref: Referentiels, formule: str, siege: str, **champs: Any) -> Referentiels:
    found = ref.gouvernance.formule(formule)
    formules = updated(ref.gouvernance.formules, formule, sieges=updated(found.sieges, siege, **champs))
    return changed(ref, "gouvernance", formules=formules)


def with_rendez_vous(ref: Referentiels, id_: str, **champs: Any) -> Referentiels:
    return changed(ref, "accompagnement", rendez_vous=updated(ref.accompagnement.rendez_vous, id_, **champs))


def with_tool(ref: Referentiels, id_: str, **champs: Any) -> Referentiels:
    return changed(ref, "accompagnement", outils=updated(ref.accompagnement.outils, id_, **champs))


def seen(ref: Referentiels) -> list[str]:
    return [anomalie.ou for anomalie in check_coherence(ref)]


def test_every_id_cited_in_the_two_files_is_looked_for(juste: Referentiels) -> None:
    kinds = {citation.genre for citation in cited_by_support(juste) if citation.ids}
    assert kinds >= {
        "base",
        "regle",
        "fiche",
        "item",
        "echo",
        "competence",
        "garde_fou",
        "declencheur",
        "public",
        "role",
    }
    assert kinds >= {"rendez_vous", "voie_externe", "action_accompagnement"}


@pytest.mark.parametrize(
    ("casse", "ou"),
    [
        (lambda ref: with_route(ref, "alerte", bases=("ALERTE-XX",)), "gouvernance.yaml, alerte"),
        (lambda ref: with_route(ref, "reseau", regles=("E99",)), "gouvernance.yaml, reseau"),
        (lambda ref: with_rendez_vous(ref, "vigilance", regles=("E99",)), "accompagnement.yaml, vigilance"),
        (lambda ref: with_rendez_vous(ref, "vigilance", publics=("AC9",)), "accompagnement.yaml, vigilance"),
        (lambda ref: with_rendez_vous(ref, "vigilance", pilote="XX"), "accompagnement.yaml, vigilance"),
        (lambda ref: with_rendez_vous(ref, "vigilance", item="D9.1"), "accompagnement.yaml, vigilance"),
        (lambda ref: with_tool(ref, "auto_evaluation", garde_fous=("GF9",)), "accompagnement.yaml, auto_evaluation"),
        (lambda ref: with_tool(ref, "auto_evaluation", fiche=("F3-99",)), "accompagnement.yaml, auto_evaluation"),
    ],
)
def test_an_id_that_does_not_exist_is_seen(juste: Referentiels, casse: Any, ou: str) -> None:
    assert ou in seen(casse(juste))


def test_a_base_that_must_not_be_cited_is_seen(juste: Referentiels) -> None:
    (interdite, *_) = [base.id for base in juste.bases.bases if not base.citable]
    assert "gouvernance.yaml, alerte" in seen(with_route(juste, "alerte", bases=("ALERTE-LOI", interdite)))


@pytest.mark.parametrize(
    ("casse", "ou"),
    [
        (lambda ref: with_seat(ref, "commission", "agents", nombre=1), "gouvernance.yaml, membres"),
        (lambda ref: with_seat(ref, "commission", "agents", nombre_grande=5), "gouvernance.yaml, membres"),
        (lambda ref: with_seat(ref, "commission", "dpd", voix=True), "gouvernance.yaml, membres"),
        (lambda ref: with_delay(ref, "alerte", confiance=None), "gouvernance.yaml, alerte"),
        (lambda ref: with_delay(ref, "reseau", confiance="texte"), "gouvernance.yaml, reseau"),
        (lambda ref: with_delay(ref, "violation_donnees", nature="propose"), "gouvernance.yaml, violation_donnees"),
        (
            lambda ref: with_route(ref, "violation_donnees", bases=("GUIDE-ETAT",)),
            "gouvernance.yaml, violation_donnees",
        ),
        (lambda ref: with_route(ref, "incident_ia", dates_de="RGPD-5"), "gouvernance.yaml, incident_ia"),
        (lambda ref: with_rendez_vous(ref, "suivi_fort", mois=(3, 1)), "accompagnement.yaml, suivi_fort"),
        (lambda ref: with_rendez_vous(ref, "vigilance", mois=(3, 6)), "accompagnement.yaml, vigilance"),
        (lambda ref: with_rendez_vous(ref, "vigilance", mois=(-1,)), "accompagnement.yaml, vigilance"),
    ],
)
def test_a_setting_that_contradicts_itself_is_seen(juste: Referentiels, casse: Any, ou: str) -> None:
    assert ou in seen(casse(juste))


def test_a_commission_with_one_vote_too_many_is_seen_at_eleven_and_not_before(juste: Referentiels) -> None:
    assert seen(with_seat(juste, "commission", "rh", nombre=2)) == ["gouvernance.yaml, membres"]
    assert seen(with_seat(juste, "commission", "agents", nombre_grande=2)) == []


@pytest.mark.parametrize("jours", [("13-01",), ("1er janvier",)])
def test_a_holiday_that_is_no_day_is_seen(juste: Referentiels, jours: tuple[str, ...]) -> None:
    calendrier = juste.accompagnement.calendrier.model_copy(update={"jours_feries": jours})
    assert "accompagnement.yaml, jours_feries" in seen(changed(juste, "accompagnement", calendrier=calendrier))


def test_a_workshop_that_overruns_is_seen(juste: Referentiels) -> None:
    atelier = juste.accompagnement.atelier
    longue = updated(atelier.sequences, "bilan", minutes=15)
    faux = changed(juste, "accompagnement", atelier=atelier.model_copy(update={"sequences": longue}))
    assert seen(faux) == ["accompagnement.yaml, atelier"]


def test_a_planted_error_must_be_in_its_answer_and_never_in_the_right_one(juste: Referentiels) -> None:
    exercice = juste.accompagnement.exercices[0]
    ailleurs = updated(exercice.erreurs, exercice.erreurs[0].id, extrait="jamais écrit")
    deplacee = updated(exercice.erreurs, exercice.erreurs[0].id, reponse=exercice.choix_defendable, extrait="réponse")
    for erreurs in (ailleurs, deplacee):
        exercices = updated(juste.accompagnement.exercices, exercice.id, erreurs=erreurs)
        assert seen(changed(juste, "accompagnement", exercices=exercices))


def test_a_question_on_a_soft_skill_is_seen(juste: Referentiels) -> None:
    grille = entry(juste.accompagnement.outils, "grille_entretien")
    posee = grille.questions[0].model_copy(update={"competences": ("F5",)})
    assert seen(with_tool(juste, "grille_entretien", questions=(posee,))) == ["accompagnement.yaml, en1"]


def test_the_routes_are_those_of_the_knowledge_in_its_order(juste: Referentiels) -> None:
    assert [route.id for route in juste.gouvernance.signalement.routes] == [
        "reseau", "deontologie", "reexamen", "violation_donnees", "securite", "L135_6", "article_40", "alerte",
        "pratique_interdite", "incident_ia", "sante_travail", "recours",
    ]  # fmt: skip


def test_the_delays_said_to_be_legal_are_these_and_no_other(juste: Referentiels) -> None:
    legal = {route.id for route in juste.gouvernance.signalement.routes if route.delai.nature == "legal"}
    assert legal == {"violation_donnees", "article_40", "alerte", "pratique_interdite", "incident_ia"}
    remembered = {etape.id for etape in juste.gouvernance.signalement.etapes if etape.delai}
    assert remembered == {"accuser", "repondre"}
    assert all(
        etape.delai.confiance == "memoire" for etape in juste.gouvernance.signalement.etapes if etape.delai is not None
    )


def test_the_outside_person_has_four_ways_and_the_proposed_one_gives_no_seat(juste: Referentiels) -> None:
    externe = juste.gouvernance.externe
    assert [voie.id for voie in externe.voies] == ["voie_a", "voie_b", "voie_c", "voie_d"]
    assert [voie.siege for voie in externe.voies if voie.id == externe.voie_proposee] == [False]
    assert "CRPA-133-1" in externe.bases


def test_the_kit_of_the_sheet_is_guide_charter_and_rules(juste: Referentiels) -> None:
    assert [one.id for one in juste.accompagnement.documents if one.du_kit] == ["guide", "charte", "referentiel"]


def test_follow_up_by_impact_is_that_of_the_method(juste: Referentiels) -> None:
    mois = {one.id: one.mois for one in juste.accompagnement.rendez_vous}
    assert (mois["suivi_modere"], mois["suivi_fort"], mois["formation_achevee"]) == ((3,), (1, 3, 6), (-1,))
    assert juste.accompagnement.atelier.duree_minutes == 90
    assert len(juste.accompagnement.indicateurs) == 6


def test_only_the_annual_interview_is_optional(juste: Referentiels) -> None:
    assert [outil.id for outil in juste.accompagnement.outils if outil.facultatif] == ["grille_entretien"]
