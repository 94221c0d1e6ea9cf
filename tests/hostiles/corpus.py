"""The corpus of hostile inputs: corpus.yaml says what each attacks, where it goes in, what is expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CORPUS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))
TEXTES: tuple[str, ...] = tuple(entry["texte"] * entry.get("fois", 1) for entry in CORPUS)
