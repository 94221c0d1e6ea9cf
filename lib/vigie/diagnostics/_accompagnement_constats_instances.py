"""What the reader must see of governance, reports and social dialogue. Codes are stable.

GOUVERNANCE, GOUVERNANCE_PROVISOIRE, GOUVERNANCE_HORS_CRITERES, GOUVERNANCE_MUTUALISEE, GOUVERNANCE_EXISTANTE,
EXTERNE_POINT_DE_DROIT; SIGNALEMENT_ABSENT, SIGNALEMENT_INCONNU, DELAIS_NON_VERIFIES, CANAL_PRUDENCE;
CONSULTATION_EN_RETARD, CONSULTATION_A_FAIRE, CONSULTATION_SERREE, CONSULTATION_A_VERIFIER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..referentiels.base import Confiance
from ._accompagnement_analyse import Analyse
from ._accompagnement_constats import ALERTE, ATTENTION, INFORMATION, constat
from ._accompagnement_dialogue import DUS, PointJuge
from ._accompagnement_gouvernance import phrase, proposed_way, reasons
from .chiffres import at_least, figure
from .phrases import count, enumerate_words, long_date
from .resultat import Constat
from .typographie import lower_first


def instance_constats(analyse: Analyse) -> Iterator[Constat]:
    yield from _governance(analyse)
    yield from _reporting(analyse)
    yield from _dialogue(analyse)


def _governance(analyse: Analyse) -> Iterator[Constat]:
    lecture, decision = analyse.lecture, analyse.gouvernance
    criteres = lecture.gouvernance.criteres
    motifs = reasons(decision)
    cibles = [decision.formule, *(cas.id for cas in decision.cas)]
    yield constat("GOUVERNANCE", f"Gouvernance proposée : {phrase(decision, lecture)}. {motifs}.", INFORMATION, cibles)
    unknown = list(_unknown(analyse))
    if unknown:
        text = f"Proposition provisoire : {' ; '.join(unknown)}. Ce qui n'est pas connu n'est pas tenu pour faible."
        yield constat("GOUVERNANCE_PROVISOIRE", text, ATTENTION, [cas.id for cas in decision.sans_reponse])
    if decision.hors_criteres:
        yield constat(
            "GOUVERNANCE_HORS_CRITERES",
            "Rien n'appelle une commission, mais la structure est grande ou les usages nombreux : aucune des deux "
            f"colonnes de la méthode ne s'applique entièrement. {lecture.gouvernance.mixte.conseil} La direction "
            "tranche.",
            ATTENTION,
        )
    if decision.mutualisee:
        part = lecture.gouvernance.mutualisation
        yield constat(
            "GOUVERNANCE_MUTUALISEE",
            f"Moins de {criteres.commission_effectif_minimal} agents : {lower_first(part.proposition)}. {part.motif}.",
        )
    if decision.exists:
        item = decision.existant
        level = f"niveau {figure(item.valeur)} sur 5" if item.known else "niveau inconnu"
        yield constat(
            "GOUVERNANCE_EXISTANTE",
            f"Une gouvernance est déjà montrée ({item.preuve} ; {item.id}, {level}) : la comparer à la formule "
            "proposée plutôt que d'en créer une autre.",
            INFORMATION,
            [item.id],
        )
    if decision.with_commission and not decision.mutualisee:
        externe = lecture.gouvernance.externe
        yield constat(
            "EXTERNE_POINT_DE_DROIT",
            f"{externe.alerte} Voie proposée : {lower_first(proposed_way(lecture).libelle)}.",
            ATTENTION,
            externe.bases,
        )


def _unknown(analyse: Analyse) -> Iterator[str]:
    """What could still call for a commission and that nobody said."""
    decision = analyse.gouvernance
    if not analyse.lecture.cas:
        yield "aucun usage actif n'est inventorié"
    if decision.sans_reponse:
        named = enumerate_words(cas.nom for cas in decision.sans_reponse)
        yield f"personne n'a dit si {named} est à haut risque ou profile"
    if decision.sans_cote:
        yield f"aucun risque n'est coté pour {enumerate_words(cas.nom for cas in decision.sans_cote)}"


def _reporting(analyse: Analyse) -> Iterator[Constat]:
    lecture = analyse.lecture
    criteres, signalement = lecture.gouvernance.criteres, lecture.gouvernance.signalement
    item = lecture.item(criteres.item_signalement)
    if not item.known:
        text = f"Personne n'a pu dire s'il existe un circuit de signalement ({item.id})."
        yield constat("SIGNALEMENT_INCONNU", text, ATTENTION, [item.id])
    elif not item.preuve or not at_least(item.valeur, criteres.seuil_item):
        shown = "" if item.preuve else ", sans document montré"
        yield constat(
            "SIGNALEMENT_ABSENT",
            f"Le circuit de signalement n'est pas en place : {item.id} au niveau {figure(item.valeur)} sur 5{shown}.",
            ALERTE,
            [item.id],
        )
    doubtful = [
        route
        for route in signalement.routes
        if route.delai.confiance not in (None, Confiance.TEXTE) or route.confiance is not Confiance.TEXTE
    ]
    if doubtful:
        named = enumerate_words(lower_first(route.libelle) for route in doubtful)
        yield constat(
            "DELAIS_NON_VERIFIES",
            f"{count(len(doubtful), 'voie de signalement porte', 'voies de signalement portent')} un délai, une date "
            f"ou une base à vérifier avant diffusion : {named}.",
            ATTENTION,
            [route.id for route in doubtful],
        )
    for prudence in signalement.prudences:
        yield constat("CANAL_PRUDENCE", prudence.texte, INFORMATION, (*prudence.bases, *prudence.regles))


def _dialogue(analyse: Analyse) -> Iterator[Constat]:
    due = [juge for juge in analyse.dialogue if juge.point.nature in DUS]
    late = [juge for juge in due if juge.etat == "en_retard"]
    if late:
        cas = dict.fromkeys(one.nom for juge in late for one in juge.cas if one.in_use)
        yield constat(
            "CONSULTATION_EN_RETARD",
            f"Consultation due avant tout usage et non prouvée, l'usage a commencé : {enumerate_words(cas)}. Sujets : "
            f"{_subjects(late)}.",
            ALERTE,
            [juge.point.id for juge in late],
        )
    todo = [juge for juge in due if juge.etat == "a_faire"]
    if todo:
        dated = " ; ".join(
            f"{lower_first(juge.point.sujet)} ({long_date(juge.echeance) if juge.echeance else 'date à fixer'})"
            for juge in todo
        )
        yield constat("CONSULTATION_A_FAIRE", f"À consulter ou à informer : {dated}.", ATTENTION, _ids(todo))
    tight = [juge for juge in todo if juge.serre]
    if tight and (opening := analyse.lecture.prochaine_ouverture):
        months = analyse.lecture.accompagnement.calendrier.consultation_avance_mois
        yield constat(
            "CONSULTATION_SERREE",
            f"L'outil ouvre le {long_date(opening)}, à moins de {months} mois : consultez sans attendre ou différez "
            f"l'ouverture ({_subjects(tight)}).",
            ALERTE,
            _ids(tight),
        )
    unknown = [juge for juge in due if juge.etat == "a_verifier"]
    if unknown:
        yield constat(
            "CONSULTATION_A_VERIFIER",
            f"À vérifier, faute de réponse sur les usages : {_subjects(unknown)}. Un silence ne dispense pas de "
            "consulter.",
            ATTENTION,
            _ids(unknown),
        )


def _subjects(points: Iterable[PointJuge]) -> str:
    return " ; ".join(lower_first(juge.point.sujet) for juge in points)


def _ids(points: Iterable[PointJuge]) -> list[str]:
    return [juge.point.id for juge in points]
