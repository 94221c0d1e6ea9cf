"""The documents of a step, listed with what each is for and a link to each file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..html import Content, element, join
from ..tables import Table
from ..views import View, paragraph, tabular
from .gabarits import Gabarit, read_templates, title_of

NAMES = {".docx": "Word", ".odt": "LibreOffice", ".pdf": "PDF accessible", ".pptx": "diaporama", ".xlsx": "classeur"}


def list_documents(made: Sequence[Path], start: Path) -> View:
    """One row a document; links are relative to `start`, the folder of the report."""
    if not made:
        return paragraph("Aucun document pour cette étape.", class_="vg-vide")
    rows: list[tuple[Content, ...]] = []
    for stem in dict.fromkeys(path.name.split(".")[0] for path in made):
        gabarit = _template(stem)
        files = [path for path in made if path.name.split(".")[0] == stem]
        links = join((_link(path, start) for path in files), ", ")
        rows.append((_title(stem, gabarit), gabarit.description, links))
    headers = ("Document", "Ce qu'il contient", "Fichiers")
    caption = "Documents de l'étape, à relire avant de les remettre"
    return View(tabular(Table(caption, headers, tuple(rows), (False,) * 3, (False, True, False))))


def _template(stem: str) -> Gabarit:
    return read_templates()[stem.partition("-")[0]]


def _title(stem: str, gabarit: Gabarit) -> str:
    own = stem.partition("-")[2]
    title = title_of(gabarit.livrable)
    return f"{title} ({own})" if own else title


def _link(path: Path, start: Path) -> Content:
    return element("a", NAMES.get(path.suffix, path.suffix[1:]), href=path.relative_to(start).as_posix())
