"""The training plan as the restitution needs it: read from the results of its step when they come from this very
dossier, computed otherwise. The plan is the only step that costs seconds; both ways go through the same JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..dossier import Dossier
from . import plan_formation
from .resultat import ENTREE, Recommandation


@dataclass(frozen=True)
class PlanLu:
    """`non_couverts`, `demandees`: competences left uncovered for someone; those of requests and free resources.
    `desservis`: groups that the plan serves clearly less."""

    agents: int
    sessions: int
    non_couverts: frozenset[str]
    demandees: frozenset[str]
    desservis: tuple[str, ...]
    recommandations: tuple[Recommandation, ...]
    manques: tuple[str, ...]


def read_plan(dossier: Dossier) -> PlanLu:
    """A result of other answers, other contents or another version is not read: it would be silently old."""
    part = dossier.resultats.get(plan_formation.ETAPE, {})
    return _read(part if part.get(ENTREE) == dossier.empreinte else plan_formation.diagnose(dossier).to_json())


def _read(part: Mapping[str, Any]) -> PlanLu:
    tables: Mapping[str, list[dict[str, Any]]] = part["tables"]
    return PlanLu(
        agents=int(part["agents"]),
        sessions=len(tables["sessions"]),
        non_couverts=frozenset(row["competence"] for row in tables["non_couverts"]),
        demandees=frozenset(one for row in tables["creations"] for one in row["competences"].split()),
        desservis=tuple(dict.fromkeys(row["groupe"] for row in tables["equite"] if row["alerte"])),
        recommandations=tuple(Recommandation.from_json(line) for line in part["recommandations"]),
        manques=tuple(part["manques"]),
    )
