"""What pandoc leaves to be done in an office document: row headers, alternative texts, cells, a fixed archive."""

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
_WHOLE = "<w:cantSplit/>"
_FRAME = re.compile(r"(<draw:frame [^>]*>)(.*?)(</draw:frame>)", re.S)
_CELL = '<style:table-cell-properties fo:border="none" />'


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
    """The first column heads its rows, a row stays on its page; Word opens the file outside its compatibility mode."""
    body = files["word/document.xml"].decode()
    files["word/document.xml"] = (
        body.replace(
            'w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="0" w:val="0020"',
            'w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1" w:val="06A0"',
        )
        .replace("<w:tr><w:trPr>", f"<w:tr><w:trPr>{_WHOLE}")
        .replace("<w:tr><w:tc>", f"<w:tr><w:trPr>{_WHOLE}</w:trPr><w:tc>")
        .encode()
    )
    settings = files["word/settings.xml"].decode()
    settings = settings.replace('<w:themeFontLang w:val="en-US" />', '<w:themeFontLang w:val="fr-FR" />')
    if "<w:compat>" not in settings:
        settings = settings.replace("<w:rsids>", f"{_COMPAT}<w:rsids>", 1)
    files["word/settings.xml"] = settings.encode()


def _finish_odt(files: dict[str, bytes], alts: Sequence[str]) -> None:
    """Cells ruled and shaded as in the other formats; each drawing described."""
    body = files["content.xml"].decode()
    line = f'fo:border-bottom="0.5pt solid #{j.TRAIT}" fo:padding="1.2mm"'
    head = f'fo:background-color="#{j.ENTETE}" fo:border-bottom="1pt solid #{j.BLEU}" fo:padding="1.2mm"'
    for style, properties in (("TableHeaderRowCell", head), ("TableRowCell", line)):
        opening = f'<style:style style:name="{style}" style:family="table-cell">'
        start = body.find(opening)
        if start >= 0:
            cell = body.index(_CELL, start)
            body = f"{body[:cell]}<style:table-cell-properties {properties} />{body[cell + len(_CELL) :]}"
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
