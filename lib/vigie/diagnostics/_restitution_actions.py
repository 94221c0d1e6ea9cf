"""Which recommandations of the steps are one deed, and where each stands on the common scale (restitution.yaml).

Each recommandation has one key, and the recommandations of a key are one action: its merge when one is written (found
by its id, else by the only item, else by the only rule that it is about), else its only item, its only rule, its
livrable. Keys never chain: two recommandations are together because of the referentiel, not because of a third one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain

from ..referentiels.restitution import Classement, Effort, Fusion, Priorite, Restitution
from ._restitution_lecture import Lecture
from .chiffres import at_least
from .jours_ouvres import add_months
from .resultat import Recommandation

COMMUNICATION = "-COM"
"""End of the id of an action that makes known what exists: never a condition before a tool opens."""


@dataclass(frozen=True)
class Source:
    """One recommandation of a step, placed. `ordre`: its place among all, steps in their order."""

    recommandation: Recommandation
    ordre: int
    cle: str
    fusion: Fusion | None
    priorite: Priorite
    motif: str
    effort: Effort
    proposee: date | None
    """Deadline that the common scale proposes."""


def sources(lecture: Lecture) -> tuple[Source, ...]:
    """Every recommandation of every step."""
    return tuple(_place(line, rank, lecture) for rank, line in enumerate(lecture.recommandations))


def group(lines: Iterable[Source]) -> dict[str, list[Source]]:
    """Key → its sources, the one that leads first: the most pressing, then in the order of the steps."""
    found: dict[str, list[Source]] = {}
    for source in sorted(lines, key=lambda one: (-one.priorite.poids, one.ordre)):
        found.setdefault(source.cle, []).append(source)
    return found


def pilot(line: Recommandation, lecture: Lecture) -> str:
    """One of the three pilots: the step's own, else that of whoever answers for the rule."""
    pilotes = lecture.referentiels.restitution.pilotes
    known = [role.id for role in lecture.referentiels.maturite.roles if role.pilote]
    if line.pilote in known:
        return line.pilote
    answering = {regle.id: regle.responsable for regle in lecture.referentiels.regles.regles}
    who = [line.pilote, *(answering.get(regle, "") for regle in line.pourquoi.regles[:1])]
    return next((pilotes.responsables[one] for one in who if one in pilotes.responsables), pilotes.par_defaut)


def matches(ident: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(ident, pattern) for pattern in patterns)


def _place(line: Recommandation, rank: int, lecture: Lecture) -> Source:
    scale = lecture.referentiels.restitution
    fusion = _merge(line, lecture)
    classement = next(one for one in scale.classements if _fits(one, line, lecture))
    months = classement.delai_mois
    return Source(
        recommandation=line,
        ordre=rank,
        cle=_key(line, fusion, scale),
        fusion=fusion,
        priorite=next(one for one in scale.priorites if one.id == classement.priorite),
        motif=classement.motif,
        effort=_effort(line.id, scale),
        proposee=add_months(lecture.jour, months) if months else None,
    )


def _key(line: Recommandation, fusion: Fusion | None, scale: Restitution) -> str:
    if matches(line.id, scale.separees):
        return line.id
    if fusion:
        return fusion.id
    why = line.pourquoi
    return _only(why.items) or _only(why.regles) or line.livrable or line.id


def _merge(line: Recommandation, lecture: Lecture) -> Fusion | None:
    scale = lecture.referentiels.restitution
    if matches(line.id, scale.separees):
        return None
    why = line.pourquoi
    rank = need_rank(line, lecture)
    item, regle = _only(why.items), _only(why.regles)
    by_id = (one for one in scale.fusions if matches(line.id, one.actions) and one.besoin_rang in (None, rank))
    by_item = (one for one in scale.fusions if item in one.items)
    by_rule = (one for one in scale.fusions if regle in one.regles)
    return next(chain(by_id, by_item, by_rule), None)


def _only(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else ""


def need_rank(line: Recommandation, lecture: Lecture) -> int | None:
    """Rank of the need behind a recommandation about one competence."""
    return lecture.rangs.get(_only(line.pourquoi.competences))


def _fits(one: Classement, line: Recommandation, lecture: Lecture) -> bool:
    """Every condition given holds."""
    return all(_conditions(one, line, lecture))


def _conditions(one: Classement, line: Recommandation, lecture: Lecture) -> Iterator[bool]:
    if one.etape:
        yield line.etape == one.etape
    if one.actions:
        yield matches(line.id, one.actions)
    if one.priorite_min is not None:
        yield at_least(line.priorite, one.priorite_min)
    if one.prealable:
        yield not line.id.endswith(COMMUNICATION) and bool(lecture.prealables.intersection(line.pourquoi.items))
    if one.besoin_rang is not None:
        yield need_rank(line, lecture) == one.besoin_rang


def _effort(ident: str, scale: Restitution) -> Effort:
    usual = next(one for one in scale.efforts if not one.actions)
    return next((one for one in scale.efforts if matches(ident, one.actions)), usual)
