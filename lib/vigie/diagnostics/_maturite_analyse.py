"""The whole calculation of the maturity step, before tables and sentences: from a Dossier to rated values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..dossier import Dossier, Etat
from ..referentiels.maturite import CotationMaturite, Maturite, Prealable
from ._maturite_dimensions import Cible, DimensionCotee, rank, rate_dimension
from ._maturite_echo import Echo, rate_echo
from ._maturite_items import ItemCote, rate_item
from ._maturite_regards import Regard, compare
from ._maturite_reponses import Reponse, complete, read_answers, read_decisions
from .chiffres import INCONNU, at_least


@dataclass(frozen=True)
class PrealableVerifie:
    """One condition before an AI tool opens (A.7). An item that nobody rated does not fill it."""

    prealable: Prealable
    item: ItemCote

    @property
    def rempli(self) -> bool:
        return at_least(self.item.valeur, self.prealable.seuil)


@dataclass(frozen=True)
class Participation:
    """Persons of one role: expected (named in the dossier or having answered) and having said something."""

    role: str
    libelle: str
    attendus: int
    exprimes: int

    @property
    def taux(self) -> float:
        return self.exprimes / self.attendus if self.attendus else INCONNU


@dataclass(frozen=True)
class Analyse:
    """`…_sans_motif`: decisions set aside for want of a reason. `etrangers`: targets the questionnaire lacks."""

    dossier: Dossier
    items: tuple[ItemCote, ...]
    dimensions: tuple[DimensionCotee, ...]
    echo: Echo
    regards: tuple[Regard, ...]
    prealables: tuple[PrealableVerifie, ...]
    participation: tuple[Participation, ...]
    arbitrages_sans_motif: tuple[str, ...]
    forcages_sans_motif: tuple[str, ...]
    etrangers: tuple[str, ...]

    @property
    def maturite(self) -> Maturite:
        return self.dossier.referentiels.maturite

    @property
    def cotation(self) -> CotationMaturite:
        return self.maturite.cotation

    @property
    def unfilled(self) -> tuple[PrealableVerifie, ...]:
        return tuple(check for check in self.prealables if not check.rempli)

    def role(self, role: str) -> str:
        """Label of a role, its id when the questionnaire does not know it."""
        return next((known.libelle for known in self.maturite.roles if known.id == role), role)


def analyse(dossier: Dossier) -> Analyse:
    """Rates everything. The order of the answers does not matter; nothing is read outside the dossier."""
    maturite = dossier.referentiels.maturite
    cotation = maturite.cotation
    answers = read_answers(dossier, "niveau")
    arbitrages, unmotivated = read_decisions(dossier, "arbitrage")
    forcages, unforced = read_decisions(dossier, "forcage")
    completed = complete(maturite.items.values(), answers)
    scale = [niveau.niveau for niveau in maturite.niveaux]
    bounds = (float(min(scale)), float(max(scale)))
    cibles = _targets(dossier)
    rated = {
        dimension.id: tuple(
            rate_item(dimension.id, item, completed[item.id], arbitrages.get(item.id), cotation, bounds)
            for item in dimension.items
        )
        for dimension in maturite.dimensions
    }
    dimensions = rank(
        [
            rate_dimension(dimension, rated[dimension.id], forcages.get(dimension.id), cibles[dimension.id], cotation)
            for dimension in maturite.dimensions
        ]
    )
    echo_answers = read_answers(dossier, "accord")
    echo = rate_echo(maturite, echo_answers, dossier.structure.effectif)
    items = {item.id: item for group in rated.values() for item in group}
    return Analyse(
        dossier=dossier,
        items=tuple(items.values()),
        dimensions=dimensions,
        echo=echo,
        regards=tuple(compare(dimension, echo, cotation) for dimension in dimensions),
        prealables=tuple(PrealableVerifie(check, items[check.item]) for check in cotation.prealables),
        participation=_participation(dossier, answers),
        arbitrages_sans_motif=unmotivated,
        forcages_sans_motif=unforced,
        etrangers=_strangers(maturite, [*answers, *arbitrages], [*forcages], [*echo_answers]),
    )


def _targets(dossier: Dossier) -> dict[str, Cible]:
    """Advised and retained target of each dimension. Of several decisions, the last by date holds (A.7)."""
    situation = dossier.structure.situation
    maturite = dossier.referentiels.maturite
    advised = next(known.cibles for known in maturite.cotation.situations if known.id == situation)
    cibles = {dimension.id: Cible(float(advised[dimension.id])) for dimension in maturite.dimensions}
    decisions = dossier.cibles.dropna(subset=["cible"]).sort_values("date", kind="stable")
    columns = (decisions[name] for name in ("dimension", "cible", "date", "decision"))
    for dimension, value, day, decision in zip(*columns, strict=True):
        if dimension in cibles:
            conseillee = cibles[dimension].conseillee
            cibles[dimension] = Cible(conseillee, float(value), date=str(day), decision=str(decision))
    return cibles


def _participation(dossier: Dossier, answers: Mapping[str, Iterable[Reponse]]) -> tuple[Participation, ...]:
    silent = (Etat.NON_REPONDU, Etat.MASQUE)
    given = [answer for group in answers.values() for answer in group]
    present = {(answer.role, answer.repondant) for answer in given}
    spoken = {(answer.role, answer.repondant) for answer in given if answer.etat not in silent}
    named = dossier.repondants
    expected = present | set(zip(named["role"], named["id"], strict=True))
    return tuple(
        Participation(
            role=role.id,
            libelle=role.libelle,
            attendus=sum(found == role.id for found, _ in expected),
            exprimes=sum(found == role.id for found, _ in spoken),
        )
        for role in dossier.referentiels.maturite.roles
    )


def _strangers(
    maturite: Maturite, items: Iterable[str], dimensions: Iterable[str], echo: Iterable[str]
) -> tuple[str, ...]:
    """Targets of answers given to another version of the questionnaire: not counted, but said."""
    known_dimensions = {dimension.id for dimension in maturite.dimensions}
    known_echo = {item.id for item in maturite.echo.items}
    strangers = set(items) - set(maturite.items) | set(dimensions) - known_dimensions | set(echo) - known_echo
    return tuple(sorted(strangers))
