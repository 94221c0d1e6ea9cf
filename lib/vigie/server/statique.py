"""The few files of a page, named by their content: a browser keeps them, and never keeps an old one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..forms.widget import script, style

STATIC = Path(__file__).parent / "static"
NATURES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class Fichier:
    nom: str
    contenu: bytes
    nature: str


@lru_cache(maxsize=1)
def files() -> dict[str, Fichier]:
    """Short name → file: the form's module and style, and what stands around it."""
    texts = {
        "formulaire.js": script(),
        "formulaire.css": style(),
        "page.js": (STATIC / "page.js").read_text(encoding="utf-8"),
        "page.css": (STATIC / "page.css").read_text(encoding="utf-8"),
    }
    return {name: _named(name, text) for name, text in texts.items()}


@lru_cache(maxsize=1)
def by_name() -> dict[str, Fichier]:
    return {file.nom: file for file in files().values()}


def _named(name: str, text: str) -> Fichier:
    stem, suffix = name.rsplit(".", 1)
    content = text.encode()
    return Fichier(f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}", content, NATURES[suffix])
