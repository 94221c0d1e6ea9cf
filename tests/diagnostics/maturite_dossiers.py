"""Dossiers of maturity from a case (see the keys of `build`) and a small questionnaire for properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from vigie.dossier import CIBLES, REPONDANTS, Dossier
from vigie.referentiels import Referentiels
from vigie.referentiels.maturite import CotationMaturite, Dimension, Echo, Item, ItemEcho, Maturite, SituationCible

from .dossiers import answer_frame, bare_dossier, level_or_state, shipped

KEYS = {
    "dimensions": ["dimension"],
    "items": ["item"],
    "roles": ["item", "role"],
    "regards": ["dimension"],
    "echo": ["item"],
    "prealables": ["item"],
    "participation": ["role"],
}
PREUVES = {"aucune": ("", ""), "document": ("Document fictif", ""), "indicateur": ("", "Indicateur fictif")}
PREUVES |= {"complete": ("Document fictif", "Indicateur fictif")}
DESCRIPTION = {"structure", "reponses", "preuves", "arbitrages", "forcages", "echo", "cibles", "repondants"}


def build(cas: Mapping[str, Any], referentiels: Referentiels | None = None) -> Dossier:
    """A dossier from a case.

    reponses: item → one answer given by each of its roles, or role → answer(s), one person an answer.
    preuves: item → aucune, document, indicateur or complete; complete by default, `"*"` changes the default.
    arbitrages, forcages: target → {valeur, motif, preuve, indicateur}. echo: item → {answer: number of agents}.
    cibles: dimension → target. repondants: role → number of persons named in the dossier.
    """
    unknown = set(cas) - DESCRIPTION - {"nom", "source", "calcul", "attendu"}
    assert not unknown, f"clés inconnues : {unknown}"
    dossier = bare_dossier(referentiels, **cas.get("structure", {}))
    rows = [
        *_answers(cas, dossier.referentiels.maturite),
        *_decisions(cas.get("arbitrages", {}), "arbitrage", "ATELIER"),
        *_decisions(cas.get("forcages", {}), "forcage", "CONSULTANT"),
        *_echo(cas.get("echo", {})),
    ]
    targets, sizes = cas.get("cibles", {}).items(), cas.get("repondants", {}).items()
    cibles = [{"dimension": name, "cible": target, "date": "2026-10-01"} for name, target in targets]
    named = [{"id": f"{role}-{number}", "role": role} for role, size in sizes for number in range(size)]
    return dossier.replace(
        reponses=answer_frame(rows), cibles=_frame(cibles, CIBLES), repondants=_frame(named, REPONDANTS)
    )


def _frame(rows: list[dict[str, Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(schema)).fillna("").astype(dict(schema))


def _answers(cas: Mapping[str, Any], maturite: Maturite) -> Iterator[dict[str, Any]]:
    proofs = cas.get("preuves", {})
    for item, given in cas.get("reponses", {}).items():
        by_role = given if isinstance(given, Mapping) else dict.fromkeys(maturite.items[item].roles, given)
        document, indicator = PREUVES[proofs.get(item, proofs.get("*", "complete"))]
        for role, answers in by_role.items():
            for number, value in enumerate(answers if isinstance(answers, list) else [answers]):
                base = {"etape": "maturite", "mesure": "niveau", "cible": item, "role": role}
                reason = {"commentaire": "Motif fictif"} if value == "sans_objet" else {}
                shown = {"preuve": document, "indicateur": indicator}
                yield {**base, "repondant": f"{role}-{number}", **reason, **shown, **level_or_state(value)}


def _decisions(decisions: Mapping[str, Mapping[str, Any]], mesure: str, role: str) -> Iterator[dict[str, Any]]:
    for cible, decision in decisions.items():
        base = {"etape": "maturite", "mesure": mesure, "cible": cible, "role": role, "repondant": f"{role}-0"}
        texts = {name: decision.get(name, "") for name in ("preuve", "indicateur")}
        yield {**base, "commentaire": decision.get("motif", ""), **texts, **level_or_state(decision["valeur"])}


def _echo(echo: Mapping[str, Mapping[Any, int]]) -> Iterator[dict[str, Any]]:
    for item, counts in echo.items():
        base = {"etape": "maturite", "mesure": "accord", "cible": item, "role": "AG"}
        for value, number in counts.items():
            yield from ({**base, **level_or_state(value)} for _ in range(number))


def small_item(name: str, kind: str = "ordinaire", roles: tuple[str, ...] = ("RH", "MAN"), so: str = "") -> Item:
    levels = {1: "Bas", 3: "Moyen", 5: "Haut"}
    fields = {"id": name, "enonce": f"Énoncé {name}", "niveaux": levels, "preuve": "Preuve", "roles": roles}
    return Item.model_validate(
        {**fields, "type": kind, "sans_objet": so, "action": "Agissez.", "livrable": "Livrable", "fiche": ("F3-01",)}
    )


def small_referentiels(items: Mapping[str, tuple[Item, ...]], **cotation: Any) -> Referentiels:
    """A questionnaire of a few items: dimension → items; `cotation` changes thresholds of the shipped one."""
    base = shipped()
    dimensions = tuple(
        Dimension(id=name, libelle=f"Dimension {name}", court=name, poids_priorite=1, items=group)
        for name, group in items.items()
    )
    targets = tuple(
        SituationCible.model_validate({"id": known.id, "libelle": known.libelle, "cibles": dict.fromkeys(items, 3)})
        for known in base.maturite.cotation.situations
    )
    echoes = tuple(
        ItemEcho.model_validate({"id": f"M{n}", "enonce": f"Écho {n}", "dimension": name, "fiche": ("F3-01",)})
        for n, name in enumerate(items, start=1)
    )
    rules = base.maturite.cotation.model_dump() | {"situations": targets, "prealables": ()} | cotation
    maturite = Maturite(
        version="essai",
        statut="Questionnaire d'essai",
        niveaux=base.maturite.niveaux,
        roles=base.maturite.roles,
        dimensions=dimensions,
        echo=Echo(consigne="", accords=base.maturite.echo.accords, items=echoes),
        cotation=CotationMaturite.model_validate(rules),
    )
    return replace(base, maturite=maturite)
