"""A ministry's folder, read and checked as a whole.

    <ministere>/
      ministere.yaml      one Ministere (see referentiels/ministere.py)
      structures.csv      id;nom;type;situation;effectif;site;mise_en_service
      agents.csv          structure;id;metier;publics;categorie;site;sexe;mise_en_service
      repondants.csv      structure;id;role;nom;fonction
      cibles.csv          structure;dimension;cible;date;decision[;campagne]
      validations.csv     structure;etape;livrable;etat;date;par[;campagne]
      catalogue.csv       the ministry's own training modules (see catalogue.py)
      formation_contraintes.yaml   what bounds its training plan (see catalogue.py)
      reponses/           answers as received (see imports.py); reponses/<campagne>/ for another campagne
      referentiels/       whole files that replace those of params/referentiels/
      collecte.sqlite     the store

Only ministere.yaml and structures.csv must be there. A column in brackets may be left out; an empty `campagne` means
the current one. CSV as a French spreadsheet makes them: see tabular. Dates: 2026-11-24 or 24/11/2026.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from ..errors import Anomalie, Introuvable, MinistereInvalide
from ..paths import params_dir
from ..referentiels import Referentiels, load_referentiels
from ..referentiels.contraintes_formation import ContraintesFormation
from ..referentiels.loading import read_model
from ..referentiels.ministere import Campagne, Ministere, Structure
from ..tabular import closest, listing
from .catalogue import read_catalogue, read_constraints
from .fiches import read_frames, read_structures, unknown_files
from .mesures import Mesures, list_mesures

MINISTERE_YAML = "ministere.yaml"
RESTAURATION = ".restauration"
"""In a folder whose restoration is not finished (see restauration.py)."""
_SUFFIXES = (".yaml", ".csv", ".xlsx", ".xls", ".ods")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, eq=False)
class MinistereCharge:
    """A valid ministry. Frames have the columns of dossier.py after `structure` (and `campagne` for the last two)."""

    chemin: Path
    ministere: Ministere
    structures: Mapping[str, Structure]
    agents: pd.DataFrame
    repondants: pd.DataFrame
    cibles: pd.DataFrame
    validations: pd.DataFrame
    catalogue: pd.DataFrame
    """Columns of catalogue.py: `structures` says who may enrol, "" for all."""
    contraintes: ContraintesFormation
    referentiels: Referentiels
    mesures: Mesures
    empreinte: str
    """SHA-256 of ministere.yaml."""
    empreinte_formation: str
    """SHA-256 of the catalogue and of the constraints of the training plan."""

    def structure(self, id_: str) -> Structure:
        """Raises Introuvable, with what exists."""
        if id_ not in self.structures:
            raise Introuvable(_not_found("structure", id_, self.structures, f"du ministère « {self.ministere.id} »"))
        return self.structures[id_]

    def campagne(self, id_: str | None = None) -> Campagne:
        """The campagne named, the current one when none is. Raises Introuvable, with what exists."""
        campagnes = {campagne.id: campagne for campagne in self.ministere.campagnes}
        wanted = id_ or self.ministere.campagne
        if wanted not in campagnes:
            raise Introuvable(_not_found("campagne", wanted, campagnes, f"du ministère « {self.ministere.id} »"))
        return campagnes[wanted]

    def before(self, campagne: str) -> tuple[Campagne, ...]:
        """The campagnes held before this one, the latest first."""
        day = self.campagne(campagne).date_reference
        earlier = [one for one in self.ministere.campagnes if one.date_reference < day]
        return tuple(sorted(earlier, key=lambda one: one.date_reference, reverse=True))


def load_ministere(ministere: str | Path) -> MinistereCharge:
    """Loads an id of params/ministeres/, or a folder anywhere. Kept as long as none of its files changes.

    Raises Introuvable, MinistereInvalide (every anomaly of every file) or ReferentielInvalide.
    """
    chemin = find_ministere(ministere)
    if (chemin / RESTAURATION).exists():
        raise MinistereInvalide(
            [
                Anomalie(
                    "la restauration de ce dossier a été interrompue : il n'est pas complet",
                    chemin.name,
                    que_faire="relancez la même commande vigie restore ; elle reprend tout",
                )
            ]
        )
    return load_unfinished(chemin)


def load_unfinished(chemin: Path) -> MinistereCharge:
    """As `load_ministere`, for a folder that is being made again from a backup."""
    return _load(chemin, _signature(chemin))


def find_ministere(ministere: str | Path) -> Path:
    """The ministry's folder. A text with « .. » is refused: ids also come from web addresses."""
    text = str(ministere)
    known = params_dir() / "ministeres"
    if isinstance(ministere, str) and _SLUG.fullmatch(text) and (known / text / MINISTERE_YAML).is_file():
        return (known / text).resolve()
    climbs = isinstance(ministere, str) and ".." in Path(text).parts
    if text and not climbs and (Path(text) / MINISTERE_YAML).is_file():
        return Path(text).resolve()
    existing = sorted(folder.parent.name for folder in known.glob(f"*/{MINISTERE_YAML}"))
    message = _not_found("ministère", text, existing, "de params/ministeres")
    if climbs:
        message += " Un chemin ne doit pas contenir « .. » : donnez le chemin complet."
    elif not _SLUG.fullmatch(text):
        message += f" Pour désigner un dossier, donnez celui qui contient {MINISTERE_YAML}."
    raise Introuvable(message)


def _not_found(genre: str, id_: str, existing: Mapping[str, object] | list[str], ou: str) -> str:
    pluriel = {"structure": "structures", "campagne": "campagnes", "ministère": "ministères"}[genre]
    adjectif = "connu" if genre == "ministère" else "connue"
    proche = closest(id_, existing)
    hint = f" Vouliez-vous dire « {proche} » ?" if proche else ""
    known = listing(existing, "et", most=20)
    known = f"{pluriel.capitalize()} {adjectif}s {ou} : {known}." if known else f"Il n'y en a pas {ou}."
    return f"{genre.capitalize()} « {id_} » introuvable.{hint} {known}"


def _signature(chemin: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file a ministry is read from; the store is not one of them."""
    folders = (chemin, chemin / "referentiels", params_dir() / "referentiels")
    paths = sorted(path for folder in folders for path in folder.glob("*.*") if path.suffix.lower() in _SUFFIXES)
    stats = ((str(path), path.stat()) for path in paths)
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


@lru_cache(maxsize=8)
def _load(chemin: Path, signature: tuple[tuple[str, int, int], ...]) -> MinistereCharge:
    del signature  # it only tells one state of the files from another
    own = chemin / "referentiels"
    referentiels = load_referentiels([params_dir() / "referentiels", own] if own.is_dir() else None)
    mesures = list_mesures(referentiels)
    lecture = read_model(chemin / MINISTERE_YAML, Ministere)
    structures, written, anomalies = read_structures(chemin)
    campagnes = [campagne.id for campagne in lecture.valeur.campagnes] if lecture.valeur else None
    frames, more = read_frames(chemin, referentiels, mesures, written or None, campagnes)
    anomalies = [*lecture.anomalies, *unknown_files(chemin), *anomalies, *more]
    catalogue, fautes = read_catalogue(chemin, referentiels, written or None)
    contraintes, autres = read_constraints(chemin, referentiels, written or None)
    anomalies += [*fautes, *autres]
    if lecture.valeur:
        anomalies += [*_incoherent(chemin, lecture.valeur), *_unknown_ids(lecture.valeur, referentiels)]
    if anomalies or lecture.valeur is None:
        raise MinistereInvalide(anomalies)
    return MinistereCharge(
        chemin=chemin,
        ministere=lecture.valeur,
        structures=structures,
        agents=frames["agents.csv"],
        repondants=frames["repondants.csv"],
        cibles=frames["cibles.csv"],
        validations=frames["validations.csv"],
        catalogue=catalogue,
        contraintes=contraintes,
        referentiels=referentiels,
        mesures=list_mesures(referentiels, catalogue["id"]),
        empreinte=lecture.empreinte,
        empreinte_formation=_fingerprint(catalogue, contraintes),
    )


def _fingerprint(catalogue: pd.DataFrame, contraintes: ContraintesFormation) -> str:
    content = catalogue.to_csv(index=False) + contraintes.model_dump_json()
    return hashlib.sha256(content.encode()).hexdigest()


def _incoherent(chemin: Path, ministere: Ministere) -> list[Anomalie]:
    """What the model cannot see: the current campagne, campagnes named twice, the folder's own name."""
    ids = [campagne.id for campagne in ministere.campagnes]
    anomalies = [
        Anomalie(f"la campagne « {id_} » est décrite deux fois", MINISTERE_YAML, id_, "une seule fois", "gardez l'une")
        for id_ in dict.fromkeys(ids)
        if ids.count(id_) > 1
    ]
    if ministere.campagne not in ids:
        quoi = "la campagne courante n'est pas décrite dans « campagnes »"
        anomalies.append(Anomalie(quoi, MINISTERE_YAML, ministere.campagne, listing(ids), "corrigez « campagne »"))
    if chemin.parent == (params_dir() / "ministeres").resolve() and chemin.name != ministere.id:
        quoi = "l'identifiant du ministère n'est pas le nom de son dossier"
        anomalies.append(
            Anomalie(quoi, MINISTERE_YAML, ministere.id, chemin.name, "renommez le dossier ou corrigez « id »")
        )
    return anomalies


def _unknown_ids(ministere: Ministere, referentiels: Referentiels) -> list[Anomalie]:
    """Referentiels and rules that the ministry's description names and that do not exist."""
    known = list(referentiels.versions)
    wrong = [
        (f"campagne {campagne.id}, {cle}", name, known)
        for campagne in ministere.campagnes
        for cle, named in (("versions", campagne.versions), ("modifies", campagne.modifies))
        for name in named
        if name not in known
    ]
    rules = [regle.id for regle in referentiels.regles.regles]
    wrong += [
        (f"document {document.id}, regles", id_, rules)
        for document in ministere.documents
        for id_ in document.regles
        if id_ not in rules
    ]
    return [
        Anomalie("ce nom n'existe pas", f"{MINISTERE_YAML}, {ou}", name, listing(allowed, most=20), "corrigez le nom")
        for ou, name, allowed in wrong
    ]
