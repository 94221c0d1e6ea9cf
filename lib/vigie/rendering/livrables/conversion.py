"""Markdown to DOCX, ODT, PPTX and Typst: one pandoc process for all the documents of a step, then Typst for PDF/UA-1.

pandoc reads each source once and writes every format from the same tree; nothing here touches the final folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypandoc

from ...paths import templates_dir
from ..charts import Chart
from .finitions import finish
from .pdf import compile_pdf, draw_png
from .references.docx import build_docx, text_width
from .references.identite import Identite
from .references.odt import build_odt, table_styles
from .references.pptx import build_pptx
from .textes import clean

LANGUE = "fr-FR"
REFERENCES = {"docx": build_docx, "odt": build_odt, "pptx": build_pptx}
PANDOC_LIMIT_S = 120
PER_PROCESS = 60_000
"""Letters of Markdown from which a second pandoc process is worth its start."""


class ConversionError(RuntimeError):
    """pandoc or Typst refused a document of ours: a defect of the house, with what they said."""


@dataclass(frozen=True)
class Source:
    """One document to convert. `nom`: stem of its files; `formats` among docx, odt, pdf, pptx."""

    nom: str
    markdown: str
    identite: Identite
    formats: Sequence[str]
    dessins: Mapping[str, Chart] = field(default_factory=dict)
    """Stem of the drawing, as written in its block → chart."""


def tools_dir() -> Path:
    return templates_dir() / "livrables" / "_outils"


@cache
def pandoc_path() -> str:
    return str(pypandoc.get_pandoc_path())


def convert(sources: Sequence[Source], day: date) -> dict[str, bytes]:
    """File name → content of every document in every format. `day` is the only date they carry.

    Raises ConversionError.
    """
    if not sources:
        return {}
    with tempfile.TemporaryDirectory(prefix="vigie-livrables-") as name:
        folder = Path(name)
        (folder / "page.typ").write_bytes((tools_dir() / "page.typ").read_bytes())
        groups = _share_out(sources)
        with ThreadPoolExecutor(len(groups)) as pool:
            made = pool.map(lambda group: _convert_group(group, folder, day), groups)
            return {name: content for contents in made for name, content in contents.items()}


def _convert_group(sources: Sequence[Source], folder: Path, day: date) -> dict[str, bytes]:
    _draw(sources, folder)
    _run_pandoc([_work(source, folder) for source in sources], folder, day)
    return dict(_collect(sources, folder))


def _share_out(sources: Sequence[Source]) -> list[list[Source]]:
    """One group of documents a pandoc process, of about the same length; one process when there is little to write."""
    total = sum(len(source.markdown) for source in sources)
    number = max(1, min(os.cpu_count() or 1, len(sources), total // PER_PROCESS))
    groups: list[list[Source]] = [[] for _ in range(number)]
    sizes = [0] * number
    for source in sorted(sources, key=lambda source: -len(source.markdown)):
        lightest = sizes.index(min(sizes))
        groups[lightest].append(source)
        sizes[lightest] += len(source.markdown)
    return groups


def _work(source: Source, folder: Path) -> dict[str, Any]:
    """The line of travail.json about one document, its source and its reference documents being written."""
    markdown = folder / f"{source.nom}.md"
    markdown.write_text(source.markdown, encoding="utf-8")
    sorties = {}
    for kind in source.formats:
        if kind == "pdf":
            sorties["typst"] = {"fichier": f"{source.nom}.typ"}
            continue
        reference = folder / f"{source.nom}.reference.{kind}"
        reference.write_bytes(REFERENCES[kind](source.identite))
        sorties[kind] = {"fichier": f"{source.nom}.{kind}", "reference": reference.name}
        if kind == "odt":
            sorties[kind]["styles"] = table_styles()
    return {
        "source": markdown.name,
        "titre": source.identite.titre,
        "langue": LANGUE,
        "paysage": source.identite.paysage,
        "largeur": text_width(source.identite),
        "ident": source.identite.fields(),
        "sorties": sorties,
    }


def _draw(sources: Iterable[Source], folder: Path) -> None:
    """The drawings beside the sources: SVG for Typst, PNG for the office suites."""
    for source in sources:
        for stem, chart in source.dessins.items():
            (folder / f"{stem}.svg").write_text(chart.svg, encoding="utf-8")
            if set(source.formats) - {"pdf"}:
                (folder / f"{stem}.png").write_bytes(draw_png(chart.svg))


def _run_pandoc(work: Sequence[Mapping[str, Any]], folder: Path, day: date) -> None:
    orders = folder / f"{work[0]['source']}.travail.json"
    orders.write_text(json.dumps(work, ensure_ascii=False), encoding="utf-8")
    instant = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    done = subprocess.run(  # noqa: S603
        [pandoc_path(), "lua", str(tools_dir() / "convertir.lua"), orders.name],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(instant)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PANDOC_LIMIT_S,
        check=False,
    )
    if done.returncode or "[WARNING]" in done.stderr:
        raise ConversionError(f"pandoc : {done.stderr.strip()}")


def _collect(sources: Sequence[Source], folder: Path) -> Iterable[tuple[str, bytes]]:
    for source in sources:
        for kind in source.formats:
            if kind == "pdf":
                yield f"{source.nom}.pdf", compile_pdf(folder / f"{source.nom}.typ")
            else:
                alts = [clean(chart.alt) for chart in source.dessins.values()]
                written = (folder / f"{source.nom}.{kind}").read_bytes()
                yield f"{source.nom}.{kind}", finish(kind, written, source.identite, alts)
