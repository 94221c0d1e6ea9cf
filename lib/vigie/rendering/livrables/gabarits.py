"""Templates of the documents: Markdown in French, filled by Jinja2, every value escaped (see `textes`).

A template opens with a YAML front matter (`Gabarit`). In it, `{{ value }}` is data and never Markdown; tables and
drawings are called by name: `{{ tableau(name) }}`, `{{ dessin("profil") }}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...diagnostics.typographie import lower_first
from ...paths import templates_dir
from ...referentiels.base import Modele
from .. import formats
from ..charts import Chart
from ..formats import typeset
from ..tables import Table
from .blocs import figure_block, list_block, paragraph_block, table_block
from .textes import Balisage, escape_markdown, finalise

Format = Literal["docx", "odt", "pdf", "pptx", "xlsx"]
ALONE = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n", re.M)
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FENCE = re.compile(r"^```\{\.vigie-.*?^```$", re.M | re.S)


class Gabarit(Modele):
    """Front matter of a template: what the document is, from which step, in which formats.

    `validation`: « etape » when the document is the report of its step and validated with it, « livrable » when it is
    an act of its own.
    """

    livrable: str
    etape: str
    titre: str
    court: str = ""
    """The title in the margin of each page, when `titre` is too long for it."""
    description: str
    formats: tuple[Format, ...]
    orientation: Literal["portrait", "paysage"] = "portrait"
    validation: Literal["etape", "livrable"] = "livrable"
    dossier: Literal["", "service_formation"] = ""
    """Sub-folder; « service_formation » holds what names agents."""


def sources_dir() -> Path:
    return templates_dir() / "livrables"


@cache
def read_templates() -> Mapping[str, Gabarit]:
    """Livrable → front matter, in the order of the file names. Raises on a template whose head is wrong."""
    found = {}
    for path in sorted(sources_dir().glob("*.md")):
        match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
        gabarit = Gabarit.model_validate(yaml.safe_load(match.group(1)) if match else {})
        if gabarit.livrable != path.stem:
            raise ValueError(f"{path.name} : l'en-tête dit « {gabarit.livrable} »")
        found[gabarit.livrable] = gabarit
    return found


def title_of(livrable: str) -> str:
    """The short title of a document; its id when no template makes it."""
    gabarit = read_templates().get(livrable)
    return (gabarit.court or gabarit.titre) if gabarit else livrable


def templates_of(etape: str) -> list[Gabarit]:
    return [gabarit for gabarit in read_templates().values() if gabarit.etape == etape]


def fill(
    livrable: str, nom: str, donnees: Mapping[str, Any], dessins: Mapping[str, Chart], codes: Mapping[str, str]
) -> str:
    """The Markdown of one document, typeset. `nom`: stem of its files.

    Raises jinja2.UndefinedError on a value the template does not receive.
    """
    template = environment().get_template(f"{livrable}.md")

    def drawing(stem: str) -> Balisage:
        return figure_block(dessins[stem], drawing_stem(nom, stem))

    def label(code: object) -> str:
        return codes.get(str(code), str(code))

    text = template.render(**donnees, dessin=drawing, code=label)
    return _typeset_around_blocks(FRONT_MATTER.sub("", text, count=1))


def fill_text(text: str, donnees: Mapping[str, Any]) -> str:
    """The Markdown of a template given as text, without drawings, typeset."""
    return _typeset_around_blocks(environment().from_string(ALONE.sub(r"\1", text)).render(**donnees))


def drawing_stem(nom: str, dessin: str) -> str:
    """Name of the files of a drawing, which no other document of the step has."""
    return f"{nom}-{dessin}"


class _Loader(FileSystemLoader):
    """Templates in which a tag alone on its line leaves no line behind it, and a tag inside a line leaves it whole.

    Jinja's own trimming also takes the end of a line that closes with a tag, which glues two paragraphs.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, fresh = super().get_source(environment, template)
        return ALONE.sub(r"\1", source), name, fresh


@cache
def environment() -> Environment:
    """One Jinja environment a process. Not HTML: values are escaped for Markdown by `finalise`."""
    made = Environment(
        loader=_Loader(sources_dir()),
        autoescape=False,  # noqa: S701
        finalize=finalise,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters.update(
        nombre=formats.number,
        compte=formats.count,
        score=formats.score,
        pourcent=formats.percent,
        date=formats.long_date,
        mois=formats.month_year,
        enumere=lambda words: formats.enumerate_words(list(words)),
        majuscule=formats.capitalize,
        minuscule=lambda text: lower_first(str(text)),
        puces=list_block,
        paragraphe=paragraph_block,
        lien=_link,
        sans_point=lambda text: str(text).strip().removesuffix("."),
    )
    made.globals.update(tableau=_table, pluriel=formats.plural)
    return made


def _table(table: Table, largeurs: Sequence[float] = ()) -> Balisage:
    return table_block(table, largeurs) if table.rows else Balisage("\n\nSans objet.\n\n")


def _link(text: object, address: str) -> Balisage:
    """A link to an address of the referentiels; anything but https stays text."""
    label = escape_markdown(text)
    if not re.fullmatch(r"https://[^\s<>\\]+", address):
        return Balisage(label)
    return Balisage(f"[{label}](<{address}>)")


def _typeset_around_blocks(text: str) -> str:
    """Typography of the template's own words; values and blocks were typeset when they were written."""
    pieces, start = [], 0
    for match in _FENCE.finditer(text):
        pieces += [typeset(text[start : match.start()]), match.group()]
        start = match.end()
    return "".join([*pieces, typeset(text[start:])])
