"""The mandate of the network of correspondents, of the commission of ethics, or of both (5.1 to 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ....referentiels.gouvernance import Formule
from ...formats import count, is_absent
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._droit import cite
from ._gouvernance import cited

VOIX = {"oui": "voix délibérative", "non": "entendu sans voix"}
PREMIER = 3
"""Number of the first article that the governance points give; those before are in the template."""


@dataclass(frozen=True)
class Article:
    numero: int
    point: str
    proposition: str
    motif: str
    bases: str


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatAccompagnement."""
    articles = [
        Article(number, line.point, line.proposition, line.motif, cited(line.bases, contexte))
        for number, line in enumerate(lines(resultat.gouvernance), start=PREMIER)
    ]
    bases = {base.id: cite(base, contexte.codes) for base in contexte.referentiels.bases.bases}
    yield Piece(
        {
            "resultat": resultat,
            "articles": articles,
            "suivant": PREMIER + len(articles),
            "compositions": [
                (name, _seats(group)) for name, group in resultat.composition.groupby("instance", sort=False)
            ],
            "formules": _formulas(resultat, contexte),
            "externe": contexte.referentiels.gouvernance.externe,
            "liens": plain_table(
                "Liens avec les acteurs existants, et limite de chacun",
                ("Acteur", "Lien", "Limite"),
                [(link.acteur, link.lien, link.borne) for link in contexte.referentiels.gouvernance.liens],
            ),
            "mois": contexte.referentiels.gouvernance.criteres.mandat_mois,
            "reserves": contexte.referentiels.gouvernance.reserves,
            "base": bases.__getitem__,
        }
    )


def _formulas(resultat: Any, contexte: Contexte) -> list[Formule]:
    """The network, the commission or both: those whose seats the Resultat proposes."""
    proposed = " ".join(resultat.composition["instance"].unique()).lower()
    return [
        formula
        for formula in contexte.referentiels.gouvernance.formules
        if formula.libelle.lower() in proposed or formula.id in proposed.split()
    ]


def _seats(group: Any) -> Table:
    rows = [
        (
            line.siege,
            "" if is_absent(line.nombre) else count(line.nombre),
            line.profil,
            VOIX.get(line.voix, line.voix),
            line.motif,
        )
        for line in lines(group)
    ]
    headers = ("Siège", "Nombre", "Profil", "Voix", "Motif")
    return plain_table(f"Composition : {group['instance'].iloc[0]}", headers, rows, numeric=(1,))
