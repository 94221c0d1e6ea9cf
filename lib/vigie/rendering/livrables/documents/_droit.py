"""How our documents write the law: references, visas, dates of application, how each base was checked.

Everything comes from the frames of the Resultat or from the referentiel of bases; nothing here knows an article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ....referentiels.droit import Base
from ...droit import article_text, articles_alone, short_text
from ...formats import enumerate_words, long_date
from ...pourquoi import confidence_mark
from ...tables import lines

_AMENDED = re.compile(r"( modifiée? | inséré |, ).*$")
_SECOND = re.compile(r" et (circulaire|décret)")
GENRES = {"circulaire": "la", "décret": "le"}
CONTRAIGNANT, TEXTE = "contraignant", "texte"
ACTES = (("Règlement", "le"), ("Code", "le"), ("Loi", "la"), ("Décret", "le"))
"""Texts that an act visas, in their order, with their article of grammar."""
UNREAD = "*"


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


def references(bases: pd.DataFrame, codes: Mapping[str, str]) -> dict[str, Reference]:
    """Base id → how to cite it, from the table `bases` of the Resultat."""
    return {
        line.base: Reference(
            line.base,
            short_text(line.texte),
            article_text(line.article, line.texte),
            line.date,
            confidence_mark(line.confiance, codes),
            line.url,
        )
        for line in lines(bases)
    }


def cite(base: Base, codes: Mapping[str, str]) -> str:
    """A base of the referentiel, as a document cites it."""
    article = article_text(base.article, base.texte)
    return f"{short_text(base.texte)}{', ' if article else ''}{article}{confidence_mark(base.confiance, codes)}"


def application(day: str, today: date) -> str:
    """« applicable depuis le … », « applicable à partir du … » or « date d'application non établie »."""
    if not day:
        return "date d'application non établie"
    since = "depuis le" if date.fromisoformat(day) <= today else "à partir du"
    return f"applicable {since} {long_date(day)}"


def visas(bases: pd.DataFrame) -> list[str]:
    """« le code pénal, notamment ses articles 225-1 et 226-13 », one line a text, those that an act visas.

    An article that was not read in the text itself, or a text without articles that was not, carries a star.
    """
    binding = bases[bases["force"].eq(CONTRAIGNANT)]
    names = binding["texte"].str.replace(_AMENDED, "", regex=True)
    return [
        _visa(name, grammar, binding[names.eq(name)])
        for start, grammar in ACTES
        for name in sorted(names[names.str.startswith(start)].unique())
    ]


def _visa(name: str, grammar: str, rows: pd.DataFrame) -> str:
    title = _SECOND.sub(lambda match: f" et {GENRES[match.group(1)]} {match.group(1)}", f"{name[0].lower()}{name[1:]}")
    read = set(articles_alone(rows.loc[rows["confiance"].eq(TEXTE), "article"]))
    articles = articles_alone(rows["article"])
    if not articles:
        return f"{grammar} {title}{'' if rows['confiance'].eq(TEXTE).all() else UNREAD}"
    marked = [article if article in read else f"{article}{UNREAD}" for article in articles]
    several = len(articles) > 1 or " à " in articles[0]
    return f"{grammar} {title}, notamment {'ses articles' if several else 'son article'} {enumerate_words(marked)}"
