"""The demonstration goes through the whole chain: its files are recorded, and each diagnosis shows what it must."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from vigie.collecte import load_ministere, open_dossiers, synchronise
from vigie.diagnostics import competences, maturite, risques_ethique
from vigie.diagnostics.competences import ResultatCompetences
from vigie.diagnostics.maturite import ResultatMaturite
from vigie.diagnostics.risques_ethique import ResultatRisquesEthique
from vigie.dossier import Dossier

from .demonstration_lue import DOSSIER

CAMPAGNE = "2026-automne"


@dataclass(frozen=True)
class Diagnostics:
    dossier: Dossier
    maturite: ResultatMaturite
    competences: ResultatCompetences
    risques: ResultatRisquesEthique


@pytest.fixture(scope="module")
def ministere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the demonstration with a store of its own."""
    copie = tmp_path_factory.mktemp("ministeres") / "demonstration"
    shutil.copytree(DOSSIER, copie, ignore=shutil.ignore_patterns("collecte.*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIGIE_DATABASE_URL", raising=False)
        yield copie


@pytest.fixture(scope="module")
def structures(ministere: Path) -> dict[str, Diagnostics]:
    """The three diagnoses of each structure."""
    return {
        dossier.structure.id: Diagnostics(
            dossier, maturite.diagnose(dossier), competences.diagnose(dossier), risques_ethique.diagnose(dossier)
        )
        for dossier in open_dossiers(ministere, CAMPAGNE)
    }


def test_every_file_is_accepted_once_and_the_correction_corrects_three_answers(ministere: Path) -> None:
    charge = load_ministere(ministere)
    premiers = synchronise(charge, CAMPAGNE)
    assert len(premiers) == len(list((ministere / "reponses").glob("*.*")))
    assert {lot.nom: lot.corrigees for lot in premiers if lot.corrigees} == {"2026-11-20_dr-ouest_correction.csv": 3}
    assert synchronise(charge, CAMPAGNE) == []


def test_every_structure_gets_its_three_diagnoses(structures: dict[str, Diagnostics]) -> None:
    assert len(structures) == 12
    for resultats in structures.values():
        assert resultats.maturite.repondants_exprimes > 0
        assert resultats.competences.agents_positionnes > 0
        assert resultats.risques.constats


def test_a_tool_may_open_in_one_structure_only(structures: dict[str, Diagnostics]) -> None:
    possibles = [id_ for id_, resultats in structures.items() if resultats.maturite.ouverture_possible]
    assert possibles == ["drh-centrale"]


def test_the_proof_ceilings_hold_whole_dimensions(structures: dict[str, Diagnostics]) -> None:
    for id_, dimension, plafond, score in (("csrh-sud", "D4", "document", 2), ("csrh-nord", "D2", "indicateur", 3)):
        items = structures[id_].maturite.items.query("dimension == @dimension")
        assert items["plafond"].eq(plafond).sum() >= 4
        assert set(items["plafond"]) <= {plafond, ""}
        dimensions = structures[id_].maturite.dimensions.set_index("dimension")
        assert dimensions.loc[dimension, "score"] == pytest.approx(score)


def test_unknown_and_partial_dimensions_have_no_level(structures: dict[str, Diagnostics]) -> None:
    sirh = structures["scn-sirh"].maturite.dimensions.set_index("dimension")
    assert sirh.loc["D7", "etat"] == "sans_reponse"
    assert sirh["niveau"].isna().sum() == 1
    delegation = structures["deleg-outre-mer"].maturite.dimensions
    assert "partiel" in set(delegation["etat"])
    assert delegation["niveau"].notna().sum() <= 1


def test_disagreement_lowers_confidence_unless_arbitrated(structures: dict[str, Diagnostics]) -> None:
    ouest = structures["dr-ouest"].maturite
    assert set(ouest.items.query("arbitrage.notna()")["item"]) == {"D5.1", "D5.4"}
    assert ouest.dimensions.set_index("dimension").loc["D5", "confiance"] != "C"
    est = structures["dr-est"].maturite
    dimensions = est.dimensions.set_index("dimension")
    assert dimensions.loc["D5", "divergences"] == 3
    assert dimensions.loc["D5", "confiance"] == "C"
    assert {"D3.6", "D6.6"} <= set(est.items.query("meconnaissance")["item"])


def test_what_agents_do_not_see_is_said(structures: dict[str, Diagnostics]) -> None:
    assert structures["drh-centrale"].maturite.regards["peu_visible"].sum() >= 4
    assert not structures["ecole-formation"].maturite.regards["peu_visible"].any()


def test_an_echo_of_seven_people_is_not_published(structures: dict[str, Diagnostics]) -> None:
    assert not structures["mission-appui"].maturite.echo["publie"].any()
    assert structures["dr-ouest"].maturite.echo["publie"].all()


def test_an_override_prints_both_values(structures: dict[str, Diagnostics]) -> None:
    force = structures["scn-sirh"].maturite.dimensions.set_index("dimension").loc["D6"]
    assert (force["niveau_calcule"], force["niveau_force"], force["niveau"]) == (3, 2, 2)
    risques = structures["csrh-nord"].risques.risques.set_index(["cas", "risque"])
    force = risques.loc[("L01", "R08")]
    assert (force["niveau"], force["niveau_retenu"]) == (3, 4)
    assert force["motif_forcage"]


@pytest.mark.parametrize(
    ("structure", "cas", "classes"),
    [
        ("scn-recrutement", "L01", {"P1": 22, "P2": 13, "P3": 7, "P5": 3}),
        ("drh-centrale", "U04", {"P1": 6, "P2": 7, "P3": 3, "P4": 5, "P5": 3}),
    ],
)
def test_the_two_worked_examples_are_found_again(
    structures: dict[str, Diagnostics], structure: str, cas: str, classes: dict[str, int]
) -> None:
    regles = structures[structure].risques.regles.query("cas == @cas")
    assert regles["classe"].value_counts().to_dict() == classes


def test_a_forbidden_case_stops_and_is_never_rated(structures: dict[str, Diagnostics]) -> None:
    risques = structures["etablissement-accueil"].risques
    assert risques.cas_interdits == 1
    assert "U14" not in set(risques.risques["cas"])


def test_raters_apart_are_pointed_out(structures: dict[str, Diagnostics]) -> None:
    ecarts = structures["scn-recrutement"].risques.risques.query("ecart_coteurs")
    assert ("L01", "R11") in set(zip(ecarts["cas"], ecarts["risque"], strict=True))


def test_the_referentiel_in_force_is_compared(structures: dict[str, Diagnostics]) -> None:
    avec = [id_ for id_, resultats in structures.items() if resultats.risques.referentiel_existe]
    assert avec == ["drh-centrale"]
    assert {"oui", "partiel", "non"} <= set(structures["drh-centrale"].risques.referentiel["repris"])


def test_small_audiences_are_grouped_or_masked(structures: dict[str, Diagnostics]) -> None:
    assert set(structures["mission-appui"].competences.synthese["etat"]) == {"masque"}
    assert "regroupe" in set(structures["drh-centrale"].competences.synthese["etat"])


def test_two_modes_apart_are_pointed_out(structures: dict[str, Diagnostics]) -> None:
    codes = {constat.code for constat in structures["csrh-sud"].competences.constats}
    assert "ECART_MODES" in codes


def test_three_structures_answered_an_earlier_campagne_with_lower_levels_and_fewer_documents(
    structures: dict[str, Diagnostics],
) -> None:
    earlier = {name: one.dossier for name, one in structures.items() if one.dossier.anterieur is not None}
    assert set(earlier) == {"drh-centrale", "scn-recrutement", "mission-appui"}
    for dossier in earlier.values():
        assert dossier.anterieur is not None
        then, now = (one.answers("maturite", "niveau") for one in (dossier.anterieur, dossier))
        assert then["niveau"].mean() < now["niveau"].mean()
        assert then["preuve"].ne("").mean() < now["preuve"].ne("").mean()
        assert set(then["date"]) <= {jour for jour in then["date"] if jour < "2026-05"}
        assert set(then["version"]) == {"2026.03 (fictive)"}


def test_someone_did_not_answer_the_earlier_campagne(structures: dict[str, Diagnostics]) -> None:
    dossier = structures["drh-centrale"].dossier
    assert dossier.anterieur is not None
    assert set(dossier.reponses["role"]) - set(dossier.anterieur.reponses["role"]) >= {"RP"}
