"""Widths of the columns of a table, on paper."""

from __future__ import annotations

import pytest
from vigie.rendering.livrables.blocs import BOLD, LETTERS, PADDING, fitted_shares

ENTETES = ["Date", "Objet", "Qui"]
LIGNES = [["24\u00a0septembre 2026", "Point de suivi avec les agents concernés", "Service RH"]]


def test_a_column_asked_too_narrow_still_shows_a_day_and_its_month_whole():
    largeurs = fitted_shares([1, 20, 4], ENTETES, LIGNES)
    assert largeurs[0] * LETTERS == pytest.approx(len("24 septembre") * BOLD + PADDING)
    assert sum(largeurs) == pytest.approx(1)
    assert largeurs[1] > largeurs[2], "what it lacked comes from those with room, in proportion"


def test_widths_asked_are_kept_when_every_word_stands():
    assert fitted_shares([3, 10, 4], ENTETES, LIGNES) == pytest.approx([3 / 17, 10 / 17, 4 / 17])


def test_widths_asked_are_kept_when_there_is_no_room_for_every_word():
    parts = [1, 20, 4] * 3
    assert fitted_shares(parts, ["x" * 22] * 9, []) == pytest.approx([part / sum(parts) for part in parts])
