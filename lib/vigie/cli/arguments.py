"""Arguments that several commands take, and how each is read."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TypeAlias

from ..francais import FrenchParser

Commands: TypeAlias = "argparse._SubParsersAction[FrenchParser]"


def add_ministry(parser: argparse.ArgumentParser, help_: str = "identifiant ou dossier du ministère") -> None:
    parser.add_argument("ministere", metavar="MINISTERE", type=ministry, help=help_)


def add_campagne(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--campagne", metavar="ID", default="", help="campagne (par défaut : la campagne courante)")


def day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 1900 <= found.year < 2200:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un jour, comme 2026-12-31")
    return found


def ministry(text: str) -> str:
    """An id as it is; a folder by its full path, so that « ../mon-ministere » may be typed."""
    return str(Path(text).resolve()) if text and Path(text).is_dir() else text


def names(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError("une liste séparée par des virgules est attendue")
    return found


def positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un nombre entier positif")
    return int(text)
