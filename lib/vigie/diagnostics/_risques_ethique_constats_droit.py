"""What the reader must see about the law's calendar, unverified sources and the existing référentiel."""

from __future__ import annotations

from collections.abc import Iterator

from ..referentiels.base import Confiance
from ..referentiels.droit import Regle
from ._risques_ethique_analyse import Analyse
from ._risques_ethique_constats_cas import ATTENTION, INFORMATION, constat
from ._risques_ethique_referentiel import NON_COMPARE
from ._risques_ethique_regles import A_TERME, is_near
from ._risques_ethique_reponses import OUI
from .phrases import count, enumerate_words, long_date
from .resultat import Constat

FICHE_REFERENTIEL = "F3-11"
"""The sheet's idea: find out whether a référentiel exists already."""


def law_constats(analyse: Analyse) -> Iterator[Constat]:
    """Deadlines of applicable rules, then what was not read in its own text."""
    future = [regle for regle in analyse.regles.values() if regle.caractere == A_TERME]
    yield from _deadlines(future, analyse)
    yield from _undated(future)
    yield from _unverified(analyse)


def referentiel_constats(analyse: Analyse) -> Iterator[Constat]:
    """What is known of an existing référentiel."""
    existant = analyse.existant
    if not existant.repondu:
        yield constat(
            "REFERENTIEL_NON_VERIFIE",
            "Personne n'a dit s'il existe déjà un référentiel de règles d'éthique : à vérifier avant d'en écrire un "
            f"({FICHE_REFERENTIEL}).",
            ATTENTION,
            (FICHE_REFERENTIEL,),
        )
        return
    if existant.divergent:
        yield constat(
            "REFERENTIEL_DIVERGENT",
            "Les réponses divergent sur l'existence d'un référentiel ; il est tenu pour existant, à comparer.",
            ATTENTION,
            (FICHE_REFERENTIEL,),
        )
    if existant.existe:
        yield from _existing(analyse)
    else:
        yield constat(
            "REFERENTIEL_ABSENT",
            f"Aucun référentiel n'existe : {count(len(analyse.regles), 'règle applicable', 'règles applicables')} à "
            "écrire.",
            INFORMATION,
            (FICHE_REFERENTIEL,),
        )


def not_compared(analyse: Analyse) -> list[str]:
    """Applicable rules nobody compared with the existing référentiel."""
    return [regle for regle, repris in analyse.existant.repris.items() if repris == NON_COMPARE]


def _existing(analyse: Analyse) -> Iterator[Constat]:
    existant = analyse.existant
    reference = f" ({existant.reference})" if existant.reference else ", sans date ni référence"
    written = [regle for regle, repris in existant.repris.items() if repris == OUI]
    yield constat(
        "REFERENTIEL_EXISTANT",
        f"Un référentiel existe{reference} : {len(written)} des "
        f"{count(len(existant.repris), 'règle applicable', 'règles applicables')} y figurent déjà.",
        INFORMATION,
        (FICHE_REFERENTIEL, *written),
    )
    missing = not_compared(analyse)
    if missing:
        yield constat(
            "REFERENTIEL_NON_VERIFIE",
            f"Pas encore comparées au référentiel existant : {count(len(missing), 'règle')}, à écrire tant que rien ne "
            "montre le contraire.",
            ATTENTION,
            (FICHE_REFERENTIEL, *missing),
        )


def _deadlines(future: list[Regle], analyse: Analyse) -> Iterator[Constat]:
    """One constat a date to come: near (a duty already, within the months of the method) or later."""
    jour, methode = analyse.dossier.campagne.date_reference, analyse.dossier.referentiels.methode
    for echeance in sorted({regle.echeance for regle in future if regle.echeance and regle.echeance > jour}):
        ids = [regle.id for regle in future if regle.echeance == echeance]
        verb = "devient exigible" if len(ids) < 2 else "deviennent exigibles"
        if is_near(echeance, jour, methode):
            yield constat(
                "ECHEANCE_PROCHE",
                f"Le {long_date(echeance)}, dans {methode.echeance_proche_mois} mois ou moins, "
                f"{enumerate_words(ids)} {verb} : déjà traité comme obligatoire.",
                ATTENTION,
                ids,
            )
        else:
            yield constat(
                "ECHEANCE_A_VENIR",
                f"Le {long_date(echeance)}, {enumerate_words(ids)} {verb} ; traité comme obligatoire à "
                f"{methode.echeance_proche_mois} mois de cette date.",
                INFORMATION,
                ids,
            )


def _undated(future: list[Regle]) -> Iterator[Constat]:
    ids = [regle.id for regle in future if regle.echeance is None]
    if ids:
        yield constat(
            "ECHEANCE_INCONNUE",
            f"Obligation à venir sans date établie : {enumerate_words(ids)}. À dater avant de conclure.",
            ATTENTION,
            ids,
        )


def _unverified(analyse: Analyse) -> Iterator[Constat]:
    labels = analyse.dossier.referentiels.libelles
    for confiance in Confiance:
        if confiance == Confiance.TEXTE:
            continue
        bases = [base.id for base, _ in analyse.cited.values() if base.confiance == confiance]
        dates = [
            base.id
            for base, _ in analyse.cited.values()
            if base.id not in bases and any(value.confiance == confiance for value in base.application)
        ]
        for ids, one, several in (
            (bases, "base", "bases"),
            (dates, "date d'application", "dates d'application"),
        ):
            if not ids:
                continue
            yield constat(
                "NON_VERIFIE",
                f"{count(len(ids), one, several)} (« {labels.code(confiance.value)} ») : {', '.join(ids)}.",
                INFORMATION if confiance == Confiance.SECONDAIRE else ATTENTION,
                ids,
            )
