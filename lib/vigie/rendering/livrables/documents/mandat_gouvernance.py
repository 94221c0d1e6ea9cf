"""The mandate of the network of correspondents, of the commission of ethics, or of both (5.1 to 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ....diagnostics.accompagnement import ResultatAccompagnement
from ....referentiels.gouvernance import Formule
from ...formats import count, is_absent
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import cited

VOIX = {"oui": "voix délibérative", "non": "entendu sans voix"}
PREMIER = 3
"""Number of the first article that the governance points give; those before are in the template."""
LES_DEUX, EXTERNE = "les_deux", "externe"
FORMULE = "formule"
AILLEURS = ("lien_", EXTERNE, FORMULE)
"""Points that the template gives in an article of their own, from the same referentiel."""


@dataclass(frozen=True)
class Article:
    numero: int
    point: str
    proposition: str
    motif: str
    bases: str


def prepare(resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[Piece]:
    gouvernance = contexte.referentiels.gouvernance
    formules = [item for item in gouvernance.formules if resultat.formule in (item.id, LES_DEUX)]
    elsewhere = (*AILLEURS, *(f"{item.id}_" for item in gouvernance.formules))
    points = [line for line in lines(resultat.gouvernance) if not line.id.startswith(elsewhere)]
    articles = [
        Article(number, line.point, line.proposition, line.motif, cited(line.bases, contexte))
        for number, line in enumerate(points, start=PREMIER)
    ]
    yield Piece(
        {
            "resultat": resultat,
            "articles": articles,
            "suivant": PREMIER + len(articles),
            "compositions": [
                (name, _seats(group)) for name, group in resultat.composition.groupby("instance", sort=False)
            ],
            "formules": formules,
            "motifs": list(resultat.gouvernance.loc[resultat.gouvernance["id"].eq(FORMULE), "motif"]),
            "acte": " ; ".join(item.acte for item in formules),
            "externe": gouvernance.externe if _has_outsider(resultat.gouvernance) else None,
            "liens": plain_table(
                "Liens avec les acteurs existants, et limite de chacun",
                ("Acteur", "Lien", "Limite"),
                [(link.acteur, link.lien, link.borne) for link in gouvernance.liens],
            ),
            "reserves": gouvernance.reserves,
        },
        titre=_title(formules),
    )


def _title(formules: list[Formule]) -> str:
    names = [item.libelle[:1].lower() + item.libelle[1:] for item in formules]
    return f"Mandat : {' et '.join(names)}" if names else ""


def _has_outsider(points: pd.DataFrame) -> bool:
    return bool(points["id"].eq(EXTERNE).any())


def _seats(group: pd.DataFrame) -> Table:
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
