"""Small groups: which audiences of a table line may be printed, and under what grouping; which headcounts.

Three rules, in this order, on one line (one competence) whose audiences share nobody:

1. an audience that may not be printed is grouped with its neighbours, in the order of the referentiel, until the group
   may be;
2. an audience that no neighbour can help so is masked;
3. when something is masked while the line's total is printed, « total − printed audiences » gives the masked ones
   taken together: printed groups join the masked ones, the smallest first, until what is left may be printed too
   (hence at least two masked audiences, §4.3).

A group may be printed when it reaches the threshold, and, short of a higher number, when it is not of one kind: of
twelve people who all have a need, the count tells each one's result. Nothing says which of the two reasons masks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

PUBLIE, REGROUPE, MASQUE = "publie", "regroupe", "masque"
Cle = TypeVar("Cle", bound=Hashable)


def may_print(effectif: float, besoin: float | None, seuil: int, seuil_homogene: int = 0) -> bool:
    """Whether the figures of a group may be printed. `besoin`: how many of them have the need, None when not asked."""
    of_one_kind = besoin is not None and besoin in (0, effectif)
    return effectif >= (max(seuil, seuil_homogene) if of_one_kind else seuil)


@dataclass(frozen=True)
class Groupe:
    """Audiences printed together, in the order of the referentiel. `etat`: publie, regroupe or masque."""

    publics: tuple[str, ...]
    effectif: int
    etat: str


def group_audiences(
    effectifs: Mapping[str, int],
    ordre: Sequence[str],
    voisins: Mapping[str, Sequence[str]],
    seuil: int,
    besoins: Mapping[str, int] | None = None,
    seuil_homogene: int = 0,
) -> tuple[Groupe, ...]:
    """Groups that cover each audience of `effectifs` once, in the order of `ordre`.

    `effectifs`: audience → number of people behind its figures (0 is under the threshold too). `besoins`: how many of
    them have the need, when groups of one kind are to be protected too. A masked group always holds one audience:
    nothing is said of several masked audiences together.
    """
    presents = [public for public in ordre if public in effectifs]

    def sound(publics: Iterable[str]) -> bool:
        membres = tuple(publics)
        besoin = None if besoins is None else sum(besoins[public] for public in membres)
        return may_print(sum(effectifs[public] for public in membres), besoin, seuil, seuil_homogene)

    fusions = _merge_small(effectifs, presents, voisins, sound)
    visibles = [groupe for groupe in fusions if sound(groupe.publics)]
    masques = [groupe for groupe in fusions if not sound(groupe.publics)]
    while masques and visibles and not sound(public for groupe in masques for public in groupe.publics):
        smallest = min(visibles, key=lambda groupe: (groupe.effectif, presents.index(groupe.publics[0])))
        visibles.remove(smallest)
        masques.append(smallest)
    isoles = [Groupe((public,), effectifs[public], MASQUE) for groupe in masques for public in groupe.publics]
    return tuple(sorted([*visibles, *isoles], key=lambda groupe: presents.index(groupe.publics[0])))


def hide_counts(
    effectifs: Mapping[Cle, int], sommes: Iterable[Collection[Cle]], seuil: int, masques: Collection[Cle] = ()
) -> frozenset[Cle]:
    """Headcounts not to print: those under the threshold, nobody aside, and those that a known sum would give back.

    `sommes`: the keys of each sum that a reader may know, the whole included; in each of them, what is masked counts
    together no one or at least `seuil` people. `masques`: keys masked already.
    """
    sommes = [tuple(somme) for somme in (*sommes, effectifs)]
    caches = {cle for cle, nombre in effectifs.items() if 0 < nombre < seuil} | set(masques)
    before = -1
    while len(caches) != before:
        before = len(caches)
        for somme in sommes:
            visibles = sorted((cle for cle in somme if effectifs[cle] and cle not in caches), key=effectifs.__getitem__)
            while visibles and 0 < sum(effectifs[cle] for cle in somme if cle in caches) < seuil:
                caches.add(visibles.pop(0))
    return frozenset(caches)


def _merge_small(
    effectifs: Mapping[str, int],
    presents: Sequence[str],
    voisins: Mapping[str, Sequence[str]],
    sound: Callable[[Iterable[str]], bool],
) -> list[Groupe]:
    """Rule 1: each audience takes its neighbours one after the other until the group may be printed."""
    membres = {public: frozenset([public]) for public in presents}
    for public in presents:
        for voisin in voisins.get(public, ()):
            if sound(membres[public]):
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
