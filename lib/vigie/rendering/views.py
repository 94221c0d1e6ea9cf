"""What a notebook displays: an object that Jupyter, Voilà and the report all show, as HTML and as plain text."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from markupsafe import Markup

from ..diagnostics.resultat import Constat
from .charts import Chart
from .formats import capitalize, plural, typeset
from .html import Content, definitions, element, join, plain_text, unordered
from .tables import Table

Gravite = Literal["information", "attention", "alerte"]
GRAVITES: dict[str, str] = {"alerte": "Alerte", "attention": "Attention", "information": "Information"}
"""From the gravest; the word is written, the colour comes on top."""
META = "vigie"
"""Key of the output metadata in which a step says what the report's header must carry."""


class View:
    """A displayable piece. `parts`: text, Markup or other views, one under the other; `meta` goes with the output."""

    def __init__(self, *parts: Content | View, meta: Mapping[str, Any] | None = None) -> None:
        self.html: Markup = join(part.html if isinstance(part, View) else _as_block(part) for part in parts)
        self.meta = dict(meta or {})

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"text/html": str(element("div", self.html, class_="vg-vue")), "text/plain": plain_text(str(self.html))}
        return data, {META: self.meta} if self.meta else {}

    def __repr__(self) -> str:
        return plain_text(str(self.html))


def titled(title: Content, *parts: Content | View, level: int = 3) -> View:
    """A part under its own heading, which no page break parts from what it opens; notebooks hold levels 1 and 2."""
    opening = View(element(f"h{level}", title), *parts[:1])
    return View(element("div", opening.html, class_="vg-ensemble"), *parts[1:])


def paragraph(*content: Content, class_: str | None = None) -> View:
    return View(element("p", *content, class_=class_))


def bullets(lines: Iterable[Content], empty: str = "") -> View:
    """A list, or the sentence `empty` when there is nothing to list."""
    items = list(lines)
    return View(unordered(items)) if items else paragraph(empty, class_="vg-vide")


def figure(chart: Chart) -> View:
    """The reading sentence as title, the drawing with its alternative text, then the table of its figures."""
    return View(drawing(chart), tabular(chart.table))


def drawing(chart: Chart) -> View:
    """A chart without its table, for those whose sentence already gives every figure."""
    encoded = base64.b64encode(chart.svg.encode()).decode()
    width, height = chart.size
    source = f"data:image/svg+xml;base64,{encoded}"
    image = element("img", src=source, alt=typeset(chart.alt), width=width, height=height)
    frame = element("div", image, class_="vg-dessin", role="group", tabindex=0, aria_label="Graphique")
    return View(element("figure", element("figcaption", chart.lecture), frame, class_="vg-figure"))


def tabular(table: Table) -> View:
    return View(table.to_html())


def key_figures(figures: Sequence[tuple[str, str]]) -> View:
    """A row of figures, each with what it counts: (« 12 », « répondants sur 16 attendus »)."""
    return View(definitions([(label, value) for value, label in figures], class_="vg-chiffres"))


def cards(columns: Sequence[tuple[str, Sequence[Content]]], empty: str) -> View:
    """Short lists side by side, such as three strengths and three priorities."""
    blocks = [
        element("div", element("h3", title), bullets(lines, empty).html, class_="vg-carte") for title, lines in columns
    ]
    return View(element("div", *blocks, class_="vg-cartes"))


def panel(gravite: str, title: Content, *body: Content | View) -> View:
    """A framed message. The word of its gravity opens the title."""
    head = element("p", element("strong", f"{GRAVITES[gravite]} : "), title, class_="vg-panneau-titre")
    return View(element("div", head, View(*body).html, class_=f"vg-panneau vg-{gravite}"))


def findings(constats: Iterable[Constat], gravites: Sequence[str] = ("alerte", "attention", "information")) -> View:
    """What the reader must see, gravest first, one panel a gravity."""
    views = []
    constats = list(constats)
    for gravite in gravites:
        texts = [constat.texte for constat in constats if constat.gravite == gravite]
        if len(texts) == 1:
            views.append(panel(gravite, texts[0]))
        elif texts:
            views.append(panel(gravite, plural(len(texts), "point"), bullets(texts)))
    return View(*views)


def badge(text: str, kind: str = "") -> Markup:
    """A short state in a frame; the text alone says it."""
    return element("span", text, class_=f"vg-badge vg-{kind}" if kind else "vg-badge")


def _as_block(part: Content) -> Markup:
    return part if isinstance(part, Markup) else element("p", capitalize(part))
