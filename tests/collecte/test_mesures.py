"""The closed list of measures follows the referentiels: their targets, their scales, their prohibitions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vigie.collecte.mesures import Mesures, list_mesures
from vigie.referentiels import Referentiels, load_referentiels


@pytest.fixture(scope="module")
def referentiels() -> Referentiels:
    return load_referentiels()


@pytest.fixture(scope="module")
def mesures(referentiels: Referentiels) -> Mesures:
    return list_mesures(referentiels)


def test_the_list_holds_the_measures_of_the_exchange_format(mesures: Mesures) -> None:
    assert {etape: mesures.names(etape) for etape in mesures.etapes} == {
        "maturite": ("niveau", "accord", "arbitrage", "forcage"),
        "competences": ("auto", "manager", "quiz", "situation", "note", "part", "nature"),
        "risques_ethique": (
            *("inventaire", "marque", "aggravant", "gravite", "vraisemblance", "forcage"),
            *("preuve", "critere", "referentiel", "repris"),
        ),
        "plan_formation": ("module",),
        "validation": ("validation",),
    }


def test_every_measure_reads_one_kind_of_value_and_stamps_a_known_version(
    mesures: Mesures, referentiels: Referentiels
) -> None:
    for mesure in mesures:
        kinds = (bool(mesure.nombres), mesure.intervalle is not None, bool(mesure.codes))
        assert sum(kinds) == 1
        assert mesure.cibles
        assert mesure.referentiel in referentiels.versions


def test_scales_come_from_the_referentiels(referentiels: Referentiels) -> None:
    maturite = referentiels.maturite
    shorter = replace(referentiels, maturite=maturite.model_copy(update={"niveaux": maturite.niveaux[:3]}))
    niveau = list_mesures(shorter).of("maturite", "niveau")
    assert niveau is not None
    assert niveau.attendu == "un nombre entier de 1 à 3"
    assert not niveau.number(4)


def test_an_item_is_for_its_roles_and_says_whether_it_may_be_without_object(
    mesures: Mesures, referentiels: Referentiels
) -> None:
    niveau = mesures.of("maturite", "niveau")
    assert niveau is not None
    for item in referentiels.maturite.items.values():
        cible = niveau.cibles[item.id]
        assert cible.roles == set(item.roles)
        assert cible.sans_objet == bool(item.sans_objet)


def test_soft_skills_are_only_self_assessed(mesures: Mesures, referentiels: Referentiels) -> None:
    douces = {famille.id for famille in referentiels.competences.familles if famille.douce}
    ids = {item.id for item in referentiels.competences.competences if item.famille in douces}
    assert ids
    for mode in referentiels.competences.cotation.preuves:
        mesure = mesures.of("competences", mode.id)
        assert mesure is not None
        assert ids & set(mesure.cibles) == (set() if mode.interdit_douces else ids)


@pytest.mark.parametrize(
    ("etape", "nom", "cible", "objet", "admis"),
    [
        ("maturite", "niveau", "D1.1", "", True),
        ("maturite", "niveau", "D1.1", "U01", False),
        ("competences", "note", "MET01-T1", "MET01", True),
        ("competences", "note", "MET01-T1", "MET02", False),
        ("competences", "note", "MET01-T1", "", False),
        ("risques_ethique", "gravite", "R01", "U01", True),
        ("risques_ethique", "gravite", "R01", "L07", True),
        ("risques_ethique", "gravite", "R01", "L7", False),
        ("risques_ethique", "gravite", "R01", "", False),
        ("risques_ethique", "preuve", "E01", "", True),
        ("risques_ethique", "preuve", "E01", "L01", True),
        ("risques_ethique", "referentiel", "existe", "referentiel", True),
        ("risques_ethique", "repris", "E01", "U01", False),
    ],
)
def test_what_an_answer_is_about_depends_on_the_measure(
    mesures: Mesures, etape: str, nom: str, cible: str, objet: str, admis: bool
) -> None:
    mesure = mesures.of(etape, nom)
    assert mesure is not None
    assert mesures.objet_allowed(mesure, cible, objet) is admis


@pytest.mark.parametrize(
    ("cible", "etape", "nom", "trouvee"),
    [
        ("D1.1", "", "", ("maturite", "niveau")),
        ("M1", "", "", ("maturite", "accord")),
        ("A1", "", "", ("competences", "auto")),
        ("A1", "", "quiz", ("competences", "quiz")),
        ("statut", "", "", ("risques_ethique", "inventaire")),
        ("R01", "", "gravite", ("risques_ethique", "gravite")),
        ("R01", "", "", None),
        ("E01", "risques_ethique", "", None),
        ("MET01-T1", "", "", None),
        ("inconnue", "", "", None),
    ],
)
def test_a_measure_is_meant_only_when_it_is_the_only_one_or_the_usual_one(
    mesures: Mesures, cible: str, etape: str, nom: str, trouvee: tuple[str, str] | None
) -> None:
    meant = mesures.meant(cible, etape, nom)
    assert (meant.cle if meant else None) == trouvee
