"""Requests to create, adapt or share a training module: one complete sheet a request (D.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ... import formats
from ...html import slug
from ...tables import lines
from ..contexte import Contexte
from ..pieces import Piece
from ._formation import audience

LIBRE_ACCES = "libre_acces"
"""A rank 3 need calls for a free resource, not for a request."""


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation; one document a row of `creations`, free resources left out."""
    known = {entry.id: entry for entry in contexte.referentiels.competences.competences}
    who = audience(contexte)
    creation = contexte.referentiels.parcours_formation.creation
    decisions = {str(name): text for name, text in creation.decisions.items()}
    for line in lines(resultat.creations[resultat.creations["decision"].ne(LIBRE_ACCES)]):
        ids = str(line.competences).replace(",", " ").split()
        level = "" if formats.is_absent(line.niveau_vise) else formats.count(line.niveau_vise)
        targeted = [
            f"{name} {known[name].libelle}{_aim(known[name].niveaux, line.niveau_vise)}" if name in known else name
            for name in ids
        ]
        yield Piece(
            {
                "demande": line,
                "decision": decisions.get(line.decision, line.decision),
                "minimum": creation.gisements_minimum,
                "sources": [source.libelle for source in creation.gisements if source.requis],
                "competences": targeted,
                "niveau": level,
                "public": who(line.public),
                "effectif": line.effectif,
                "echeance": formats.long_date(line.echeance) if line.echeance else "",
                "pilotes": [part.strip() for part in str(line.pilotes).split(",") if part.strip()],
                "gisements": [part.strip() for part in str(line.gisements).split(";") if part.strip()],
            },
            suffixe=slug(str(line.demande)),
            soustitre=f"Demande {line.demande}",
        )


def _aim(niveaux: Any, vise: object) -> str:
    """« : ce que la personne sait faire au niveau visé »."""
    if formats.is_absent(vise):
        return ""
    text = niveaux.get(int(float(str(vise))), "")
    return f" : {text[:1].lower()}{text[1:]}".rstrip(".") if text else ""
