"""Answers as people send them: a long file, or one row a respondent; CSV or XLSX. All the faults at once, or a lot.

Long: structure;repondant;role;etape;objet;cible;mesure;etat;valeur;commentaire;preuve;indicateur;date. Only structure,
role and cible are required; an empty etape and mesure are those the target has by default (D1.1 → maturite, niveau).

One row a respondent: structure, repondant, role, then a column a target (D1.1, M1, A1…), and for each, if wanted,
`<cible>_commentaire`, `<cible>_preuve`, `<cible>_indicateur`; etape, objet, mesure and date columns hold for the row.

A value is a number, a code, NSP (ne sait pas) or SO (sans objet). An XLSX is read on its sheet « réponses », else on
its only visible sheet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ..errors import Anomalie, ImportRefuse, Introuvable
from ..paths import params_dir
from ..tabular import Ligne, Tableau, align_columns, closest, fold, read_table
from .lot import Enregistrement, Lot
from .mesures import Mesures
from .ministere import MINISTERE_YAML, MinistereCharge, load_ministere
from .reponses import CLE, COLONNES, Controle, Faute, Reponse, Saisie
from .store import open_store

REPONSES = "reponses"
FEUILLE = "réponses"
FICHIERS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
REQUISES = ("structure", "role", "cible")
DE_LA_LIGNE = ("structure", "repondant", "role", "etape", "objet", "mesure", "date")
"""Columns that hold for a whole row of a wide file."""
COMPLEMENTS = ("commentaire", "preuve", "indicateur")


@dataclass(frozen=True, slots=True)
class Lue:
    """An answer read, with the row and, in a wide file, the column it stands in."""

    saisie: Saisie
    ligne: Ligne
    colonne: str = ""

    def place(self, faute: Faute) -> str:
        """The column to show for a fault: the target's own one for what a wide file holds under it."""
        if not self.colonne or faute.colonne in DE_LA_LIGNE:
            return faute.colonne
        return f"{self.colonne}_{faute.colonne}" if faute.colonne in COMPLEMENTS else self.colonne


def read_answers(path: Path, charge: MinistereCharge) -> Lot:
    """The checked answers of a file. Raises ImportRefuse with every fault of the file."""
    lot, anomalies = _read(path, charge)
    if lot is None or anomalies:
        raise ImportRefuse(anomalies)
    return lot


def import_files(ministere: str, paths: Sequence[Path], campagne: str = "") -> list[Enregistrement]:
    """Record files, all of them or none. `ministere` "" is found from the structures the files name."""
    charge = load_ministere(ministere or guess_ministere(paths))
    return _record(charge, charge.campagne(campagne).id, paths)


def synchronise(charge: MinistereCharge, campagne: str) -> list[Enregistrement]:
    """Record the files of <ministère>/reponses/ that are not in the store yet, all of them or none.

    A file recorded in an earlier campagne stays there when the current one changes.
    """
    known = open_store(charge).known_lots()
    fresh = [path for path in received_files(charge, campagne) if file_hash(path) not in known]
    return _record(charge, campagne, fresh) if fresh else []


def received_files(charge: MinistereCharge, campagne: str) -> list[Path]:
    """Files of answers received for a campagne, in the order of their names."""
    folder = charge.chemin / REPONSES
    if campagne != charge.ministere.campagne:
        folder = folder / campagne
    found = (path for path in folder.glob("*") if path.is_file() and path.suffix.lower() in FICHIERS)
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def check_ministere(ministere: str, campagne: str = "") -> list[str]:
    """What `vigie check` says of a ministry. Reads everything, stores nothing; raises with every anomaly found."""
    charge = load_ministere(ministere)
    nom = charge.campagne(campagne).id
    lots, anomalies = _read_all(received_files(charge, nom), charge)
    if anomalies:
        raise ImportRefuse(anomalies)
    return [
        f"{charge.ministere.nom} : {len(charge.structures)} structures, {len(charge.agents)} agents, "
        f"{len(charge.repondants)} répondants, aucune anomalie.",
        f"Campagne « {nom} » : {len(lots)} fichiers de réponses, "
        f"{sum(len(lot.reponses) for lot in lots)} réponses, aucune anomalie.",
    ]


def guess_ministere(paths: Sequence[Path]) -> str:
    """The ministry of params/ministeres whose structures the files name; Introuvable unless there is just one."""
    named = {fold(ligne["structure"]) for path in paths for ligne in _table(path)} - {""}
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


def file_hash(path: Path) -> str:
    """SHA-256 of a file, kept as long as its size and time do not change."""
    stat = path.stat()
    return _hash(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _hash(path: Path, size: int, time: int) -> str:
    del size, time
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record(charge: MinistereCharge, campagne: str, paths: Sequence[Path]) -> list[Enregistrement]:
    lots, anomalies = _read_all(paths, charge)
    if anomalies:
        raise ImportRefuse(anomalies)
    return open_store(charge).record_all(campagne, lots)


def _read_all(paths: Iterable[Path], charge: MinistereCharge) -> tuple[list[Lot], list[Anomalie]]:
    lots: list[Lot] = []
    anomalies: list[Anomalie] = []
    for path in paths:
        lot, faults = _read(path, charge)
        anomalies += faults
        if lot is not None:
            lots.append(lot)
    return lots, anomalies


def _table(path: Path) -> Tableau:
    classeur = path.suffix.lower() in (".xlsx", ".xlsm")
    return read_table(path, feuille=FEUILLE if classeur else "", reperes=("structure", "role"))


def _read(path: Path, charge: MinistereCharge) -> tuple[Lot | None, list[Anomalie]]:
    tableau = _table(path)
    if not tableau.colonnes:
        return None, list(tableau.anomalies)
    long = "cible" in {fold(name) for name in tableau.colonnes}
    tableau = _align_long(tableau) if long else _align_wide(tableau, charge.mesures)
    anomalies = list(tableau.anomalies)
    if any(name not in {fold(column) for column in tableau.colonnes} for name in ("structure", "role")):
        return None, anomalies
    controle = Controle(charge)
    reponses: list[Reponse] = []
    first: dict[tuple[str, ...], int] = {}
    for lue in _long(tableau, controle) if long else _wide(tableau, controle):
        reponse, fautes = controle.check(lue.saisie)
        anomalies += [_anomaly(tableau, lue, faute) for faute in fautes]
        if reponse is None:
            continue
        if not reponse.anonyme and reponse.cle in first:
            anomalies.append(_repeated(tableau, lue, reponse, first[reponse.cle]))
            continue
        first.setdefault(reponse.cle, lue.ligne.numero)
        reponses.append(reponse)
    if anomalies:
        return None, anomalies
    return Lot(path.name, file_hash(path), tuple(reponses), charge.referentiels.versions), []


def _align_long(tableau: Tableau) -> Tableau:
    return align_columns(tableau, REQUISES, [name for name in COLONNES if name not in REQUISES])


def _align_wide(tableau: Tableau, mesures: Mesures) -> Tableau:
    targets = list(dict.fromkeys(cible for mesure in mesures for cible in mesure.cibles))
    more = [f"{cible}_{suffix}" for cible in targets for suffix in COMPLEMENTS]
    optional = [name for name in DE_LA_LIGNE if name not in ("structure", "role")]
    return align_columns(tableau, ("structure", "role"), [*optional, *targets, *more])


def _long(tableau: Tableau, controle: Controle) -> Iterator[Lue]:
    for ligne in tableau:
        saisie = Saisie(**{name: ligne[name] for name in COLONNES})
        yield Lue(_complete(saisie, controle.mesures), ligne)


def _wide(tableau: Tableau, controle: Controle) -> Iterator[Lue]:
    """One answer a filled cell. An empty cell counts as unanswered only where this person was asked."""
    mesures = controle.mesures
    known = {cible for mesure in mesures for cible in mesure.cibles}
    targets = [name for name in tableau.colonnes if name in known]
    for ligne in tableau:
        row = {name: ligne[name] for name in DE_LA_LIGNE}
        for cible in targets:
            more = {name: ligne[f"{cible}_{name}"] for name in COMPLEMENTS}
            saisie = _complete(Saisie(**row, cible=cible, valeur=ligne[cible], **more), mesures)
            if saisie.valeur or any(more.values()) or _was_asked(saisie, mesures):
                yield Lue(saisie, ligne, cible)


def _was_asked(saisie: Saisie, mesures: Mesures) -> bool:
    mesure = mesures.of(saisie.etape, saisie.mesure)
    if mesure is None or mesure.de_l_agent or saisie.cible not in mesure.cibles:
        return False
    roles = mesure.cibles[saisie.cible].roles
    return roles is not None and saisie.role in roles


def _complete(saisie: Saisie, mesures: Mesures) -> Saisie:
    """Etape and mesure that a target has by default, where they were left empty."""
    if saisie.etape and saisie.mesure:
        return saisie
    for mesure in mesures:
        if saisie.cible in mesure.cibles and saisie.etape in ("", mesure.etape) and saisie.mesure in ("", mesure.nom):
            return replace(saisie, etape=mesure.etape, mesure=mesure.nom)
    return saisie


def _anomaly(tableau: Tableau, lue: Lue, faute: Faute) -> Anomalie:
    column = lue.place(faute)
    place = column if column in tableau.colonnes else closest(column, tableau.colonnes) or ""
    return Anomalie(faute.quoi, tableau.ou(lue.ligne, place), faute.valeur, faute.attendu, faute.que_faire)


def _repeated(tableau: Tableau, lue: Lue, reponse: Reponse, first: int) -> Anomalie:
    shown = ", ".join(f"{name} « {value} »" for name, value in zip(CLE, reponse.cle, strict=True) if value)
    return Anomalie(
        f"cette réponse répète celle de la ligne {first}",
        tableau.ou(lue.ligne, lue.colonne),
        shown,
        "une seule réponse par personne et par question dans un fichier",
        "gardez la bonne ligne et retirez l'autre",
    )
