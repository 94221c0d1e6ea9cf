"""Documents handed over: DOCX, ODT, PPTX, PDF/UA-1 and XLSX, all made from one Resultat, so that figures agree."""

from .contexte import Contexte
from .conversion import ConversionError
from .fabrique import make_livrables

__all__ = ["Contexte", "ConversionError", "make_livrables"]
