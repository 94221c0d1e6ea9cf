"""What the reader must see of the kit, the dates and the evaluation. Codes are stable.

KIT_COMPLET, KIT_INCOMPLET, KIT_A_REVISER, KIT_CONTRADICTION, KIT_PEU_VISIBLE; OUVERTURE_INCONNUE, OUTIL_DEJA_OUVERT,
FORMATION_EN_RETARD, DATES_PROPOSEES; ENTRETIEN_NON_DECIDE, ENTRETIEN_RETENU. Those of governance and dialogue are in
`_accompagnement_constats_instances`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ._accompagnement_analyse import Analyse
from ._accompagnement_evaluation import is_chosen
from ._accompagnement_kit import DocumentLu
from .chiffres import figure, known, under
from .phrases import count, enumerate_words, long_date
from .resultat import Constat
from .typographie import lower_first, quoted, spaced

ALERTE, ATTENTION, INFORMATION = "alerte", "attention", "information"


def constat(code: str, texte: str, gravite: str = INFORMATION, cibles: Iterable[str] = ()) -> Constat:
    return Constat(code, spaced(texte), gravite, tuple(cibles))


def support_constats(analyse: Analyse) -> Iterator[Constat]:
    yield from _kit(analyse)
    yield from _dates(analyse)
    yield from _evaluation(analyse)


def list_missing(analyse: Analyse) -> Iterator[str]:
    """What was not available, and what that leaves out."""
    lecture = analyse.lecture
    if lecture.competences.urgences.empty:
        yield "Aucun agent n'est décrit : les dates valent pour tous les publics et les groupes ne sont pas comptés."
    without = [public for one in lecture.ouvertures if one.jour is None for public in one.publics]
    if without and not lecture.uses_tool:
        named = lecture.public_names(without)
        yield f"Aucune date d'ouverture n'est connue ({named}) : ce qui s'y rattache n'est pas daté."
    if not lecture.cas:
        yield "Aucun usage actif n'est inventorié : la gouvernance proposée est provisoire."
    if all(not lecture.item(lu.document.item).known for lu in analyse.kit):
        yield "Personne n'a renseigné les items du kit : son état est inconnu, il n'est pas réputé absent."
    yield (
        "Le diagnostic ne recueille pas les signalements reçus : le critère « signalements répétés », qui appelle "
        "aussi une commission, n'est pas examiné."
    )


def _kit(analyse: Analyse) -> Iterator[Constat]:
    lecture = analyse.lecture
    expected = [lu for lu in analyse.kit if lu.document.du_kit and lu.attendu]
    missing = analyse.missing_documents
    if missing:
        gravity = ALERTE if lecture.uses_tool else ATTENTION
        used = " alors qu'un outil est déjà utilisé" if lecture.uses_tool else ""
        named = enumerate_words(f"{lower_first(lu.document.libelle)} ({_label(lu, analyse)})" for lu in missing)
        yield constat("KIT_INCOMPLET", f"Kit incomplet{used} : {named}.", gravity, [lu.document.id for lu in missing])
    elif all(lu.holds for lu in expected) and analyse.reachable:
        yield constat("KIT_COMPLET", f"Kit complet et accessible : {_names(expected)}.")
    stale = [lu for lu in analyse.kit if lu.perime]
    if stale:
        dated = enumerate_words(f"{lower_first(lu.document.libelle)} ({long_date(lu.jour)})" for lu in stale if lu.jour)
        yield constat("KIT_A_REVISER", f"À réviser : {dated}.", ATTENTION, [lu.document.id for lu in stale])
    for lu in analyse.kit:
        if lu.contradiction:
            text = f"{lu.document.libelle} : les réponses se contredisent ({' ; '.join(lu.manques)})."
            yield constat("KIT_CONTRADICTION", text, ATTENTION, [lu.document.id])
    yield from _lived(analyse)


def _lived(analyse: Analyse) -> Iterator[Constat]:
    """What agents say in the anonymous écho, when it may be published, against what is declared."""
    kit = analyse.lecture.accompagnement.kit
    echo = analyse.lecture.maturite.echo
    rows = echo[(echo["item"] == kit.echo) & echo["publie"]]
    median = float(rows["mediane"].iloc[0]) if len(rows) else float("nan")
    if known(median) and under(median, kit.echo_seuil):
        yield constat(
            "KIT_PEU_VISIBLE",
            f"Les agents ne trouvent pas facilement les documents : médiane {figure(median)} sur 5 à l'écho "
            f"({kit.echo}), quoi qu'il soit déclaré par ailleurs.",
            ATTENTION,
            [kit.echo],
        )


def _dates(analyse: Analyse) -> Iterator[Constat]:
    lecture = analyse.lecture
    if all(one.jour is None for one in lecture.ouvertures):
        suite = (
            "les actions d'avant ouverture sont à rattraper" if lecture.uses_tool else "rien n'est daté autour d'elle"
        )
        yield constat("OUVERTURE_INCONNUE", f"Aucune date d'ouverture d'outil n'est donnée : {suite}.", ATTENTION)
    past = [one.jour for one in lecture.ouvertures if one.jour and one.jour <= lecture.jour]
    if past:
        yield constat(
            "OUTIL_DEJA_OUVERT",
            f"Un outil est ouvert depuis le {long_date(past[0])} : formation, atelier et information qui devaient le "
            "précéder sont à rattraper, sauf preuve qu'ils ont eu lieu.",
            ATTENTION,
        )
    for event in analyse.trainings:
        if event.retard and event.ouverture and event.ouverture > lecture.jour:
            yield constat(
                "FORMATION_EN_RETARD",
                f"L'outil ouvre le {long_date(event.ouverture)} : la formation obligatoire devait être achevée un mois "
                f"plus tôt. Achevez-la avant le {long_date(event.jour)}, ou différez l'ouverture.",
                ALERTE,
                event.publics,
            )
    meetings = sum(bool(event.rendez_vous) for event in analyse.evenements)
    reserve = lecture.accompagnement.calendrier.reserve
    yield constat("DATES_PROPOSEES", f"{count(meetings, 'rendez-vous', 'rendez-vous')} au calendrier. {reserve}")


def _evaluation(analyse: Analyse) -> Iterator[Constat]:
    for outil in analyse.lecture.accompagnement.outils:
        if not outil.facultatif:
            continue
        if is_chosen(outil, analyse.lecture):
            text = f"{quoted(outil.libelle)} : retenu par la structure. {outil.precaution}."
            yield constat("ENTRETIEN_RETENU", text, ATTENTION, [outil.id])
        else:
            text = f"{quoted(outil.libelle)} : facultatif et non décidé ; rien n'en impose l'emploi."
            yield constat("ENTRETIEN_NON_DECIDE", text, INFORMATION, [outil.id])


def _label(lu: DocumentLu, analyse: Analyse) -> str:
    return lower_first(analyse.lecture.dossier.referentiels.libelles.code(lu.etat))


def _names(documents: Iterable[DocumentLu]) -> str:
    return enumerate_words(lower_first(lu.document.libelle) for lu in documents)
