"""The files agree with one another, and each check sees the disagreement it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel
from vigie.errors import Anomalie
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.base import Confiance
from vigie.referentiels.coherence import check_coherence
from vigie.rendering.pourquoi import base_reference


@pytest.fixture(scope="module")
def juste() -> Referentiels:
    return load_referentiels()


def changed(ref: Referentiels, fichier: str, **champs: Any) -> Referentiels:
    """A copy whose file `fichier` has other values for `champs`."""
    return replace(ref, **{fichier: getattr(ref, fichier).model_copy(update=champs)})


def with_setting(ref: Referentiels, fichier: str, **champs: Any) -> Referentiels:
    """A copy whose block `cotation` of `fichier` has other values."""
    return changed(ref, fichier, cotation=getattr(ref, fichier).cotation.model_copy(update=champs))


def with_entry(ref: Referentiels, fichier: str, liste: str, id_: str, **champs: Any) -> Referentiels:
    """A copy whose entry `id_` of the list `liste` of `fichier` has other values."""
    return changed(ref, fichier, **{liste: _updated(getattr(getattr(ref, fichier), liste), id_, champs)})


def with_item(ref: Referentiels, id_: str, **champs: Any) -> Referentiels:
    dimension = next(d for d in ref.maturite.dimensions if id_ in {item.id for item in d.items})
    return with_entry(ref, "maturite", "dimensions", dimension.id, items=_updated(dimension.items, id_, champs))


def entry(entries: tuple[Any, ...], id_: str) -> Any:
    return next(one for one in entries if one.id == id_)


def _updated(entries: tuple[Any, ...], id_: str, champs: dict[str, Any]) -> tuple[BaseModel, ...]:
    assert any(one.id == id_ for one in entries), id_
    return tuple(one.model_copy(update=champs) if one.id == id_ else one for one in entries)


def places(anomalies: list[Anomalie]) -> list[tuple[str, str]]:
    return [(anomalie.ou, anomalie.quoi) for anomalie in anomalies]


def test_the_referentiels_of_the_repository_agree(juste: Referentiels) -> None:
    assert [str(anomalie) for anomalie in check_coherence(juste)] == []


def test_an_id_declared_twice_is_seen(juste: Referentiels) -> None:
    faux = with_entry(juste, "risques", "processus", "concours", id="recrutement")
    assert ("risques.yaml", "l'identifiant « recrutement » est déclaré 2 fois") in places(check_coherence(faux))


CITATIONS = [
    ("vigilances", "vigilances", "V08", "items", ("D8.9",), "vigilances.yaml, V08", "maturite.yaml (item)"),
    ("vigilances", "vigilances", "V08", "risques", ("R99",), "vigilances.yaml, V08", "risques.yaml (risque)"),
    ("vigilances", "vigilances", "V08", "regles", ("E99",), "vigilances.yaml, V08", "regles.yaml (règle)"),
    ("competences", "competences", "A1", "famille", "Z", "competences.yaml, A1", "competences.yaml (famille de comp"),
    ("competences", "competences", "A1", "fiche", ("F3-46",), "competences.yaml, A1", "fiche.yaml (idée)"),
    ("metiers", "metiers", "MET01", "requis", {"H9": 1}, "metiers.yaml, MET01", "competences.yaml (compétence)"),
    ("bases", "bases", "RIA-4", "sources", ("S99",), "bases_juridiques.yaml, RIA-4", "bases_juridiques.yaml (source)"),
    ("risques", "risques", "R01", "categorie", "autre", "risques.yaml, R01", "risques.yaml (catégorie)"),
    ("risques", "risques", "R01", "processus", ("autre",), "risques.yaml, R01", "risques.yaml (processus)"),
    ("regles", "regles", "E09", "bases", ("RIA-999",), "regles.yaml, E09", "bases_juridiques.yaml (base juridique)"),
    ("regles", "regles", "E09", "declencheur", ("autre",), "regles.yaml, E09", "regles.yaml (déclencheur)"),
    ("regles", "moments", "suivi", "id", "autre", "regles.yaml, E44", "regles.yaml (moment)"),
    ("regles", "caracteres", "mixte", "id", "autre", "regles.yaml, E12", "regles.yaml (caractère)"),
    ("cas_usages", "cas_usage", "U01", "marques", ("autre",), "cas_usage.yaml, U01", "regles.yaml (déclencheur)"),
    ("niveaux_requis", "publics", "NP", "id", "XX", "niveaux_requis.yaml, A1", "niveaux_requis.yaml (public)"),
    ("metiers", "classes", "forte", "id", "autre", "competences.yaml, cotation", "metiers.yaml (classe d'exposition)"),
]


@pytest.mark.parametrize(("fichier", "liste", "id_", "cle", "valeur", "ou", "attendu"), CITATIONS)
def test_an_id_that_does_not_exist_is_seen_where_it_is_cited(
    juste: Referentiels, fichier: str, liste: str, id_: str, cle: str, valeur: Any, ou: str, attendu: str
) -> None:
    faux = with_entry(juste, fichier, liste, id_, **{cle: valeur})
    assert any(
        anomalie.ou == ou and anomalie.quoi.endswith("qui n'existe pas") and attendu in anomalie.attendu
        for anomalie in check_coherence(faux)
    )


def test_an_unknown_role_of_an_item_is_seen_with_its_nearest_name(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_item(juste, "D1.1", roles=("RH", "FORM")))
    assert (anomalie.ou, anomalie.valeur) == ("maturite.yaml, D1.1", "FORM")
    assert anomalie.que_faire == "écrivez « FOR » ?"


@pytest.mark.parametrize(
    ("cle", "id_"), [("regle_interdiction", "E99"), ("regle_a_proscrire", "E99"), ("risque_sans_projet", "R99")]
)
def test_an_unknown_id_in_the_method_is_seen(juste: Referentiels, cle: str, id_: str) -> None:
    [anomalie] = check_coherence(changed(juste, "methode", **{cle: id_}))
    assert (anomalie.ou, anomalie.quoi) == (
        "methode_risques.yaml, methode",
        f"« {cle} » cite « {id_} », qui n'existe pas",
    )


def test_an_unknown_prerequisite_is_seen(juste: Referentiels) -> None:
    prealable = juste.maturite.cotation.prealables[0].model_copy(update={"item": "D9.1"})
    [anomalie] = check_coherence(with_setting(juste, "maturite", prealables=(prealable,)))
    assert (anomalie.ou, anomalie.valeur) == ("maturite.yaml, cotation", "D9.1")


def test_an_id_cited_twice_under_one_key_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "vigilances", "vigilances", "V08", fiche=("F3-29", "F3-29")))
    assert anomalie.quoi == "« fiche » cite 2 fois « F3-29 »"


def test_an_idea_of_the_sheet_that_nothing_serves_is_seen(juste: Referentiels) -> None:
    def without(entries: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            one.model_copy(update={"fiche": tuple(id_ for id_ in one.fiche if id_ != "F3-41")}) for one in entries
        )

    dimensions = tuple(d.model_copy(update={"items": without(d.items)}) for d in juste.maturite.dimensions)
    faux = changed(juste, "maturite", dimensions=dimensions)
    for fichier in ("competences", "metiers", "risques", "regles"):
        faux = changed(faux, fichier, **{fichier: without(getattr(getattr(faux, fichier), fichier))})
    faux = changed(faux, "competences", actions=without(faux.competences.actions))
    faux = changed(faux, "formations", modules=without(faux.formations.modules))
    faux = changed(faux, "parcours_formation", actions=without(faux.parcours_formation.actions))
    assert places(check_coherence(faux)) == [("fiche.yaml, F3-41", "rien ne répond à l'idée « F3-41 » de la fiche")]


def test_an_item_under_the_wrong_dimension_is_seen(juste: Referentiels) -> None:
    assert (
        "maturite.yaml, D2.9",
        "l'item « D2.9 » est rangé sous la dimension D1",
    ) in places(check_coherence(with_item(juste, "D1.5", id="D2.9")))


def test_an_item_that_does_not_describe_a_level_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_item(juste, "D1.1", niveaux={1: "Rien", 5: "Tout"}))
    assert (anomalie.ou, anomalie.que_faire) == ("maturite.yaml, D1.1", "décrivez le niveau 3")


def test_a_missing_general_level_is_seen(juste: Referentiels) -> None:
    faux = changed(juste, "maturite", niveaux=juste.maturite.niveaux[:4])
    assert ("maturite.yaml, niveaux", "l'échelle de maturité est incomplète ou en désordre") in places(
        check_coherence(faux)
    )


REGLAGES_MATURITE = [
    ("couverture_minimale", 70),
    ("meconnaissance_part_nsp", 0),
    ("taux_reponse_indicatif", 1.2),
    ("plafond_sans_document", 4),
    ("confiance_c_preuves", 0.9),
    ("confiance_a_nsp", 0.4),
    ("dispersion_ad", (1.2, 0.8)),
    ("dispersion_rwg", (0.6, 0.8)),
    ("poids", {"cle": 1, "socle": 2, "ordinaire": 2}),
    ("roles_agents", ("MAN", "RH")),
]


@pytest.mark.parametrize(("cle", "valeur"), REGLAGES_MATURITE)
def test_a_threshold_of_maturity_out_of_order_is_seen(juste: Referentiels, cle: str, valeur: Any) -> None:
    faux = with_setting(juste, "maturite", **{cle: valeur})
    assert f"le réglage « {cle} » est incohérent" in {anomalie.quoi for anomalie in check_coherence(faux)}


def test_a_situation_without_target_or_with_one_off_the_scale_is_seen(juste: Referentiels) -> None:
    situations = juste.maturite.cotation.situations
    for cibles in ({"D1": 3}, {**situations[0].cibles, "D1": 6}):
        premiere = situations[0].model_copy(update={"cibles": cibles})
        faux = with_setting(juste, "maturite", situations=(premiere, *situations[1:]))
        [anomalie] = check_coherence(faux)
        assert anomalie.quoi.startswith("le réglage « situations, a")


def test_a_prerequisite_off_the_scale_is_seen(juste: Referentiels) -> None:
    prealables = tuple(p.model_copy(update={"seuil": 7}) for p in juste.maturite.cotation.prealables[:1])
    [anomalie] = check_coherence(with_setting(juste, "maturite", prealables=prealables))
    assert anomalie.quoi == "le réglage « prealables, D3.2 » est incohérent"


REQUIS = [
    ({"AC1": 3}, "des niveaux qui ne baissent pas"),
    ({"AC3": 5}, "un niveau de competences.yaml"),
    ({"MP": None}, "un niveau pour MP"),
]


@pytest.mark.parametrize(("change", "attendu"), REQUIS)
def test_a_required_level_that_falls_leaves_the_scale_or_is_missing_is_seen(
    juste: Referentiels, change: dict[str, int | None], attendu: str
) -> None:
    ligne = {**juste.niveaux_requis.requis["A1"], **change}
    requis = {**juste.niveaux_requis.requis, "A1": {public: n for public, n in ligne.items() if n is not None}}
    [anomalie] = check_coherence(changed(juste, "niveaux_requis", requis=requis))
    assert anomalie.attendu == attendu
    assert anomalie.ou.startswith("niveaux_requis.yaml, A1")


def test_a_competence_that_nobody_requires_is_seen(juste: Referentiels) -> None:
    requis = {id_: ligne for id_, ligne in juste.niveaux_requis.requis.items() if id_ != "A1"}
    [anomalie] = check_coherence(changed(juste, "niveaux_requis", requis=requis))
    assert (anomalie.ou, anomalie.valeur) == ("niveaux_requis.yaml, A1", "aucun niveau")


def test_a_job_family_that_requires_a_level_off_the_scale_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "metiers", "metiers", "MET01", requis={"A1": 5}))
    assert anomalie.ou == "metiers.yaml, MET01, A1"


def test_a_task_of_another_job_family_is_seen(juste: Referentiels) -> None:
    metier = juste.metiers.metiers[0]
    taches = (metier.taches[0].model_copy(update={"id": "MET99-T1"}), *metier.taches[1:])
    [anomalie] = check_coherence(with_entry(juste, "metiers", "metiers", metier.id, taches=taches))
    assert anomalie.attendu == f"un identifiant qui commence par {metier.id}-"


def test_a_mandate_with_a_class_or_a_job_family_without_one_is_seen(juste: Referentiels) -> None:
    for id_, classe in (("MET25", "faible"), ("MET01", None)):
        [anomalie] = check_coherence(with_entry(juste, "metiers", "metiers", id_, classe_depart=classe))
        assert anomalie.quoi == f"la classe de départ du métier « {id_} » contredit « jamais_cote »"


def test_a_competence_without_all_its_levels_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "competences", "competences", "A1", niveaux={1: "Un", 2: "Deux"}))
    assert anomalie.ou == "competences.yaml, A1"


def _settings_of_competences(juste: Referentiels) -> Iterator[tuple[str, Referentiels]]:
    cotation = juste.competences.cotation
    preuve = cotation.preuves[0].model_copy(update={"confiance": 1.5})
    yield f"preuves, {preuve.id}", with_setting(juste, "competences", preuves=(preuve, *cotation.preuves[1:]))
    yield "urgences", with_setting(juste, "competences", urgences=cotation.urgences[::-1])
    yield "urgences", with_setting(juste, "competences", urgences=cotation.urgences[:-1])
    yield "niveaux", changed(juste, "competences", niveaux=juste.competences.niveaux[::-1])
    yield "notes", with_setting(juste, "metiers", notes=juste.metiers.cotation.notes[::-1])
    yield "seuil_forte", with_setting(juste, "metiers", seuil_forte=0.7)
    yield "taches_minimum", with_setting(juste, "metiers", taches_minimum=9)


def test_a_threshold_of_competences_out_of_order_is_seen(juste: Referentiels) -> None:
    for cle, faux in _settings_of_competences(juste):
        assert f"le réglage « {cle} » est incohérent" in {anomalie.quoi for anomalie in check_coherence(faux)}, cle


def test_a_base_that_no_rule_cites_must_say_why(juste: Referentiels) -> None:
    libre = next(base for base in juste.bases.bases if base.libre and base.citable)
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", libre.id, libre=""))
    assert anomalie.quoi == f"aucune règle ne cite la base « {libre.id} »"


def test_a_base_both_cited_and_said_free_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", "RIA-5", libre="Sert aux dates."))
    assert anomalie.quoi == "la base « RIA-5 » est citée par une règle et dite libre"


def test_a_base_not_to_be_cited_is_seen_with_the_rules_that_cite_it(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", "RIA-25", citable=False))
    assert (anomalie.quoi, anomalie.valeur) == ("la base « RIA-25 » ne doit pas être citée", "E03")


DATES = [
    (["2027-12-02", "2026-08-02"], {}, "des dates d'application de la plus ancienne à la plus récente"),
    (["2026-08-02"], {"verifie_le": date(2026, 12, 1)}, "pas après la version du fichier, 2026-11-30"),
    (["2026-08-02"], {"publie": date(2026, 11, 29), "verifie_le": date(2026, 11, 1)}, "pas avant sa publication, 202"),
]


MEMOIRE = [
    ({"confiance": Confiance.MEMOIRE}, "rien, pour ce qui est cité de mémoire"),
    ({"verifie_le": None}, "le jour où le texte a été lu"),
]


@pytest.mark.parametrize(("champs", "attendu"), MEMOIRE)
def test_what_is_cited_from_memory_has_no_day_of_check_and_the_rest_has_one(
    juste: Referentiels, champs: dict[str, object], attendu: str
) -> None:
    modele = entry(juste.bases.bases, "RIA-5").application[0]
    valeurs = (modele.model_copy(update=champs),)
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", "RIA-5", application=valeurs))
    assert anomalie.attendu == attendu


def test_what_is_cited_from_memory_is_still_shown_as_to_check(juste: Referentiels) -> None:
    unread = [base for base in juste.bases.bases if base.confiance is Confiance.MEMOIRE]
    assert len(unread) >= 4
    assert all("à vérifier" in base_reference(base, juste.libelles.codes) for base in unread)


@pytest.mark.parametrize(("jours", "champs", "attendu"), DATES)
def test_dates_that_contradict_each_other_are_seen(
    juste: Referentiels, jours: list[str], champs: dict[str, date], attendu: str
) -> None:
    modele = entry(juste.bases.bases, "RIA-5").application[0]
    valeurs = tuple(modele.model_copy(update={"en_vigueur": date.fromisoformat(j), **champs}) for j in jours)
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", "RIA-5", application=valeurs))
    assert anomalie.ou == "bases_juridiques.yaml, RIA-5"
    assert anomalie.attendu.startswith(attendu)


def test_a_base_without_any_date_is_seen(juste: Referentiels) -> None:
    [anomalie] = check_coherence(with_entry(juste, "bases", "bases", "RIA-5", application=()))
    assert anomalie.quoi == "la base « RIA-5 » n'a aucune date d'application"


def test_a_risk_and_a_rule_that_do_not_name_each_other_are_seen(juste: Referentiels) -> None:
    risque = entry(juste.risques.risques, "R26")
    sans = tuple(id_ for id_ in risque.regles if id_ != "E10")
    [oubli] = check_coherence(with_entry(juste, "risques", "risques", "R26", regles=sans))
    assert (oubli.ou, oubli.attendu) == ("risques.yaml, R26", "E10 parmi elles")
    [ajout] = check_coherence(with_entry(juste, "risques", "risques", "R26", regles=(*risque.regles, "E18")))
    assert (ajout.ou, ajout.attendu) == ("regles.yaml, E18", "R26 parmi eux")


def test_a_risk_without_a_rule_is_seen(juste: Referentiels) -> None:
    attendus = {
        anomalie.attendu for anomalie in check_coherence(with_entry(juste, "risques", "risques", "R21", regles=()))
    }
    assert attendus == {"au moins une règle qui réduit ce risque", "E12 parmi elles"}


DEVOIRS = [
    ("E18", {"bases": ("DGAFP-STRAT",)}, "la règle « E18 » est dite obligatoire sans base contraignante"),
    ("E10", {"echeance": None}, "la règle « E10 » est obligatoire à terme sans échéance"),
    ("E12", {"note": ""}, "la règle « E12 » est mixte sans note"),
    ("E18", {"declencheur": ()}, "la règle « E18 » n'a pas de déclencheur"),
]


@pytest.mark.parametrize(("id_", "champs", "quoi"), DEVOIRS)
def test_a_rule_whose_duty_does_not_hold_is_seen(
    juste: Referentiels, id_: str, champs: dict[str, Any], quoi: str
) -> None:
    faux = with_entry(juste, "regles", "regles", id_, **champs)
    assert (f"regles.yaml, {id_}", quoi) in places(check_coherence(faux))


def _methods(juste: Referentiels) -> Iterator[tuple[str, dict[str, Any]]]:
    methode = juste.methode
    yield "matrice", {"matrice": {**methode.matrice, 4: (1, 3, 4, 4)}}
    yield "matrice", {"matrice": {**methode.matrice, 4: (2, 3, 4, 5)}}
    yield "matrice", {"matrice": {gravite: methode.matrice[gravite] for gravite in (1, 2, 3)}}
    yield "gravite", {"gravite": {1: "Négligeable"}}
    yield "vraisemblance", {"vraisemblance": {1: "Rare"}}
    yield "niveaux", {"niveaux": methode.niveaux[::-1]}
    yield "niveau_p3", {"niveau_p3": 5}
    yield "reduction_v_partielle", {"reduction_v_partielle": 3}
    yield "plancher_residuel", {"plancher_residuel": 0}
    yield "classes", {"classes": methode.classes[::-1]}


def test_a_method_out_of_order_is_seen(juste: Referentiels) -> None:
    for cle, champs in _methods(juste):
        quoi = {anomalie.quoi for anomalie in check_coherence(changed(juste, "methode", **champs))}
        assert quoi == {f"le réglage « {cle} » est incohérent"}, cle


def test_use_cases_that_do_not_add_up_are_seen(juste: Referentiels) -> None:
    [somme] = check_coherence(changed(juste, "cas_usages", total=27))
    assert (somme.ou, somme.attendu) == ("cas_usage.yaml, repartition", "une somme égale à « total », 27")
    repartition = {"souhaitable": 6, "envisageable": 17, "a_proscrire": 3}
    [trop] = check_coherence(changed(juste, "cas_usages", repartition=repartition))
    assert (trop.ou, trop.valeur) == ("cas_usage.yaml, a_proscrire", "4")
