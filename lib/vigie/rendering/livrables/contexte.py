"""What a document needs besides its Resultat: who is diagnosed, when, with which content, and what is validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ...diagnostics.validation import validation_text
from ...dossier import VALIDATIONS, Dossier, empty_frame
from ...referentiels import Referentiels
from ...referentiels.ministere import Campagne, Ministere, Structure
from ..formats import long_date
from .references.identite import Identite
from .textes import clean, one_line

FICTIF = "Données fictives."


@dataclass(frozen=True)
class Contexte:
    """Frozen and free of answers: documents are made from the Resultat alone, so that figures agree."""

    ministere: Ministere
    campagne: Campagne
    structure: Structure
    referentiels: Referentiels
    validations: pd.DataFrame = field(default_factory=lambda: empty_frame(VALIDATIONS))

    @classmethod
    def of(cls, dossier: Dossier) -> Contexte:
        return cls(dossier.ministere, dossier.campagne, dossier.structure, dossier.referentiels, dossier.validations)

    @property
    def codes(self) -> Mapping[str, str]:
        return self.referentiels.libelles.codes

    @property
    def labels(self) -> Mapping[str, str]:
        """Column name → French header."""
        return self.referentiels.libelles.colonnes

    def identity(self, titre: str, etape: str, livrable: str) -> Identite:
        """What each page says. `livrable` "" when the document is validated with its whole step."""
        return Identite(
            titre=_line(titre),
            ministere=_line(self.ministere.nom),
            structure=_line(self.structure.nom),
            periode=_line(f"{self.campagne.libelle}, situation au {long_date(self.campagne.date_reference)}"),
            etat=_line(validation_text(self.validations, etape, livrable)),
            fictif=FICTIF if self.ministere.fictif else "",
        )


def _line(text: str) -> str:
    return one_line(clean(text))
