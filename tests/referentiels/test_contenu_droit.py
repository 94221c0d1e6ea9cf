"""What the legal content says: dates, reservations, duties, and the facts a lawyer would check first."""

from __future__ import annotations

import re
from datetime import date

import pytest
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.base import Confiance
from vigie.referentiels.droit import Base, Regle

ANNEXE_III = date(2027, 12, 2)
REPORTEES = (
    "RIA-6-III4",
    "RIA-9-15",
    "RIA-14",
    "RIA-25",
    "RIA-26",
    "RIA-26.5",
    "RIA-26.6",
    "RIA-26.7",
    "RIA-26.8",
    "RIA-26.11",
    "RIA-27",
)
"""Duties on high-risk systems that the omnibus moved to 2 December 2027."""
DEUX_LECTURES = ("RIA-49", "RIA-71", "RIA-73", "RIA-86")
"""Literal date 2 August 2026, useful effect 2 December 2027: the law has not settled it."""
DATES = {
    "RIA-4": [date(2025, 2, 2), date(2026, 7, 27)],
    "RIA-4bis": [date(2026, 7, 27)],
    "RIA-5": [date(2025, 2, 2), date(2026, 12, 2)],
    "RIA-50": [date(2026, 8, 2), date(2026, 12, 2)],
    "RIA-99": [date(2025, 8, 2)],
    "RIA-111": [date(2030, 8, 2)],
    "RIA-113": [date(2026, 7, 27)],
    "RGPD-22": [date(2018, 5, 25)],
    "LIL-47": [None, date(2020, 7, 1)],
    "CRPA-311-3-1": [date(2017, 9, 1)],
    "CGFP-124-1": [date(2022, 3, 1)],
    "CGFP-253-1": [date(2022, 3, 1), date(2023, 1, 1)],
    "CGFP-R253-21": [date(2025, 2, 1)],
    "ALERTE-DEC": [date(2022, 10, 5), date(2024, 6, 26)],
    "CNIL-RGP": [date(2020, 4, 15), date(2023, 2, 8)],
    "DGAFP-STRAT": [date(2024, 6, 4)],
    "CONV-225": [None],
    "TJ-NANT": [date(2025, 2, 14), date(2026, 1, 29)],
}
SOLIDITE = [Confiance.MEMOIRE, Confiance.DEDUCTION, Confiance.SECONDAIRE, Confiance.TEXTE]
"""From the weakest check to the strongest."""


@pytest.fixture(scope="module")
def referentiels() -> Referentiels:
    return load_referentiels()


@pytest.fixture(scope="module")
def bases(referentiels: Referentiels) -> dict[str, Base]:
    return {base.id: base for base in referentiels.bases.bases}


@pytest.fixture(scope="module")
def regles(referentiels: Referentiels) -> dict[str, Regle]:
    return {regle.id: regle for regle in referentiels.regles.regles}


@pytest.mark.parametrize("id_", REPORTEES)
def test_duties_on_high_risk_systems_apply_on_2_december_2027(bases: dict[str, Base], id_: str) -> None:
    (valeur,) = bases[id_].application
    assert (valeur.en_vigueur, valeur.publie) == (ANNEXE_III, date(2026, 7, 24))
    assert "art. 113" in valeur.reference.replace("\u00a0", " ")


@pytest.mark.parametrize("id_", DEUX_LECTURES)
def test_a_date_with_two_readings_is_a_deduction_that_says_both(bases: dict[str, Base], id_: str) -> None:
    (valeur,) = bases[id_].application
    assert valeur.en_vigueur == ANNEXE_III
    assert valeur.confiance == Confiance.DEDUCTION
    assert "2 août 2026" in valeur.portee.replace("\u00a0", " ")
    assert "à valider" in valeur.portee


@pytest.mark.parametrize(("id_", "attendues"), DATES.items())
def test_each_base_holds_the_dates_that_were_established(
    bases: dict[str, Base], id_: str, attendues: list[date | None]
) -> None:
    assert [valeur.en_vigueur for valeur in bases[id_].application] == attendues


def test_the_duty_of_ai_literacy_was_reworded_not_removed(bases: dict[str, Base]) -> None:
    premiere, nouvelle = bases["RIA-4"].application
    assert "nouvelle rédaction" in nouvelle.portee
    assert "nouvelle rédaction" not in premiere.portee
    assert nouvelle.publie == date(2026, 7, 24)


def test_a_date_that_was_not_established_is_said_in_its_scope(bases: dict[str, Base]) -> None:
    sans_date = [(base.id, valeur) for base in bases.values() for valeur in base.application if not valeur.en_vigueur]
    assert len(sans_date) == 21
    assert [id_ for id_, valeur in sans_date if not re.search("non établi|non vérifi", valeur.portee)] == []


def test_a_date_is_never_surer_than_the_base_that_holds_it(bases: dict[str, Base]) -> None:
    trop_sures = [
        base.id
        for base in bases.values()
        for valeur in base.application
        if SOLIDITE.index(valeur.confiance) > SOLIDITE.index(base.confiance)
    ]
    assert trop_sures == []


def test_what_is_known_from_memory_only_is_never_presented_as_verified(bases: dict[str, Base]) -> None:
    de_memoire = {base.id: base for base in bases.values() if base.confiance == Confiance.MEMOIRE}
    assert set(de_memoire) == {"LIL-6", "CT-4121", "CT-1221", "OCDE", "ACC-EU-2022"}
    for base in de_memoire.values():
        assert {valeur.confiance for valeur in base.application} == {Confiance.MEMOIRE}
        assert re.search("mémoire|non lu", base.source_note), base.id


def test_a_date_cited_from_memory_is_marked_even_when_the_text_was_read(bases: dict[str, Base]) -> None:
    for id_ in ("CRPA-311-3-1", "CRPA-R311-3-1", "CRPA-312-1-3"):
        assert bases[id_].confiance == Confiance.TEXTE
        assert [valeur.confiance for valeur in bases[id_].application] == [Confiance.MEMOIRE]


def test_codes_read_in_an_old_copy_say_so(bases: dict[str, Base]) -> None:
    anciens = [base for base in bases.values() if {"S05", "S06", "S07"} & set(base.sources) and base.id != "CT-4121"]
    assert len(anciens) == 43
    assert [base.id for base in anciens if "mars\u00a02024" not in base.source_note] == []


def test_every_base_has_a_public_address_and_known_sources(referentiels: Referentiels) -> None:
    codes = {source.code for source in referentiels.bases.sources}
    assert len(codes) == 29
    for base in referentiels.bases.bases:
        assert base.url.startswith("https://"), base.id
        assert set(base.sources) <= codes, base.id
        assert base.sources or base.source_note, base.id


def test_the_police_justice_base_is_kept_but_cited_nowhere(bases: dict[str, Base], regles: dict[str, Regle]) -> None:
    assert [base.id for base in bases.values() if not base.citable] == ["LIL-95"]
    assert not any("LIL-95" in regle.bases for regle in regles.values())


def test_only_three_bases_are_left_without_a_rule_and_each_says_why(
    bases: dict[str, Base], regles: dict[str, Regle]
) -> None:
    citees = {id_ for regle in regles.values() for id_ in regle.bases}
    libres = {id_: base.libre for id_, base in bases.items() if id_ not in citees}
    assert set(libres) == {"RIA-113", "LIL-95", "CRPA-133-1"}
    assert all(libres.values())


def test_a_risk_and_a_rule_always_name_each_other(referentiels: Referentiels, regles: dict[str, Regle]) -> None:
    par_risque = {(risque.id, id_) for risque in referentiels.risques.risques for id_ in risque.regles}
    par_regle = {(id_, regle.id) for regle in regles.values() for id_ in regle.risques}
    assert par_risque == par_regle
    assert len(par_regle) == 176


def test_the_risks_named_by_the_sheet_are_those_that_cite_its_ideas(referentiels: Referentiels) -> None:
    nommes = {risque.id: risque.fiche for risque in referentiels.risques.risques if risque.nomme_par_la_fiche}
    assert set(nommes) == {f"R{n:02d}" for n in (*range(1, 10), 26, 27, 33, 39)}
    assert nommes["R01"] == ("F3-26",)
    assert {risque.id for risque in referentiels.risques.risques if risque.fiche} == set(nommes)


def test_labels_cover_every_category_process_trigger_and_moment_used(referentiels: Referentiels) -> None:
    risques, regles = referentiels.risques, referentiels.regles
    used = {
        "categories": ({risque.categorie for risque in risques.risques}, risques.categories),
        "processus": ({id_ for risque in risques.risques for id_ in risque.processus}, risques.processus),
        "declencheurs": ({id_ for regle in regles.regles for id_ in regle.declencheur}, regles.declencheurs),
        "moments": ({regle.moment for regle in regles.regles}, regles.moments),
        "caracteres": ({regle.caractere for regle in regles.regles}, regles.caracteres),
    }
    for sorte, (cites, libelles) in used.items():
        assert cites == {libelle.id for libelle in libelles}, sorte


def test_rules_are_law_or_good_practice_in_known_numbers(regles: dict[str, Regle]) -> None:
    caracteres = [regle.caractere for regle in regles.values()]
    comptes = {caractere: caracteres.count(caractere) for caractere in set(caracteres)}
    assert comptes == {"obligatoire": 22, "bonne_pratique": 12, "mixte": 12, "obligatoire_a_terme": 4}


def test_future_duties_say_when_they_become_due(regles: dict[str, Regle]) -> None:
    echeances = {regle.id: regle.echeance for regle in regles.values() if regle.echeance}
    assert set(echeances.values()) == {ANNEXE_III}
    a_terme = {regle.id for regle in regles.values() if regle.caractere == "obligatoire_a_terme"}
    assert a_terme == {"E03", "E10", "E14", "E32"}
    assert set(echeances) == a_terme | {"E26", "E35", "E44", "E48", "E50"}
    for id_ in echeances:
        assert "2 décembre 2027" in regles[id_].note.replace("\u00a0", " "), id_


def test_a_mixed_rule_says_which_part_is_law(regles: dict[str, Regle]) -> None:
    assert [regle.id for regle in regles.values() if regle.caractere == "mixte" and not regle.note] == []


def test_the_split_proposed_by_the_project_is_said_to_be_proposed(regles: dict[str, Regle]) -> None:
    for id_ in ("E35", "E41", "E43"):
        assert "partage proposé par le projet, à valider" in regles[id_].note


def test_advised_against_uses_are_an_opinion_and_prohibited_practices_are_law(
    referentiels: Referentiels, regles: dict[str, Regle]
) -> None:
    methode = referentiels.methode
    assert regles[methode.regle_interdiction].caractere == "obligatoire"
    assert "RIA-5" in regles[methode.regle_interdiction].bases
    assert regles[methode.regle_a_proscrire].caractere == "bonne_pratique"
    assert "non une règle de droit" in regles[methode.regle_a_proscrire].note


def test_drafting_job_descriptions_meets_the_legal_floor_before_any_use(
    referentiels: Referentiels, regles: dict[str, Regle]
) -> None:
    """Worked example of the method: one mark, generative AI; no risk is critical, so only the legal floor is P1."""
    marques = {"toujours", *next(cas.marques for cas in referentiels.cas_usages.cas_usage if cas.id == "U04")}
    assert marques == {"toujours", "ia_generative"}
    plancher = {
        regle.id
        for regle in regles.values()
        if marques & set(regle.declencheur)
        and regle.caractere in ("obligatoire", "mixte")
        and regle.moment in referentiels.methode.moments_avant
    }
    assert plancher == {"E04", "E18", "E19", "E23", "E25", "E43"}


def test_the_matrix_reads_as_written_in_the_method(referentiels: Referentiels) -> None:
    matrice = referentiels.methode.matrice
    assert [matrice[gravite] for gravite in (1, 2, 3, 4)] == [(1, 1, 2, 2), (1, 2, 2, 3), (2, 2, 3, 4), (2, 3, 4, 4)]


def test_a_use_case_never_carries_a_prohibition_beforehand(referentiels: Referentiels) -> None:
    declencheurs = {libelle.id for libelle in referentiels.regles.declencheurs} - {"toujours"}
    for cas in referentiels.cas_usages.cas_usage:
        assert cas.marques and set(cas.marques) <= declencheurs, cas.id


def test_use_case_statuses_are_hearsay_and_say_so(referentiels: Referentiels) -> None:
    cas_usages = referentiels.cas_usages
    assert {cas.confiance for cas in cas_usages.cas_usage} == {Confiance.SECONDAIRE}
    assert all("https://" in cas.reference for cas in cas_usages.cas_usage)
    assert "non une règle de droit" in cas_usages.avertissement
    statuts = [cas.statut for cas in cas_usages.cas_usage]
    assert statuts == ["souhaitable"] * 5 + ["envisageable"] * 6 + ["a_proscrire"] * 4


def test_the_two_conflicts_between_survey_and_law_are_shown(referentiels: Referentiels) -> None:
    avertissements = {cas.id: cas.avertissement for cas in referentiels.cas_usages.cas_usage}
    marques = {cas.id: cas.marques for cas in referentiels.cas_usages.cas_usage}
    assert {id_ for id_, texte in avertissements.items() if texte.startswith("Conflit")} == {"U08", "U11"}
    assert "haut_risque" in marques["U08"]
    assert "santé" in avertissements["U11"]
