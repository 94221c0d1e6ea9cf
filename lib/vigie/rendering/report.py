"""An executed notebook becomes one HTML file that a direction can read, sign and print: no script, no outside request.

The report says about itself only what the notebook recorded while it ran: the step's first output carries the header
(see `views.META`); a run that failed before it falls back on the parameters. A failing cell is shown in French, under a
reference, with its technical detail folded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode

from .. import errors
from ..paths import templates_dir
from .formats import long_date, typeset
from .html import plain_text, slug, typeset_html
from .views import META

HIDDEN_TAGS = frozenset({"parameters", "injected-parameters", "papermill-error-cell-tag", "formulaire", "guide"})
"""`guide`: advice to the consultant who runs the notebook; it is no part of the report."""
DRAFT = "PROJET, non validé"
TITLE = re.compile(r"\A\s*#\s+(.+?)\s*(?:\n|\Z)")
HEADING = re.compile(r"<h([23])([^>]*)>(.*?)</h\1>", re.S)
PARAMETER = re.compile(r'^(\w+): str = "([^"]*)"', re.M)
SECOND = 2
"""The first section is the page that a direction reads; on paper, what follows it begins a new page."""
ID = re.compile(r'\s+id="[^"]*"')
EXPECTED_ERRORS = frozenset(
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.VigieError)
)
"""Errors whose message is meant to be read by a consultant."""


@dataclass(frozen=True)
class Meta:
    """The header of a report. `date`: ISO; `versions`: referentiel → version; `reference`: of the failure, if any."""

    titre: str = ""
    ministere: str = ""
    structure: str = ""
    campagne: str = ""
    date: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    statuts: Mapping[str, str] = field(default_factory=dict)
    """Referentiel → who should validate its content before use."""
    validation: str = DRAFT
    fictif: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Failure:
    """What is shown in place of a failing cell. `message` is empty when the error was not foreseen."""

    reference: str
    message: str
    detail: str


def render_report(notebook: NotebookNode | str | Path, meta: Meta | None = None) -> str:
    """The HTML of an executed notebook (a node, or the path of a file). `meta` replaces what the notebook recorded."""
    node: Any = nbformat.read(notebook, as_version=4) if isinstance(notebook, str | Path) else notebook  # type: ignore[no-untyped-call]
    resources = {"vigie_meta": meta} if meta else {}
    html, _ = exporter().from_notebook_node(node, resources)
    return str(html)


@cache
def exporter() -> RapportExporter:
    """One exporter a process: its templates are compiled once."""
    return RapportExporter()


class RapportExporter(HTMLExporter):
    """nbconvert's HTML exporter with the house's template; works from `jupyter nbconvert --to` by its import path."""

    export_from_notebook = "Rapport Vigie"

    def __init__(self, config: Any = None, **options: Any) -> None:
        options.setdefault("template_name", "vigie")
        options.setdefault("extra_template_basedirs", [str(templates_dir() / "nbconvert" / "templates")])
        options.setdefault("language_code", "fr")
        options.setdefault("exclude_anchor_links", True)
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "sommaire", outline
        yield "typographie", typeset_html
        yield "date_longue", long_date
        yield "css_texte", css_string

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """nbconvert's own, without its second reading of the whole page: our pieces already carry what it would add."""
        resources = resources or {}
        meta = resources.pop("vigie_meta", None) or read_meta(nb)
        cells = _visible_cells(nb, meta)
        failure = next((cell["failure"].reference for cell in cells if "failure" in cell), "")
        resources["vigie"] = {"meta": meta, "cells": cells, "failure": failure, "projet": DRAFT}
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)


def read_meta(nb: NotebookNode) -> Meta:
    """What the notebook recorded about itself while it ran, or what its parameters say."""
    parameters = {**_defaults(nb), **nb.metadata.get("papermill", {}).get("parameters", {})}
    recorded: dict[str, Any] = {key: str(parameters.get(key, "")) for key in ("ministere", "structure", "campagne")}
    for output in (output for cell in nb.cells for output in cell.get("outputs", ())):
        recorded.update(output.get("metadata", {}).get(META, {}))
    titles = (
        match.group(1) for cell in nb.cells if cell.cell_type == "markdown" and (match := TITLE.match(cell.source))
    )
    recorded.setdefault("titre", re.sub(r"^\d+\.\s*", "", next(titles, "Rapport")))
    recorded["reference"] = nb.metadata.get("vigie", {}).get("reference", "")
    return Meta(**{key: value for key, value in recorded.items() if key in Meta.__dataclass_fields__})


def _defaults(nb: NotebookNode) -> dict[str, str]:
    """Text values written in the parameters cell."""
    sources = (cell.source for cell in nb.cells if "parameters" in cell.metadata.get("tags", ()))
    return dict(PARAMETER.findall(next(sources, "")))


def outline(body: str) -> tuple[str, list[tuple[str, str]]]:
    """The body with an anchor on each heading of level 2 and 3, and (anchor, text) of those of level 2."""
    used: dict[str, int] = {}
    entries: list[tuple[str, str]] = []

    def anchor(match: re.Match[str]) -> str:
        level, attributes, content = match.groups()
        text = plain_text(content)
        name = slug(text)
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            name = f"{name}-{used[name]}"
        if level == "2":
            entries.append((name, text))
            if len(entries) == SECOND:
                attributes += ' class="nouvelle-page"'
        return f'<h{level}{ID.sub("", attributes)} id="{name}">{content}</h{level}>'

    return HEADING.sub(anchor, body), entries


def css_string(text: str) -> str:
    """A text as a CSS string, for the running header of the printed page."""
    return '"' + re.sub(r'[\\"<>\n]', lambda match: f"\\{ord(match.group()):x} ", typeset(text)) + '"'


def _visible_cells(nb: NotebookNode, meta: Meta) -> list[dict[str, Any]]:
    """Cells of the report: markdown sources and results, up to the failure that stopped the run, if any."""
    cells: list[dict[str, Any]] = []
    titled = False
    for cell in nb.cells:
        if HIDDEN_TAGS & set(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "markdown":
            source = cell.source if titled else TITLE.sub("", cell.source, count=1)
            titled = titled or source != cell.source
            cells.append({"markdown": source})
        elif cell.cell_type == "code":
            outputs = [shown for output in cell.outputs if (shown := _visible_output(output, meta))]
            cells.extend(outputs)
            if any("failure" in output for output in outputs):
                break
    return cells


def _visible_output(output: NotebookNode, meta: Meta) -> dict[str, Any] | None:
    if META in output.get("metadata", {}):
        return None
    if output.output_type == "error":
        return {"failure": _failure(output, meta)}
    if output.output_type == "stream":
        return {"text": output.text} if output.name == "stdout" and output.text.strip() else None
    data = output.data
    if "text/html" in data:
        return {"html": data["text/html"]}
    if "text/markdown" in data:
        return {"markdown": data["text/markdown"]}
    return {"text": data["text/plain"]} if "text/plain" in data else None


def _failure(output: NotebookNode, meta: Meta) -> Failure:
    detail = strip_ansi("\n".join(output.traceback))  # type: ignore[no-untyped-call]
    digest = hashlib.sha256(f"{output.ename}{output.evalue}".encode()).hexdigest()[:8]
    return Failure(
        reference=meta.reference or f"V-{digest}",
        message=output.evalue if output.ename in EXPECTED_ERRORS else "",
        detail=detail,
    )


__all__ = ["DRAFT", "Failure", "Meta", "RapportExporter", "read_meta", "render_report"]
