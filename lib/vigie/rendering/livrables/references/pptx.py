"""The PPTX that pandoc copies its slides from: pandoc's own, with our colours and our typeface."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from functools import cache

import pypandoc

from ..archives import pack, unpack
from . import jetons as j
from .identite import Identite

COULEURS = {"dk2": j.BLEU, "accent1": j.BLEU, "accent2": j.ROUGE, "accent3": "6A6AF4", "hlink": j.BLEU}
TITRE, TEXTE = (2200, 1600)
"""Sizes of a slide's title and of its text, in hundredths of a point."""
_TITLE_STYLE = re.compile(r"<p:titleStyle>.*?</p:titleStyle>", re.S)
_BODY_SIZES = {"2400": f"{TEXTE}", "2100": "1400", "1800": "1300"}
_PLACES = {
    '<a:off x="3124200" y="4767263"/><a:ext cx="2895600" cy="273844"/>': (
        '<a:off x="457200" y="4767263"/><a:ext cx="7200000" cy="273844"/>'
    ),
    '<a:off x="6553200" y="4767263"/><a:ext cx="2133600" cy="273844"/>': (
        '<a:off x="7886800" y="4767263"/><a:ext cx="800000" cy="273844"/>'
    ),
    '<a:off x="457200" y="205979"/><a:ext cx="8229600" cy="857250"/>': (
        '<a:off x="457200" y="205979"/><a:ext cx="8229600" cy="700000"/>'
    ),
    '<a:off x="457200" y="1200151"/><a:ext cx="8229600" cy="3394472"/>': (
        '<a:off x="457200" y="1000000"/><a:ext cx="8229600" cy="3650000"/>'
    ),
}
"""Frames of the master slide, moved: footer, number, title, text."""


@cache
def _own() -> dict[str, bytes]:
    """pandoc's reference presentation, read once a process."""
    done = subprocess.run(  # noqa: S603
        [str(pypandoc.get_pandoc_path()), "--print-default-data-file", "reference.pptx"],
        capture_output=True,
        check=True,
    )
    return unpack(done.stdout)


def build_pptx(_: Identite) -> bytes:
    """The reference presentation; what is said of the document is written on its slides afterwards."""
    files = {
        name: content.replace(b'lang="en-US"', b'lang="fr-FR"') if name.endswith(".xml") else content
        for name, content in _own().items()
    }
    _edit(files, "ppt/theme/theme1.xml", _theme)
    _edit(files, "ppt/slideMasters/slideMaster1.xml", _master)
    for name in files:
        if name.startswith("ppt/slideLayouts/slideLayout"):
            _edit(files, name, _layout)
    return pack(files)


def _edit(files: dict[str, bytes], name: str, change: Callable[[str], str]) -> None:
    files[name] = change(files[name].decode()).encode()


def _theme(text: str) -> str:
    for name, colour in COULEURS.items():
        text = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\1<a:srgbClr val="{colour}"/>\2', text)
    return text.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{j.POLICE}"/>')


def _master(text: str) -> str:
    """Titles in blue at the left, smaller text, a footer that holds a sentence."""
    title = _TITLE_STYLE.search(text)
    if title:
        style = title.group().replace('algn="ctr"', 'algn="l"').replace('sz="3300"', f'sz="{TITRE}" b="1"')
        text = text.replace(title.group(), style.replace('<a:schemeClr val="tx1"/>', '<a:schemeClr val="tx2"/>'))
    for before, after in _BODY_SIZES.items():
        text = text.replace(f'<a:defRPr sz="{before}" kern', f'<a:defRPr sz="{after}" kern')
    for before, after in _PLACES.items():
        text = text.replace(before, after)
    return text.replace('<a:lvl1pPr algn="ctr"><a:defRPr sz="900">', '<a:lvl1pPr algn="l"><a:defRPr sz="900">')


def _layout(text: str) -> str:
    """The opening slide reads from the left, as the others do."""
    return text.replace('algn="ctr"><a:buNone/>', 'algn="l"><a:buNone/>').replace(
        '<a:off x="1371600" y="2914650"/><a:ext cx="6400800" cy="1314450"/>',
        '<a:off x="685800" y="2750000"/><a:ext cx="7772400" cy="1314450"/>',
    )
