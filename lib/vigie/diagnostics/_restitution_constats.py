"""What the reader of the restitution must see, gravest first, and what was not available."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._restitution_avant_apres import RECUL, Row
from ._restitution_lecture import ETAPE, FEUILLE, Lecture
from ._restitution_route import AVANT, Action
from ._restitution_versions import Comparaison
from ._restitution_vigilances import ABSENT, INCONNU, TENU, PointJuge
from .phrases import count, enumerate_words, long_date
from .resultat import Constat
from .typographie import lower_first, quoted, spaced

ALERTE, ATTENTION, INFORMATION = "alerte", "attention", "information"
IMMEDIATE = "immediate"
NOMMES = 3
"""Reasons written in full in one sentence; the others are counted."""


def observe(
    points: Sequence[PointJuge], actions: Sequence[Action], rows: Sequence[Row], lecture: Lecture
) -> Iterator[Constat]:
    yield from _pressing(actions)
    yield from _opening(actions, lecture)
    yield from _points(points)
    yield from _changes(rows, lecture)
    yield from _drafts(lecture)


def list_missing(comparaisons: Sequence[Comparaison], lecture: Lecture) -> Iterator[str]:
    """What was not available to this step, then what each step says was missing to it."""
    libelles = lecture.referentiels.libelles
    if lecture.dossier.anterieur_manque:
        yield f"Campagne précédente non lue. {lecture.dossier.anterieur_manque}."
    for one in comparaisons:
        if not one.comparable:
            yield f"Avant et après, {one.referentiel} : {one.motif}."
    for lue in lecture.lues:
        for sentence in lue.manques:
            yield f"{libelles.code(lue.etape)} : {lower_first(sentence)}"


def _pressing(actions: Sequence[Action]) -> Iterator[Constat]:
    pressing = [action for action in actions if action.priorite.id == IMMEDIATE]
    for action in pressing[:NOMMES]:
        yield _said("SANS_ATTENDRE", action.action, ALERTE, (action.cle,))
    rest = len(pressing) - NOMMES
    if rest > 0:
        keys = tuple(action.cle for action in pressing[NOMMES:])
        yield _said("SANS_ATTENDRE", f"{count(rest, 'autre action')} à mener sans attendre.", ALERTE, keys)


def _opening(actions: Sequence[Action], lecture: Lecture) -> Iterator[Constat]:
    """What conditions an opening, when it is due or when a tool is already used."""
    before = [action for action in actions if action.priorite.id == AVANT]
    opening, keys = lecture.base.prochaine_ouverture, tuple(action.cle for action in before)
    if not before:
        return
    number = count(len(before), "action conditionne", "actions conditionnent")
    if lecture.base.uses_tool:
        text = f"Un outil est déjà utilisé alors que {number} son usage : tenez-les, ou suspendez l'usage."
        yield _said("OUTIL_DEJA_UTILISE", text, ALERTE, keys)
    elif opening:
        yield _said("AVANT_OUVERTURE", f"{number} l'ouverture du {long_date(opening)}.", ATTENTION, keys)


def _points(points: Sequence[PointJuge]) -> Iterator[Constat]:
    for etat, code, gravite, words in (
        (ABSENT, "VIGILANCE_ABSENTE", ALERTE, ("point de vigilance absent", "points de vigilance absents")),
        (INCONNU, "VIGILANCE_INCONNUE", ATTENTION, ("point de vigilance inconnu", "points de vigilance inconnus")),
    ):
        found = [judged.point for judged in points if judged.etat == etat]
        if found:
            named = enumerate_words(f"{point.id} {quoted(point.libelle)}" for point in found[:NOMMES])
            rest = f" et {count(len(found) - NOMMES, 'autre')}" if len(found) > NOMMES else ""
            text = f"{count(len(found), *words)} : {named}{rest}."
            yield _said(code, text, gravite, tuple(point.id for point in found))
    held = tuple(judged.point.id for judged in points if judged.etat == TENU)
    if not held:
        text = "Aucun point de vigilance n'est encore tenu, c'est-à-dire montré par un document et sans objection."
        yield _said("VIGILANCE_NON_TENUE", text, ATTENTION)


def _changes(rows: Sequence[Row], lecture: Lecture) -> Iterator[Constat]:
    before = lecture.dossier.anterieur
    if before is None:
        yield _said("SANS_ANTERIEUR", "Aucune campagne précédente : rien n'est comparé.", INFORMATION)
        return
    text = (
        f"La campagne précédente ({before.campagne.libelle}) est relue avec les règles de calcul d'aujourd'hui : ses "
        "chiffres peuvent différer de ceux du rapport remis alors."
    )
    yield _said("RELECTURE", text, INFORMATION)
    lower = [str(row["cible"]) for row in rows if row["etat"] == RECUL]
    if lower:
        some = enumerate_words(lower) if len(lower) <= NOMMES else f"{', '.join(lower[:NOMMES])} et d'autres"
        yield _said("RECUL", f"En recul depuis {before.campagne.libelle} : {some}.", ATTENTION, tuple(lower))


def _drafts(lecture: Lecture) -> Iterator[Constat]:
    code = lecture.referentiels.libelles.code
    steps = lecture.referentiels.formulaires.validation.etapes
    waiting = [one.etape for one in steps if one.etape != ETAPE and not lecture.is_validated(one.etape)]
    if waiting:
        named = enumerate_words(lower_first(code(one)) for one in waiting)
        yield _said("ETAPES_EN_PROJET", f"À valider par la direction : {named}.", ATTENTION, tuple(waiting))
    if not lecture.is_validated(ETAPE, FEUILLE):
        text = "La feuille de route reste un projet tant que la direction ne l'a pas validée."
        yield _said("FEUILLE_EN_PROJET", text, INFORMATION)


def _said(code: str, texte: str, gravite: str, cibles: tuple[str, ...] = ()) -> Constat:
    return Constat(code, spaced(texte), gravite, cibles)
