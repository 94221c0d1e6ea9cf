"""Why each action of the feuille de route: what each step says of it, then the ids to look up, with their law."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...formats import capitalize, plural
from ..contexte import Contexte
from ..pieces import Piece
from ._droit import cite

BASES = re.compile(r" Bases\s: [^()]+ \([^)]*\)(?:, [^()]+ \([^)]*\))*\.")
"""What an explanation says with ids of the law: here it follows, as the law is cited."""
CITED = 8
"""Answers cited by number on paper; the others are counted, all are in resultats.json."""


@dataclass(frozen=True)
class Raison:
    """`etapes`: what each step says, in its words; `preuves`: the ids, by kind, for the reader to look up."""

    rang: int
    action: str
    motif: str
    etapes: tuple[str, ...]
    preuves: str


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    bases = {base.id: cite(base, contexte.codes) for base in contexte.referentiels.bases.bases}
    yield Piece({"raisons": [_reason(line, bases) for line in resultat.recommandations]})


def _reason(line: Any, bases: Mapping[str, str]) -> Raison:
    motif, *etapes = BASES.sub("", line.pourquoi.explication).split("\n")
    return Raison(
        line.rang, capitalize(line.action), motif, tuple(etapes), f"{'. '.join(_proofs(line.pourquoi, bases))}."
    )


def _proofs(pourquoi: Any, bases: Mapping[str, str]) -> Iterator[str]:
    """« Items : D3.2 », « Bases : RGPD, art. 35 [à vérifier] »…"""
    kinds = (
        ("Items", pourquoi.items),
        ("Compétences", pourquoi.competences),
        ("Risques", pourquoi.risques),
        ("Règles", pourquoi.regles),
        ("Bases", [bases.get(one, one) for one in pourquoi.bases]),
        ("Modules", pourquoi.modules),
        ("Fiche n° 3", pourquoi.fiche),
    )
    yield from (f"{kind} : {' ; '.join(ids)}" for kind, ids in kinds if ids)
    cited = pourquoi.reponses[:CITED]
    if cited:
        rest = len(pourquoi.reponses) - len(cited)
        more = f" et {plural(rest, 'autre')}" if rest else ""
        yield f"Réponses : n° {', '.join(map(str, cited))}{more}"
