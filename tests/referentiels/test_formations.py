"""The training offer and the rules of the plan: nothing invented, every disagreement seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError
from vigie.errors import Anomalie
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.coherence import check_coherence
from vigie.referentiels.contraintes_formation import ContraintesFormation
from vigie.referentiels.formations import MODULES, Module, module_row, parse_levels, write_levels


@pytest.fixture(scope="module")
def juste() -> Referentiels:
    return load_referentiels()


def changed(ref: Referentiels, fichier: str, **champs: Any) -> Referentiels:
    return replace(ref, **{fichier: getattr(ref, fichier).model_copy(update=champs)})


def with_entry(ref: Referentiels, fichier: str, liste: str, id_: str, **champs: Any) -> Referentiels:
    entries = getattr(getattr(ref, fichier), liste)
    assert any(one.id == id_ for one in entries), id_
    changees = tuple(one.model_copy(update=champs) if one.id == id_ else one for one in entries)
    return changed(ref, fichier, **{liste: changees})


def places(anomalies: list[Anomalie]) -> list[str]:
    return [anomalie.ou for anomalie in anomalies]


def module(**champs: Any) -> Module:
    return Module.model_validate({"id": "L-essai", "libelle": "Essai", **champs})


def test_every_level_of_the_shared_offer_is_marked_as_our_reading(juste: Referentiels) -> None:
    niveaux = [niveau for module in juste.formations.modules for niveau in module.competences]
    assert niveaux
    assert all(niveau.rapprochement for niveau in niveaux)


def test_lengths_are_only_those_that_a_source_states(juste: Referentiels) -> None:
    """dgafp.md, table of offers: 1 h, 6 h, 2 h, about 30 min a theme, 8 h 30 and 1 h 30; no other length in hours."""
    connues = {module.id: module.duree_h for module in juste.formations.modules if module.duree_h is not None}
    assert connues == {
        "M-decouvrir-ia-generatives": 1,
        "M-objectif-ia": 6,
        "M-bataille-ia": 2,
        "M-pix-donnees-decouverte": 0.5,
        "M-pix-donnees-protection": 0.5,
        "M-pix-donnees-qualite": 0.5,
        "M-pix-donnees-visualisation": 0.5,
        "M-adn-socle-numerique": 10,
    }


def test_no_date_of_revision_is_claimed_for_an_outside_content(juste: Referentiels) -> None:
    assert not [module.id for module in juste.formations.modules if module.mise_a_jour]


def test_the_modules_that_the_sheet_names_are_there(juste: Referentiels) -> None:
    titres = " ".join(module.libelle for module in juste.formations.modules)
    cites = "Bonus PAC-Num;les fondamentaux;intelligence artificielle en action;Cycle supérieur;Pix;Webinaires"
    for cite in f"{cites};Trois minutes pour comprendre;Glossaire vidéo;Bataille de l'IA".split(";"):
        assert cite.lower() in titres.lower(), cite


def test_an_unknown_part_of_a_length_makes_it_unknown() -> None:
    assert module(modalites=["en_ligne"], duree_distance_h=2).duree_h == 2
    assert module(modalites=["presentiel"], duree_presence_h=3).duree_h == 3
    assert module(modalites=["hybride"], duree_presence_h=3).duree_h is None
    assert module(modalites=["hybride"], duree_presence_h=3, duree_distance_h=1).duree_h == 4
    assert module(duree_distance_h=2).duree_h is None
    assert module(modalites=["en_ligne"], duree_distance_h=0).duree_h is None


def test_levels_are_read_as_they_are_written() -> None:
    lus = parse_levels("A1:0>2, B1:1>2;C1:0>1")
    assert lus is not None
    assert [(niveau["competence"], niveau["entree"], niveau["sortie"]) for niveau in lus] == [
        ("A1", 0, 2), ("B1", 1, 2), ("C1", 0, 1)]  # fmt: skip
    assert write_levels(module(competences=lus).competences) == "A1:0>2, B1:1>2, C1:0>1"
    assert not lus[0]["rapprochement"]


@pytest.mark.parametrize("texte", ["A1", "A1:2>1", "A1:2>2", "A1:0>5", "Z1:0>1", "A1 0>1"])
def test_levels_that_do_not_rise_or_do_not_read_are_refused(texte: str) -> None:
    assert parse_levels(texte) is None


def test_a_module_whose_exit_is_not_above_its_entry_is_refused() -> None:
    with pytest.raises(ValidationError, match="plus haut"):
        module(competences=[{"competence": "A1", "entree": 2, "sortie": 2}])


def test_a_row_of_modules_has_every_column_with_its_type(juste: Referentiels) -> None:
    cadre = pd.DataFrame([module_row(module) for module in juste.formations.modules])
    assert list(cadre.columns) == list(MODULES)
    assert {nom: str(type_) for nom, type_ in cadre.astype(MODULES).dtypes.items()} == MODULES


FAUTES = [
    ("formations", "modules", "M-objectif-ia", {"reference": ""}, "formations.yaml, M-objectif-ia"),
    ("formations", "modules", "M-objectif-ia", {"verifie_le": None}, "formations.yaml, M-objectif-ia"),
    ("formations", "modules", "M-adn-ia", {"acces_code": ""}, "formations.yaml, M-adn-ia"),
    ("formations", "modules", "M-objectif-ia", {"acces_code": "mef"}, "formations.yaml, M-objectif-ia"),
    ("formations", "modules", "M-objectif-ia", {"publics": ("XX",)}, "formations.yaml, M-objectif-ia"),
    ("parcours_formation", "parcours", "P1", {"publics": ()}, "parcours_formation.yaml, parcours, AC1"),
    ("parcours_formation", "parcours", "P1", {"reprend": "P3"}, "parcours_formation.yaml, P1"),
    ("parcours_formation", "parcours", "P1", {"duree_min_h": 9.0}, "parcours_formation.yaml, P1"),
    ("parcours_formation", "parcours", "N", {"duree_min_h": 9.0}, "parcours_formation.yaml, N"),
    ("parcours_formation", "parcours", "D", {"competences": ("Z9",)}, "parcours_formation.yaml, D"),
    ("parcours_formation", "actions", "creer", {"pilote": "JUR"}, "parcours_formation.yaml, creer"),
]


@pytest.mark.parametrize(("fichier", "liste", "id_", "champs", "ou"), FAUTES)
def test_a_disagreement_of_the_training_content_is_seen(
    juste: Referentiels, fichier: str, liste: str, id_: str, champs: dict[str, Any], ou: str
) -> None:
    assert ou in places(check_coherence(with_entry(juste, fichier, liste, id_, **champs)))


REGLAGES = [
    ("appariement", {"seuil_retenir": 0.2}, "appariement"),
    ("appariement", {"fraicheur": ()}, "fraicheur"),
    ("creation", {"gisements_minimum": 9}, "gisements"),
    ("creation", {"pilotes": ("JUR",)}, "creation, pilotes"),
    ("equite", {"ecart_alerte": 0.0}, "ecart_alerte"),
]


@pytest.mark.parametrize(("bloc", "champs", "ou"), REGLAGES)
def test_a_setting_of_the_plan_out_of_order_is_seen(
    juste: Referentiels, bloc: str, champs: dict[str, Any], ou: str
) -> None:
    bloc_faux = getattr(juste.parcours_formation, bloc).model_copy(update=champs)
    anomalies = check_coherence(changed(juste, "parcours_formation", **{bloc: bloc_faux}))
    assert f"parcours_formation.yaml, {ou}" in places(anomalies)


def test_ages_must_go_from_the_most_recent_to_the_oldest(juste: Referentiels) -> None:
    regle = juste.parcours_formation.appariement
    faux = regle.model_copy(update={"fraicheur": tuple(reversed(regle.fraicheur))})
    anomalies = check_coherence(changed(juste, "parcours_formation", appariement=faux))
    assert "parcours_formation.yaml, fraicheur" in places(anomalies)


def test_a_path_contains_the_competences_of_the_one_it_takes_up(juste: Referentiels) -> None:
    plan = juste.parcours_formation
    par_id = {parcours.id: plan.competences_of(parcours) for parcours in plan.parcours}
    assert set(par_id["P0"]) < set(par_id["P1"]) < set(par_id["P2"])
    assert set(par_id["RP"]) == set(par_id["R"])


def test_a_structure_has_its_own_bounds_then_those_of_all() -> None:
    contraintes = ContraintesFormation.model_validate(
        {
            "heures_par_agent": 14,
            "budget": 5000,
            "structures": {"dr-est": {"budget": 900}},
            "recherches": [{"gisement": "mentor", "date": date(2026, 11, 2), "resultat": "rien"}],
        }
    )
    assert contraintes.pour("dr-est").budget == 900
    assert contraintes.pour("dr-est").heures_par_agent == 14
    assert contraintes.pour("dr-ouest").budget == 5000
