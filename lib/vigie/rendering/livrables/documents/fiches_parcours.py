"""One sheet a training path: for whom, how long, which modules, what is due before a tool opens and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ... import formats
from ...formation import audience, code_list, duration, hours
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._plan_formation_tables import audience_labels


@dataclass(frozen=True)
class Fiche:
    """A path as a person reads it. `effectif` is empty when it may not be printed."""

    parcours: str
    libelle: str
    public: str
    effectif: str
    duree: str
    contenu: str
    avant: str
    apres: str
    competences: tuple[str, ...]
    metier: bool
    """The competences of the agent's own job come on top."""
    modules: Table


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation."""
    who = audience(audience_labels(contexte))
    content = contexte.referentiels.parcours_formation
    known = {path.id: path for path in content.parcours}
    names = {line.module: line for line in lines(resultat.modules)}
    fiches = [
        Fiche(
            line.parcours,
            line.libelle,
            who(line.public),
            _headcount(line.effectif),
            duration(line.duree_min_h, line.duree_max_h),
            known[line.parcours].contenu if line.parcours in known else "",
            contexte.codes.get(line.avant_ouverture, line.avant_ouverture),
            line.apres,
            _competences(line.parcours, contexte),
            line.parcours in known and known[line.parcours].competences_metier,
            _modules(line.modules, names),
        )
        for line in lines(resultat.parcours)
    ]
    yield Piece({"fiches": fiches, "regles": [rule.regle for rule in content.regles], "reserves": content.reserves})


def _headcount(effectif: float) -> str:
    if formats.is_absent(effectif):
        return ""
    return formats.plural(int(effectif), "agent") if effectif else "aucun agent à ce jour"


def _competences(parcours: str, contexte: Contexte) -> tuple[str, ...]:
    """Competences of a path, those of the paths it takes up included, written in full."""
    content = contexte.referentiels.parcours_formation
    labels = {entry.id: entry.libelle for entry in contexte.referentiels.competences.competences}
    path = next((one for one in content.parcours if one.id == parcours), None)
    return tuple(f"{name} {labels[name]}" for name in content.competences_of(path)) if path else ()


def _modules(cell: str, names: dict[str, Any]) -> Table:
    known = [names[name] for name in str(cell).split() if name in names]
    rows = [(one.titre, one.organisme, hours(one.duree_h), code_list(one.competences)) for one in known]
    return plain_table("Modules du parcours", ("Module", "Organisme", "Durée", "Compétences"), rows)
