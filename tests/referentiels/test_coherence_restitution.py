"""The feuille de route and the vigilance points: each disagreement is seen."""

from __future__ import annotations

from typing import Any

import pytest
from test_coherence import changed, entry, places, with_entry, with_setting
from vigie.referentiels import Referentiels, load_referentiels
from vigie.referentiels.coherence import check_coherence


@pytest.fixture(scope="module")
def juste() -> Referentiels:
    return load_referentiels()


def seen(referentiels: Referentiels, ou: str) -> None:
    found = [place for place, _ in places(check_coherence(referentiels))]
    assert ou in found, found


@pytest.mark.parametrize(
    ("champs", "ou"),
    [
        ({"items": ("D9.9",)}, "restitution.yaml, signalement"),
        ({"regles": ("E99",)}, "restitution.yaml, signalement"),
        ({"items": ("D3.6", "D3.2")}, "restitution.yaml, fusions, D3.2"),
        ({"pilote": "DIR"}, "restitution.yaml, fusions, signalement"),
    ],
)
def test_a_merge_that_cites_nothing_or_takes_from_another_is_seen(
    juste: Referentiels, champs: dict[str, Any], ou: str
) -> None:
    seen(with_entry(juste, "restitution", "fusions", "signalement", **champs), ou)


def test_without_a_last_classement_that_asks_nothing_an_action_could_have_no_place(juste: Referentiels) -> None:
    seen(changed(juste, "restitution", classements=juste.restitution.classements[:-1]), "restitution.yaml, classements")
    seen(changed(juste, "restitution", classements=()), "restitution.yaml, classements")


def test_two_notches_of_the_same_weight_would_not_order_anything(juste: Referentiels) -> None:
    seen(with_entry(juste, "restitution", "priorites", "importante", poids=3), "restitution.yaml, priorites")


def test_an_effort_holds_for_what_no_list_names(juste: Referentiels) -> None:
    seen(with_entry(juste, "restitution", "efforts", "moyen", actions=("E01",)), "restitution.yaml, efforts")


def test_everyone_who_answers_for_a_rule_has_a_pilot(juste: Referentiels) -> None:
    pilotes = juste.restitution.pilotes
    sans = {who: pilot for who, pilot in pilotes.responsables.items() if who != "juridique"}
    faux = changed(juste, "restitution", pilotes=pilotes.model_copy(update={"responsables": sans}))
    seen(faux, "restitution.yaml, pilotes, responsables")


@pytest.mark.parametrize(
    ("champs", "ou"),
    [
        ({"echo": ("M99",)}, "vigilances.yaml, V08"),
        ({"acteur": "XX"}, "vigilances.yaml, V08"),
        ({"signaux": ("equite", "equite")}, "vigilances.yaml, V08"),
    ],
)
def test_a_vigilance_point_that_cites_nothing_is_seen(juste: Referentiels, champs: dict[str, Any], ou: str) -> None:
    seen(with_entry(juste, "vigilances", "vigilances", "V08", **champs), ou)


def test_the_thresholds_of_vigilance_are_in_order(juste: Referentiels) -> None:
    seen(with_setting(juste, "vigilances", seuil_absent=4), "vigilances.yaml, cotation")


def test_every_condition_before_an_opening_belongs_to_a_merge_or_stands_alone_by_name(juste: Referentiels) -> None:
    """A condition that several steps recommend is one action: none of those shared with a rule is left out."""
    merged = {item for fusion in juste.restitution.fusions for item in fusion.items}
    shared = {check.item for check in juste.maturite.cotation.prealables} - {"D8.3"}
    assert shared <= merged
    assert entry(juste.restitution.fusions, "signalement").regles == ("E49",)
