"""The feuille de route: one action a deed, in one order, with its pilot, its proof and every reason (A.7, F3-29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..referentiels.restitution import Effort, Priorite
from ._restitution_actions import Source, group, pilot, sources
from ._restitution_lecture import ETAPE, FEUILLE, Lecture
from .chiffres import figure
from .phrases import count, enumerate_words, long_date
from .resultat import Pourquoi, Recommandation
from .typographie import quoted, spaced
from .validation import VALIDE

FEUILLE_DE_ROUTE = {
    "rang": "int64",
    "action": "str",
    "priorite": "str",
    "motif": "str",
    "echeance": "str",  # ISO, "" when nothing dates it
    "effort": "str",
    "pilote": "str",
    "livrable": "str",
    "preuve": "str",
    "validation": "str",  # valide, diagnostic_valide or projet
    "etapes": "str",
    "recommandations": "str",  # ids, as the steps number them
    "cle": "str",
}
"""Reasons stand in the recommandation of the same rank, once."""
AVANT = "avant_ouverture"
"""The notch of the common scale whose actions end before a tool opens."""
DIAGNOSTIC_VALIDE, PROJET = "diagnostic_valide", "projet"
COMPETENCES = "{competences}"


@dataclass(frozen=True)
class Action:
    """One deed. `sources`: the recommandations behind it, the one that leads first."""

    cle: str
    sources: tuple[Source, ...]
    rang: int
    action: str
    priorite: Priorite
    motif: str
    effort: Effort
    pilote: str
    livrable: str
    preuve: str
    echeance: date | None
    pourquoi: Pourquoi

    def to_recommandation(self) -> Recommandation:
        return Recommandation(
            id=self.cle,
            etape=ETAPE,
            action=self.action,
            rang=self.rang,
            priorite=float(self.priorite.poids),
            pilote=self.pilote,
            livrable=self.livrable,
            preuve=self.preuve,
            pourquoi=self.pourquoi,
            echeance=self.echeance,
        )


def plan_actions(lecture: Lecture) -> tuple[Action, ...]:
    """Every action, first by priority, then by deadline, then by effort; what has no deadline comes after."""
    groups = group(sources(lecture))
    made = [_action(key, lines, lecture) for key, lines in groups.items()]
    made.sort(key=_order)
    return tuple(replace(action, rang=rang) for rang, action in enumerate(made, 1))


def route_rows(actions: Iterable[Action], lecture: Lecture) -> Iterator[dict[str, Any]]:
    for action in actions:
        yield {
            "rang": action.rang,
            "action": action.action,
            "priorite": action.priorite.libelle,
            "motif": action.motif,
            "echeance": action.echeance.isoformat() if action.echeance else "",
            "effort": action.effort.id,
            "pilote": action.pilote,
            "livrable": action.livrable,
            "preuve": action.preuve,
            "validation": _validation(action, lecture),
            "etapes": ", ".join(_step_names(action.sources, lecture)),
            "recommandations": " ".join(source.recommandation.id for source in action.sources),
            "cle": action.cle,
        }


def _action(key: str, lines: Sequence[Source], lecture: Lecture) -> Action:
    """A single source keeps its own words; several take those of their merge, else those of the one that leads."""
    scale = lecture.referentiels.restitution
    first = lines[0]
    lead, fusion = first.recommandation, first.fusion if len(lines) > 1 else None
    priority = max((line.priorite for line in lines), key=lambda one: one.poids)
    due = _deadline(lines, priority, lecture)
    efforts = {one.id: one for one in scale.efforts}
    heaviest = max((line.effort for line in lines), key=lambda one: one.poids)
    return Action(
        cle=key,
        sources=tuple(lines),
        rang=0,
        action=spaced(_words(fusion.action, lines, lecture) if fusion else lead.action),
        priorite=priority,
        motif=first.motif,
        effort=efforts[fusion.effort] if fusion and fusion.effort else heaviest,
        pilote=fusion.pilote if fusion else pilot(lead, lecture),
        livrable=spaced(fusion.livrable if fusion else lead.livrable or scale.livrable_par_defaut),
        preuve=spaced(fusion.preuve if fusion else lead.preuve or scale.preuve_par_defaut),
        echeance=due,
        pourquoi=_why(lines, first.motif, priority, lecture),
    )


def _words(text: str, lines: Sequence[Source], lecture: Lecture) -> str:
    """The merge's own words, with the first competences in full and the number of the others."""
    if COMPETENCES not in text:
        return text
    shown = lecture.referentiels.restitution.competences_citees
    labels = {one.id: one.libelle for one in lecture.referentiels.competences.competences}
    ids = list(dict.fromkeys(one for line in lines for one in line.recommandation.pourquoi.competences))
    named = [f"{one} {labels.get(one, '')}".strip() for one in ids[:shown]]
    others = len(ids) - len(named)
    named += [count(others, "autre compétence", "autres compétences")] if others else []
    return text.replace(COMPETENCES, enumerate_words(named))


def _deadline(lines: Sequence[Source], priority: Priorite, lecture: Lecture) -> date | None:
    """The earliest of what the steps and the common scale ask for, never after the opening that it conditions."""
    dates = [day for line in lines for day in (line.recommandation.echeance, line.proposee) if day]
    opening = lecture.base.prochaine_ouverture
    if opening and priority.id == AVANT:
        dates.append(opening)
    return min(dates, default=None)


def _why(lines: Sequence[Source], motif: str, priority: Priorite, lecture: Lecture) -> Pourquoi:
    """The reasons of all sources, none lost: one line a source, ids together."""
    whys = [line.recommandation.pourquoi for line in lines]
    versions: dict[str, str] = {}
    for why in whys:
        versions.update(why.versions)
    versions["restitution"] = lecture.referentiels.versions["restitution"]
    head = f"Priorité {quoted(priority.libelle)} : {motif}."
    joined = f" Réunit {figure(len(lines))} recommandations." if len(lines) > 1 else ""
    reasons = "\n".join(_reason(line, lecture, alone=len(lines) == 1) for line in lines)

    def together(field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for why in whys for one in getattr(why, field)))

    return Pourquoi(
        explication=spaced(f"{head}{joined}\n{reasons}"),
        reponses=tuple(sorted({one for why in whys for one in why.reponses})),
        items=together("items"),
        competences=together("competences"),
        risques=tuple(sorted(together("risques"))),
        regles=tuple(sorted(together("regles"))),
        bases=together("bases"),
        modules=together("modules"),
        fiche=tuple(sorted(together("fiche"))),
        versions=versions,
    )


def _reason(line: Source, lecture: Lecture, alone: bool) -> str:
    """What one step says, in its words; its own action too when several are together, so that they can be parted."""
    done = line.recommandation
    own = "" if alone else f"{_sentence(done.action)} "
    due = f" Échéance : {long_date(done.echeance)}." if done.echeance else ""
    return f"{lecture.referentiels.libelles.code(done.etape)} – {own}{_sentence(done.pourquoi.explication)}{due}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _step_names(lines: Iterable[Source], lecture: Lecture) -> list[str]:
    found = dict.fromkeys(line.recommandation.etape for line in lines)
    return [lecture.referentiels.libelles.code(etape) for etape in lecture.etapes if etape in found]


def _validation(action: Action, lecture: Lecture) -> str:
    """The direction validates actions with the feuille de route; until then, whether their diagnosis is validated."""
    if lecture.is_validated(ETAPE, FEUILLE):
        return VALIDE
    steps = {source.recommandation.etape for source in action.sources}
    return DIAGNOSTIC_VALIDE if all(lecture.is_validated(step) for step in steps) else PROJET


def _order(action: Action) -> tuple[int, date, int, int]:
    return -action.priorite.poids, action.echeance or date.max, action.effort.poids, action.sources[0].ordre
