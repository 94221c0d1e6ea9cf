"""User text in documents is data: made harmless, typeset, then escaped so that no reader of Markdown interprets it.

Everything a template writes with `{{ … }}` goes through `escape_markdown`, except what this package itself wrote as
Markdown (`Balisage`).
"""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

from .. import formats
from ..html import plain_text

LONGEST_WORD = 40
"""A longer run of letters is given places to break, so that it does not leave its column."""
_BREAK = "\u200b"
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029\x85]+")
_LINES = re.compile(r"\r\n|[\r\n\f\v\u2028\u2029\x85]")
_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")
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


class Balisage(str):
    """Markdown written by this package, not to be escaped."""

    __slots__ = ()


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


def one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """Places to break inside words of more than `longest` letters."""
    if len(text) <= longest:
        return text
    return re.sub(rf"[^\s\u00a0\u202f\u200b]{{{longest + 1},}}", lambda match: _cut(match.group(), longest), text)


def clean(value: object) -> str:
    """Any value as the text to print: no value « — », harmless, typeset, breakable; lines are kept."""
    if formats.is_absent(value):
        return formats.ABSENT
    text = plain_text(str(value)) if isinstance(value, Markup) else str(value)
    return breakable(formats.typeset(neutralise(text))).strip()


def escape_markdown(value: object) -> str:
    """`value` on one line, every punctuation sign of ASCII escaped; `Balisage` passes through."""
    if isinstance(value, Balisage):
        return str(value)
    return _SPECIAL.sub(r"\\\1", one_line(clean(value)))


def finalise(value: object) -> str:
    """What Jinja writes for `{{ value }}`: an empty text stays empty, no other value is lost in silence."""
    return "" if isinstance(value, str) and value == "" else escape_markdown(value)


def _cut(word: str, longest: int) -> str:
    return _BREAK.join(word[start : start + longest] for start in range(0, len(word), longest))
