"""The French of the house is spelled right: templates, content files, notebooks, sentences of the code."""

from __future__ import annotations

import pytest

from tests.orthographe import LEXIQUE, french_texts, unknown_words, words


def test_every_word_shown_to_a_user_is_spelled_right():
    places: dict[str, str] = {}
    for place, text in french_texts():
        for word in words(place, text):
            places.setdefault(word, place)
    assert len(places) > 3000
    assert {word: places[word] for word in unknown_words(set(places))} == {}


@pytest.mark.parametrize("faute", ["competances", "ètape", "réferentiel", "signalment", "formattion", "décission-type"])
def test_a_misspelled_word_is_found(faute):
    assert unknown_words({faute}) == {faute}


def test_an_elided_or_compound_word_is_read_in_its_parts():
    assert list(words("", "L'agent s'auto-positionne ; qu'est-ce qu'un RGPD ?")) == [
        "agent",
        "auto-positionne",
        "est-ce",
        "un",
    ]
    assert unknown_words({"est-ce", "compte-rendu", "mettez-vous"}) == set()


def test_the_word_list_is_sorted_without_doubles_and_each_word_is_needed():
    known = LEXIQUE.read_text(encoding="utf-8").splitlines()
    assert known == sorted(set(known))
    used = {word for place, text in french_texts() for word in words(place, text)}
    parts = used | {part for word in used for part in word.split("-")}
    lowered = {part.lower() for part in parts}
    assert [word for word in known if word not in parts and word.lower() not in lowered] == []
