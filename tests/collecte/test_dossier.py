"""A dossier brings together what is known of a structure, newly received files included, in a few tens of ms."""

from __future__ import annotations

import json
import time

import pandas as pd
import pytest
from vigie.collecte import MinistereCharge, dossier_kept, load_ministere, open_dossier, open_dossiers, results_file
from vigie.dossier import AGENTS, CIBLES, REPONDANTS, REPONSES, VALIDATIONS
from vigie.errors import ImportRefuse, Introuvable

from .ministere_essai import CAMPAGNE, accord, niveau, receive

pytestmark = pytest.mark.usefixtures("sqlite_seul")


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in frame.dtypes.items()}


def test_a_dossier_holds_the_rows_of_its_structure_only(charge: MinistereCharge) -> None:
    receive(
        charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4"), niveau("rh2", "RH", "D1.1", "2", structure="centre-sud")]
    )
    dossier = open_dossier(charge.chemin, "drh")
    assert dossier.campagne.id == CAMPAGNE
    assert dossier.structure.id == "drh"
    assert dossier.reponses["repondant"].tolist() == ["rh1"]
    assert dossier.agents["id"].tolist() == ["AG1", "AG2"]
    assert set(dossier.repondants["role"]) >= {"RH", "FOR", "ATELIER"}
    for frame, schema in (
        (dossier.reponses, REPONSES),
        (dossier.agents, AGENTS),
        (dossier.repondants, REPONDANTS),
        (dossier.cibles, CIBLES),
        (dossier.validations, VALIDATIONS),
    ):
        assert dtypes(frame) == schema
        assert frame.index.tolist() == list(range(len(frame)))


def test_a_structure_about_which_nothing_is_known_opens_with_empty_frames(charge: MinistereCharge) -> None:
    dossier = open_dossier(charge.chemin, "centre-sud", "2027-printemps")
    assert dossier.reponses.empty
    assert dtypes(dossier.reponses) == REPONSES
    assert dossier.cibles.empty
    assert dossier.resultats == {}


def test_opening_records_what_arrived_since_the_last_time(charge: MinistereCharge) -> None:
    receive(charge, "1.csv", [niveau("rh1", "RH", "D1.1", "4")])
    assert open_dossier(charge.chemin, "drh").reponses["niveau"].tolist() == [4.0]
    receive(charge, "2.csv", [niveau("rh1", "RH", "D1.1", "3"), niveau("rh1", "RH", "D2.1", "5")])
    assert open_dossier(charge.chemin, "drh").reponses["niveau"].tolist() == [3.0, 5.0]


def test_a_kept_dossier_is_read_once_and_only_its_results_are_read_again(charge: MinistereCharge) -> None:
    where = str(charge.chemin)
    receive(charge, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    with dossier_kept(where, "drh", CAMPAGNE):
        receive(charge, "b.csv", [niveau("for1", "FOR", "D1.1", "5")])
        results = results_file(charge.ministere.id, CAMPAGNE, "drh")
        results.parent.mkdir(parents=True)
        results.write_text(json.dumps({"maturite": {"version": 1}}), encoding="utf-8")
        kept = open_dossier(where, "drh", CAMPAGNE)
        assert kept.reponses["repondant"].tolist() == ["rh1"]
        assert kept.resultats == {"maturite": {"version": 1}}
        assert open_dossier(where, "centre-sud", CAMPAGNE).structure.id == "centre-sud"
    assert open_dossier(where, "drh", CAMPAGNE).reponses["niveau"].tolist() == [4.0, 5.0]


def test_a_dossier_that_cannot_be_kept_is_refused_where_it_is_opened(charge: MinistereCharge) -> None:
    with dossier_kept(str(charge.chemin), "inconnue", CAMPAGNE), pytest.raises(Introuvable):
        open_dossier(str(charge.chemin), "inconnue", CAMPAGNE)


def test_a_faulty_file_is_said_when_a_dossier_opens(charge: MinistereCharge) -> None:
    receive(charge, "1.csv", [niveau("rh1", "RH", "D1.1", "8")])
    with pytest.raises(ImportRefuse, match=r"1\.csv, ligne 2, colonne « valeur »"):
        open_dossier(charge.chemin, "drh")


def test_earlier_results_are_there_when_they_were_saved(charge: MinistereCharge) -> None:
    path = results_file(charge.ministere.id, CAMPAGNE, "drh")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"etapes": {"maturite": {"etape": "maturite"}}}), encoding="utf-8")
    assert open_dossier(charge.chemin, "drh").resultats == {"maturite": {"etape": "maturite"}}
    assert open_dossier(charge.chemin, "centre-sud").resultats == {}


def test_targets_and_validations_are_those_of_the_campagne(charge: MinistereCharge) -> None:
    table = "structure;etape;livrable;etat;date;par;campagne\ndrh;maturite;;valide;2026-11-20;La directrice;\n"
    table += "drh;competences;;projet;;;2027-printemps\n"
    (charge.chemin / "validations.csv").write_text(table, encoding="utf-8")
    assert open_dossier(charge.chemin, "drh").validations["etape"].tolist() == ["maturite"]
    assert open_dossier(charge.chemin, "drh", "2027-printemps").validations["etape"].tolist() == ["competences"]
    assert open_dossier(charge.chemin, "drh", "2027-printemps").cibles.empty


def test_all_dossiers_or_those_named_open_in_the_order_asked(charge: MinistereCharge) -> None:
    assert [one.structure.id for one in open_dossiers(charge)] == ["drh", "centre-sud"]
    assert [one.structure.id for one in open_dossiers(charge, structures=["centre-sud"])] == ["centre-sud"]
    with pytest.raises(Introuvable, match="Structure « dhr » introuvable"):
        open_dossiers(charge, structures=["dhr"])


def test_opening_again_when_nothing_new_arrived_is_fast(charge: MinistereCharge) -> None:
    cibles = [f"M{number}" for number in range(1, 11)]
    for number in range(20):
        receive(charge, f"{number:02}.csv", [accord(cible, "3", commentaire=str(number)) for cible in cibles * 10])
    open_dossier(charge.chemin, "drh")
    spent = []
    for _ in range(5):
        before = time.perf_counter()
        dossier = open_dossier(charge.chemin, "drh")
        spent.append(time.perf_counter() - before)
    assert len(dossier.reponses) == 2000
    assert min(spent) < 0.2
    assert load_ministere(charge.chemin) is load_ministere(charge.chemin)
