"""The agents' anonymous écho: what may be published, item by item (A.5, small groups).

One group answers: the structure. An item rated by fewer agents than the threshold is withheld with its headcount, so
are all items when the structure itself is under the threshold, and an item withheld alone takes the smallest
published one with it: a reader who knows a total (the structures of a ministry added up, a former edition) could
otherwise work the single missing line out. An item that nobody rated, in a structure over the threshold, hides no
group and takes no other with it. Of a group that is not large, an item on which everyone agrees, or nobody, is
withheld too, without saying so: each one's answer would be known. Answers of the écho are never cited by id:
consecutive ids are one person's answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..dossier import Etat
from ..referentiels.maturite import Maturite
from ._maturite_reponses import Reponse
from .chiffres import INCONNU, low_median, over
from .petits_effectifs import may_print

Retrait = Literal["", "seuil", "complementaire", "sans_reponse", "masque"]


@dataclass(frozen=True)
class EchoItem:
    """One statement. Levels are kept only when published."""

    item: str
    dimension: str
    enonce: str
    niveaux: tuple[float, ...]
    retrait: Retrait
    milieu: float
    """The middle of the scale of agreement: over it, an answer agrees."""

    @property
    def publie(self) -> bool:
        return not self.retrait

    @property
    def effectif(self) -> float:
        return float(len(self.niveaux)) if self.publie else INCONNU

    @property
    def mediane(self) -> float:
        return low_median(self.niveaux)

    @property
    def part_accord(self) -> float:
        agree = sum(over(niveau, self.milieu) for niveau in self.niveaux)
        return agree / len(self.niveaux) if self.publie else INCONNU


@dataclass(frozen=True)
class Echo:
    """`repondants`: the most answered item's number of answers, whatever their state, since nobody is identified."""

    items: tuple[EchoItem, ...]
    repondants: int
    effectif: int

    @property
    def taux(self) -> float:
        return self.repondants / self.effectif

    def lived(self, dimension: str) -> float:
        """Median of the published items of a dimension, all answers together; unknown without any."""
        return low_median([niveau for item in self.items if item.dimension == dimension for niveau in item.niveaux])


def rate_echo(maturite: Maturite, reponses: Mapping[str, Sequence[Reponse]], effectif: int) -> Echo:
    """`reponses`: answers of measure « accord » by item; `effectif`: agents invited to answer."""
    shown = {
        item.id: [answer for answer in reponses.get(item.id, ()) if answer.etat is not Etat.MASQUE]
        for item in maturite.echo.items
    }
    repondants = max(map(len, shown.values()), default=0)
    hidden = {item_id for item_id, answers in shown.items() if reponses.get(item_id) and not answers}
    niveaux = {
        item_id: tuple(sorted(answer.niveau for answer in answers if answer.rated))
        for item_id, answers in shown.items()
    }
    counts = {item_id: len(values) for item_id, values in niveaux.items() if item_id not in hidden}
    milieu = (min(maturite.echo.accords) + max(maturite.echo.accords)) / 2
    accords = {item_id: sum(over(niveau, milieu) for niveau in niveaux[item_id]) for item_id in counts}
    cotation = maturite.cotation
    retraits = withheld(counts, repondants, cotation.seuil_publication, accords, cotation.seuil_homogene)
    retraits |= dict.fromkeys(hidden, "masque")
    items = tuple(
        EchoItem(
            item=item.id,
            dimension=item.dimension,
            enonce=item.enonce,
            niveaux=() if retraits.get(item.id) else niveaux[item.id],
            retrait=retraits.get(item.id, ""),
            milieu=milieu,
        )
        for item in maturite.echo.items
    )
    return Echo(items, repondants, effectif)


def withheld(
    counts: Mapping[str, int],
    repondants: int,
    seuil: int,
    accords: Mapping[str, int] | None = None,
    seuil_homogene: int = 0,
) -> dict[str, Retrait]:
    """Items not to publish and why. `counts`: rated answers by item, `accords`: those that agree; `repondants`: of the
    whole group."""
    if repondants < seuil:
        return dict.fromkeys(counts, "seuil")
    retraits: dict[str, Retrait] = {}
    for item, count in counts.items():
        if count == 0:
            retraits[item] = "sans_reponse"
        elif count < seuil:
            retraits[item] = "seuil"
    published = [item for item in counts if item not in retraits]
    if list(retraits.values()).count("seuil") == 1 and published:
        retraits[min(published, key=lambda item: counts[item])] = "complementaire"
    for item in published:
        if accords is not None and not may_print(counts[item], accords[item], seuil, seuil_homogene):
            retraits[item] = "complementaire"
    return retraits
