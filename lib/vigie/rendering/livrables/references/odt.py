"""The ODT that pandoc copies its styles and pages from, written from the same tokens as the DOCX."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from ..archives import pack
from . import jetons as j
from .identite import Identite

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ESPACES = " ".join(
    f'xmlns:{prefix}="{OASIS}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
MIME = "application/vnd.oasis.opendocument.text"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
RUPTURE = "Rupture"
"""Style of the empty paragraph that opens a new page (see blocs.lua)."""

PANDOC = (
    j.Paragraphe("Text body", "Standard", avant=3, apres=5),
    j.Paragraphe("First paragraph", "Text body"),
    j.Paragraphe("Table Contents", "Standard", taille=8.5, avant=1, apres=1),
    j.Paragraphe("Table Heading", "Table Contents", gras=True),
    j.Paragraphe("Table Contents Right", "Table Contents", droite=True),
    j.Paragraphe("Table Heading Right", "Table Heading", droite=True),
    j.Paragraphe("TableCaption", "Standard", taille=9, gras=True, avant=10, apres=4, solidaire=True),
    j.Paragraphe("Definition Term", "Standard", gras=True, solidaire=True),
    j.Paragraphe("Definition Definition", "Standard", retrait=6, apres=4),
    j.Paragraphe("Preformatted Text", "Standard"),
)
"""Names that pandoc and our tables write in an ODT."""


def build_odt(identite: Identite) -> bytes:
    """The reference document of one livrable."""
    body = f'<office:document-content {ESPACES} office:version="1.3"><office:body><office:text/></office:body>'
    return pack(
        {
            "mimetype": MIME,
            "content.xml": f"{PROLOGUE}{body}</office:document-content>",
            "styles.xml": _document_styles(identite),
            "meta.xml": f'{PROLOGUE}<office:document-meta {ESPACES} office:version="1.3"><office:meta/>'
            "</office:document-meta>",
            "META-INF/manifest.xml": f'{PROLOGUE}<manifest:manifest {ESPACES} manifest:version="1.3">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/></manifest:manifest>',
        }
    )


def table_styles() -> str:
    """Styles of tables, rows and cells, which an ODT declares beside its content (see tableaux.lua)."""
    line = f'fo:border-bottom="0.5pt solid #{j.TRAIT}" fo:padding="1mm"'
    head = f'fo:background-color="#{j.ENTETE}" fo:border-bottom="1pt solid #{j.BLEU}" fo:padding="1mm"'
    return (
        '<style:style style:name="TableauPlein" style:family="table"><style:table-properties table:align="margins" '
        'style:rel-width="100%"/></style:style>'
        '<style:style style:name="Rang" style:family="table-row"><style:table-row-properties/></style:style>'
        '<style:style style:name="RangEntier" style:family="table-row"><style:table-row-properties '
        'fo:keep-together="always"/></style:style>'
        f'<style:style style:name="CelluleEntete" style:family="table-cell"><style:table-cell-properties {head}/>'
        "</style:style>"
        f'<style:style style:name="Cellule" style:family="table-cell"><style:table-cell-properties {line}/>'
        "</style:style>"
    )


def _document_styles(identite: Identite) -> str:
    return (
        f'{PROLOGUE}<office:document-styles {ESPACES} office:version="1.3">'
        f'<office:font-face-decls><style:font-face style:name="{j.POLICE}" svg:font-family="{j.POLICE}"/>'
        f"</office:font-face-decls><office:styles>{''.join(_styles())}</office:styles>"
        f"<office:automatic-styles>{_automatic(identite)}</office:automatic-styles>"
        f"<office:master-styles>{_master(identite)}</office:master-styles></office:document-styles>"
    )


def _styles() -> Iterator[str]:
    yield (
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="5pt" '
        'fo:line-height="115%" fo:orphans="2" fo:widows="2"/><style:text-properties '
        f'style:font-name="{j.POLICE}" fo:font-size="10pt" fo:color="#{j.ENCRE}" fo:language="fr" fo:country="FR" '
        'style:language-asian="none" style:country-asian="none"/></style:default-style>'
    )
    yield '<style:style style:name="Standard" style:family="paragraph" style:class="text"/>'
    for style in (*PANDOC, *j.PARAGRAPHES):
        yield _paragraph_style(style)
    yield (
        f'<style:style style:name="{RUPTURE}" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:paragraph-properties fo:break-before="page" fo:margin-bottom="0pt"/>'
        '<style:text-properties fo:font-size="2pt"/></style:style>'
    )
    yield (
        '<style:style style:name="Strong_20_Emphasis" style:display-name="Strong Emphasis" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )
    yield (
        '<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/>'
        "</style:style>"
    )
    for name in ("Internet_20_link", "Definition"):
        colour = f' fo:color="#{j.BLEU}" style:text-underline-style="solid"' if name.startswith("Internet") else ""
        yield f'<style:style style:name="{name}" style:family="text"><style:text-properties{colour}/></style:style>'
    for name in ("Bullet_20_Symbols", "Numbering_20_Symbols"):
        yield f'<style:style style:name="{name}" style:family="text"/>'
    yield '<style:style style:name="Graphics" style:family="graphic"/>'
    yield '<style:style style:name="Formula" style:family="graphic"/>'


def _encoded(name: str) -> str:
    return name.replace(" ", "_20_")


def _paragraph_style(style: j.Paragraphe) -> str:
    parent = "Standard" if style.parent == "Normal" else style.parent
    outline = f' style:default-outline-level="{style.niveau}"' if style.niveau else ""
    paragraph = " ".join(_paragraph_properties(style))
    return (
        f'<style:style style:name="{_encoded(style.nom)}" style:display-name={quoteattr(style.nom)} '
        f'style:family="paragraph" style:parent-style-name="{_encoded(parent)}"{outline}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {' '.join(_text_properties(style))}/>"
        "</style:style>"
    )


def _paragraph_properties(style: j.Paragraphe) -> Iterator[str]:
    for side, points in (("top", style.avant), ("bottom", style.apres)):
        if points is not None:
            yield f'fo:margin-{side}="{points}pt"'
    if style.droite:
        yield 'fo:text-align="end"'
    if style.retrait:
        yield f'fo:margin-left="{style.retrait}mm"'
    if style.solidaire:
        yield 'fo:keep-with-next="always" fo:keep-together="always"'
    if style.bord:
        yield f'fo:border-left="2.25pt solid #{style.bord}" fo:padding="6pt"'
    if style.fond:
        yield f'fo:background-color="#{style.fond}"'


def _text_properties(style: j.Paragraphe) -> Iterator[str]:
    if style.taille:
        yield f'fo:font-size="{style.taille}pt"'
    if style.gras:
        yield 'fo:font-weight="bold"'
    if style.italique:
        yield 'fo:font-style="italic"'
    if style.couleur:
        yield f'fo:color="#{style.couleur}"'
    if style.cadre:
        yield f'fo:border="1pt solid #{style.cadre}" fo:padding="3pt"'


def _page(identite: Identite) -> tuple[float, float]:
    width, height = j.A4_MM
    return (height, width) if identite.paysage else (width, height)


def _automatic(identite: Identite) -> str:
    width, height = _page(identite)
    orientation = "landscape" if identite.paysage else "portrait"
    margins = j.MARGES_MM
    stop = width - margins["left"] - margins["right"]
    colour = j.ROUGE if identite.projet else j.ENCRE
    small = f'fo:font-size="8pt" fo:color="#{j.GRIS}"'
    tabs = (
        '<style:tab-stops><style:tab-stop style:type="right" '
        f'style:position="{stop}mm"/></style:tab-stops></style:paragraph-properties><style:text-properties {small}/>'
    )
    return (
        '<style:page-layout style:name="page"><style:page-layout-properties '
        f'fo:page-width="{width}mm" fo:page-height="{height}mm" style:print-orientation="{orientation}" '
        f'fo:margin-top="11mm" fo:margin-bottom="10mm" fo:margin-left="{margins["left"]}mm" '
        f'fo:margin-right="{margins["right"]}mm"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="9mm" fo:margin-bottom="5mm"/>'
        '</style:header-style><style:footer-style><style:header-footer-properties fo:min-height="6mm" '
        'fo:margin-top="5mm"/></style:footer-style></style:page-layout>'
        '<style:style style:name="marge" style:family="paragraph" style:parent-style-name="Standard">'
        f'<style:paragraph-properties fo:margin-bottom="0pt">{tabs}</style:style>'
        '<style:style style:name="margefilet" style:family="paragraph" style:parent-style-name="Standard">'
        '<style:paragraph-properties fo:margin-bottom="0pt" fo:padding-bottom="3pt" '
        f'fo:border-bottom="0.5pt solid #{j.FILET}">{tabs}</style:style>'
        '<style:style style:name="etat" style:family="text"><style:text-properties fo:font-weight="bold" '
        f'fo:color="#{colour}"/></style:style>'
    )


def _master(identite: Identite) -> str:
    return (
        '<style:master-page style:name="Standard" style:page-layout-name="page"><style:header>'
        f'<text:p text:style-name="marge">{escape(identite.structure)}<text:tab/>'
        f'<text:span text:style-name="etat">{escape(identite.etat)}</text:span></text:p>'
        f'<text:p text:style-name="margefilet">{escape(identite.marge)}<text:tab/>{escape(identite.periode)}</text:p>'
        f'</style:header><style:footer><text:p text:style-name="marge">{escape(identite.fictif)}<text:tab/>page '
        "<text:page-number>1</text:page-number> sur <text:page-count>1</text:page-count></text:p></style:footer>"
        "</style:master-page>"
    )
