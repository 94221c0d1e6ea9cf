"""Dated content of params/referentiels/ (questions, competences, risks, rules, law), read and checked.

`load_referentiels` is the only door: either everything is valid, or ReferentielInvalide says all that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .accompagnement import Accompagnement
from .base import Referentiel
from .competences import Competences, Metiers, NiveauxRequis
from .droit import Bases, CasUsages, MethodeRisques, Regles, Risques
from .fiche import Fiche, Vigilances
from .formations import Formations
from .formulaires import Formulaires
from .gouvernance import Gouvernance
from .libelles import Libelles
from .loading import read_referentiels
from .maturite import Maturite
from .parcours_formation import ParcoursFormation
from .restitution import Restitution

__all__ = ["FICHIERS", "Referentiels", "load_referentiels"]


@dataclass(frozen=True)
class Referentiels:
    """Every referentiel. `versions` and `empreintes`: file stem → version, → SHA-256 of the file read."""

    fiche: Fiche
    vigilances: Vigilances
    maturite: Maturite
    competences: Competences
    metiers: Metiers
    niveaux_requis: NiveauxRequis
    bases: Bases
    risques: Risques
    regles: Regles
    methode: MethodeRisques
    cas_usages: CasUsages
    gouvernance: Gouvernance
    accompagnement: Accompagnement
    formations: Formations
    parcours_formation: ParcoursFormation
    formulaires: Formulaires
    restitution: Restitution
    libelles: Libelles
    versions: dict[str, str]
    empreintes: dict[str, str]


FICHIERS: dict[str, tuple[str, type[Referentiel]]] = {
    "fiche": ("fiche", Fiche),
    "vigilances": ("vigilances", Vigilances),
    "maturite": ("maturite", Maturite),
    "competences": ("competences", Competences),
    "metiers": ("metiers", Metiers),
    "niveaux_requis": ("niveaux_requis", NiveauxRequis),
    "bases_juridiques": ("bases", Bases),
    "risques": ("risques", Risques),
    "regles": ("regles", Regles),
    "methode_risques": ("methode", MethodeRisques),
    "cas_usage": ("cas_usages", CasUsages),
    "gouvernance": ("gouvernance", Gouvernance),
    "accompagnement": ("accompagnement", Accompagnement),
    "formations": ("formations", Formations),
    "parcours_formation": ("parcours_formation", ParcoursFormation),
    "formulaires": ("formulaires", Formulaires),
    "restitution": ("restitution", Restitution),
    "libelles": ("libelles", Libelles),
}
"""File stem → attribute of Referentiels, model."""


def load_referentiels(dossiers: Sequence[Path] | None = None) -> Referentiels:
    """Reads params/referentiels/, or `dossiers`: a later folder replaces whole files of the same name.

    Raises ReferentielInvalide with every anomaly of every file.
    """
    lectures = read_referentiels({stem: modele for stem, (_, modele) in FICHIERS.items()}, dossiers)
    valeurs: dict[str, Any] = {FICHIERS[stem][0]: lecture.valeur for stem, lecture in lectures.items()}
    return Referentiels(
        **valeurs,
        versions={stem: lecture.valeur.version for stem, lecture in lectures.items() if lecture.valeur},
        empreintes={stem: lecture.empreinte for stem, lecture in lectures.items()},
    )
