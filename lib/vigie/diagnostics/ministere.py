"""The ministry's view: structures side by side, never averaged; what they share; what was left out and why.

A matrix, not a grade: dimensions by structures. Needs are pooled from what each structure may publish; a masked figure
stays out of the sum and is counted apart, so that no total can be undone to find it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ..referentiels import Referentiels
from ..referentiels.ministere import Campagne, DocumentMinistere, Structure
from ._ministere_communs import COMMUN as COMMUN
from ._ministere_communs import pool_needs, pool_risks, pool_rules
from ._ministere_formation import pool_modules, pool_requests, pool_sessions
from ._ministere_heritage import inherit
from ._ministere_phrases import observe
from ._ministere_recommandations import recommend
from ._ministere_vigilances import points, pool_actions
from .cadres import frame_of
from .phrases import enumerate_words
from .resultat import Resultat
from .typographie import quoted, spaced
from .validation import PROJET

LUES: Mapping[str, tuple[str, ...]] = {
    "maturite": ("dimensions",),
    "competences": ("besoins",),
    "risques_ethique": ("risques", "regles", "referentiel"),
    "plan_formation": ("sessions", "modules", "creations"),
    "accompagnement": (),
    "restitution": ("vigilances", "feuille_de_route"),
}
"""Step → the tables of its Resultat that the view reads."""
ETAPES = tuple(LUES)
ABSENT, ECHEC, PARTIEL = "absent", "echec", "partiel"
STRUCTURES = {
    "structure": "str",
    "nom": "str",
    "type": "str",
    "situation": "str",
    "effectif": "int64",
    **dict.fromkeys(ETAPES, "str"),  # validation of the step, "" when it is left out
    "prealables_manquants": "float64",
    "cas_interdits": "float64",
    "risques_non_couverts": "float64",
    "vigilances_tenues": "float64",
    "actions": "float64",
}
DIMENSIONS = {
    "structure": "str",
    "dimension": "str",
    "libelle": "str",
    "niveau": "float64",
    "score": "float64",
    "couverture": "float64",
    "etat": "str",
}
EXCLUSIONS = {"structure": "str", "etape": "str", "cause": "str", "motif": "str"}

Parts = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Structure → step → the JSON of its Resultat."""


@dataclass(frozen=True)
class ResultatMinistere(Resultat):
    """`structure` is "". Frames: see STRUCTURES, DIMENSIONS, EXCLUSIONS here, the others in `_ministere_…`."""

    etape: ClassVar[str] = "ministere"

    attendues: int
    """Structures of the ministry, results or not."""
    completes: int
    """Structures whose six steps are in the view."""
    validation: str
    structures: pd.DataFrame
    dimensions: pd.DataFrame
    besoins: pd.DataFrame
    risques: pd.DataFrame
    regles: pd.DataFrame
    heritage: pd.DataFrame
    sessions: pd.DataFrame
    modules: pd.DataFrame
    creations: pd.DataFrame
    vigilances: pd.DataFrame
    actions: pd.DataFrame
    exclusions: pd.DataFrame


def diagnose(
    campagne: Campagne,
    resultats: Parts,
    structures: Mapping[str, Structure],
    echecs: Iterable[tuple[str, str, str]],
    referentiels: Referentiels,
    documents: Sequence[DocumentMinistere] = (),
) -> ResultatMinistere:
    """The view of every structure. `echecs`: (structure, step, reason) of the runs that failed, whose earlier results,
    if any, are left out. `documents`: acts of the ministry that hold for its structures.
    """
    failed = {(structure, etape): motif for structure, etape, motif in echecs}
    kept = _keep(resultats, structures, failed)
    tables = _Tables(kept)
    regles = pool_rules(tables.rows("risques_ethique", "referentiel"))
    risques = pool_risks(tables.rows("risques_ethique", "risques"))
    besoins = pool_needs(tables.rows("competences", "besoins"))
    heritage = inherit(tables.rows("risques_ethique", "regles"), documents)
    sessions = pool_sessions(tables.rows("plan_formation", "sessions"), tables.rows("plan_formation", "modules"))
    creations = pool_requests(tables.rows("plan_formation", "creations"))
    priorites = [one.libelle for one in referentiels.restitution.priorites]
    dimensions = frame_of(_dimension_rows(tables), DIMENSIONS)
    overview = frame_of((_structure_row(structure, kept) for structure in structures.values()), STRUCTURES)
    exclusions = frame_of([*_missing_rows(structures, kept, failed), *_partial_rows(dimensions)], EXCLUSIONS)
    return ResultatMinistere(
        structure="",
        campagne=campagne.id,
        date_reference=campagne.date_reference,
        versions=referentiels.versions,
        constats=observe(overview, dimensions, exclusions, besoins),
        recommandations=recommend(regles, heritage, besoins, sessions, creations, referentiels),
        manques=_sentences(exclusions, structures, referentiels),
        attendues=len(structures),
        completes=sum(all(etape in kept.get(name, {}) for etape in ETAPES) for name in structures),
        validation=PROJET,
        structures=overview,
        dimensions=dimensions,
        besoins=besoins,
        risques=risques,
        regles=regles,
        heritage=heritage,
        sessions=sessions,
        modules=pool_modules(sessions),
        creations=creations,
        vigilances=points(tables.rows("restitution", "vigilances")),
        actions=pool_actions(tables.rows("restitution", "feuille_de_route"), priorites),
        exclusions=exclusions,
    )


def read_part(etape: str, part: Mapping[str, Any]) -> dict[str, Any]:
    """What the view reads of one written Resultat: its scalars and a few tables, so that a thousand fit in memory."""
    scalars = {name: value for name, value in part.items() if not isinstance(value, list | dict)}
    return {**scalars, "tables": {name: part["tables"].get(name, []) for name in LUES[etape]}}


def _keep(resultats: Parts, structures: Mapping[str, Structure], failed: Mapping[tuple[str, str], str]) -> Parts:
    """Results of known structures whose last run did not fail."""
    return {
        name: {
            etape: part
            for etape, part in resultats.get(name, {}).items()
            if etape in ETAPES and (name, etape) not in failed
        }
        for name in structures
    }


class _Tables:
    """Rows of one table of one step, over every structure kept, each with its structure."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def rows(self, etape: str, table: str) -> list[dict[str, Any]]:
        return [
            {"structure": name, **row}
            for name, parts in self._parts.items()
            if etape in parts
            for row in parts[etape]["tables"].get(table, [])
        ]


def _structure_row(structure: Structure, kept: Parts) -> dict[str, Any]:
    parts = kept[structure.id]
    ethique, maturite, restitution = (parts.get(one, {}) for one in ("risques_ethique", "maturite", "restitution"))
    return {
        "structure": structure.id,
        "nom": structure.nom,
        "type": structure.type,
        "situation": structure.situation,
        "effectif": structure.effectif,
        **{etape: str(parts[etape].get("validation", PROJET)) if etape in parts else "" for etape in ETAPES},
        "prealables_manquants": maturite.get("prealables_manquants"),
        "cas_interdits": ethique.get("cas_interdits"),
        "risques_non_couverts": ethique.get("risques_non_couverts"),
        "vigilances_tenues": restitution.get("vigilances_tenues"),
        "actions": len(restitution["tables"]["feuille_de_route"]) if restitution else None,
    }


def _dimension_rows(tables: _Tables) -> list[dict[str, Any]]:
    return [{name: row.get(name) for name in DIMENSIONS} for row in tables.rows("maturite", "dimensions")]


def _missing_rows(
    structures: Mapping[str, Structure], kept: Parts, failed: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    rows = []
    for name in structures:
        for etape in ETAPES:
            if (name, etape) in failed:
                motif = failed[name, etape] or "le calcul a échoué"
                rows.append({"structure": name, "etape": etape, "cause": ECHEC, "motif": motif})
            elif etape not in kept[name]:
                rows.append({"structure": name, "etape": etape, "cause": ABSENT, "motif": "étape non exécutée"})
    return rows


def _partial_rows(dimensions: pd.DataFrame) -> list[dict[str, Any]]:
    """Dimensions without a level: they stand empty in the matrix."""
    rows = []
    unfinished = dimensions[dimensions["etat"] != "concluant"]
    for name, group in unfinished.groupby("structure", sort=False):
        ids = ", ".join(group["dimension"])
        motif = f"sans niveau affiché, réponses insuffisantes : {ids}"
        rows.append({"structure": name, "etape": "maturite", "cause": PARTIEL, "motif": motif})
    return rows


def _sentences(
    exclusions: pd.DataFrame, structures: Mapping[str, Structure], referentiels: Referentiels
) -> tuple[str, ...]:
    """One sentence a structure and a reason, its steps together."""
    label = referentiels.libelles.code
    left = exclusions[exclusions["cause"] != PARTIEL]
    sentences = []
    for (name, motif), group in left.groupby(["structure", "motif"], sort=False):
        steps = [quoted(label(str(etape))) for etape in group["etape"]]
        word = "étape" if len(steps) == 1 else "étapes"
        sentences.append(spaced(f"{structures[str(name)].nom}, {word} {enumerate_words(steps)} : {motif}."))
    return tuple(sentences)
