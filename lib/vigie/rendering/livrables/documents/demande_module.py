"""Requests to create, adapt or share a module (D.4): one document, in which each request is a complete sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ... import formats
from ...formation import aimed, audience, level_words
from ...tables import lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._plan_formation_tables import audience_labels

LIBRE_ACCES = "libre_acces"
"""A rank 3 need calls for a free resource, not for a request."""

UNPRINTED = "non publiable"


@dataclass(frozen=True)
class Fiche:
    """A request as a person reads it. `echeance` is empty when it is not known."""

    demande: str
    decision: str
    motif: str
    public: str
    effectif: str
    competences: tuple[tuple[str, tuple[str, ...]], ...]
    """(« B1 Repérer… (niveaux 2 à 3) », what a person knows how to do at each level)."""
    echeance: str
    pilotes: tuple[str, ...]
    gisements: tuple[str, ...]


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation; no document when nothing is asked for."""
    creation = contexte.referentiels.parcours_formation.creation
    rows = resultat.creations[resultat.creations["decision"].ne(LIBRE_ACCES)]
    if rows.empty:
        return
    fiches = [_sheet(line, contexte) for line in lines(rows)]
    yield Piece(
        {
            "fiches": fiches,
            "resume": plain_table(
                "Les demandes",
                ("Demande", "Décision proposée", "Compétences et niveaux", "Échéance"),
                [
                    (one.demande, one.decision, "\n".join(name for name, _ in one.competences), one.echeance)
                    for one in fiches
                ],
            ),
            "minimum": creation.gisements_minimum,
            "sources": [source.libelle for source in creation.gisements if source.requis],
            "avance": formats.plural(contexte.referentiels.parcours_formation.calendrier.avance_mois, "mois", "mois"),
        }
    )


def _sheet(line: Any, contexte: Contexte) -> Fiche:
    creation = contexte.referentiels.parcours_formation.creation
    decisions: Mapping[str, str] = {str(name): text for name, text in creation.decisions.items()}
    known = audience_labels(contexte)
    unread = formats.is_absent(line.effectif)
    return Fiche(
        demande=line.demande,
        decision=decisions.get(line.decision, line.decision),
        motif=line.motif.partition(" : ")[0],
        public=audience(known)(line.public) if {*known} & {*line.public.split()} else UNPRINTED,
        effectif=UNPRINTED if unread else formats.plural(int(line.effectif), "agent concerné", "agents concernés"),
        competences=tuple(_aims(line.niveaux, contexte)),
        echeance=formats.long_date(line.echeance) if line.echeance else "",
        pilotes=tuple(part.strip() for part in str(line.pilotes).split(";") if part.strip()),
        gisements=tuple(part.strip() for part in str(line.gisements).split(" ; ") if part.strip()),
    )


def _aims(niveaux: str, contexte: Contexte) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = {entry.id: entry for entry in contexte.referentiels.competences.competences}
    for name, (low, high) in aimed(niveaux).items():
        steps: dict[int, str] = {int(step): text for step, text in known[name].niveaux.items()}
        texts = tuple(f"Niveau {step} : {_inside(steps[step])}" for step in range(low, high + 1) if step in steps)
        yield f"{name} {known[name].libelle} ({level_words(low, high)})", texts


def _inside(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")
