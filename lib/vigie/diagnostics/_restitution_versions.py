"""Which contents of two campagnes may be compared: the same ones, noted changes aside (small groups, 4.3).

A referentiel of another version is compared only when the ministry wrote what changed since, and when that is no more
than the share admitted; what changed is never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..dossier import Dossier
from .chiffres import over
from .phrases import count
from .typographie import spaced

VERSIONS = {
    "referentiel": "str",
    "version_avant": "str",
    "version_apres": "str",
    "changes": "str",  # ids whose content changed
    "comparable": "bool",
    "motif": "str",
}


@dataclass(frozen=True)
class Comparaison:
    """One referentiel between two campagnes. `changes`: ids never compared; `motif`: why nothing is, or what is not."""

    referentiel: str
    avant: str
    apres: str
    changes: frozenset[str]
    comparable: bool
    motif: str

    def admits(self, *ids: str) -> bool:
        return self.comparable and not self.changes.intersection(ids)


def compare_versions(before: Dossier, now: Dossier) -> dict[str, Comparaison]:
    """Referentiel → what of it may be compared."""
    referentiels = now.referentiels
    ids = {
        "maturite": [item.id for dimension in referentiels.maturite.dimensions for item in dimension.items],
        "competences": [one.id for one in referentiels.competences.competences],
        "risques": [one.id for one in referentiels.risques.risques],
        "regles": [one.id for one in referentiels.regles.regles],
    }
    limit = referentiels.restitution.comparaison.part_changee_max
    return {name: _compare(name, known, before, now, limit) for name, known in ids.items()}


def version_rows(comparaisons: Iterable[Comparaison]) -> Iterator[dict[str, Any]]:
    for one in comparaisons:
        yield {
            "referentiel": one.referentiel,
            "version_avant": one.avant,
            "version_apres": one.apres,
            "changes": " ".join(sorted(one.changes)),
            "comparable": one.comparable,
            "motif": spaced(one.motif),
        }


def _compare(name: str, ids: list[str], before: Dossier, now: Dossier, limit: float) -> Comparaison:
    today = now.referentiels.versions[name]
    then, current = before.campagne.versions.get(name, today), now.campagne.versions.get(name, today)
    if then == current:
        return Comparaison(name, then, current, frozenset(), True, "même version : tout se compare")
    if name not in before.campagne.modifies:
        why = "version différente, et les changements n'ont pas été notés : rien ne se compare"
        return Comparaison(name, then, current, frozenset(), False, why)
    changed = frozenset(before.campagne.modifies[name]) & frozenset(ids)
    share = f"{count(len(changed), 'élément changé', 'éléments changés')} sur {len(ids)}"
    if over(len(changed) / len(ids), limit):
        return Comparaison(name, then, current, changed, False, f"{share}, trop pour comparer : rien ne se compare")
    return Comparaison(name, then, current, changed, True, f"{share} : ce qui a changé ne se compare pas")
