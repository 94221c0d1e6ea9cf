"""argparse in French: its texts go through gettext, for which Python ships no French catalogue."""

from __future__ import annotations

import argparse
from typing import Any

TEXTES = {
    "usage: ": "utilisation : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "afficher cette aide",
    "show program's version number and exit": "afficher la version",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "the following arguments are required: %s": "arguments manquants : %s",
    "unrecognized arguments: %s": "arguments non reconnus : %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "expected at most one argument": "une valeur au plus est attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n'existe pas ; choisir parmi %(choices)s",
    "invalid %(type)s value: %(value)r": "valeur non valide : %(value)r",
    "not allowed with argument %s": "ne va pas avec %s",
    "ambiguous option: %(option)s could match %(matches)s": "option ambiguë : %(option)s peut être %(matches)s",
    "ignored explicit argument %r": "valeur %r inattendue",
}


def _translate(text: str) -> str:
    return TEXTES.get(text, text)


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser whose help and errors are in French; options are never abbreviated."""

    def __init__(self, **options: Any) -> None:
        argparse._ = _translate  # type: ignore[attr-defined]
        super().__init__(**options, allow_abbrev=False)
