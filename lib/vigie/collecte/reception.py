"""Recording what a ministry received: files given one by one, or those of its folder reponses/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import Anomalie, ImportRefuse, Introuvable, MinistereInvalide
from ..paths import params_dir
from ..referentiels.ministere import Campagne
from ..tabular import closest, fold, listing
from .imports import answer_table, file_hash, read_lots
from .journal import note_once, read_journal, verify_journal
from .lot import Enregistrement, Lot, count
from .ministere import MINISTERE_YAML, MinistereCharge, load_ministere
from .store import Store, existing_store, open_store

REPONSES = "reponses"
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
"""Files taken for answers; those that cannot be read are refused, not left out."""


def import_files(ministere: str, paths: Sequence[Path], campagne: str = "") -> list[Enregistrement]:
    """Record files, all of them or none. `ministere` "" is found from the structures the files name."""
    charge = load_ministere(ministere or guess_ministere(paths))
    return record_files(charge, charge.campagne(campagne).id, paths)


def record_files(charge: MinistereCharge, campagne: str, paths: Sequence[Path]) -> list[Enregistrement]:
    """Record files, all of them or none. Raises ImportRefuse with every fault of every file."""
    read = read_lots(paths, charge)
    return open_store(charge).record_all(
        campagne, (_of_its_time(pli.unfold(), charge, charge.campagne(campagne)) for pli in read)
    )


def _of_its_time(lot: Lot, charge: MinistereCharge, campagne: Campagne) -> Lot:
    """The lot with the versions that its campagne says were in force: files may be received, or read again, later."""
    versions = campagne.versions
    if not versions:
        return lot
    stems = {(mesure.etape, mesure.nom): mesure.referentiel for mesure in charge.mesures}
    stamped = (replace(one, version=versions.get(stems[one.etape, one.mesure], one.version)) for one in lot.reponses)
    return replace(lot, reponses=tuple(stamped), versions={**lot.versions, **versions})


def synchronise(charge: MinistereCharge, campagne: str) -> list[Enregistrement]:
    """Record the files of <ministère>/reponses/ that are not in the store yet, all of them or none.

    A file recorded in an earlier campagne stays there when the current one changes. One that cannot be read stops
    whoever wanted a result: which structures it would have changed is not known, and a result without it would be
    taken for a whole one. ImportRefuse then names the files, and says how to go on without them.
    """
    files = received_files(charge, campagne)
    _note_validations(charge)
    known = open_store(charge).known_lots() if files else {}
    fresh = [path for path in files if file_hash(path) not in known]
    try:
        return record_files(charge, campagne, fresh) if fresh else []
    except ImportRefuse as refus:
        raise ImportRefuse(refus.anomalies, _how_to_go_on(fresh, refus)) from refus


def _how_to_go_on(paths: Sequence[Path], refus: ImportRefuse) -> str:
    named = [path.name for path in paths if any(one.ou.startswith(path.name) for one in refus.anomalies)]
    return (
        f"À corriger dans {REPONSES}/ : {listing(named, 'et', most=20)}. Rien n'est calculé sans les réponses d'un "
        "fichier reçu, car on croirait le résultat complet. Pour continuer sans elles, sortez ce qui est refusé de ce "
        "dossier puis relancez ; corrigé, il sera repris dès qu'il y reviendra."
    )


def _note_validations(charge: MinistereCharge) -> None:
    """What the direction validated by file goes to the audit log when the file comes or changes; it says by whom."""
    for path in sorted(charge.chemin.glob("validations.*")):
        note_once(open_store(charge), "validation", f"fichier {path.name}, empreinte {file_hash(path)[:12]}")


def received_files(charge: MinistereCharge, campagne: str) -> list[Path]:
    """Files of answers received for a campagne, in the order of their names.

    They stand in reponses/<campagne>/; for the current campagne, in reponses/ too. Raises ImportRefuse for a folder
    that is no campagne, whose files would be forgotten.
    """
    folder = charge.chemin / REPONSES
    known = [one.id for one in charge.ministere.campagnes]
    lost = sorted(path for path in folder.glob("*/") if path.is_dir() and path.name not in known)
    if lost:
        raise ImportRefuse(_lost_folder(path, known) for path in lost)
    folders = [folder / campagne, *([folder] if campagne == charge.ministere.campagne else [])]
    found = (path for place in folders for path in place.glob("*") if path.suffix.lower() in TABLES and path.is_file())
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def check_ministere(ministere: str, campagne: str = "") -> list[str]:
    """What `vigie check` says of a ministry. Reads everything, stores nothing; raises with every anomaly found."""
    charge = load_ministere(ministere)
    nom = charge.campagne(campagne).id
    lots = read_lots(received_files(charge, nom), charge)
    store = existing_store(charge)
    if store and (broken := verify_journal(store)):
        raise MinistereInvalide(broken)
    return [
        f"{charge.ministere.nom} : {count(len(charge.structures), 'structure', 'structures')}, "
        f"{count(len(charge.agents), 'agent', 'agents')}, "
        f"{count(len(charge.repondants), 'répondant', 'répondants')}, aucune anomalie.",
        f"Campagne « {nom} » : {count(len(lots), 'fichier', 'fichiers')} de réponses, "
        f"{count(sum(lot.reponses for lot in lots), 'réponse', 'réponses')}, aucune anomalie.",
        *([_journal_line(store)] if store else []),
    ]


def _journal_line(store: Store) -> str:
    """How many entries, and the hash to note elsewhere: only it tells whether the end was cut."""
    frame = read_journal(store)
    if frame.empty:
        return "Journal : aucune entrée."
    last = frame["empreinte"].iloc[-1]
    return f"Journal : {count(len(frame), 'entrée', 'entrées')}, enchaînement intact, dernière empreinte {last}."


def guess_ministere(paths: Sequence[Path]) -> str:
    """The ministry of params/ministeres whose structures the files name; Introuvable unless there is just one.

    Raises ImportRefuse when a file cannot even be read.
    """
    tables = [answer_table(path) for path in paths]
    if unreadable := [anomalie for table in tables if not table.colonnes for anomalie in table.anomalies]:
        raise ImportRefuse(unreadable)
    named = {fold(ligne["structure"]) for table in tables for ligne in table} - {""}
    found = []
    for folder in sorted((params_dir() / "ministeres").glob(f"*/{MINISTERE_YAML}")):
        charge = load_ministere(folder.parent)
        if named and named <= {fold(structure) for structure in charge.structures}:
            found.append(charge.ministere.id)
    if len(found) == 1:
        return found[0]
    raise Introuvable(
        "Ces fichiers ne disent pas de quel ministère ils viennent. "
        "Donnez-le avec --ministere (identifiant ou dossier)."
    )


def _lost_folder(path: Path, known: Sequence[str]) -> Anomalie:
    proche = closest(path.name, known)
    que_faire = f"renommez-le « {proche} » ?" if proche else "renommez-le, ou déplacez ses fichiers"
    return Anomalie(
        "ce dossier n'est pas celui d'une campagne", f"{REPONSES}/{path.name}", path.name, listing(known), que_faire
    )
