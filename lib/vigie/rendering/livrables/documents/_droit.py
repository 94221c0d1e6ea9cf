"""How our documents write the law: short references, articles, dates of application and how each was checked.

Everything comes from the frames of the Resultat or from the referentiel of bases; nothing here knows an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ....referentiels.droit import Base
from ...formats import NBSP, enumerate_words, long_date
from ...pourquoi import confidence_mark
from ...tables import lines

_ABBREVIATION = re.compile(r"\((RIA|RGPD|CGFP|CRPA|RGS|SREN|Informatique et Libertés)\)")
_CODE_ARTICLE = re.compile(r"\b([LRD])(\*?)(\d)")
_AMENDED = re.compile(r"( modifiée? | inséré |, ).*$")
_LEGAL_START = re.compile(r"[\dLRD]")
_ARTICLES = re.compile(r"\d+(-\d+)*( bis)?( (à|et) \d+(-\d+)*(?!\())?")
_FIRST_NUMBER = re.compile(r"\d+")
_SEVERAL = re.compile(r" et | à |, [LRD]")
CONTRAIGNANT = "contraignant"
ACTES = (("Règlement", "le"), ("Code", "le"), ("Loi", "la"), ("Décret", "le"))
"""Texts that an act visas, in their order, with their article of grammar."""


@dataclass(frozen=True)
class Reference:
    """One base as a document cites it. `marque`: « [source secondaire, à vérifier] », "" when the text was read."""

    id: str
    court: str
    article: str
    date: str
    marque: str
    url: str = ""

    @property
    def citation(self) -> str:
        """« RGPD, art. 35 », with its mark."""
        return f"{self.court}{', ' if self.article else ''}{self.article}{self.marque}"


def short_text(texte: str) -> str:
    """« RIA » for « Règlement (UE) 2024/1689 (RIA) modifié par… »; the whole name without an abbreviation."""
    match = _ABBREVIATION.search(texte)
    return match.group(1).replace("Informatique", "loi Informatique") if match else texte


def article_text(article: str) -> str:
    """« art. L. 124-1 » as acts write it; what is no article number stays as it is."""
    if not _LEGAL_START.match(article):
        return article
    return f"art. {_CODE_ARTICLE.sub(_spaced_code, article)}"


def _spaced_code(match: re.Match[str]) -> str:
    letter, star, digit = match.groups()
    return f"{letter}.{star}{NBSP}{digit}"


def references(bases: pd.DataFrame, codes: Mapping[str, str]) -> dict[str, Reference]:
    """Base id → how to cite it, from the table `bases` of the Resultat."""
    return {
        line.base: Reference(
            line.base,
            short_text(line.texte),
            article_text(line.article),
            line.date,
            confidence_mark(line.confiance, codes),
            line.url,
        )
        for line in lines(bases)
    }


def cite(base: Base, codes: Mapping[str, str]) -> str:
    """A base of the referentiel, as a document cites it."""
    mark = confidence_mark(base.confiance, codes)
    return f"{short_text(base.texte)}, {article_text(base.article)}{mark}"


def application(day: str, today: date) -> str:
    """« applicable depuis le … », « applicable le … » or « date non établie »."""
    if not day:
        return "date d'application non établie"
    since = "depuis le" if date.fromisoformat(day) <= today else "à partir du"
    return f"applicable {since} {long_date(day)}"


def visas(bases: pd.DataFrame, codes: Mapping[str, str]) -> list[str]:
    """« le code général de la fonction publique, notamment ses articles L. 124-1 et L. 131-1 », one line a text.

    Only binding texts that an act visas; a line says when a base it draws on was not read in the text itself.
    """
    grouped: dict[str, list[Any]] = {}
    for line in lines(bases[bases["force"].eq(CONTRAIGNANT)]):
        grouped.setdefault(_AMENDED.sub("", line.texte), []).append(line)
    return [
        _visa(f"{grammar} {texte[0].lower()}{texte[1:]}", grouped[texte], codes)
        for start, grammar in ACTES
        for texte in sorted(name for name in grouped if name.startswith(start))
    ]


def _visa(name: str, rows: Iterable[Any], codes: Mapping[str, str]) -> str:
    rows = list(rows)
    articles = list(dict.fromkeys(_visa_articles(row.article) for row in rows if _LEGAL_START.match(row.article)))
    if all(article[0].isdigit() for article in articles):
        articles.sort(key=lambda article: int(_FIRST_NUMBER.match(article).group()))  # type: ignore[union-attr]
    mark = next((mark for row in rows if (mark := confidence_mark(row.confiance, codes))), "")
    if not articles:
        return f"{name}{mark}"
    several = len(articles) > 1 or _SEVERAL.search(articles[0])
    return f"{name}, notamment {'ses articles' if several else 'son article'} {enumerate_words(articles)}{mark}"


def _visa_articles(article: str) -> str:
    """The articles alone: an act visas articles, not their paragraphs."""
    if article[0].isdigit():
        match = _ARTICLES.match(article)
        return match.group() if match else article
    return article_text(article).removeprefix("art. ").replace(" ; ", ", ")
