"""Answers of the maturity questionnaire, grouped by item, with the persons who are expected to have an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..dossier import Dossier, Etat
from ..referentiels.maturite import Item
from .chiffres import INCONNU, known

ETAPE = "maturite"


@dataclass(frozen=True)
class Reponse:
    """One answer. `id` is 0 when it was never received: a question that its respondent did not reach."""

    id: int
    repondant: str
    role: str
    etat: Etat
    niveau: float = INCONNU
    commentaire: str = ""
    preuve: str = ""
    indicateur: str = ""
    date: str = ""

    @property
    def rated(self) -> bool:
        return self.etat is Etat.NIVEAU


@dataclass(frozen=True)
class Decision:
    """A value decided with its written reason: workshop arbitration (A.4, step 4) or consultant's override."""

    reponse: Reponse
    nombre: int
    """How many decisions were found; the last one by date holds."""

    @property
    def valeur(self) -> float:
        return self.reponse.niveau

    @property
    def motif(self) -> str:
        return self.reponse.commentaire


def read_answers(dossier: Dossier, mesure: str) -> dict[str, tuple[Reponse, ...]]:
    """cible → answers of one measure. A row in state « niveau » without a number counts as an empty answer."""
    rows = dossier.answers(ETAPE, mesure)
    groups: dict[str, list[Reponse]] = defaultdict(list)
    names = ["cible", "id", "repondant", "role", "etat", "niveau", "commentaire", "preuve", "indicateur", "date"]
    for cible, number, repondant, role, etat, niveau, *texts in zip(
        *(rows[name].tolist() for name in names), strict=True
    ):
        state = Etat(etat)
        if state is Etat.NIVEAU and not known(niveau):
            state = Etat.NON_REPONDU
        groups[cible].append(
            Reponse(int(number), repondant, role, state, float(niveau), *(str(text).strip() for text in texts))
        )
    return {cible: tuple(group) for cible, group in groups.items()}


def read_decisions(dossier: Dossier, mesure: str) -> tuple[dict[str, Decision], tuple[str, ...]]:
    """Decisions by cible, and the cibles whose decision is set aside because no reason was written."""
    decisions: dict[str, Decision] = {}
    unmotivated: list[str] = []
    for cible, answers in read_answers(dossier, mesure).items():
        rated = [answer for answer in answers if answer.rated]
        motivated = [answer for answer in rated if answer.commentaire]
        if motivated:
            last = max(motivated, key=lambda answer: (answer.date, answer.id))
            decisions[cible] = Decision(last, len(motivated))
        elif rated:
            unmotivated.append(cible)
    return decisions, tuple(unmotivated)


def complete(items: Iterable[Item], answers: Mapping[str, tuple[Reponse, ...]]) -> dict[str, tuple[Reponse, ...]]:
    """Answers of each item, plus an empty answer for each person of its roles who answered others and not this one.

    A.5: an empty answer is treated as « ne sait pas », so it widens the bounds. A person without any answer is a
    matter of participation, not of knowledge, and adds nothing; nor does an item hidden from those it asks.
    """
    persons = sorted({(answer.repondant, answer.role) for group in answers.values() for answer in group})
    completed = {}
    for item in items:
        given = answers.get(item.id, ())
        hidden = bool(given) and all(answer.etat is Etat.MASQUE for answer in given)
        present = {(answer.repondant, answer.role) for answer in given}
        skipped = [] if hidden else [p for p in persons if p[1] in item.roles and p not in present]
        completed[item.id] = (*given, *(Reponse(0, name, role, Etat.NON_REPONDU) for name, role in skipped))
    return completed
