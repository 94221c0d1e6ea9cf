"""Reading the content files: each fault is said in French, with its line, key, value, expectation and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from vigie.errors import ReferentielInvalide
from vigie.paths import params_dir
from vigie.referentiels import FICHIERS, load_referentiels
from vigie.referentiels.base import IdFiche, IdItem, IdVigilance, Modele, Referentiel
from vigie.referentiels.fiche import Fiche
from vigie.referentiels.loading import read_model

FAUTES = Path(__file__).parent / "fautes"
CONTENU = params_dir() / "referentiels"


class Point(Modele):
    id: IdVigilance
    libelle: str
    fiche: tuple[IdFiche, ...]
    items: tuple[IdItem, ...] = ()


class Points(Referentiel):
    """The least content file: what is read here is the way it is read, whatever the content."""

    vigilances: tuple[Point, ...]


# file: line (0 = the whole file), what is wrong, what was read, what was expected, what to do
CAS = {
    "cle_inconnue": (
        5,
        "la clé « vigilances[V01].libele » est inconnue",
        "libele",
        "l'une des clés id, libelle, fiche, items",
        "écrivez « libelle » ?",
    ),
    "cle_manquante": (
        4,
        "la clé « fiche » manque sous « vigilances[V01] »",
        "",
        "une ligne « fiche: … »",
        "ajoutez cette clé",
    ),
    "cle_double": (
        7,
        "la clé « libelle » est écrite deux fois (déjà à la ligne 5)",
        "libelle",
        "une seule fois chaque clé",
        "gardez l'une des deux",
    ),
    "identifiant_mal_forme": (
        8,
        "la valeur de « vigilances[V01].fiche[2] » n'est pas admise",
        "S29",
        "une idée de la fiche, de F3-01 à F3-45",
        "corrigez l'identifiant",
    ),
    "nombre_sans_guillemets": (
        1,
        "la valeur de « version » n'est pas admise",
        "2026.11",
        "du texte",
        "entourez la valeur de guillemets",
    ),
    "liste_attendue": (
        6,
        "la valeur de « vigilances[V01].fiche » n'est pas admise",
        "F3-29",
        "une liste (une ligne par tiret)",
        "corrigez la valeur",
    ),
    "valeur_hors_liste": (
        10,
        "la valeur de « idees[F3-01].partie » n'est pas admise",
        "presentations",
        "l'une des valeurs presentation, P1, P2, P3, vigilance, exemples",
        "écrivez « presentation » ?",
    ),
    "racine_liste": (
        1,
        "le contenu du fichier n'est pas admis",
        "[{'version': '2026.11'}]",
        "des lignes « clé: valeur »",
        "corrigez la valeur",
    ),
    "ancre": (2, "une ancre « &statut » n'est pas admise", "&statut", "une valeur simple", "retirez l'ancre"),
    "alias": (
        2,
        "un renvoi « *version » (alias) n'est pas admis",
        "*version",
        "la valeur elle-même",
        "recopiez la valeur",
    ),
    "etiquette": (
        1,
        "une étiquette de type « !!python/name:os.system » n'est pas admise",
        "!!python/name:os.system",
        "une valeur simple",
        "retirez l'étiquette",
    ),
    "deux_documents": (
        4,
        "le fichier contient plusieurs documents",
        "---",
        "un seul document",
        "retirez la ligne « --- »",
    ),
    "imbrication": (2, "trop de niveaux imbriqués", "", "au plus 20 niveaux", "vérifiez les crochets"),
    "cle_composee": (
        3,
        "une clé doit être un mot ou un nombre",
        "",
        "clé: valeur",
        "vérifiez les crochets et les accolades",
    ),
    "cp1252": (
        5,
        "le fichier n'est pas codé en UTF-8",
        "octet 0xe0",
        "du texte en UTF-8",
        "réenregistrez le fichier en choisissant l'encodage UTF-8",
    ),
    "caractere_de_controle": (
        2,
        "le fichier contient un caractère de contrôle",
        "U+0007",
        "du texte",
        "supprimez ce caractère",
    ),
    "vide": (0, "le fichier est vide", "", "des lignes « clé: valeur »", "rétablissez son contenu"),
    "deux_points": (
        2,
        "YAML illisible : un deux-points de trop",
        "statut: À valider : par la direction",
        "clé: valeur, en retraits réguliers",
        "entourez de guillemets le texte qui contient « : »",
    ),
    "signe_reserve": (
        2,
        "YAML illisible : un signe qui ne peut pas ouvrir une valeur",
        "statut: *** à valider ***",
        "clé: valeur, en retraits réguliers",
        "entourez de guillemets cette valeur",
    ),
    "syntaxe_rare": (
        1,
        "YAML illisible : une syntaxe inattendue",
        "%TAG",
        "clé: valeur, en retraits réguliers",
        "vérifiez cette ligne et la précédente",
    ),
    "tabulation": (
        4,
        "YAML illisible : une tabulation",
        "- id: V01",
        "clé: valeur, en retraits réguliers",
        "remplacez les tabulations par des espaces",
    ),
    "guillemet_ouvert": (
        2,
        "YAML illisible : un guillemet ouvert n'est jamais fermé",
        "statut: \"Fichier d'essai",
        "clé: valeur, en retraits réguliers",
        "fermez le guillemet",
    ),
    "crochet_ouvert": (
        6,
        "YAML illisible : un crochet ou une accolade n'est jamais fermé",
        "fiche: [F3-29",
        "clé: valeur, en retraits réguliers",
        "fermez le crochet ou l'accolade",
    ),
    "retrait": (
        6,
        "YAML illisible : un retrait incohérent",
        "fiche: [F3-29]",
        "clé: valeur, en retraits réguliers",
        "alignez cette ligne sur ses voisines de même niveau",
    ),
    "barre_inverse": (
        2,
        "YAML illisible : une barre oblique inverse entre guillemets doubles",
        'statut: "essai\\quoi"',
        "clé: valeur, en retraits réguliers",
        "employez des guillemets simples",
    ),
}


@pytest.mark.parametrize("nom", sorted(CAS))
def test_a_fault_is_said_with_its_line_key_value_expectation_and_remedy(nom: str) -> None:
    ligne, quoi, valeur, attendu, que_faire = CAS[nom]
    modele: type[Referentiel] = Fiche if nom == "valeur_hors_liste" else Points

    lecture = read_model(FAUTES / f"{nom}.yaml", modele)

    assert lecture.valeur is None
    assert len(lecture.anomalies) == 1
    anomalie = lecture.anomalies[0]
    place = f"tests/referentiels/fautes/{nom}.yaml" + (f", ligne {ligne}" if ligne else "")
    assert (anomalie.ou, anomalie.quoi, anomalie.valeur) == (place, quoi, valeur)
    assert (anomalie.attendu, anomalie.que_faire) == (attendu, que_faire)


def test_every_broken_file_has_its_case() -> None:
    assert {path.stem for path in FAUTES.glob("*.yaml")} == set(CAS)


def test_a_file_over_the_size_limit_is_refused_without_being_parsed(tmp_path: Path) -> None:
    gros = tmp_path / "vigilances.yaml"
    gros.write_bytes(b"# \n" * 700_000)
    [anomalie] = read_model(gros, Points).anomalies
    assert (anomalie.quoi, anomalie.attendu) == ("fichier trop gros", "au plus 2000000 octets")


def test_a_missing_file_says_what_to_create(tmp_path: Path) -> None:
    [anomalie] = read_model(tmp_path / "vigilances.yaml", Points).anomalies
    assert anomalie.quoi == "le fichier n'existe pas"
    assert anomalie.attendu == "un fichier « vigilances.yaml »"


def test_utf8_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    fichier = tmp_path / "fiche.yaml"
    fichier.write_bytes(b"\xef\xbb\xbf" + (CONTENU / "fiche.yaml").read_bytes())
    assert read_model(fichier, Fiche).valeur == read_model(CONTENU / "fiche.yaml", Fiche).valeur


def _fichier(dossier: Path, texte: str) -> Path:
    path = dossier / "vigilances.yaml"
    path.write_text(f'version: "1"\nstatut: essai\n{texte}', encoding="utf-8")
    return path


@pytest.mark.parametrize("libelle", ["oui", "no", "2026-11-01", "007", "12e3", "1_000"])
def test_words_codes_and_dates_stay_text(tmp_path: Path, libelle: str) -> None:
    lecture = read_model(
        _fichier(tmp_path, f"vigilances:\n  - id: V01\n    libelle: {libelle}\n    fiche: [F3-29]\n"), Points
    )
    assert lecture.valeur is not None
    assert lecture.valeur.vigilances[0].libelle == libelle


def test_all_anomalies_of_a_file_come_at_once(tmp_path: Path) -> None:
    texte = "vigilances:\n  - id: X1\n    libelle: 3\n    fiche: [F3-99]\n    fiche: []\n    note: non\n"
    anomalies = read_model(_fichier(tmp_path, texte), Points).anomalies
    assert [anomalie.ou.rsplit(" ", 1)[-1] for anomalie in anomalies] == ["7", "4", "5", "6", "8"]


def test_anomalies_of_all_files_come_at_once_unknown_files_included(tmp_path: Path) -> None:
    shutil.copytree(CONTENU, tmp_path / "essai")
    (tmp_path / "essai" / "fiche.yaml").unlink()
    (tmp_path / "essai" / "libelles.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "essai" / "vigilance.yaml").write_text("version: 1\n", encoding="utf-8")

    with pytest.raises(ReferentielInvalide) as refus:
        load_referentiels([tmp_path / "essai"])

    message = str(refus.value)
    assert "fiche.yaml : le fichier n'existe pas" in message
    assert "libelles.yaml, ligne 1 : la valeur de « version »" in message
    assert "la clé « colonnes » manque" in message
    assert "vigilance.yaml : fichier inconnu" in message
    assert "renommez-le « vigilances.yaml » ?" in message
    assert message.startswith(f"Référentiel invalide : {len(refus.value.anomalies)} anomalies.")


def test_a_later_folder_replaces_whole_files_and_is_named_in_versions(tmp_path: Path) -> None:
    texte = (CONTENU / "libelles.yaml").read_text(encoding="utf-8")
    (tmp_path / "libelles.yaml").write_text(
        texte.replace('version: "2026.11"', 'version: "ministère-1"'), encoding="utf-8"
    )
    base, surcharge = load_referentiels(), load_referentiels([CONTENU, tmp_path])
    assert surcharge.maturite == base.maturite
    assert surcharge.versions == {**base.versions, "libelles": "ministère-1"}
    assert {stem for stem in FICHIERS if surcharge.empreintes[stem] != base.empreintes[stem]} == {"libelles"}


def test_a_file_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    fichier = _fichier(tmp_path, "vigilances: []\n")
    assert read_model(fichier, Points).valeur is read_model(fichier, Points).valeur
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("essai", "autre"), encoding="utf-8")
    lue = read_model(fichier, Points).valeur
    assert lue is not None
    assert lue.statut == "autre"


def test_the_same_fault_in_two_files_names_each_of_them(tmp_path: Path) -> None:
    noms = []
    for nom in ("a", "b"):
        (tmp_path / nom).mkdir()
        [anomalie] = read_model(_fichier(tmp_path / nom, "vigilances: 3\n"), Points).anomalies
        noms.append(anomalie.ou)
    assert noms == [f"{tmp_path / nom / 'vigilances.yaml'}, ligne 3" for nom in ("a", "b")]
