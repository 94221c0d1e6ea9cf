"""Small groups: which audiences of a table line may be printed, and under what grouping.

Three rules, in this order, on one line (one competence) whose audiences share nobody:

1. an audience under the threshold is grouped with its neighbours, in the order of the referentiel, until the group
   reaches the threshold;
2. an audience that no neighbour can carry over the threshold is masked;
3. when something is masked while the line's total is printed, « total − printed audiences » gives the masked ones
   taken together: printed groups join the masked ones, the smallest first, until they count together as many
   people as the threshold asks for (hence at least two masked audiences, §4.3).

The threshold protects people, not figures: a group that is printed may be entirely of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PUBLIE, REGROUPE, MASQUE = "publie", "regroupe", "masque"


@dataclass(frozen=True)
class Groupe:
    """Audiences printed together, in the order of the referentiel. `etat`: publie, regroupe or masque."""

    publics: tuple[str, ...]
    effectif: int
    etat: str


def group_audiences(
    effectifs: Mapping[str, int], ordre: Sequence[str], voisins: Mapping[str, Sequence[str]], seuil: int
) -> tuple[Groupe, ...]:
    """Groups that cover each audience of `effectifs` once, in the order of `ordre`.

    `effectifs`: audience → number of people behind its figures (0 is under the threshold too). A masked group always
    holds one audience: nothing is said of several masked audiences together.
    """
    presents = [public for public in ordre if public in effectifs]
    fusions = _merge_small(effectifs, presents, voisins, seuil)
    visibles = [groupe for groupe in fusions if groupe.effectif >= seuil]
    masques = [groupe for groupe in fusions if groupe.effectif < seuil]
    while masques and visibles and not _safe(masques, seuil):
        smallest = min(visibles, key=lambda groupe: (groupe.effectif, presents.index(groupe.publics[0])))
        visibles.remove(smallest)
        masques.append(smallest)
    isoles = [Groupe((public,), effectifs[public], MASQUE) for groupe in masques for public in groupe.publics]
    return tuple(sorted([*visibles, *isoles], key=lambda groupe: presents.index(groupe.publics[0])))


def _safe(masques: Sequence[Groupe], seuil: int) -> bool:
    """True when subtracting the printed audiences from the total says nothing of a small group.

    One small audience alone never reaches the threshold: at least two are then masked.
    """
    return sum(groupe.effectif for groupe in masques) >= seuil


def _merge_small(
    effectifs: Mapping[str, int], presents: Sequence[str], voisins: Mapping[str, Sequence[str]], seuil: int
) -> list[Groupe]:
    """Rule 1: each small audience takes its neighbours one after the other until the threshold is reached."""
    membres = {public: frozenset([public]) for public in presents}
    for public in presents:
        for voisin in voisins.get(public, ()):
            if sum(effectifs[membre] for membre in membres[public]) >= seuil:
                break
            if voisin in membres:
                union = membres[public] | membres[voisin]
                membres.update(dict.fromkeys(union, union))
    groupes = []
    for ensemble in dict.fromkeys(membres[public] for public in presents):
        publics = tuple(public for public in presents if public in ensemble)
        effectif = sum(effectifs[public] for public in publics)
        groupes.append(Groupe(publics, effectif, PUBLIE if len(publics) == 1 else REGROUPE))
    return groupes
