"""Dossiers of skills from a case: groups of agents with their levels, and ratings of tasks (see `build`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from vigie.dossier import AGENTS, Dossier
from vigie.referentiels import Referentiels

from .dossiers import answer_frame, bare_dossier, level_or_state

KEYS = {
    "metiers": ["metier"],
    "taches": ["tache"],
    "besoins": ["competence"],
    "synthese": ["competence", "public"],
    "douces": ["competence"],
    "maintenir": ["competence"],
    "profils": ["metier"],
    "urgences": ["public", "mise_en_service"],
    "individuel": ["agent", "competence"],
}
DESCRIPTION = {"structure", "agents", "cotations"}
GROUPE = {"id", "nombre", "niveaux", *AGENTS}
COTATION = {"metier", "par", "role", "notes", "parts", "natures"}


def build(cas: Mapping[str, Any], referentiels: Referentiels | None = None) -> Dossier:
    """A dossier from a case.

    agents: groups {id, nombre, metier, publics, mise_en_service…, niveaux}; agents are named « id-1 », « id-2 »…
    niveaux: competence → a level or a state declared by each agent (mode auto), or mode → level, state or
    {niveau, date}; `"*"` is what they declare for every other competence.
    cotations: {metier, par, role, notes: {T1: 0.5 or a state}, parts: {T1: 0.2}, natures: {T1: H}}.
    """
    unknown = set(cas) - DESCRIPTION - {"nom", "source", "calcul", "attendu"}
    assert not unknown, f"clés inconnues : {unknown}"
    dossier = bare_dossier(referentiels, **cas.get("structure", {}))
    competences = [competence.id for competence in dossier.referentiels.competences.competences]
    agents, reponses = [], []
    for groupe in cas.get("agents", []):
        assert set(groupe) <= GROUPE, f"clés inconnues : {set(groupe) - GROUPE}"
        for numero in range(1, groupe.get("nombre", 1) + 1):
            agent = f"{groupe['id']}-{numero}"
            agents.append({name: str(groupe.get(name, "")) for name in AGENTS} | {"id": agent})
            reponses += _positions(agent, groupe.get("niveaux", {}), competences)
    for cotation in cas.get("cotations", []):
        reponses += _rating(cotation)
    frame = pd.DataFrame(agents, columns=list(AGENTS)).astype(AGENTS)
    return dossier.replace(agents=frame, reponses=answer_frame(reponses))


def _positions(agent: str, niveaux: Mapping[str, Any], competences: list[str]) -> Iterator[dict[str, Any]]:
    partout = dict.fromkeys(competences, niveaux["*"]) if "*" in niveaux else {}
    dits = partout | {competence: value for competence, value in niveaux.items() if competence != "*"}
    for competence, value in dits.items():
        for mode, dit in (value if isinstance(value, Mapping) else {"auto": value}).items():
            detail = dict(dit) if isinstance(dit, Mapping) else {"niveau": dit}
            date = {"date": str(detail["date"])} if "date" in detail else {}
            base = {"etape": "competences", "repondant": agent, "role": "AG", "cible": competence, "mesure": mode}
            yield {**base, **date, **level_or_state(detail["niveau"])}


def _rating(cotation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    assert set(cotation) <= COTATION, f"clés inconnues : {set(cotation) - COTATION}"
    metier, par = cotation["metier"], cotation["par"]
    base = {"etape": "competences", "objet": metier, "repondant": par, "role": cotation.get("role", "AG")}
    for tache, value in cotation.get("notes", {}).items():
        yield {**base, "cible": f"{metier}-{tache}", "mesure": "note", **level_or_state(value)}
    for tache, value in cotation.get("parts", {}).items():
        yield {**base, "cible": f"{metier}-{tache}", "mesure": "part", **level_or_state(value)}
    for tache, value in cotation.get("natures", {}).items():
        yield {**base, "cible": f"{metier}-{tache}", "mesure": "nature", "etat": "niveau", "choix": value}
