"""From the referentiels to the questionnaire of one person: only their role's questions. Pure: no store, no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..referentiels import Referentiels
from ..referentiels.formulaires import GenreFormulaire
from ._communs import Chantier
from ._pages_competences import exposure_pages, position_pages
from ._pages_decisions import plan_pages, report_pages, validation_pages
from ._pages_maturite import echo_pages, maturity_pages
from ._pages_risques import risk_pages
from .faits import Faits
from .modele import Page, Questionnaire

PAGES: Mapping[GenreFormulaire, Callable[[Chantier], Iterator[Page]]] = {
    "maturite": maturity_pages,
    "echo": echo_pages,
    "competences": position_pages,
    "exposition": exposure_pages,
    "risques_ethique": risk_pages,
    "plan_formation": plan_pages,
    "validation": validation_pages,
    "signalement": report_pages,
}
"""Kind of form → what makes its pages. To add a form: its texts in formulaires.yaml, its kind in the model, its pages
here."""


def build_questionnaire(
    genre: GenreFormulaire,
    role: str,
    referentiels: Referentiels,
    faits: Faits | None = None,
    sous_titre: str = "",
    echeance: str = "",
) -> Questionnaire:
    """The form `genre` as someone of this role sees it."""
    forme = referentiels.formulaires.formulaire(genre)
    chantier = Chantier(referentiels, role, faits or Faits())
    return Questionnaire(
        genre=genre,
        etape=forme.etape,
        titre=forme.titre,
        sous_titre=sous_titre,
        duree=forme.duree,
        introduction=forme.introduction,
        confidentialite=forme.confidentialite,
        remise=forme.remise,
        pages=tuple(PAGES[genre](chantier)),
        echeance=echeance,
        versions=referentiels.versions,
    )
