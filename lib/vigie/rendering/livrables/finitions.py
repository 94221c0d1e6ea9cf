"""What pandoc leaves to be done in an office document: alternative texts, marks on slides, a fixed archive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from .archives import pack, unpack
from .references import jetons as j
from .references.identite import Identite

_COMPAT = (
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat>'
)
_FOOTER = (
    '<a:pPr algn="l"/><a:r><a:rPr lang="fr-FR" sz="900"><a:solidFill><a:srgbClr val="' + j.GRIS + '"/></a:solidFill>'
    '<a:latin typeface="' + j.POLICE + '"/></a:rPr><a:t>{text}</a:t></a:r>'
)
CELL_SIZE = 1200
"""Of the text of a table on a slide, in hundredths of a point."""
_SLIDE_TABLE = re.compile(r"<a:tbl>.*?</a:tbl>", re.S)
_NUMBER = "{C5EF2332-01BF-834F-8236-50238282D533}"
_FRAME = re.compile(r"(<draw:frame [^>]*>)(.*?)(</draw:frame>)", re.S)


def finish(kind: str, document: bytes, identite: Identite, alts: Sequence[str]) -> bytes:
    """The document as it is handed over. `alts`: alternative text of each drawing, in their order."""
    files = unpack(document)
    if kind == "docx":
        _finish_docx(files)
    elif kind == "odt":
        _finish_odt(files, alts)
    elif kind == "pptx":
        _finish_pptx(files, identite)
    return pack(files)


def _finish_docx(files: dict[str, bytes]) -> None:
    """Word opens the file outside its compatibility mode."""
    settings = files["word/settings.xml"].decode()
    settings = settings.replace('<w:themeFontLang w:val="en-US" />', '<w:themeFontLang w:val="fr-FR" />')
    if "<w:compat>" not in settings:
        settings = settings.replace("<w:rsids>", f"{_COMPAT}<w:rsids>", 1)
    files["word/settings.xml"] = settings.encode()


def _finish_odt(files: dict[str, bytes], alts: Sequence[str]) -> None:
    """Each drawing described."""
    body = files["content.xml"].decode()
    remaining = iter(alts)
    body = _FRAME.sub(lambda match: _described(match, next(remaining, "")), body)
    files["content.xml"] = body.encode()


def _described(match: re.Match[str], alt: str) -> str:
    opening, image, closing = match.groups()
    return f"{opening}{image}<svg:desc>{escape(alt)}</svg:desc>{closing}" if alt else match.group()


def _finish_pptx(files: dict[str, bytes], identite: Identite) -> None:
    """Each slide says its language, whose it is, whether it is validated, and its number."""
    footer = " – ".join(part for part in (identite.structure, identite.etat, identite.fictif) if part)
    shapes = "".join(
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
        f"<a:lstStyle/><a:p>{text}</a:p></p:txBody></p:sp>"
        for number, name, kind, index, text in (
            (900, "Pied de page", "ftr", 11, _FOOTER.format(text=escape(footer))),
            (901, "Numéro", "sldNum", 12, f'<a:fld id="{_NUMBER}" type="slidenum"><a:rPr lang="fr-FR"/><a:t/></a:fld>'),
        )
    )
    for name, content in files.items():
        if name.startswith("ppt/slides/slide"):
            slide = _SLIDE_TABLE.sub(_small_cells, content.decode())
            slide = slide.replace("<a:rPr />", '<a:rPr lang="fr-FR" />')
            files[name] = slide.replace("</p:spTree>", f"{shapes}</p:spTree>").encode()


def _small_cells(match: re.Match[str]) -> str:
    """A table's text at the size that lets six actions stand on a slide."""
    return match.group().replace("<a:rPr />", f'<a:rPr lang="fr-FR" sz="{CELL_SIZE}" />')
