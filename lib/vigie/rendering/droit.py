"""How a reader sees the law cited: short names of texts, article numbers as acts write them. Text in, text out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .formats import NBSP

_ABBREVIATION = re.compile(r"\((RIA|RGPD|CGFP|CRPA|RGS|SREN|Informatique et Libertés)\)")
_CODE_ARTICLE = re.compile(r"\b([LRD])(\*?)(\d{3,})")
_NUMBER = re.compile(r"(?!20\d\d\b)(\d+)(?:-\d+)*(?: bis)?(?=$|[(,;)]|\s*(?:;|,|à \d|et \d|et annexe|\(|et \d))")
_ONE = re.compile(
    r"[LRD]\*?\d{3,}(?:-\d+)*(?: à [LRD]\*?\d{3,}(?:-\d+)*)?"
    r"|(?<![-\w(])\d+(?:-\d+)*(?: bis)?(?: à \d+(?:-\d+)*)?(?![\w)°-])"
)


def short_text(texte: str) -> str:
    """« RIA » for « Règlement (UE) 2024/1689 (RIA) modifié par… »; the whole name without an abbreviation."""
    match = _ABBREVIATION.search(texte)
    return match.group(1).replace("Informatique", "loi Informatique") if match else texte


def article_text(article: str, texte: str = "") -> str:
    """« art. L. 124-1 », « art. 35 »; what is no article number (« 5 principes », « R1 à R35 ») stays as it is.

    Empty when the name of the text already holds it.
    """
    if f"art. {article}" in texte:
        return ""
    if _CODE_ARTICLE.match(article):
        return f"art. {_CODE_ARTICLE.sub(_spaced, article)}"
    return f"art. {article}" if _NUMBER.match(article) else article


def articles_alone(cells: Iterable[str]) -> list[str]:
    """The article numbers of several cells, one by one, without their paragraphs, in order and without doubles."""
    found = {one: None for cell in cells if article_text(cell).startswith("art.") for one in _split(cell)}
    return [_CODE_ARTICLE.sub(_spaced, one) for one in sorted(found, key=_rank)]


def _split(cell: str) -> list[str]:
    """« 5(1)(a) à (h), dont (c) » → 5; « L131-1, L131-2 » → both; « 12 à 14 » stays a range; « 40, al. 2 » → 40."""
    bare = re.sub(r"\([^)]*\)|\bal\. \d+|annexe.*|§.*", "", cell)
    bare = re.sub(r"\b(\d+) à (?=\s*(?:,|;|$|\())", r"\1", bare)
    return _ONE.findall(bare)


def _rank(article: str) -> tuple[str, list[int]]:
    return article[:1] if article[0].isalpha() else "", [int(part) for part in re.findall(r"\d+", article)]


def _spaced(match: re.Match[str]) -> str:
    letter, star, digits = match.groups()
    return f"{letter}.{star}{NBSP}{digits}"
