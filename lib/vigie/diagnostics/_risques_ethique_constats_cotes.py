"""What the reader must see about ratings, overrides, proofs and what is left of the risks, case by case."""

from __future__ import annotations

from collections.abc import Iterator

from ..referentiels.droit import MethodeRisques
from ._risques_ethique_analyse import Analyse, Examen
from ._risques_ethique_cas import UTILISES
from ._risques_ethique_constats_cas import ALERTE, ATTENTION, INFORMATION, constat, place
from ._risques_ethique_cotation import Cotation
from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import quoted


def rating_constats(analyse: Analyse) -> Iterator[Constat]:
    """Ratings, overrides, coverage and residual of each examined case."""
    methode = analyse.dossier.referentiels.methode
    for examen in analyse.examens:
        if examen.cas.interdit:
            continue
        yield from _raters(examen, methode)
        yield from _unrated(examen)
        yield from _overrides(examen)
        yield from _residuals(examen, methode)
        yield from _proofs(examen, analyse)


def _raters(examen: Examen, methode: MethodeRisques) -> Iterator[Constat]:
    rated = [item for item in examen.cotations if item.niveau is not None]
    few = [item.risque for item in rated if item.coteurs < methode.cotations_minimales]
    if few:
        yield constat(
            "COTEURS_INSUFFISANTS",
            f"{place(examen.cas)} : moins de {methode.cotations_minimales} personnes ont coté {enumerate_words(few)}.",
            ATTENTION,
            (examen.cas.id, *few),
        )
    apart = [item for item in examen.cotations if item.ecart]
    if apart:
        yield constat(
            "ECART_COTEURS",
            f"{place(examen.cas)} : cotes écartées de {methode.ecart_a_discuter} crans ou plus, à discuter et à noter "
            f"({' ; '.join(_ratings(item) for item in apart)}). La médiane haute est retenue.",
            ATTENTION,
            (examen.cas.id, *(item.risque for item in apart)),
        )
    wrong = [item.risque for item in examen.cotations if item.hors_echelle]
    if wrong:
        yield constat(
            "HORS_ECHELLE",
            f"{place(examen.cas)} : des cotes hors de l'échelle sont laissées de côté ({enumerate_words(wrong)}).",
            ATTENTION,
            (examen.cas.id, *wrong),
        )


def _ratings(cotation: Cotation) -> str:
    gravites, vraisemblances = (
        "-".join(str(cote) for cote in cotes) for cotes in (cotation.cotes_gravite, cotation.cotes_vraisemblance)
    )
    return f"{cotation.risque} gravité {gravites or '?'}, vraisemblance {vraisemblances or '?'}"


def _unrated(examen: Examen) -> Iterator[Constat]:
    asked = [item.risque for item in examen.cotations if item.niveau_retenu is None]
    silent = [risque for risque in examen.linked_risks if risque not in {item.risque for item in examen.cotations}]
    if asked or not examen.cotations:
        what = f"pas de niveau pour {enumerate_words(asked)}" if asked else "aucun risque n'est coté"
        yield constat(
            "NON_COTE",
            f"{place(examen.cas)} : {what}. Un risque non coté n'est jamais réputé faible : la classe des règles liées "
            "peut monter.",
            ATTENTION,
            (examen.cas.id, *asked),
        )
    if silent and examen.cotations:
        yield constat(
            "NON_RETENU",
            f"{place(examen.cas)} : {count(len(silent), 'risque lié', 'risques liés')} aux règles applicables sans "
            "aucune réponse ; ce silence ne dit pas que ces risques sont faibles.",
            INFORMATION,
            (examen.cas.id, *silent),
        )


def _overrides(examen: Examen) -> Iterator[Constat]:
    for item in examen.cotations:
        if item.niveau_force is not None:
            computed = "non coté" if item.niveau is None else f"niveau calculé {item.niveau}"
            yield constat(
                "FORCAGE",
                f"{place(examen.cas)}, {item.risque} : {computed}, niveau forcé {item.niveau_force}. "
                f"Motif : {quoted(item.motif)}.",
                ATTENTION,
                (examen.cas.id, item.risque),
            )
        if item.forcage_refuse:
            yield constat(
                "FORCAGE_REFUSE",
                f"{place(examen.cas)}, {item.risque} : forçage écarté, car il n'est pas motivé, n'émane pas de la "
                "personne consultante ou sort de l'échelle.",
                ATTENTION,
                (examen.cas.id, item.risque),
            )


def _residuals(examen: Examen, methode: MethodeRisques) -> Iterator[Constat]:
    uncovered = [item.risque for item, residuel in examen.risques if is_uncovered(item, residuel.couvert, methode)]
    if uncovered:
        yield constat(
            "NON_COUVERT",
            f"{place(examen.cas)} : {count(len(uncovered), 'risque')} de niveau {methode.niveau_p4} ou plus sans "
            f"aucune règle prouvée ({enumerate_words(uncovered)}).",
            ALERTE,
            (examen.cas.id, *uncovered),
        )
    highest = max(niveau.niveau for niveau in methode.niveaux)
    blocking = [item.risque for item, residuel in examen.risques if residuel.niveau == highest]
    if blocking:
        acceptation = next(niveau.acceptation for niveau in methode.niveaux if niveau.niveau == highest)
        yield constat(
            "RESIDUEL_CRITIQUE",
            f"{place(examen.cas)} : risque résiduel de niveau {highest} pour {enumerate_words(blocking)}, soit "
            f"{quoted(acceptation)}.",
            ALERTE,
            (examen.cas.id, *blocking),
        )


def _proofs(examen: Examen, analyse: Analyse) -> Iterator[Constat]:
    first = analyse.dossier.referentiels.methode.classes[0]
    late = [item.regle.id for item in examen.regles if item.classe == first.id and not item.preuve.prouvee]
    if late and examen.cas.statut in UTILISES:
        state = analyse.dossier.referentiels.libelles.code(examen.cas.statut)
        yield constat(
            "UTILISE_SANS_PREUVE",
            f"{place(examen.cas)} ({state}) est utilisé alors que {count(len(late), 'règle')} de classe {first.id} "
            f"({first.delai}) {'reste' if len(late) < 2 else 'restent'} sans preuve : {enumerate_words(late)}.",
            ALERTE,
            (examen.cas.id, *late),
        )
    unnamed = [item.regle.id for item in examen.regles if item.preuve.prouvee and not item.preuve.document]
    if unnamed:
        yield constat(
            "PREUVE_SANS_DOCUMENT",
            f"{place(examen.cas)} : preuve déclarée sans document cité ({enumerate_words(unnamed)}).",
            INFORMATION,
            (examen.cas.id, *unnamed),
        )


def is_uncovered(cotation: Cotation, couvert: bool, methode: MethodeRisques) -> bool:
    """A level that calls for a rule (2 and over), and no proven applicable rule."""
    return cotation.niveau_retenu is not None and cotation.niveau_retenu >= methode.niveau_p4 and not couvert
