"""The feuille de route: every action of every step, in one order, with its owner, date, proof and reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...formats import capitalize, count, enumerate_words, long_date, plural
from ...pourquoi import base_reference
from ...tables import Table, lines
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, labelled, pilots, plain_table, texts

UNDATED = "À fixer"
CITED = 8
"""Answers cited by number on paper; the others are counted, all are in resultats.json."""


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatRestitution."""
    known = pilots(contexte.referentiels)
    frame = resultat.feuille_de_route
    priorities = [
        (str(priorite), route_table(group, contexte, f"{priorite} : {plural(len(group), 'action')}"))
        for priorite, group in frame.groupby("priorite", sort=False)
    ]
    groups = [(labelled(pilote, known), _ranks(group["rang"])) for pilote, group in frame.groupby("pilote", sort=False)]
    yield Piece(
        {
            "resultat": resultat,
            "nombre": len(frame),
            "alertes": texts(resultat.constats, (ALERTE,)),
            "par_priorite": priorities,
            "par_pilote": groups,
            "raisons": _reasons(resultat, contexte),
        },
        feuilles=[route_sheet(frame, contexte)],
    )


def route_table(frame: Any, contexte: Contexte, caption: str) -> Table:
    """Rank, action, pilot, date, effort, deliverable and proof, validation."""
    known = pilots(contexte.referentiels)
    rows = [
        (
            count(line.rang),
            capitalize(line.action),
            labelled(line.pilote, known),
            long_date(line.echeance) if line.echeance else UNDATED,
            capitalize(contexte.codes.get(line.effort, str(line.effort))),
            f"{line.livrable}\nPreuve : {line.preuve}" if line.preuve else line.livrable,
            capitalize(contexte.codes.get(line.validation, line.validation)),
        )
        for line in lines(frame)
    ]
    headers = ("Rang", "Action", "Pilote", "Échéance", "Effort", "Livrable et preuve", "Validation")
    return plain_table(caption, headers, rows)


def route_sheet(frame: Any, contexte: Contexte) -> Feuille:
    known = pilots(contexte.referentiels)
    shown = frame.assign(pilote=[labelled(pilote, known) for pilote in frame["pilote"]])
    champs: list[Champ | str] = [
        "rang",
        Champ("action", "Action", "texte"),
        Champ("priorite", "Priorité", "texte"),
        Champ("motif", "Motif de la priorité", "texte"),
        Champ("pilote", "Pilote", "texte"),
        Champ("echeance", "", "date"),
        Champ("effort", "Effort"),
        Champ("livrable", "", "texte"),
        Champ("preuve", "", "texte"),
        "validation",
        Champ("etapes", "Étapes d'origine", "texte"),
        Champ("recommandations", "Recommandations réunies", "texte"),
        Champ("pourquoi", "Pourquoi", "texte"),
    ]
    return Feuille("Feuille de route", shown, champs, "une action par ligne, dans l'ordre")


def _ranks(ranks: Iterable[int]) -> str:
    return enumerate_words([count(rank) for rank in ranks])


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
