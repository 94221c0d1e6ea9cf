"""Applicable rules of a case: legal floor, class P1 to P5, order inside a class, proof (4.2, steps 1 and 4).

Tests run in the order of the classes, so the floor comes first: a rule that binds is P1 or P2 whatever the ratings.
A future duty (`obligatoire_a_terme`) binds once it is due within `echeance_proche_mois`; before that it is P4, unless
a linked risk of level 3 or 4 already raises it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ..referentiels import Referentiels
from ..referentiels.droit import ClasseRegle, MethodeRisques, Regle, Regles
from ._risques_ethique_cas import INTERDICTION, TOUJOURS, Cas
from ._risques_ethique_cotation import Cotation
from ._risques_ethique_reponses import STRUCTURE, Avis, Reponses

OBLIGATOIRE, A_TERME, MIXTE = "obligatoire", "obligatoire_a_terme", "mixte"


@dataclass(frozen=True)
class Preuve:
    """What was shown of one rule in one case. `prouvee`: the proof exists and the criterion is met."""

    prouvee: bool = False
    document: str = ""
    reponses: tuple[int, ...] = ()


@dataclass(frozen=True)
class RegleAppliquee:
    """One rule in one case. `niveau_max` is None when none of its risks is rated: unknown, not low."""

    cas: str
    regle: Regle
    declencheurs: tuple[str, ...]
    oblige: bool
    """A duty in its own right: obligatoire, or à terme and due soon enough."""
    classe: ClasseRegle
    niveau_max: int | None
    risques_eleves: int
    preuve: Preuve
    rang: int = 0
    """From 1 inside the case, classes in order."""


def apply_rules(
    cas: Cas,
    cotations: Sequence[Cotation],
    preuves: Mapping[str, Preuve],
    referentiels: Referentiels,
    jour: date,
) -> tuple[RegleAppliquee, ...]:
    """Rules that the marks of the case trigger, ranked. A prohibited case keeps the rule of prohibition alone.

    `jour` is the campagne's date_reference.
    """
    niveaux = {cotation.risque: cotation.niveau_retenu for cotation in cotations}
    applied = []
    for regle in referentiels.regles.regles:
        declencheurs = _triggers(regle, cas, referentiels.methode)
        if not declencheurs:
            continue
        rated = [niveau for risque in regle.risques if (niveau := niveaux.get(risque)) is not None]
        niveau_max = max(rated, default=None)
        oblige = binds(regle, jour, referentiels.methode)
        applied.append(
            RegleAppliquee(
                cas=cas.id,
                regle=regle,
                declencheurs=declencheurs,
                oblige=oblige,
                classe=classify(regle, oblige, niveau_max, referentiels.methode),
                niveau_max=niveau_max,
                risques_eleves=sum(niveau >= referentiels.methode.niveau_p3 for niveau in rated),
                preuve=preuves.get(regle.id, Preuve()),
            )
        )
    return rank(applied, referentiels.regles)


def binds(regle: Regle, jour: date, methode: MethodeRisques) -> bool:
    """True for a rule that is a duty now, or a future duty due within the months of the method (bound included)."""
    if regle.caractere == A_TERME:
        return is_near(regle.echeance, jour, methode)
    return regle.caractere == OBLIGATOIRE


def is_near(echeance: date | None, jour: date, methode: MethodeRisques) -> bool:
    """True when `echeance` is past, or at most `echeance_proche_mois` months after `jour`."""
    if echeance is None:
        return False
    opening = pd.Timestamp(echeance) - pd.DateOffset(months=methode.echeance_proche_mois)
    return pd.Timestamp(jour) >= opening


def classify(regle: Regle, oblige: bool, niveau_max: int | None, methode: MethodeRisques) -> ClasseRegle:
    """Class of an applicable rule; the first test that holds decides (4.2, `classes`)."""
    niveau = 0 if niveau_max is None else niveau_max
    if oblige or regle.caractere == MIXTE or niveau >= methode.niveau_p1_p2:
        return "P1" if regle.moment in methode.moments_avant else "P2"
    if niveau >= methode.niveau_p3:
        return "P3"
    if regle.caractere == A_TERME or niveau >= methode.niveau_p4:
        return "P4"
    return "P5"


def sort_key(applied: RegleAppliquee, moments: Sequence[str]) -> tuple[str, int, int, int, str]:
    """Class, earliest moment, highest level, most risks of level 3 or 4, then id (`tri_dans_la_classe`)."""
    return (
        applied.classe,
        moments.index(applied.regle.moment),
        -(applied.niveau_max or 0),
        -applied.risques_eleves,
        applied.regle.id,
    )


def rank(applied: Iterable[RegleAppliquee], regles: Regles) -> tuple[RegleAppliquee, ...]:
    """The same rules in order, `rang` filled from 1."""
    moments = [moment.id for moment in regles.moments]
    ordered = sorted(applied, key=lambda item: sort_key(item, moments))
    return tuple(replace(item, rang=rang) for rang, item in enumerate(ordered, 1))


def read_proofs(cas: str, reponses: Reponses, regles: Regles) -> dict[str, Preuve]:
    """Proof of each rule for one case: what was shown for the whole structure counts for every case.

    An answer about the case itself, oui or non, wins over the structure's.
    """
    return {regle.id: _proof(cas, regle.id, reponses) for regle in regles.regles}


def _proof(cas: str, regle: str, reponses: Reponses) -> Preuve:
    preuve, critere = (_closest(mesure, cas, regle, reponses) for mesure in ("preuve", "critere"))
    document = next((item.preuve for item in (*preuve.reponses, *critere.reponses) if item.preuve), "")
    return Preuve(
        prouvee=_established(preuve) and _established(critere),
        document=document,
        reponses=tuple(sorted({*preuve.ids, *critere.ids})),
    )


def _closest(mesure: str, cas: str, regle: str, reponses: Reponses) -> Avis:
    own = reponses.avis(mesure, cas, regle)
    return own if own.oui or own.non else reponses.avis(mesure, STRUCTURE, regle)


def _established(avis: Avis) -> bool:
    """Someone says oui and nobody says non."""
    return avis.oui and not avis.non


def _triggers(regle: Regle, cas: Cas, methode: MethodeRisques) -> tuple[str, ...]:
    if cas.interdit:
        return (INTERDICTION,) if regle.id == methode.regle_interdiction else ()
    return tuple(mark for mark in regle.declencheur if mark == TOUJOURS or mark in cas.marques.presentes)
