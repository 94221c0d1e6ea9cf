"""What the steps say of a vigilance point beside its items: each signal may only prevent « tenu », never grant it.

A signal answers one sentence of vigilances.yaml: it holds (no objection), or here is what opposes it, or what is not
known. What is not known opposes too: an unknown never makes a point held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..referentiels.fiche import IdSignal, Vigilance
from ._accompagnement_dialogue import DUS
from ._restitution_lecture import ETAPE, Lecture
from .chiffres import known, percent, score, under
from .phrases import count, enumerate_words
from .typographie import lower_first

PENDING = ("a_faire", "en_retard", "a_verifier")
SANS_AGENT = "aucun agent n'est décrit"
MANDAT = "mandat_gouvernance"
EXERCICE = "vigilance"
TOUS = "TA"

Objections = Iterator[str]


def objections(point: Vigilance, lecture: Lecture) -> Iterator[tuple[IdSignal, str]]:
    """Signal, what it opposes to « tenu »; nothing when all is well. Rules, risks and écho hold for whoever cites
    some."""
    always: tuple[IdSignal, ...] = ("regles", "risques", "echo")
    for signal in (*always, *point.signaux):
        for text in SIGNAUX[signal](point, lecture):
            yield signal, text


def _rules(point: Vigilance, lecture: Lecture) -> Objections:
    """Rules that apply to the structure and are not proven for each use that calls for them."""
    rows = lecture.regles
    rows = rows[rows["regle"].isin(point.regles) & ~rows["prouvee"]]
    missing = [one for one in point.regles if one in set(rows["regle"])]
    if missing:
        word = "règle sans preuve" if len(missing) == 1 else "règles sans preuve"
        yield f"{word} : {enumerate_words(missing)}"


def _risks(point: Vigilance, lecture: Lecture) -> Objections:
    rows = lecture.base.risques.risques
    rows = rows[rows["risque"].isin(point.risques)]
    level = lecture.referentiels.vigilances.cotation.risque_niveau
    high = rows[rows["niveau_retenu"].ge(level) & ~rows["couvert"]]
    if len(high):
        yield f"risque élevé ou critique sans règle prouvée : {enumerate_words(dict.fromkeys(high['risque']))}"
    unrated = rows[rows["niveau_retenu"].isna()]
    if len(unrated):
        yield f"risque non coté : {enumerate_words(dict.fromkeys(unrated['risque']))}"


def _echo(point: Vigilance, lecture: Lecture) -> Objections:
    """A question under the small-group threshold says nothing: silence protects people, it contradicts nobody."""
    rows = lecture.base.maturite.echo
    rows = rows[rows["item"].isin(point.echo) & rows["publie"]]
    low = rows[rows["mediane"].lt(lecture.referentiels.vigilances.cotation.echo_seuil)]
    for item, median in zip(low["item"], low["mediane"], strict=True):
        yield f"l'écho des agents est bas ({item} : médiane {score(float(median))})"


def _positioning(_: Vigilance, lecture: Lecture) -> Objections:
    share = lecture.base.competences.taux_positionnement
    least = lecture.referentiels.vigilances.cotation.positionnement_minimal
    if not known(share):
        yield SANS_AGENT
    elif under(share, least):
        yield f"seuls {percent(share, least)} des agents sont positionnés"


def _views(_: Vigilance, lecture: Lecture) -> Objections:
    rows = lecture.base.maturite.regards
    apart = rows[rows["signale"]]
    if len(apart):
        yield f"décideurs et agents s'éloignent d'un niveau ou plus sur {enumerate_words(apart['dimension'])}"


def _everyone(_: Vigilance, lecture: Lecture) -> Objections:
    """What the path of all agents holds and the plan leaves uncovered for someone."""
    plan = lecture.plan
    if not plan.agents:
        yield SANS_AGENT
    elif not plan.sessions:
        yield "le plan de formation n'a aucune session"
    path = next(one for one in lecture.referentiels.parcours_formation.parcours if one.publics == (TOUS,))
    left = plan.non_couverts.intersection(path.competences)
    if left:
        yield f"socle non couvert par le plan de formation : {enumerate_words(sorted(left))}"


def _soft(_: Vigilance, lecture: Lecture) -> Objections:
    """Soft skills that the structure as a whole needs, and for which resources are still to be found. Silence on them
    is a right, and objects to nothing."""
    families = {one.id for one in lecture.referentiels.competences.familles if one.douce}
    soft = {one.id for one in lecture.referentiels.competences.competences if one.famille in families}
    asked = sorted(soft & lecture.plan.demandees)
    if asked:
        yield f"ressources à proposer sur les compétences douces : {enumerate_words(asked)}"


def _ahead(_: Vigilance, lecture: Lecture) -> Objections:
    late = sum(event.retard for event in lecture.analyse.trainings)
    if late:
        yield f"{count(late, 'formation obligatoire')} en retard sur l'ouverture d'un outil"
    if not any(one.jour for one in lecture.base.ouvertures):
        yield "aucune date d'ouverture n'est connue"


def _fairness(_: Vigilance, lecture: Lecture) -> Objections:
    if not lecture.plan.agents:
        yield SANS_AGENT
    elif lecture.plan.desservis:
        yield f"le plan de formation sert nettement moins : {enumerate_words(lecture.plan.desservis)}"


def _pilots(_: Vigilance, lecture: Lecture) -> Objections:
    pilots = [role.id for role in lecture.referentiels.maturite.roles if role.pilote]
    rows = lecture.base.maturite.participation
    silent = rows[rows["role"].isin(pilots) & rows["exprimes"].eq(0)]
    if len(silent):
        yield f"n'a pas répondu : {enumerate_words(lower_first(str(one)) for one in silent['libelle'])}"


def _exercises(_: Vigilance, lecture: Lecture) -> Objections:
    if not any(event.type == EXERCICE for event in lecture.analyse.evenements):
        yield "aucun exercice de regard critique n'est au calendrier"


def _validations(_: Vigilance, lecture: Lecture) -> Objections:
    waiting = [
        lecture.referentiels.libelles.code(one.etape)
        for one in lecture.referentiels.formulaires.validation.etapes
        if one.etape != ETAPE and not lecture.is_validated(one.etape)
    ]
    if waiting:
        yield f"à valider par la direction : {enumerate_words(lower_first(one) for one in waiting)}"


def _consultations(_: Vigilance, lecture: Lecture) -> Objections:
    due = [one for one in lecture.analyse.dialogue if one.point.nature in DUS and one.etat in PENDING]
    if due:
        late = sum(one.etat == "en_retard" for one in due)
        word = f", dont {late} en retard" if late else ""
        due_words = count(
            len(due), "consultation ou information due reste ouverte", "consultations ou informations dues"
        )
        yield f"{due_words} à tenir ou à vérifier{word}" if len(due) > 1 else f"{due_words}{word}"


def _outside(_: Vigilance, lecture: Lecture) -> Objections:
    """Settled once the direction validated the mandate, which says which of the ways was chosen."""
    decision = lecture.analyse.gouvernance
    if decision.with_commission and not decision.mutualisee and not lecture.is_validated("accompagnement", MANDAT):
        yield "une commission est proposée et la voie du regard extérieur n'est pas tranchée"


SIGNAUX: dict[IdSignal, Callable[[Vigilance, Lecture], Objections]] = {
    "regles": _rules,
    "risques": _risks,
    "echo": _echo,
    "positionnement": _positioning,
    "regards": _views,
    "socle": _everyone,
    "douces": _soft,
    "avance": _ahead,
    "equite": _fairness,
    "pilotes": _pilots,
    "exercices": _exercises,
    "validations": _validations,
    "consultations": _consultations,
    "externe": _outside,
}
