"""A ministry's own training catalogue, and what bounds its training plan.

catalogue.csv (or catalogue.xlsx), optional, one row a module, columns named as MENTOR's course record:

    id              L-… for a module of the ministry; M-… for one of formations.yaml, whose given values it replaces
    libelle         title (required for L-…)                 competences  levels, as A1:0>2, B1:1>2 (required for L-…)
    duree_presence_h, duree_distance_h                       hours
    modalites       presentiel, en_ligne, hybride            autonomie    oui = to be followed at any time
    publics         TA = everyone, or AC1 AC2 AC3 MP RF ED NP
    places          seats of a session                       sessions_max sessions over the plan
    mois            months with sessions, as 2027-01         sites        sites with sessions; empty = any
    cout_session, cout_place                                 euros
    contexte        rh_public, secteur_public, generique     mise_a_jour  date of the last revision of the content
    structures      ids of those that may enrol; empty = all
    and nom_abrege, contenu, objectifs, prerequis, collections, metiers, certifiante, duree_texte, structure_creatrice,
    organisme, concepteurs, contact, identifiant_sirh, licence, statut, gisement, offre, public_texte, acces,
    acces_limites, acces_code, url, verifie_le, reference, confiance, evaluation, accessibilite, confidentialite,
    cout_texte, note

formation_contraintes.yaml, optional: see referentiels/contraintes_formation.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ..dossier import empty_frame
from ..errors import Anomalie
from ..referentiels import Referentiels
from ..referentiels.anomalies import describe_errors
from ..referentiels.contraintes_formation import ContraintesFormation
from ..referentiels.formations import DATES, LISTES, MODULES, NOMBRES, OUI_NON, Module, module_row, parse_levels
from ..referentiels.loading import read_model
from ..tabular import (
    Ligne,
    Tableau,
    align_columns,
    closest,
    duplicate_rows,
    fold,
    listing,
    parse_date,
    parse_number,
    read_table,
)

FICHIERS = ("catalogue.csv", "catalogue.xlsx")
CONTRAINTES = "formation_contraintes.yaml"
STRUCTURES = "structures"
CATALOGUE = {**MODULES, STRUCTURES: "str"}
REQUISES = ("id",)
COLONNES = (*(name for name in Module.model_fields if name != "fiche"), STRUCTURES)
PARTAGEE = "M-"
"""Modules whose id starts so are those of formations.yaml."""
PROPRE = {
    "gisement": "interne",
    "offre": "ministerielle",
    "statut": "disponible",
    "acces": "ouvert",
    "reference": "Catalogue du ministère",
}
"""What a row of the ministry's own means when it does not say otherwise."""
SERREES = ("publics", "modalites", "mois", "structures")
"""Lists of codes: also separated by spaces. The others may hold spaces."""


def read_catalogue(
    chemin: Path, referentiels: Referentiels, structures: Collection[str] | None
) -> tuple[pd.DataFrame, list[Anomalie]]:
    """Frame CATALOGUE, empty without a file or when something is wrong; every fault of the file.

    `structures`: known ids, None when their own file is faulty.
    """
    presents = [chemin / name for name in FICHIERS if (chemin / name).is_file()]
    if not presents:
        return empty_frame(CATALOGUE), []
    if len(presents) > 1:
        attendu = "un seul catalogue, " + listing(FICHIERS)
        return empty_frame(CATALOGUE), [Anomalie("deux catalogues", FICHIERS[1], "", attendu, "retirez l'un des deux")]
    raw = read_table(presents[0], nom=presents[0].name, reperes=REQUISES, vide_admis=True)
    table = align_columns(raw, REQUISES, [name for name in COLONNES if name not in REQUISES])
    anomalies = list(table.anomalies)
    rows = []
    if set(REQUISES) <= set(table.colonnes):
        connus = {module.id: module for module in referentiels.formations.modules}
        for ligne in table:
            faults = list(_check_row(table, ligne, connus, referentiels, structures))
            module, more = (None, []) if faults else _module(table, ligne, connus)
            anomalies += [*faults, *more]
            if module:
                rows.append({**module_row(module), STRUCTURES: ", ".join(_split(STRUCTURES, ligne[STRUCTURES]))})
        anomalies += duplicate_rows(table, REQUISES)
    if anomalies or not rows:
        return empty_frame(CATALOGUE), anomalies
    return pd.DataFrame(rows, columns=list(CATALOGUE)).astype(CATALOGUE), []


def read_constraints(
    chemin: Path, referentiels: Referentiels, structures: Collection[str] | None
) -> tuple[ContraintesFormation, list[Anomalie]]:
    """No bound at all without a file."""
    path = chemin / CONTRAINTES
    if not path.is_file():
        return ContraintesFormation(), []
    lecture = read_model(path, ContraintesFormation)
    if lecture.valeur is None:
        return ContraintesFormation(), list(lecture.anomalies)
    return lecture.valeur, list(_check_names(lecture.valeur, referentiels, structures))


def _check_names(
    contraintes: ContraintesFormation, referentiels: Referentiels, structures: Collection[str] | None
) -> Iterator[Anomalie]:
    """Structures and competences that the model cannot know."""
    for id_ in contraintes.structures:
        if structures is not None and id_ not in structures:
            yield _unknown(f"la structure « {id_} » n'existe pas", CONTRAINTES, id_, structures)
    competences = [competence.id for competence in referentiels.competences.competences]
    for recherche in contraintes.recherches:
        for id_ in recherche.competences:
            if id_ not in competences:
                yield _unknown(f"la compétence « {id_} » n'existe pas", CONTRAINTES, id_, competences)


def _check_row(
    table: Tableau,
    ligne: Ligne,
    connus: dict[str, Module],
    referentiels: Referentiels,
    structures: Collection[str] | None,
) -> Iterator[Anomalie]:
    """What the record alone cannot see: known ids, numbers and dates as the French write them."""
    id_ = ligne["id"]
    if id_.startswith(PARTAGEE) and id_ not in connus:
        yield _unknown("aucun module connu ne porte cet identifiant", table.ou(ligne, "id"), id_, connus)
    competences = [competence.id for competence in referentiels.competences.competences]
    levels = parse_levels(ligne["competences"])
    if levels is None:
        attendu = "des niveaux comme A1:0>2, B1:1>2 (compétence, entrée, sortie)"
        yield _cell(table, ligne, "competences", attendu)
    for level in levels or ():
        if level["competence"] not in competences:
            quoi = f"la compétence « {level['competence']} » n'existe pas"
            yield _unknown(quoi, table.ou(ligne, "competences"), level["competence"], competences)
    for name in NOMBRES:
        if ligne[name] and parse_number(ligne[name]) is None:
            yield _cell(table, ligne, name, "un nombre, par exemple 3,5")
    for name in DATES:
        if ligne[name] and parse_date(ligne[name]) is None:
            yield _cell(table, ligne, name, "une date comme 2026-11-24 ou 24/11/2026")
    for structure in _split(STRUCTURES, ligne[STRUCTURES]):
        if structures is not None and structure not in structures:
            quoi = f"la structure « {structure} » n'existe pas"
            yield _unknown(quoi, table.ou(ligne, STRUCTURES), structure, structures)
    if not id_.startswith(PARTAGEE):
        for name in ("libelle", "competences"):
            if not ligne[name]:
                quoi = f"la colonne « {name} » est vide"
                yield Anomalie(quoi, table.ou(ligne, name), "", "une valeur", "complétez cette cellule")


def _module(table: Tableau, ligne: Ligne, connus: dict[str, Module]) -> tuple[Module | None, list[Anomalie]]:
    base = connus.get(ligne["id"])
    depart: dict[str, Any] = base.model_dump() if base else dict(PROPRE)
    values = {name: _value(name, ligne[name]) for name in Module.model_fields if name != "fiche" and ligne[name]}
    try:
        return Module.model_validate({**depart, **values}), []
    except ValidationError as error:
        return None, describe_errors(error, Module, lambda path: table.ou(ligne, str(path[0]) if path else ""))


def _value(name: str, text: str) -> Any:
    if name == "competences":
        return parse_levels(text) or ()
    if name in LISTES:
        return _split(name, text)
    if name in NOMBRES:
        return parse_number(text)
    if name in DATES:
        return parse_date(text)
    return fold(text) if name in OUI_NON else text


def _split(name: str, text: str) -> tuple[str, ...]:
    pattern = r"[\s,;|]+" if name in SERREES else r"\s*[,;|]\s*"
    return tuple(filter(None, re.split(pattern, text.strip())))


def _cell(table: Tableau, ligne: Ligne, name: str, attendu: str) -> Anomalie:
    quoi = f"la valeur de « {name} » n'est pas admise"
    return Anomalie(quoi, table.ou(ligne, name), ligne[name], attendu, "corrigez la valeur")


def _unknown(quoi: str, ou: str, value: str, known: Collection[str]) -> Anomalie:
    proche = closest(value, known)
    return Anomalie(
        quoi, ou, value, listing(known), f"écrivez « {proche} » ?" if proche else "corrigez ou retirez cette valeur"
    )
