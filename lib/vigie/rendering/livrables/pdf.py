"""Typst: PDF/UA-1 from a Typst source, and PNG from our SVG charts. No cold start after the first call of a thread."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
import typst

STANDARD: Final = "ua-1"
PPI = 200
_local = threading.local()


@cache
def fallback_fonts() -> Path:
    """A folder of fonts that is always there, for machines that have none of ours."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def compile_pdf(source: Path) -> bytes:
    """The tagged PDF of `source`. Typst refuses what is not accessible: raises typst.TypstError."""
    compiler = typst.Compiler(root=str(source.parent), font_paths=[str(fallback_fonts())])
    made = compiler.compile(input=str(source), format="pdf", pdf_standards=[STANDARD], timestamp=0)
    return _one(made)


def draw_png(svg: str) -> bytes:
    """A drawing at print resolution."""
    compiler = getattr(_local, "compiler", None)
    if compiler is None:
        compiler = _local.compiler = typst.Compiler(font_paths=[str(fallback_fonts())])
    literal = svg.replace("\\", "\\\\").replace('"', '\\"')
    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes("{literal}"), width: 17cm)'
    return _one(compiler.compile(input=page.encode(), format="png", ppi=PPI))


def _one(made: object) -> bytes:
    """The file of a compilation that makes one."""
    if not isinstance(made, bytes):
        raise TypeError(f"un seul fichier attendu de Typst, reçu {type(made).__name__}")
    return made
