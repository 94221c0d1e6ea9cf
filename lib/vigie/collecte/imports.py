"""Answers as people send them: a long file, or one row a respondent; CSV or XLSX. All the faults at once, or a lot.

Long: structure;repondant;role;etape;objet;cible;mesure;etat;valeur;commentaire;preuve;indicateur;date. Only structure,
role, cible and valeur are required; an empty etape or mesure is the one the target has by default (D1.1 → maturite,
niveau) or the only one it may have; otherwise it must be written.

One row a respondent: structure, repondant, role, then a column a target (D1.1, M1, A1…), and for each, if wanted,
`<cible>_commentaire`, `<cible>_preuve`, `<cible>_indicateur`; etape, objet, mesure and date columns hold for the row.
Exports of LimeSurvey, ODK Central and KoboToolbox are such files (see enquetes.py).

A value is a number, a code, NSP (ne sait pas) or SO (sans objet). An empty cell is « non répondu » and never replaces
an answer; writing « non_repondu » takes one back. An XLSX is read on its sheet « réponses », else on its only visible
sheet. The file's faults are shown by line and column, or by cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ..errors import Anomalie, ImportRefuse
from ..paths import file_name
from ..tabular import Ligne, Tableau, align_columns, fold, read_table
from .enquetes import COMPLEMENTS, is_export, read_export, submission
from .lot import Lot, Pli
from .mesures import Mesures
from .ministere import MinistereCharge
from .reponses import CLE, COLONNES, Controle, Faute, Reponse, Saisie, controle_of

FEUILLE = "réponses"
CLASSEURS = (".xlsx", ".xlsm")
REQUISES = ("structure", "role", "cible", "valeur")
LECTURE = ("question", "niveau_1", "niveau_3", "niveau_5", "preuve_attendue")
"""Columns of our own workbooks that are there to be read: what they hold is not imported."""
VERSION = "version"
"""Column of our own workbooks: the version of the questions that were asked."""
REQUISES_LARGE = ("structure", "role")
DE_LA_LIGNE = ("structure", "repondant", "role", "etape", "objet", "mesure", "date")
"""Columns that hold for a whole row of a wide file."""
_COLONNES_LARGES = (
    "structure, repondant, role, date, etape, objet, mesure, l'identifiant d'une question (D1.1, M1, A1…), "
    "ou celui-ci suivi de _commentaire, _preuve ou _indicateur"
)
_D_UN_FICHIER_LONG = {"cible", "valeur", "etat"}


@dataclass(frozen=True, slots=True)
class Lue:
    """An answer read, with the row and, in a wide file, the column it stands in."""

    saisie: Saisie
    ligne: Ligne
    colonne: str = ""

    def column(self, faute: Faute) -> str:
        """The column to show for a fault: the target's own one for what a wide file holds under it."""
        if not self.colonne or faute.colonne in DE_LA_LIGNE:
            return faute.colonne
        return f"{self.colonne}_{faute.colonne}" if faute.colonne in COMPLEMENTS else self.colonne


def read_answers(path: Path, charge: MinistereCharge) -> Lot:
    """The checked answers of a file. Raises ImportRefuse with every fault of the file."""
    lot, anomalies = read_lot(path, charge)
    if lot is None:
        raise ImportRefuse(anomalies)
    return lot


def read_lots(paths: Iterable[Path], charge: MinistereCharge) -> list[Pli]:
    """The checked answers of several files, folded. Raises ImportRefuse with every fault of every file."""
    lots: list[Pli] = []
    anomalies: list[Anomalie] = []
    for path in paths:
        lot, faults = read_lot(path, charge)
        anomalies += faults
        lots += [Pli.of(lot)] if lot and not anomalies else []
    if anomalies:
        raise ImportRefuse(anomalies)
    return lots


def read_lot(path: Path, charge: MinistereCharge) -> tuple[Lot | None, list[Anomalie]]:
    """The checked answers of a file, or everything that is wrong with it."""
    received = answer_table(path)
    tableau, long = _aligned(received, charge.mesures)
    if not set(REQUISES if long else REQUISES_LARGE) <= set(tableau.colonnes):
        return None, list(tableau.anomalies)
    lues = _long(tableau, charge.mesures) if long else _wide(tableau, charge.mesures)
    checked, faults = _checked(tableau, lues, controle_of(charge))
    anomalies = [*tableau.anomalies, *_outdated(tableau, charge), *faults]
    if anomalies:
        return None, anomalies
    envois = {ligne.numero: submission(received, ligne) for ligne in received} if is_export(received.colonnes) else {}
    lot = Lot(
        file_name(path),
        file_hash(path),
        tuple(reponse for reponse, _ in checked),
        charge.referentiels.versions,
        envois=tuple(envois[numero] for _, numero in checked) if envois else (),
    )
    return lot, []


def _outdated(tableau: Tableau, charge: MinistereCharge) -> list[Anomalie]:
    """Answers to questions that have changed since the workbook was made, said once a version."""
    current = charge.referentiels.versions["maturite"]
    first = {ligne[VERSION]: ligne for ligne in reversed(tableau.lignes) if ligne[VERSION] not in ("", current)}
    return [
        Anomalie(
            "ce questionnaire porte sur une autre version des questions",
            tableau.ou(ligne, VERSION),
            version,
            current,
            "préparez-en un nouveau (vigie workbook) et reportez-y les réponses",
        )
        for version, ligne in sorted(first.items())
    ]


def answer_table(path: Path) -> Tableau:
    """The table of a file of answers, as received."""
    feuille = FEUILLE if path.suffix.lower() in CLASSEURS else ""
    return read_table(path, feuille=feuille, reperes=("structure", "role"))


def file_hash(path: Path) -> str:
    """SHA-256 of a file, kept as long as its size and time do not change."""
    stat = path.stat()
    return _hash(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _hash(path: Path, size: int, time: int) -> str:
    del size, time
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _aligned(tableau: Tableau, mesures: Mesures) -> tuple[Tableau, bool]:
    """The table with its columns under their own names, and whether it is a long one."""
    if not tableau.colonnes:
        return tableau, True
    if _D_UN_FICHIER_LONG & {fold(name) for name in tableau.colonnes}:
        optional = [name for name in COLONNES if name not in REQUISES]
        return align_columns(tableau, REQUISES, [*optional, *LECTURE, VERSION]), True
    targets = list(dict.fromkeys(cible for mesure in mesures for cible in mesure.cibles))
    more = [f"{cible}_{suffix}" for cible in targets for suffix in COMPLEMENTS]
    optional = [name for name in DE_LA_LIGNE if name not in REQUISES_LARGE]
    tableau = read_export(tableau, mesures)
    tableau = align_columns(tableau, REQUISES_LARGE, [*optional, VERSION, *targets, *more], _COLONNES_LARGES)
    if not set(targets) & set(tableau.colonnes):
        ou = tableau.ou(tableau.ligne_entete)
        attendu = "une colonne par question (D1.1, M1, A1…), ou les colonnes cible et valeur"
        aucune = Anomalie("aucune colonne de réponses", ou, "", attendu, "ajoutez les colonnes des questions")
        tableau = tableau.with_anomalies([aucune])
    return tableau, False


def _checked(
    tableau: Tableau, lues: Iterable[Lue], controle: Controle
) -> tuple[list[tuple[Reponse, int]], list[Anomalie]]:
    """Checked answers, each with the number of its row, and faults.

    What is wrong with a whole row is said once, whatever its number of answers.
    """
    reponses: list[tuple[Reponse, int]] = []
    anomalies: list[Anomalie] = []
    first: dict[tuple[str, ...], int] = {}
    said: set[tuple[int, str, str]] = set()
    for lue in lues:
        reponse, fautes = controle.check(lue.saisie)
        found = {(lue.column(faute), faute.quoi): _anomaly(tableau, lue, faute) for faute in fautes}
        if reponse is not None and not reponse.anonyme:
            before = first.setdefault(reponse.cle, lue.ligne.numero)
            if before != lue.ligne.numero:
                found["", f"{before}"] = _repeated(tableau, lue, reponse, before)
        anomalies += [one for about, one in found.items() if (lue.ligne.numero, *about) not in said]
        said.update((lue.ligne.numero, *about) for about in found)
        if reponse is not None:
            reponses.append((reponse, lue.ligne.numero))
    return reponses, anomalies


def _long(tableau: Tableau, mesures: Mesures) -> Iterator[Lue]:
    for ligne in tableau:
        yield Lue(_complete(Saisie(**{name: ligne[name] for name in COLONNES}), mesures), ligne)


def _wide(tableau: Tableau, mesures: Mesures) -> Iterator[Lue]:
    """One answer a filled cell. An empty cell counts as unanswered only where this person was asked."""
    known = {cible for mesure in mesures for cible in mesure.cibles}
    targets = [name for name in dict.fromkeys(tableau.colonnes) if name in known]
    for ligne in tableau:
        row = {name: ligne[name] for name in DE_LA_LIGNE}
        for cible in targets:
            more = {name: ligne[f"{cible}_{name}"] for name in COMPLEMENTS}
            saisie = _complete(Saisie(**row, cible=cible, valeur=ligne[cible], **more), mesures)
            if saisie.valeur or any(more.values()) or _was_asked(saisie, mesures):
                yield Lue(saisie, ligne, cible)


def _was_asked(saisie: Saisie, mesures: Mesures) -> bool:
    """Whether this row's person had to answer: the écho is for rows without a name, the rest for those with one."""
    mesure = mesures.of(saisie.etape, saisie.mesure)
    if mesure is None or mesure.de_l_agent or mesure.anonyme == bool(saisie.repondant):
        return False
    roles = mesure.cibles[saisie.cible].roles if saisie.cible in mesure.cibles else None
    return roles is not None and saisie.role in roles


def _complete(saisie: Saisie, mesures: Mesures) -> Saisie:
    """Etape and mesure of a target, where they were left empty and only one can be meant."""
    if saisie.etape and saisie.mesure:
        return saisie
    mesure = mesures.meant(saisie.cible, saisie.etape, saisie.mesure)
    return replace(saisie, etape=mesure.etape, mesure=mesure.nom) if mesure else saisie


def _anomaly(tableau: Tableau, lue: Lue, faute: Faute) -> Anomalie:
    column = lue.column(faute)
    if column not in tableau.colonnes:
        column = lue.colonne
    return Anomalie(faute.quoi, tableau.ou(lue.ligne, column), faute.valeur, faute.attendu, faute.que_faire)


def _repeated(tableau: Tableau, lue: Lue, reponse: Reponse, first: int) -> Anomalie:
    key = {name: getattr(reponse, name) for name in CLE if not lue.colonne or name in DE_LA_LIGNE}
    return Anomalie(
        f"cette ligne répète la ligne {first}",
        tableau.ou(lue.ligne),
        ", ".join(f"{name} « {value} »" for name, value in key.items() if value),
        "une seule réponse par personne et par question dans un fichier",
        "gardez la bonne ligne et retirez l'autre",
    )
