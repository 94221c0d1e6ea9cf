"""From the risks of each use case to the ordered rules of ethics, and to the law behind them (law-ethics, 4.2).

Five steps: set aside, rate, aggravate, order, check. The private modules beside this one hold one each.
Nothing here judges a prohibited practice, an unknown or an unrated risk as low or lawful.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from ..dossier import Dossier
from ..referentiels import Referentiels
from ._risques_ethique_analyse import Analyse, analyse
from ._risques_ethique_cas import Cas, read_cases
from ._risques_ethique_constats_cas import case_constats
from ._risques_ethique_constats_cotes import is_uncovered, rating_constats
from ._risques_ethique_constats_droit import law_constats, referentiel_constats
from ._risques_ethique_recommandations import recommend
from ._risques_ethique_reponses import ETAPE, read_answers
from ._risques_ethique_tables import (
    bases_frame,
    calendar_frame,
    cases_frame,
    comparison_frame,
    risks_frame,
    rules_frame,
)
from .partage import once_a_dossier
from .resultat import Resultat
from .typographie import spaced
from .validation import validation_text


@dataclass(frozen=True)
class ResultatRisquesEthique(Resultat):
    """Scalars and frames of the etape; columns are in `_risques_ethique_tables`.

    `regles` and `risques` carry an empty `cas` for what holds for the whole structure.
    `risques_non_couverts` counts risks of level 2 and over without any proven rule; unrated risks are counted by the
    constat NON_COTE, not there.
    """

    etape: ClassVar[str] = ETAPE

    referentiel_existe: bool
    referentiel_reference: str
    referentiel_verifie: bool
    cas_interdits: int
    risques_non_couverts: int
    validation: str
    cas: pd.DataFrame
    risques: pd.DataFrame
    regles: pd.DataFrame
    referentiel: pd.DataFrame
    calendrier: pd.DataFrame
    bases: pd.DataFrame


@once_a_dossier
def diagnose(dossier: Dossier) -> ResultatRisquesEthique:
    """The whole etape for one structure, at the campagne's date_reference. Same answers in any order, same result."""
    found = analyse(dossier)
    methode = dossier.referentiels.methode
    return ResultatRisquesEthique(
        structure=dossier.structure.id,
        campagne=dossier.campagne.id,
        date_reference=dossier.campagne.date_reference,
        versions=dossier.referentiels.versions,
        constats=(
            *case_constats(found),
            *rating_constats(found),
            *referentiel_constats(found),
            *law_constats(found),
        ),
        recommandations=recommend(found),
        manques=tuple(spaced(sentence) for sentence in _missing(found)),
        referentiel_existe=found.existant.existe,
        referentiel_reference=found.existant.reference,
        referentiel_verifie=found.existant.verifie,
        cas_interdits=sum(cas.interdit for cas in found.cas),
        risques_non_couverts=sum(
            is_uncovered(cotation, residuel.couvert, methode)
            for examen in found.examens
            for cotation, residuel in examen.risques
        ),
        validation=validation_text(dossier.validations, ETAPE),
        cas=cases_frame(found),
        risques=risks_frame(found),
        regles=rules_frame(found),
        referentiel=comparison_frame(found),
        calendrier=calendar_frame(found),
        bases=bases_frame(found),
    )


def active_cases(reponses: pd.DataFrame, referentiels: Referentiels) -> tuple[Cas, ...]:
    """Use cases to rate: present or planned, neither prohibited nor set aside. `reponses`: dossier.REPONSES."""
    cases = read_cases(read_answers(reponses[reponses["etape"] == ETAPE]), referentiels)
    return tuple(cas for cas in cases if cas.actif)


def _missing(found: Analyse) -> Iterator[str]:
    """What was not available and what that leaves out."""
    if not found.cas:
        yield (
            "Aucun cas d'usage n'est inventorié : seules les règles qui s'appliquent toujours sont listées, et aucun "
            "risque propre à un outil n'est examiné."
        )
    elif not any(cas.actif for cas in found.cas):
        yield "Tous les cas d'usage sont écartés ou interdits : seules les règles toujours applicables sont listées."
    cases = [examen for examen in found.examens if examen.cas.id and examen.cas.actif]
    unrated = [examen.cas.nom for examen in cases if not examen.cotations]
    if unrated:
        yield (
            f"Aucun risque n'est coté pour {', '.join(unrated)} : l'ordre des règles n'y tient qu'au plancher légal."
        )
    if not found.existant.repondu:
        yield "L'existence d'un référentiel n'a pas été renseignée : la comparaison règle par règle manque."
