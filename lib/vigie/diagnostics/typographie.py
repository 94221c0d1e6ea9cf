"""No-break spaces of French typography for sentences assembled in code. Text in, text out."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"«[ \u00a0\u202f]*"), "«\u00a0"),
    (re.compile(r"[ \u00a0\u202f]+([:»%])"), "\u00a0\\1"),
    (re.compile(r"[ \u00a0\u202f]+([;!?])"), "\u202f\\1"),
)


def spaced(text: str) -> str:
    """Replaces the plain spaces that must not break: inside « guillemets », before : ; ! ? and %. Idempotent."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def lower_first(text: str) -> str:
    """For a sentence put inside another one; an acronym keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] in (" ", "'") else text


def quoted(text: str) -> str:
    """« text », without the final full stop that would double the sentence's."""
    return f"« {text.strip().removesuffix('.')} »"
