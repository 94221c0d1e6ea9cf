"""Signs that do not read: taken out of what people typed before it is shown, in a report as in a document."""

from __future__ import annotations

import re
import unicodedata

_LINES = re.compile(r"\r\n|[\r\n\f\v\u2028\u2029\x85]")
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that leave nothing to read: controls, invisible formats (bidirectional marks, tags, zero-width),
lone surrogates, private use, unassigned."""
_ORDINARY = re.compile(
    r"[ -~\u00a0-\u00ac\u00ae-\u017f\u2010-\u2027\u202f-\u205e\u20ac\u2190-\u2193\u2212\u2264\u2265]*"
)
"""Letters and signs of French, arrows of a calculation: nothing in them to remove."""
_KEPT = "\n\u200d"
"""The zero-width joiner holds emoji and some scripts together and changes no order."""
_MARKS_MAX = 4
"""Stacked accents beyond this number on one letter draw over the neighbouring lines."""


def neutralise(text: str) -> str:
    """The text without what does not read: control, bidirectional and invisible characters, towers of accents.

    Line ends are kept as « \\n »; other blanks become a space.
    """
    if _ORDINARY.fullmatch(text):
        return text
    text = _LINES.sub("\n", text).replace("\t", " ")
    kept, marks = [], 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if marks > _MARKS_MAX or (category in _REMOVED and character not in _KEPT):
            continue
        kept.append(character)
    return "".join(kept)
