"""The DOCX that pandoc copies its styles, header and footer from, written part by part from our tokens.

Parts that are not here (theme, numbering, notes) are pandoc's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from ..archives import pack
from . import jetons as j
from .identite import Identite

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
ENTETE_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TWIPS_MM = 1440 / 25.4
PARTIES = ("styles", "header1", "footer1")

CORPS = (
    ("BodyText", "Body Text", "Normal", 3, 5),
    ("FirstParagraph", "First Paragraph", "BodyText", None, None),
    ("Compact", "Compact", "BodyText", 1, 1),
)
"""Id, name, parent, points before and after: the running text of pandoc. Compact is a line of a list or a cell."""


def build_docx(identite: Identite) -> bytes:
    """The reference document of one livrable: its page, its header and footer, every style."""
    kinds = {"document": "document.main", "styles": "styles", "header1": "header", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{part.rstrip("1")}" Target="{part}.xml"/>'
        for number, part in enumerate(PARTIES, start=1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return pack(
        {
            "[Content_Types].xml": f'{ENTETE_XML}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/>{overrides}</Types>',
            "_rels/.rels": f'{ENTETE_XML}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"{ENTETE_XML}<w:document {W}><w:body><w:p/>{_section(identite)}</w:body>"
            "</w:document>",
            "word/_rels/document.xml.rels": f'{ENTETE_XML}<Relationships xmlns="{package}/relationships">{links}'
            "</Relationships>",
            "word/styles.xml": _styles(),
            "word/header1.xml": f"{ENTETE_XML}<w:hdr {W}>{_header(identite)}</w:hdr>",
            "word/footer1.xml": f"{ENTETE_XML}<w:ftr {W}>{_footer(identite)}</w:ftr>",
        }
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_MM)


def _page(identite: Identite) -> tuple[float, float]:
    width, height = j.A4_MM
    return (height, width) if identite.paysage else (width, height)


def text_width(identite: Identite) -> int:
    """Width of the text between the margins, in twentieths of a point."""
    width, _ = _page(identite)
    return _twips(width - j.MARGES_MM["left"] - j.MARGES_MM["right"])


def _section(identite: Identite) -> str:
    width, height = _page(identite)
    orient = ' w:orient="landscape"' if identite.paysage else ""
    margins = " ".join(f'w:{side}="{_twips(size)}"' for side, size in j.MARGES_MM.items())
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>'
        f'<w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"{orient}/>'
        f'<w:pgMar {margins} w:header="{_twips(11)}" w:footer="{_twips(10)}" w:gutter="0"/></w:sectPr>'
    )


def _run(text: str, colour: str = j.GRIS, bold: bool = False) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:r><w:rPr>{weight}<w:color w:val="{colour}"/><w:sz w:val="16"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def _field(code: str) -> str:
    properties = f'<w:rPr><w:color w:val="{j.GRIS}"/><w:sz w:val="16"/></w:rPr>'
    return f'<w:fldSimple w:instr=" {code} "><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>'


def _tabbed(identite: Identite, left: str, right: str, rule: str = "") -> str:
    """A line with a text at each end."""
    stop = text_width(identite)
    border = f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="{rule}"/></w:pBdr>' if rule else ""
    return (
        f'<w:p><w:pPr>{border}<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>'
        f'<w:spacing w:before="0" w:after="0"/></w:pPr>{left}<w:r><w:tab/></w:r>{right}</w:p>'
    )


def _header(identite: Identite) -> str:
    colour = j.ROUGE if identite.projet else j.ENCRE
    return _tabbed(identite, _run(identite.structure), _run(identite.etat, colour, bold=True)) + _tabbed(
        identite, _run(identite.marge), _run(identite.periode), rule=j.FILET
    )


def _footer(identite: Identite) -> str:
    page = _run("page ") + _field("PAGE") + _run(" sur ") + _field("NUMPAGES")
    return _tabbed(identite, _run(identite.fictif), page)


def _styles() -> str:
    fonts = "".join(f' w:{kind}="{j.POLICE}"' for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/><w:color w:val="{j.ENCRE}"/><w:sz w:val="20"/>'
        '<w:szCs w:val="20"/><w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    return f"{ENTETE_XML}<w:styles {W}>{defaults}{''.join(_all_styles())}</w:styles>"


def _all_styles() -> Iterator[str]:
    yield '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>"
    )
    for identifier, name, parent, before, after in CORPS:
        yield _paragraph_style(j.Paragraphe(name, parent, avant=before, apres=after), identifier)
    for style in j.PARAGRAPHES:
        yield _paragraph_style(style, style.nom.replace(" ", ""))
    caption = j.Paragraphe("Table Caption", taille=9, gras=True, avant=10, apres=4, solidaire=True)
    yield _paragraph_style(caption, "TableCaption")
    yield (
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>'
        f'<w:color w:val="{j.BLEU}"/><w:u w:val="single"/></w:rPr></w:style>'
    )
    yield _table_style()


def _paragraph_style(style: j.Paragraphe, identifier: str) -> str:
    paragraph = "".join(_paragraph_properties(style))
    size = round(style.taille * 2)
    run = "".join(
        (
            "<w:b/>" if style.gras else "",
            "<w:i/>" if style.italique else "",
            f'<w:color w:val="{style.couleur}"/>' if style.couleur else "",
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "",
            f'<w:bdr w:val="single" w:sz="8" w:space="3" w:color="{style.cadre}"/>' if style.cadre else "",
        )
    )
    following = '<w:next w:val="BodyText"/>' if style.niveau else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{style.nom}"/>'
        f'<w:basedOn w:val="{style.parent.replace(" ", "")}"/>{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _paragraph_properties(style: j.Paragraphe) -> Iterator[str]:
    """In the order that the schema asks for."""
    if style.solidaire:
        yield "<w:keepNext/><w:keepLines/>"
    if style.bord:
        yield f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="{style.bord}"/></w:pBdr>'
    if style.fond:
        yield f'<w:shd w:val="clear" w:color="auto" w:fill="{style.fond}"/>'
    spacing = "".join(
        f' w:{side}="{round(points * 20)}"'
        for side, points in (("before", style.avant), ("after", style.apres))
        if points is not None
    )
    if spacing:
        yield f"<w:spacing{spacing}/>"
    if style.retrait:
        yield f'<w:ind w:left="{_twips(style.retrait)}"/>'
    if style.niveau:
        yield f'<w:outlineLvl w:val="{style.niveau - 1}"/>'


def _table_style() -> str:
    """Header row shaded and repeated, hairlines between rows, first column in bold."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{j.TRAIT}"'
    return (
        '<w:style w:type="table" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/>'
        '<w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr>'
        '<w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr>'
        f"<w:tblPr><w:tblBorders><w:bottom {line}/><w:insideH {line}/></w:tblBorders></w:tblPr>"
        "<w:trPr><w:cantSplit/></w:trPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{j.BLEU}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{j.ENTETE}"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>'
    )
