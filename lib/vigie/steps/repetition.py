"""A rehearsal: every step shown once on an invented dossier, so that first-time costs are paid before forking.

Nothing of a ministry is read. The invented answers fill every table, so that every kind of view is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import cycle
from typing import Any

import pandas as pd

from ..dossier import AGENTS, REPONDANTS, REPONSES, Dossier, Etat
from ..referentiels import Referentiels, load_referentiels
from ..referentiels.ministere import Campagne, Ministere, Structure
from ..rendering.livrables import warm_up
from .base import ETAPES
from .structure import EtapeStructure

EFFECTIF = 24
CAS = "L01"


def rehearse() -> None:
    """Show everything that the steps of a structure can show; of documents, only read the templates."""
    warm_up()
    dossier = invented_dossier(load_referentiels())
    for module, name in ETAPES.items():
        step = getattr(import_module(f"{__package__}.{module}"), name)
        if issubclass(step, EtapeStructure):
            etape = step(dossier)
            etape._repr_mimebundle_()
            for view in sorted(item for item in dir(etape) if item.startswith("show_")):
                getattr(etape, view)()._repr_mimebundle_()


def invented_dossier(referentiels: Referentiels) -> Dossier:
    """A structure that does not exist, with answers of every kind."""
    jour = date(2026, 1, 1)
    campagne = Campagne(id="repetition", libelle="Répétition", date_reference=jour)
    metiers = cycle(metier.id for metier in referentiels.metiers.metiers)
    agents = [
        {"id": f"A{number}", "metier": next(metiers), "publics": "MP" if number % 4 == 0 else "", "categorie": "A"}
        | {"site": "Nord", "sexe": "F", "mise_en_service": "2026-02-01"}
        for number in range(EFFECTIF)
    ]
    roles = [role.id for role in referentiels.maturite.roles]
    repondants = [
        {"id": f"{role}-{number}", "role": role, "nom": "", "fonction": ""} for role in roles for number in range(3)
    ]
    rows = list(_answers(referentiels, repondants, agents))
    for number, row in enumerate(rows, start=1):
        row["id"] = number
    return Dossier(
        ministere=Ministere(
            id="repetition", nom="Répétition", fictif=True, campagne=campagne.id, campagnes=(campagne,)
        ),
        campagne=campagne,
        structure=Structure(id="repetition", nom="Répétition", type="", situation="c", effectif=EFFECTIF),
        referentiels=referentiels,
        reponses=pd.DataFrame(rows, columns=list(REPONSES)).astype(REPONSES),
        agents=pd.DataFrame(agents, columns=list(AGENTS)).astype(AGENTS),
        repondants=pd.DataFrame(repondants, columns=list(REPONDANTS)).astype(REPONDANTS),
    )


def _answers(
    referentiels: Referentiels, repondants: list[dict[str, str]], agents: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    levels = cycle((1, 2, 3, 4, 5, 3))
    for item in referentiels.maturite.items.values():
        for person in repondants:
            if person["role"] in item.roles:
                yield _row(person, "maturite", "", item.id, "niveau", next(levels), preuve="Document")
    for echo in referentiels.maturite.echo.items:
        for _ in range(EFFECTIF):
            yield _row({"id": "", "role": "AG"}, "maturite", "", echo.id, "accord", next(levels))
    mode = referentiels.competences.cotation.preuves[0].id
    for competence in referentiels.competences.competences:
        for agent in agents:
            yield _row({"id": agent["id"], "role": "AG"}, "competences", "", competence.id, mode, next(levels) % 4)
    for metier in referentiels.metiers.metiers:
        for rater in ("AG-0", "MAN-0"):
            for tache in metier.taches:
                person = {"id": rater, "role": rater[:-2]}
                yield _row(person, "competences", metier.id, tache.id, "note", next(levels) / 5)
                yield _row(person, "competences", metier.id, tache.id, "part", 1 / len(metier.taches))
    yield from _risk_answers(referentiels)


def _risk_answers(referentiels: Referentiels) -> Iterator[dict[str, Any]]:
    person = {"id": "RH-0", "role": "RH"}
    etape = "risques_ethique"
    yield _row(person, etape, CAS, "statut", "inventaire", choix="projet", commentaire="Cas inventé")
    for mark in referentiels.regles.declencheurs:
        yield _row(person, etape, CAS, mark.id, "marque", choix="oui")
    for risque in referentiels.risques.risques:
        for measure in ("gravite", "vraisemblance"):
            yield _row(person, etape, CAS, risque.id, measure, 3)
    for regle in referentiels.regles.regles[::2]:
        for measure in ("preuve", "critere"):
            yield _row(person, etape, CAS, regle.id, measure, choix="oui", preuve="Document")


def _row(
    person: dict[str, str], etape: str, objet: str, cible: str, mesure: str, niveau: float | None = None, **more: str
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(REPONSES, "")
    return {
        **row,
        "repondant": person["id"],
        "role": person["role"],
        "etape": etape,
        "objet": objet,
        "cible": cible,
        "mesure": mesure,
        "etat": Etat.NIVEAU.value,
        "niveau": float("nan") if niveau is None else float(niveau),
        "date": "2026-01-01",
        **more,
    }
