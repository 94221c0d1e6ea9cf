"""Opening a dossier: the only place where parameters, answers and earlier results come together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from ..dossier import AGENTS, CIBLES, REPONDANTS, VALIDATIONS, Dossier
from ..errors import VigieError
from ..paths import output_dir
from ..referentiels.formations import MODULES
from ..referentiels.ministere import Structure
from .anterieur import record_earlier
from .catalogue import STRUCTURES
from .journal import note
from .mesures import VALIDATION
from .ministere import MinistereCharge, load_ministere
from .reception import synchronise
from .store import Store, open_store

RESULTATS = "resultats.json"
_kept: dict[tuple[str, str, str], Dossier] = {}
"""The dossier that this process holds ready for those forked from it; at most one."""


@contextmanager
def dossier_kept(ministere: str, structure: str, campagne: str) -> Iterator[Dossier | None]:
    """Open a dossier once for all the notebooks forked meanwhile: `open_dossier` gives it without reading it again.

    Answers that arrive meanwhile are not seen: all the steps of a structure read the same ones. A dossier that cannot
    be opened, here None, is left to the notebooks, which say why.
    """
    with suppress(VigieError):
        dossier = open_dossiers(ministere, campagne or None, [structure])[0]
        _ = dossier.empreinte  # hashed here once: each notebook would go through every answer again
        _kept[ministere, structure, campagne] = dossier
    try:
        yield _kept.get((ministere, structure, campagne))
    finally:
        _kept.clear()


def open_dossier(ministere: str | Path | MinistereCharge, structure: str, campagne: str | None = None) -> Dossier:
    """One structure in one campagne, its newly received answers recorded first; who reads it goes to the audit log. A
    batch notes once what it reads, and holds it ready: see `dossier_kept`.

    Raises Introuvable, MinistereInvalide, ReferentielInvalide or ImportRefuse.
    """
    kept = _kept.get((ministere, structure, campagne or "")) if isinstance(ministere, str) else None
    if kept is not None:  # only its results have changed since: those of the steps before
        return kept.replace(resultats=read_results(kept.ministere.id, kept.campagne.id, structure))
    charge = ministere if isinstance(ministere, MinistereCharge) else load_ministere(ministere)
    dossier = open_dossiers(charge, campagne, [structure])[0]
    note(open_store(charge), "lecture", f"campagne {dossier.campagne.id}, structure {structure}")
    return dossier


def open_dossiers(
    ministere: str | Path | MinistereCharge, campagne: str | None = None, structures: Iterable[str] | None = None
) -> list[Dossier]:
    """The dossiers of a ministry, all of them when none is named."""
    charge = ministere if isinstance(ministere, MinistereCharge) else load_ministere(ministere)
    nom = charge.campagne(campagne).id
    chosen = [charge.structure(one) for one in (charge.structures if structures is None else structures)]
    synchronise(charge, nom)
    earlier = record_earlier(charge, nom)
    store = open_store(charge)
    return [_open(charge, store, structure, nom, earlier) for structure in chosen]


def _open(
    charge: MinistereCharge, store: Store, structure: Structure, campagne: str, earlier: Mapping[str, str]
) -> Dossier:
    """`earlier`: campagnes held before, the latest first, with why they cannot be read. The first that can and that
    holds answers of the structure is opened too."""
    dossier = make_dossier(charge, structure, campagne, store.answers(campagne, structure.id))
    lost = [f"{charge.campagne(one).libelle} : {why}" for one, why in earlier.items() if why]
    for one in (name for name, why in earlier.items() if not why):
        answers = store.answers(one, structure.id)
        if len(answers):
            before = make_dossier(charge, structure, one, answers)
            return dossier.replace(anterieur=before, anterieur_manque=" ; ".join(lost))
    return dossier.replace(anterieur_manque=" ; ".join(lost))


def make_dossier(charge: MinistereCharge, structure: Structure, campagne: str, reponses: pd.DataFrame) -> Dossier:
    """The dossier of a structure with the answers given (dossier.REPONSES): all of them, or those of one person."""
    return Dossier(
        ministere=charge.ministere,
        campagne=charge.campagne(campagne),
        structure=structure,
        referentiels=charge.referentiels,
        reponses=reponses,
        agents=_rows(charge.agents, AGENTS, structure.id),
        repondants=_rows(charge.repondants, REPONDANTS, structure.id),
        cibles=_rows(_of_campagne(charge.cibles, charge, campagne), CIBLES, structure.id),
        validations=_validations(charge, campagne, structure.id, reponses),
        catalogue=_catalogue(charge.catalogue, structure.id),
        contraintes=charge.contraintes.pour(structure.id),
        recherches=charge.contraintes.recherches,
        resultats=read_results(charge.ministere.id, campagne, structure.id),
    )


def results_file(ministere: str, campagne: str, structure: str) -> Path:
    """Where the results of a structure are kept."""
    return output_dir() / ministere / campagne / structure / RESULTATS


def read_results(ministere: str, campagne: str, structure: str) -> Mapping[str, Mapping[str, Any]]:
    """Etape → the JSON of its Resultat; empty when there is none yet."""
    try:
        content = json.loads(results_file(ministere, campagne, structure).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    etapes = content.get("etapes", content)
    return etapes if isinstance(etapes, dict) else {}


def _rows(frame: pd.DataFrame, schema: Mapping[str, str], structure: str) -> pd.DataFrame:
    return frame.loc[frame["structure"] == structure, list(schema)].reset_index(drop=True)


def _validations(charge: MinistereCharge, campagne: str, structure: str, reponses: pd.DataFrame) -> pd.DataFrame:
    """Those of validations.csv, then those that the direction gave in its form."""
    written = _rows(_of_campagne(charge.validations, charge, campagne), VALIDATIONS, structure)
    given = reponses[(reponses["mesure"] == VALIDATION) & (reponses["choix"] != "")]
    if given.empty:
        return written
    people = charge.repondants[charge.repondants["structure"] == structure]
    named = people["nom"].str.cat(people["fonction"], sep=", ").str.strip(", ")
    authors = dict(zip(people["id"], named, strict=True))
    formed = pd.DataFrame(
        {
            "etape": given["cible"],
            "livrable": given["objet"],
            "etat": given["choix"],
            "date": given["date"],
            "par": given["repondant"].map(authors).fillna(given["repondant"]),
        }
    )
    return pd.concat([written, formed], ignore_index=True).astype(VALIDATIONS)


def _catalogue(frame: pd.DataFrame, structure: str) -> pd.DataFrame:
    """Modules that agents of this structure may follow."""
    reserved = frame[STRUCTURES].str.split(", ")
    kept = frame[STRUCTURES].eq("") | reserved.map(lambda names: structure in names).astype(bool)
    return frame.loc[kept, list(MODULES)].reset_index(drop=True)


def _of_campagne(frame: pd.DataFrame, charge: MinistereCharge, campagne: str) -> pd.DataFrame:
    """Rows of a campagne; an empty one means the current."""
    if "campagne" not in frame.columns:
        return frame
    of = frame["campagne"].where(frame["campagne"] != "", charge.ministere.campagne)
    return frame[of == campagne]
