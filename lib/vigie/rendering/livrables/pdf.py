"""Typst: PDF/UA-1 from a Typst source, and PNG from our SVG charts. A process reads the fonts of the machine once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
import typst

STANDARD: Final = "ua-1"
PPI = 200


@cache
def fonts() -> typst.Fonts:
    """Every font of the machine, and those that are always there for machines that have none of ours.

    Starts no thread: a process about to fork may call it.
    """
    return typst.Fonts(font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")])


def compile_pdf(source: Path) -> bytes:
    """The tagged PDF of `source`. Typst refuses what is not accessible: raises typst.TypstError."""
    compiler = typst.Compiler(root=str(source.parent), font_paths=fonts())
    made = compiler.compile(input=str(source), format="pdf", pdf_standards=[STANDARD], timestamp=0)
    return _one(made)


def draw_png(svg: str) -> bytes:
    """A drawing at print resolution."""
    literal = svg.replace("\\", "\\\\").replace('"', '\\"')
    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes("{literal}"), width: 17cm)'
    return _one(typst.Compiler(font_paths=fonts()).compile(input=page.encode(), format="png", ppi=PPI))


def _one(made: object) -> bytes:
    """The file of a compilation that makes one."""
    if not isinstance(made, bytes):
        raise TypeError(f"un seul fichier attendu de Typst, reçu {type(made).__name__}")
    return made
