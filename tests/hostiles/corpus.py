"""The corpus of hostile inputs: corpus.yaml says what each attacks, where it goes in, what is expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

DOSSIER = Path(__file__).parent
CORPUS: list[dict[str, Any]] = yaml.safe_load((DOSSIER / "corpus.yaml").read_text(encoding="utf-8"))
REFUSE, PORTE = "refusé", "porté"


def by(par: str, attendu: str = "") -> list[dict[str, Any]]:
    """Entries that go in one way, those of one outcome if it is given."""
    return [entry for entry in CORPUS if entry["par"] == par and attendu in ("", entry["attendu"])]


def cases(par: str, attendu: str = "") -> pytest.MarkDecorator:
    """One case of the test for each of these entries, named by it."""
    entries = by(par, attendu)
    return pytest.mark.parametrize("entry", entries, ids=[entry["nom"] for entry in entries])


def text_of(entry: dict[str, Any]) -> str:
    return str(entry["texte"]) * int(entry.get("fois", 1))


TEXTES = tuple(map(text_of, by("texte")))
PORTES = tuple(map(text_of, by("texte", PORTE)))
"""Texts that a received file may hold, « vide » among them."""
