"""What may be printed of small audiences: grouped first, masked otherwise, never given back by a subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from vigie.diagnostics.petits_effectifs import MASQUE, PUBLIE, REGROUPE, group_audiences

ORDRE = ["TA", "AC1", "AC2", "AC3", "MP", "RF", "NP"]
VOISINS = {
    "TA": ["AC1"],
    "AC1": ["AC2", "TA"],
    "AC2": ["AC1", "AC3"],
    "AC3": ["AC2", "AC1"],
    "MP": ["RF"],
    "RF": ["MP"],
}
SEUIL = 10

effectifs = st.dictionaries(st.sampled_from(ORDRE), st.integers(0, 25))


def groups(nombres: dict[str, int]) -> list[tuple[tuple[str, ...], str]]:
    return [(groupe.publics, groupe.etat) for groupe in group_audiences(nombres, ORDRE, VOISINS, SEUIL)]


def test_the_threshold_itself_is_printed() -> None:
    assert groups({"NP": 9}) == [(("NP",), MASQUE)]
    assert groups({"NP": 10}) == [(("NP",), PUBLIE)]
    assert groups({"NP": 11}) == [(("NP",), PUBLIE)]


def test_neighbours_are_taken_in_the_order_of_the_referentiel() -> None:
    assert groups({"AC1": 3, "AC2": 20, "TA": 20}) == [(("TA",), PUBLIE), (("AC1", "AC2"), REGROUPE)]


def test_a_neighbour_is_added_only_while_the_group_is_too_small() -> None:
    assert groups({"AC1": 3, "AC2": 4, "TA": 5}) == [(("TA", "AC1", "AC2"), REGROUPE)]
    assert groups({"AC1": 3, "AC2": 7, "TA": 15}) == [(("TA",), PUBLIE), (("AC1", "AC2"), REGROUPE)]


def test_an_audience_that_no_neighbour_carries_over_the_threshold_is_masked_alone() -> None:
    assert groups({"MP": 3, "RF": 4}) == [(("MP",), MASQUE), (("RF",), MASQUE)]


def test_one_masked_audience_masks_the_smallest_printed_one_too() -> None:
    assert groups({"AC2": 30, "AC3": 12, "NP": 2}) == [(("AC2",), PUBLIE), (("AC3",), MASQUE), (("NP",), MASQUE)]


def test_masked_audiences_that_reach_the_threshold_together_mask_nobody_else() -> None:
    attendu = [(("AC3",), PUBLIE), (("MP",), MASQUE), (("NP",), MASQUE)]
    assert groups({"AC3": 30, "MP": 6, "NP": 4}) == attendu
    assert groups({"AC3": 30, "MP": 5, "NP": 4})[0] == (("AC3",), MASQUE)


def test_a_grouped_line_that_must_be_masked_is_masked_audience_by_audience() -> None:
    assert groups({"AC2": 6, "AC3": 6, "NP": 2}) == [(("AC2",), MASQUE), (("AC3",), MASQUE), (("NP",), MASQUE)]


def test_nothing_to_group_gives_nothing() -> None:
    assert group_audiences({}, ORDRE, VOISINS, SEUIL) == ()


@given(effectifs)
def test_every_audience_is_in_one_group_and_printed_groups_reach_the_threshold(nombres: dict[str, int]) -> None:
    trouves = group_audiences(nombres, ORDRE, VOISINS, SEUIL)
    assert sorted(public for groupe in trouves for public in groupe.publics) == sorted(nombres)
    for groupe in trouves:
        assert groupe.effectif == sum(nombres[public] for public in groupe.publics)
        if groupe.etat != MASQUE:
            assert groupe.effectif >= SEUIL
            assert (groupe.etat == REGROUPE) == (len(groupe.publics) > 1)
        else:
            assert len(groupe.publics) == 1


@given(effectifs)
def test_the_total_minus_the_printed_groups_never_singles_out_a_small_audience(nombres: dict[str, int]) -> None:
    masques = [groupe for groupe in group_audiences(nombres, ORDRE, VOISINS, SEUIL) if groupe.etat == MASQUE]
    total_printed = sum(nombres.values()) >= SEUIL
    if masques and total_printed:
        assert len(masques) >= 2
        assert sum(groupe.effectif for groupe in masques) >= SEUIL


@given(effectifs, st.randoms())
def test_the_order_of_the_input_does_not_matter(nombres: dict[str, int], hasard: object) -> None:
    melange = list(nombres.items())
    hasard.shuffle(melange)  # type: ignore[attr-defined]
    assert groups(dict(melange)) == groups(nombres)
