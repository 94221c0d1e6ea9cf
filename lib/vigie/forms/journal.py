"""What goes wrong, for the log: where in the program and of what kind, never what was being read or written.

The message of an error often quotes it: a name in a file of the ministry, an answer, an id. It is kept only for what
the system or the database says of itself, on one line, which quotes none (parameters of statements are hidden there).
"""

from __future__ import annotations

import logging
import traceback

from sqlalchemy.exc import SQLAlchemyError

from ..errors import VigieError

_DISENT = (SQLAlchemyError, OSError)
_VOIR = "à corriger : « vigie check » dit quoi"


def log_incident(journal: logging.Logger, phrase: str, *mots: object, error: BaseException) -> None:
    """`phrase` and its words, then the error, those that led to it first."""
    journal.error(f"{phrase}\n%s", *mots, "\n".join(reversed(_chain(error))))


def _chain(error: BaseException | None) -> list[str]:
    parts: list[str] = []
    while error is not None and len(parts) < 10:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{_name(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return parts


def _name(error: BaseException) -> str:
    kind = type(error).__qualname__
    if isinstance(error, VigieError):
        return f"{kind} : {_VOIR}"
    return f"{kind}: {str(error).splitlines()[0]}" if isinstance(error, _DISENT) and str(error) else kind
