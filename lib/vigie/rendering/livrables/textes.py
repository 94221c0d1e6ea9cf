"""User text in documents is data: made harmless, typeset, then escaped so that no reader of Markdown interprets it.

Everything a template writes with `{{ … }}` goes through `escape_markdown`, except what this package itself wrote as
Markdown (`Balisage`).
"""

from __future__ import annotations

import re

from markupsafe import Markup

from .. import formats
from ..html import plain_text
from ..signes import neutralise as neutralise

LONGEST_WORD = 40
"""A longer run of letters is given places to break, so that it does not leave its column."""
_BREAK = "\u200b"
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029\x85]+")
_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")


class Balisage(str):
    """Markdown written by this package, not to be escaped."""

    __slots__ = ()


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
