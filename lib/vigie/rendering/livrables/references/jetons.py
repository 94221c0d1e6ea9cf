"""Design tokens of the documents, after the State's design system: colours without « # », sizes in points.

Arial is the office typeface that replaces Marianne, which only the State's own machines have.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...charts import canvas

POLICE = "Arial"
BLEU = canvas.BLUE.removeprefix("#").upper()
ROUGE = canvas.RED.removeprefix("#").upper()
ENCRE = canvas.INK.removeprefix("#").upper()
GRIS = canvas.GREY.removeprefix("#").upper()
FILET = canvas.RULE.removeprefix("#").upper()
ORANGE = "B34000"
TRAIT = "DDDDDD"
ENTETE = "E3E3FD"
FOND_ALERTE, FOND_ATTENTION, FOND_FICHE = "FFF4F4", "FFF6F0", "F6F6F6"

A4_MM = (210, 297)
MARGES_MM = {"top": 26, "bottom": 22, "left": 20, "right": 20}


@dataclass(frozen=True)
class Paragraphe:
    """A paragraph style, said once for DOCX and ODT.

    `avant`, `apres`: points; `retrait`: millimetres from the left; `bord`: colour of a thick line at the left;
    `cadre`: colour of a thin frame; `fond`: colour behind; `niveau`: of the outline, 0 for none.
    """

    nom: str
    parent: str = "Normal"
    taille: float = 0
    gras: bool = False
    italique: bool = False
    couleur: str = ""
    avant: float | None = None
    apres: float | None = None
    retrait: float = 0
    bord: str = ""
    cadre: str = ""
    fond: str = ""
    niveau: int = 0
    droite: bool = False
    solidaire: bool = False
    """Kept on the page of what follows."""


PARAGRAPHES = (
    Paragraphe("Title", taille=20, gras=True, couleur=BLEU, avant=14, apres=4, solidaire=True),
    Paragraphe("SousTitre", taille=12, couleur=GRIS, apres=4),
    Paragraphe("Emetteur", apres=0),
    Paragraphe("Periode", avant=4, apres=6),
    Paragraphe("Etat", gras=True, couleur=BLEU, cadre=BLEU, avant=2, apres=10),
    Paragraphe("EtatProjet", gras=True, couleur=ROUGE, cadre=ROUGE, avant=2, apres=10),
    Paragraphe("Fictif", italique=True, apres=6),
    Paragraphe("Heading 1", taille=14, gras=True, couleur=BLEU, avant=18, apres=6, niveau=1, solidaire=True),
    Paragraphe("Heading 2", taille=11.5, gras=True, couleur=BLEU, avant=14, apres=5, niveau=2, solidaire=True),
    Paragraphe("Heading 3", taille=10.5, gras=True, couleur=ENCRE, avant=10, apres=4, niveau=3, solidaire=True),
    Paragraphe("Heading 4", taille=10, gras=True, couleur=GRIS, avant=8, apres=3, niveau=4, solidaire=True),
    Paragraphe("Alerte", bord=ROUGE, fond=FOND_ALERTE, avant=2, apres=4, retrait=2),
    Paragraphe("Attention", bord=ORANGE, fond=FOND_ATTENTION, avant=2, apres=4, retrait=2),
    Paragraphe("Fiche", bord=BLEU, fond=FOND_FICHE, avant=2, apres=4, retrait=2),
    Paragraphe("Note", taille=9, couleur=GRIS),
    Paragraphe("NoteTableau", taille=8, couleur=GRIS, avant=3, apres=6),
    Paragraphe("Visa", retrait=6, avant=2, apres=2),
    Paragraphe("Signataire", retrait=95, avant=4, apres=4),
    Paragraphe("TitreFigure", taille=9, gras=True, avant=10, apres=4, solidaire=True),
    Paragraphe("Figure", avant=2, apres=8),
)
"""Names as blocs.lua writes them; « Heading n » and « Title » are the ones readers and screen readers know."""
