"""A ministry's own training catalogue and constraints: what is read, and every fault said in French."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from vigie.collecte.catalogue import CATALOGUE, read_catalogue, read_constraints
from vigie.referentiels import load_referentiels

ENTETE = "id;libelle;competences;duree_presence_h;modalites;places;publics;sites;mois;structures"
LIGNE = "L-verifier;Vérifier une sortie;E1:0>2, E2:0>2;3,5;presentiel;12;AC1 AC2;Saint-Denis, Lyon;2027-01 2027-02;un"


def lire(dossier: Path, *lignes: str, nom: str = "catalogue.csv"):
    (dossier / nom).write_text("\n".join([ENTETE, *lignes]), encoding="utf-8-sig")
    return read_catalogue(dossier, load_referentiels(), ["un", "deux"])


def test_no_catalogue_is_an_empty_frame_with_every_column(tmp_path: Path) -> None:
    cadre, anomalies = read_catalogue(tmp_path, load_referentiels(), [])
    assert list(cadre.columns) == list(CATALOGUE)
    assert cadre.empty
    assert anomalies == []


def test_a_row_is_read_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    cadre, anomalies = lire(tmp_path, LIGNE)
    assert anomalies == []
    [ligne] = cadre.to_dict("records")
    assert {
        nom: ligne[nom] for nom in ("competences", "duree_h", "places", "publics", "sites", "mois", "structures")
    } == {
        "competences": "E1:0>2, E2:0>2",
        "duree_h": 3.5,
        "places": 12,
        "publics": "AC1, AC2",
        "sites": "Saint-Denis, Lyon",
        "mois": "2027-01, 2027-02",
        "structures": "un",
    }
    assert not ligne["rapprochement"]
    assert (ligne["gisement"], ligne["statut"], ligne["acces"]) == ("interne", "disponible", "ouvert")
    assert math.isnan(ligne["cout_session"])


def test_a_row_with_a_known_id_completes_the_shared_module(tmp_path: Path) -> None:
    cadre, anomalies = lire(tmp_path, "M-bataille-ia;;;;;15;;;;")
    assert anomalies == []
    [ligne] = cadre.to_dict("records")
    assert (ligne["libelle"], ligne["places"], ligne["duree_h"]) == ("Bataille de l'IA", 15, 2)
    assert ligne["rapprochement"]


@pytest.mark.parametrize(
    ("ligne", "quoi", "attendu"),
    [
        ("M-inconnu;;;;;;;;;", "aucun module connu ne porte cet identifiant", "M-"),
        ("L-a;;E1:0>2;;;;;;;", "la colonne « libelle » est vide", "une valeur"),
        ("L-a;A;;;;;;;;", "la colonne « competences » est vide", "une valeur"),
        ("L-a;A;E1 vers 2;;;;;;;", "la valeur de « competences » n'est pas admise", "A1:0>2"),
        ("L-a;A;E1:2>1;;;;;;;", "la valeur de « competences » n'est pas admise", "A1:0>2"),
        ("L-a;A;A9:0>1;;;;;;;", "la compétence « A9 » n'existe pas", "A1"),
        ("L-a;A;E1:0>2;trois;;;;;;", "la valeur de « duree_presence_h » n'est pas admise", "un nombre"),
        ("L-a;A;E1:0>2;;en_salle;;;;;", "la valeur de « modalites[1] » n'est pas admise", "presentiel"),
        ("L-a;A;E1:0>2;;;0;;;;", "la valeur de « places » n'est pas admise", "au moins 1"),
        ("L-a;A;E1:0>2;;;;AC9;;;", "la valeur de « publics[1] » n'est pas admise", "AC1"),
        ("L-a;A;E1:0>2;;;;;;janvier;", "la valeur de « mois[1] » n'est pas admise", "un mois"),
        ("L-a;A;E1:0>2;;;;;;;trois", "la structure « trois » n'existe pas", "un"),
        ("A;A;E1:0>2;;;;;;;", "la valeur de « id » n'est pas admise", "un module"),
    ],
)
def test_a_fault_says_where_what_was_expected_and_keeps_nothing(
    tmp_path: Path, ligne: str, quoi: str, attendu: str
) -> None:
    cadre, anomalies = lire(tmp_path, LIGNE, ligne)
    assert cadre.empty
    [anomalie] = [fault for fault in anomalies if fault.quoi == quoi]
    assert anomalie.ou.startswith("catalogue.csv, ligne 3")
    assert attendu in anomalie.attendu
    assert anomalie.que_faire


def test_a_module_written_twice_is_refused(tmp_path: Path) -> None:
    _, anomalies = lire(tmp_path, LIGNE, LIGNE)
    assert [anomalie.quoi for anomalie in anomalies] == ["cette ligne répète la ligne 2"]


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.csv").write_text("id;duree\nL-a;3", encoding="utf-8")
    _, anomalies = read_catalogue(tmp_path, load_referentiels(), [])
    assert "la colonne « duree » est inconnue" in [anomalie.quoi for anomalie in anomalies]


def test_two_catalogues_are_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.xlsx").write_bytes(b"")
    _, anomalies = lire(tmp_path, LIGNE)
    assert [anomalie.quoi for anomalie in anomalies] == ["deux catalogues"]


def contraintes(dossier: Path, texte: str):
    (dossier / "formation_contraintes.yaml").write_text(texte, encoding="utf-8")
    return read_constraints(dossier, load_referentiels(), ["un"])


def test_no_file_of_constraints_bounds_nothing(tmp_path: Path) -> None:
    lues, anomalies = read_constraints(tmp_path, load_referentiels(), [])
    assert (lues.budget, lues.heures_par_agent, lues.recherches, anomalies) == (None, None, (), [])


def test_constraints_are_read_by_structure_with_the_searches(tmp_path: Path) -> None:
    lues, anomalies = contraintes(
        tmp_path,
        "heures_par_agent: 14\nmois_fermes: [2027-08]\nstructures:\n  un: {budget: 3000}\nrecherches:\n"
        "  - {gisement: mentor, date: 2026-11-02, resultat: rien d'adapté, competences: [E1]}\n",
    )
    assert anomalies == []
    assert (lues.pour("un").budget, lues.pour("un").heures_par_agent) == (3000, 14)
    assert lues.recherches[0].competences == ("E1",)


@pytest.mark.parametrize(
    ("texte", "quoi"),
    [
        ("structures:\n  deux: {budget: 1}", "la structure « deux » n'existe pas"),
        (
            "recherches:\n  - {gisement: mentor, date: 2026-11-02, resultat: x, competences: [A9]}",
            "« A9 » n'existe pas",
        ),
        ("budgets: 3", "la clé « budgets » est inconnue"),
        ("heures_par_agent: 0", "la valeur de « heures_par_agent » n'est pas admise"),
        ("mois_fermes: [aout]", "la valeur de « mois_fermes[1] » n'est pas admise"),
        ("recherches:\n  - {gisement: google, date: 2026-11-02, resultat: x}", "n'est pas admise"),
    ],
)
def test_a_fault_of_the_constraints_is_said(tmp_path: Path, texte: str, quoi: str) -> None:
    _, anomalies = contraintes(tmp_path, texte)
    assert any(quoi in anomalie.quoi for anomalie in anomalies)
