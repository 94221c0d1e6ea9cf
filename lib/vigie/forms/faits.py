"""What a questionnaire needs to know of the structure besides the referentiels: jobs, use cases, earlier results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..collecte import MinistereCharge
from ..diagnostics.risques_ethique import active_cases
from ..diagnostics.typographie import lower_first
from ..referentiels import Referentiels
from ..rendering.formation import hours
from .demande import Demande

COMPETENCES = "competences"
"""The etape whose forms ask about job families; the others need not read the agents."""
PROPOSES = ("retenir", "completer")


@dataclass(frozen=True)
class CasPresent:
    """A use case of the structure. `marques`: the triggers it carries, those to confirm included."""

    id: str
    libelle: str
    marques: tuple[str, ...]


@dataclass(frozen=True)
class ModulePropose:
    id: str
    titre: str
    detail: str


@dataclass(frozen=True)
class Proposition:
    """A need of the plan with the modules that may meet it. `publics`: whose need it is, in words."""

    competence: str
    libelle: str
    publics: str
    modules: tuple[ModulePropose, ...]


@dataclass(frozen=True)
class Faits:
    """Everything is empty by default: a questionnaire made from nothing has only what the referentiels hold."""

    metiers: tuple[str, ...] = ()
    """Job families of the structure's agents, for the forms about competences."""
    metier: str = ""
    """That of the agent who answers."""
    cas: tuple[CasPresent, ...] = ()
    referentiel_existe: bool = False
    propositions: tuple[Proposition, ...] = ()
    etapes_faites: tuple[str, ...] = ()


def read_faits(
    charge: MinistereCharge,
    demande: Demande,
    reponses: pd.DataFrame | None,
    resultats: Mapping[str, Mapping[str, Any]],
) -> Faits:
    """`reponses`: current answers of the structure (dossier.REPONSES); `resultats`: see collecte.read_results.

    Other people's answers are only read for the use cases they declared.
    """
    metiers, metier = _metiers(charge, demande) if demande.etape == COMPETENCES else ((), "")
    return Faits(
        metiers=metiers,
        metier=metier,
        cas=() if reponses is None else _cases(reponses, charge.referentiels),
        referentiel_existe=reponses is not None and _existing(reponses),
        propositions=tuple(list_propositions(resultats.get("plan_formation", {}), charge.referentiels)),
        etapes_faites=tuple(resultats),
    )


def _metiers(charge: MinistereCharge, demande: Demande) -> tuple[tuple[str, ...], str]:
    """Job families of the structure that are rated, and that of the agent who answers, "" if it is not."""
    agents = charge.agents[charge.agents["structure"] == demande.structure]
    cotables = [metier.id for metier in charge.referentiels.metiers.metiers if not metier.jamais_cote]
    present = set(agents["metier"])
    own = agents.loc[agents["id"] == demande.repondant, "metier"]
    return tuple(id_ for id_ in cotables if id_ in present), next((id_ for id_ in own if id_ in cotables), "")


def _cases(reponses: pd.DataFrame, referentiels: Referentiels) -> tuple[CasPresent, ...]:
    return tuple(
        CasPresent(cas.id, cas.libelle or cas.id, cas.marques.presentes)
        for cas in active_cases(reponses, referentiels)
        if cas.statut
    )


def _existing(reponses: pd.DataFrame) -> bool:
    """True once someone says that a référentiel exists."""
    asked = (reponses["mesure"] == "referentiel") & (reponses["choix"] == "oui")
    return bool(asked.any())


def list_propositions(resultat: Mapping[str, Any], referentiels: Referentiels) -> Iterable[Proposition]:
    """Needs of a saved training plan (the JSON of its Resultat) that modules may meet, in the order of the plan."""
    names = {public.id: public.libelle for public in referentiels.niveaux_requis.publics}
    tables = resultat.get("tables", {})
    modules = [row for row in tables.get("modules", ()) if row.get("decision") in PROPOSES]
    needs: dict[str, list[Mapping[str, Any]]] = {}
    for row in tables.get("couverture", ()):
        needs.setdefault(str(row["competence"]), []).append(row)
    for competence, rows in needs.items():
        fitting = [row for row in modules if competence in re.findall(r"[A-H]\d+", str(row.get("competences", "")))]
        if fitting:
            codes = " ".join(str(row.get("public") or "") for row in rows).split()
            named = [lower_first(libelle) for id_, libelle in names.items() if id_ in codes]
            publics = (
                referentiels.formulaires.enonces["publics_tous"] if len(named) == len(names) else " ; ".join(named)
            )
            proposed = tuple(_module(row, referentiels) for row in fitting)
            yield Proposition(competence, str(rows[0]["libelle"]), publics, proposed)


def _module(row: Mapping[str, Any], referentiels: Referentiels) -> ModulePropose:
    """What is not known of a module is said « à demander », never guessed."""
    enonces = referentiels.formulaires.enonces
    inconnu = enonces["a_demander"]
    detail = enonces["module"].format(
        organisme=row.get("organisme") or inconnu,
        duree=hours(row["duree_h"]) if row.get("duree_h") else inconnu,
        modalite=lower_first(referentiels.libelles.code(row["modalite"])) if row.get("modalite") else inconnu,
    )
    return ModulePropose(str(row["module"]), str(row.get("titre") or row["module"]), detail)
