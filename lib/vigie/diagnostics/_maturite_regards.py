"""Points of view compared, dimension by dimension: deciders and agents, declared and lived (A.6, F3-24).

Deciders and agents are compared on the items that both rated: the questionnaire does not ask everyone the same items,
and two groups must not differ because they were asked different things. Each side's figure is the median, over these
items, of its median on each item. The gap is signed, as the method writes it: deciders minus agents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..referentiels.maturite import CotationMaturite
from ._maturite_dimensions import DimensionCotee
from ._maturite_echo import Echo
from ._maturite_items import ItemCote
from .chiffres import at_least, low_median


@dataclass(frozen=True)
class Regard:
    """`communs`: items rated by both deciders and agents; `declare`: mean value of the dimension's rated items."""

    dimension: DimensionCotee
    communs: tuple[str, ...]
    mediane_decideurs: float
    mediane_agents: float
    signale: bool
    declare: float
    vecu: float
    peu_visible: bool

    @property
    def ecart(self) -> float:
        return self.mediane_decideurs - self.mediane_agents

    @property
    def ecart_vecu(self) -> float:
        return self.declare - self.vecu


def compare(dimension: DimensionCotee, echo: Echo, cotation: CotationMaturite) -> Regard:
    """Compares the views of one dimension; unknown where a side said nothing."""
    sides = [
        (item.id, _median(item, cotation.roles_decideurs), _median(item, cotation.roles_agents))
        for item in dimension.items
    ]
    common = [(name, up, down) for name, up, down in sides if up is not None and down is not None]
    deciders = low_median([up for _, up, _ in common])
    agents = low_median([down for _, _, down in common])
    declare, vecu = dimension.mean_value, echo.lived(dimension.id)
    return Regard(
        dimension=dimension,
        communs=tuple(name for name, _, _ in common),
        mediane_decideurs=deciders,
        mediane_agents=agents,
        signale=at_least(deciders - agents, cotation.ecart_decideurs_agents),
        declare=declare,
        vecu=vecu,
        peu_visible=at_least(declare - vecu, cotation.ecart_vecu),
    )


def _median(item: ItemCote, roles: Iterable[str]) -> float | None:
    levels = [niveau for role in item.roles if role.role in roles for niveau in role.niveaux]
    return low_median(levels) if levels else None
