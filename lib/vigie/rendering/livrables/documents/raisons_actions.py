"""Why each action of the feuille de route: what each step says of it, then the ids to look up, with their law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...formats import capitalize, plural
from ...pourquoi import base_reference
from ...tables import Table
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table

CITED = 8
"""Answers cited by number on paper; the others are counted, all are in resultats.json."""


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    yield Piece({"raisons": _reasons(resultat, contexte)})


def _reasons(resultat: Any, contexte: Contexte) -> Table:
    """Each action, what each step says of it, then the ids to look up: answers, items, rules, law, sheet."""
    bases = {base.id: base_reference(base, contexte.codes) for base in contexte.referentiels.bases.bases}
    rows = [
        (str(line.rang), capitalize(line.action), line.pourquoi.explication, _chain(line.pourquoi, bases))
        for line in resultat.recommandations
    ]
    return plain_table("Pourquoi chaque action", ("Rang", "Action", "Pourquoi", "Ce qui le montre"), rows)


def _chain(pourquoi: Any, bases: Mapping[str, str]) -> str:
    """« Items : D3.2 », « Bases : RGPD, art. 35 [à vérifier] »… one line a kind, for the reader to look up."""
    kinds = (
        ("Réponses", [f"n° {', '.join(map(str, pourquoi.reponses[:CITED]))}"] if pourquoi.reponses else []),
        ("Items", pourquoi.items),
        ("Compétences", pourquoi.competences),
        ("Risques", pourquoi.risques),
        ("Règles", pourquoi.regles),
        ("Bases", [bases.get(one, one) for one in pourquoi.bases]),
        ("Modules", pourquoi.modules),
        ("Fiche n° 3", pourquoi.fiche),
    )
    rest = len(pourquoi.reponses) - CITED
    more = f" et {plural(rest, 'autre')}" if rest > 0 else ""
    return "\n".join(f"{kind} : {' ; '.join(ids)}{more if kind == 'Réponses' else ''}" for kind, ids in kinds if ids)
