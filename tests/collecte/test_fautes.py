"""Each broken file of the corpus is refused as a whole, with every fault said in French, and nothing is stored."""

from __future__ import annotations

import shutil
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from vigie.collecte import MinistereCharge, load_ministere, open_store, read_answers, synchronise
from vigie.collecte.reception import import_files
from vigie.errors import Anomalie, ImportRefuse, MinistereInvalide

from tests.hostiles.corpus import DOSSIER, by

from .ministere_essai import CAMPAGNE, LONGUES, niveau, receive, write_ministere

FAUTES = DOSSIER
ATTENDUS = by("fichier")
DE_REPONSES = [cas for cas in ATTENDUS if cas["fichier"].startswith("reponses/")]
DE_MINISTERE = [cas for cas in ATTENDUS if cas["fichier"].startswith("ministere/")]


pytestmark = pytest.mark.usefixtures("sqlite_seul")


def name_of(cas: dict[str, Any]) -> str:
    return str(cas["fichier"]).partition("/")[2]


def assert_said(anomalies: tuple[Anomalie, ...], cas: dict[str, Any]) -> None:
    """The anomalies are those of the case; a text that ends with « … » is compared up to there."""
    found = [
        {"ou": one.ou, "quoi": one.quoi, "lu": one.valeur, "attendu": one.attendu, "a_faire": one.que_faire}
        for one in anomalies
    ]
    assert len(found) == len(cas["anomalies"])
    for one, expected in zip(found, cas["anomalies"], strict=True):
        for key, text in expected.items():
            if text.endswith("…"):
                assert one[key].startswith(text[:-1])
            else:
                assert one[key] == text


def assert_nothing_stored(charge: MinistereCharge) -> None:
    store = open_store(charge)
    assert store.known_lots() == {}
    assert all(store.answers(CAMPAGNE, structure).empty for structure in charge.structures)


def test_every_broken_file_has_its_case_and_every_case_its_file() -> None:
    files = {f"{name}/{path.name}" for name in ("reponses", "ministere") for path in (FAUTES / name).iterdir()}
    assert sorted(cas["fichier"] for cas in ATTENDUS) == sorted(files)


@pytest.mark.parametrize("cas", DE_REPONSES, ids=name_of)
def test_a_broken_file_is_refused_and_nothing_is_stored(cas: dict[str, Any], charge: MinistereCharge) -> None:
    with pytest.raises(ImportRefuse) as refus:
        read_answers(FAUTES / cas["fichier"], charge)
    assert_said(refus.value.anomalies, cas)
    receive(charge, "0-bon.csv", [niveau("rh1", "RH", "D1.1", "4")])
    shutil.copy(FAUTES / cas["fichier"], charge.chemin / "reponses")
    with pytest.raises(ImportRefuse, match="Import refusé, rien n'a été enregistré") as refus:
        synchronise(charge, CAMPAGNE)
    assert f"À corriger dans reponses/ : {name_of(cas)}. " in str(refus.value)
    assert "Pour continuer sans elles, sortez ce qui est refusé de ce dossier" in str(refus.value)
    assert_nothing_stored(charge)


@pytest.mark.parametrize("cas", DE_REPONSES, ids=name_of)
def test_each_fault_says_where_what_was_expected_and_what_to_do(cas: dict[str, Any]) -> None:
    for anomalie in cas["anomalies"]:
        assert anomalie["ou"].startswith(name_of(cas))
        assert anomalie["quoi"]
        assert anomalie["attendu"]
        assert anomalie["a_faire"]


@pytest.mark.parametrize("cas", DE_MINISTERE, ids=name_of)
def test_a_broken_table_of_the_ministry_is_refused(cas: dict[str, Any], tmp_path: Path) -> None:
    table = name_of(cas).partition("__")[2]
    folder = write_ministere(tmp_path / "essai")
    shutil.copy(FAUTES / cas["fichier"], folder / table)
    with pytest.raises(MinistereInvalide) as refus:
        load_ministere(folder)
    assert_said(refus.value.anomalies, cas)


def test_the_faults_of_every_file_are_said_at_once(charge: MinistereCharge) -> None:
    paths = [FAUTES / "reponses" / name for name in ("niveau_hors_echelle.csv", "formules.xlsx", "vide.csv")]
    with pytest.raises(ImportRefuse, match="4 anomalies") as refus:
        import_files(str(charge.chemin), paths)
    named = [anomalie.ou.split(",")[0] for anomalie in refus.value.anomalies]
    assert named == ["niveau_hors_echelle.csv", "formules.xlsx", "formules.xlsx", "vide.csv"]
    assert_nothing_stored(charge)


@pytest.mark.parametrize("name", ["gros.csv", "gros.xlsx"])
def test_a_file_of_fifty_megabytes_is_refused_at_once_without_being_read(
    charge: MinistereCharge, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = charge.chemin / "reponses" / name
    with path.open("wb") as stream:
        stream.write(LONGUES.encode() if name.endswith("csv") else b"PK\x03\x04")
        stream.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was loaded"))
    before = time.perf_counter()
    with pytest.raises(ImportRefuse) as refus:
        read_answers(path, charge)
    assert time.perf_counter() - before < 2
    anomalie = refus.value.anomalies[0]
    assert (anomalie.quoi, anomalie.valeur, anomalie.attendu) == ("le fichier est trop gros", "50 Mo", "au plus 20 Mo")
    assert anomalie.que_faire == "vérifiez que c'est le bon fichier, ou partagez-le en plusieurs"


def test_a_workbook_that_unpacks_into_gigabytes_is_refused_before_it_does(charge: MinistereCharge) -> None:
    path = charge.chemin / "reponses" / "bombe.xlsx"
    shutil.copy(FAUTES / "reponses" / "formules.xlsx", path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/vide.bin", "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ImportRefuse) as refus:
        read_answers(path, charge)
    assert refus.value.anomalies[0].quoi == "le classeur est trop gros une fois décompressé"
    assert refus.value.anomalies[0].valeur == "300 Mo"


def test_too_many_rows_are_refused(charge: MinistereCharge) -> None:
    path = receive(charge, "long.csv", LONGUES + "\n" + "drh;;;;;;;;;;;;\n" * 200_001)
    with pytest.raises(ImportRefuse) as refus:
        read_answers(path, charge)
    assert [anomalie.quoi for anomalie in refus.value.anomalies] == ["le fichier a trop de lignes"]


def test_a_folder_of_answers_for_no_campagne_is_not_forgotten(charge: MinistereCharge) -> None:
    (charge.chemin / "reponses" / "2027-printemp").mkdir()
    with pytest.raises(ImportRefuse) as refus:
        synchronise(charge, CAMPAGNE)
    assert refus.value.anomalies[0].ou == "reponses/2027-printemp"
    assert refus.value.anomalies[0].que_faire == "renommez-le « 2027-printemps » ?"
