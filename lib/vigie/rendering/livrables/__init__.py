"""Documents handed over: DOCX, ODT, PPTX, PDF/UA-1 and XLSX, all made from one Resultat, so that figures agree.

To add one: write its text in templates/livrables/<livrable>.md (front matter: `gabarits.Gabarit`), and what it shows
of the Resultat in documents/<livrable>.py (`prepare`). Nothing else: its front matter names the step that makes it.
Way of a document: `documents` prepare, `gabarits` fill, `conversion` calls pandoc (templates/livrables/_outils/*.lua)
and Typst (page.typ), `finitions` and `archives` finish, `fabrique` writes.
"""

from .contexte import Contexte
from .conversion import ConversionError
from .fabrique import make_livrables, preparation
from .gabarits import environment, read_templates, title_of
from .pdf import fonts
from .vue import list_documents

__all__ = ["Contexte", "ConversionError", "list_documents", "make_livrables", "title_of", "warm_up"]


def warm_up() -> None:
    """Read every template and every font, in a process about to fork.

    Typst compiles nothing here: it would start threads, which do not survive a fork.
    """
    fonts()
    for livrable in read_templates():
        preparation(livrable)
        environment().get_template(f"{livrable}.md")
