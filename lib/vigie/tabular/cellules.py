"""What one cell of text holds: numbers and dates as the French write them, names to compare, damaged characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

_INVISIBLE = " \t\r\n\u00a0\u202f\u200b\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: \d{1,2}:\d{2}.*)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HIGH = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore"))
# « é » in UTF-8 read as CP1252 gives « Ã© », « ’ » gives « â€™ »; U+FFFD stands for what a program could not read.
_MOJIBAKE = re.compile(f"[ÂÃ][{_HIGH}]|â[{_HIGH}][{_HIGH}]|â€.|\ufffd")
# « é » of a Macintosh file or of an MS-DOS file, read as CP1252: signs that never stand inside a French word.
_OLD_ENCODING = re.compile(r"[a-zà-ÿ]Ž|ˆ|[A-Za-zÀ-ÿ][‚‡][A-Za-zÀ-ÿ]|[a-z]Š[a-z]")


def clean(text: str) -> str:
    """Without spaces and invisible signs around, with one kind of line end."""
    text = text.strip(_INVISIBLE)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """For comparing names as people write them: no case, no accent, « _ » for spaces and hyphens."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[\s\-_'’]+", "_", bare.strip(_INVISIBLE).casefold())


def inert(text: str) -> str:
    """The text as a cell of a CSV that a spreadsheet will not take for a formula: with an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def closest(value: str, allowed: Iterable[str]) -> str:
    """The allowed name that `value` most likely meant, "" if none is near."""
    folded = {fold(name): name for name in reversed(list(allowed))}
    return next((folded[name] for name in get_close_matches(fold(value), folded, n=1, cutoff=0.6)), "")


def listing(names: Iterable[str], last: str = "ou", most: int = 12, separator: str = ", ") -> str:
    """« a, b ou c »; beyond `most` names, the first ones and how many there are."""
    known = list(names)
    if len(known) > most:
        return separator.join(known[:most]) + f"… ({len(known)} en tout)"
    return f" {last} ".join(part for part in (separator.join(known[:-1]), *known[-1:]) if part)


def parse_number(text: str) -> float | None:
    """« 0,25 », « 0.25 » and « 3 » are numbers; anything else is None."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def parse_date(text: str) -> str | None:
    """ISO day of « 2026-11-24 » or « 24/11/2026 » (what a French spreadsheet makes of it); a time is left out."""
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat() if 1900 <= year < 2200 else None
    except ValueError:
        return None


def damage(text: str, guessed: bool) -> tuple[str, str]:
    """What is wrong with the characters of a cell and what to do, ("", "") when nothing is.

    `guessed`: CP1252 was assumed.
    """
    if found := _CONTROL.search(text):
        quoi = f"caractère invisible interdit (code {ord(found.group()):#04x})"
        return quoi, "retirez ce caractère, ou ressaisissez la cellule"
    if text.isascii():
        return "", ""
    que_faire = "repartez du fichier d'origine et enregistrez-le en « CSV UTF-8 », ou ressaisissez la cellule"
    if _MOJIBAKE.search(text):
        return "des accents sont abîmés : deux encodages ont été mélangés", que_faire
    if guessed and _OLD_ENCODING.search(text):
        return "des accents sont abîmés : l'encodage n'est ni UTF-8 ni celui de Windows", que_faire
    return "", ""
