"""The cockpit's counts, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from vigie.collecte.suivi import PARTICIPATION
from vigie.diagnostics.accueil import (
    COMMENCE,
    RIEN,
    TERMINE,
    by_role,
    by_structure,
    count_agents,
    expected,
    follow,
    missing,
    roles_asked,
    shown_count,
)
from vigie.referentiels import load_referentiels

ROLES = {"maturite": {"RH", "DIR"}, "validation": {"DIR"}}
PERSONNES = pd.DataFrame(
    [("s1", "a", "RH"), ("s1", "b", "DIR"), ("s2", "a", "RH"), ("s2", "c", "ATELIER")],
    columns=["structure", "id", "role"],
).assign(nom="Personne fictive", fonction="")


def participation(*lines):
    return pd.DataFrame(lines, columns=list(PARTICIPATION)).astype(PARTICIPATION)


RECU = participation(
    ("s1", "a", "maturite", 12, False, "2026-11-12", False),
    ("s1", "b", "maturite", 9, True, "2026-11-13", False),
    ("s1", "b", "validation", 0, False, "2026-11-14", True),
    ("s2", "z", "maturite", 9, True, "2026-11-13", False),
)


@pytest.fixture
def suivi():
    return follow(expected(PERSONNES, ROLES), RECU)


def test_each_person_is_asked_the_forms_of_their_role_and_no_other():
    asked = expected(PERSONNES, ROLES)
    assert list(zip(asked["structure"], asked["repondant"], asked["formulaire"], strict=True)) == [
        ("s1", "a", "maturite"), ("s1", "b", "maturite"), ("s1", "b", "validation"), ("s2", "a", "maturite"),
    ]  # fmt: skip


def test_a_form_sent_or_a_file_sent_back_is_finished_the_rest_is_begun_or_not(suivi):
    assert suivi["etat"].tolist() == [COMMENCE, TERMINE, TERMINE, RIEN]
    assert suivi["dernier_jour"].tolist() == ["2026-11-12", "2026-11-13", "2026-11-14", ""]


def test_the_same_id_in_another_structure_is_another_person(suivi):
    assert suivi.query("structure == 's2'")["etat"].tolist() == [RIEN]


def test_counts_by_structure_and_by_role(suivi):
    rows = by_structure(suivi).set_index(["structure", "formulaire"])[["attendus", "commences", "termines"]]
    assert {key: tuple(row) for key, row in zip(rows.index, rows.to_numpy(), strict=True)} == {
        ("s1", "maturite"): (2, 1, 1), ("s1", "validation"): (1, 0, 1), ("s2", "maturite"): (1, 0, 0),
    }  # fmt: skip
    taux = by_role(suivi).set_index(["role", "formulaire"])["taux"].to_dict()
    assert taux == {("RH", "maturite"): 0.0, ("DIR", "maturite"): 1.0, ("DIR", "validation"): 1.0}


def test_who_is_missing_those_of_whom_nothing_came_first(suivi):
    assert list(missing(suivi)["structure"]) == ["s2", "s1"]


def test_agents_are_counted_and_only_those_of_the_structure():
    agents = pd.DataFrame([("s1", "g1"), ("s1", "g2"), ("s2", "g1")], columns=["structure", "id"])
    given = participation(
        ("s1", "g1", "competences", 3, False, "2026-11-12", False),
        ("s2", "g9", "competences", 3, False, "2026-11-12", False),
    )
    assert count_agents(agents, given) == {"s1": (1, 2), "s2": (0, 1)}


@pytest.mark.parametrize(
    ("nombre", "dit"),
    [(0, "moins de 10"), (9, "moins de 10"), (10, "au moins 10"), (19, "au moins 10"), (20, "au moins 20")],
)
def test_a_count_of_anonymous_answers_is_said_by_steps_of_the_threshold(nombre, dit):
    assert shown_count(nombre, 10) == dit


def test_nobody_asked_gives_empty_frames_with_their_columns():
    vide = follow(expected(PERSONNES.iloc[:0], ROLES), RECU)
    assert len(by_structure(vide)) == len(by_role(vide)) == len(missing(vide)) == 0


def test_every_form_of_named_people_says_whom_it_waits_for():
    asked = roles_asked(load_referentiels())
    assert set(asked) == {"maturite", "exposition", "risques_ethique", "plan_formation", "validation"}
    assert all(asked.values())
