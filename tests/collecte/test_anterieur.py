"""The campagne before: opened with the dossier when the structure answered it, and never in the way of today's."""

from __future__ import annotations

from pathlib import Path

import pytest
from vigie.collecte import MinistereCharge, earlier_fingerprints, load_ministere, open_dossier, open_store
from vigie.errors import MinistereInvalide

from .ministere_essai import CAMPAGNE, FICHIERS, charge_in, long_csv, niveau, receive, write_ministere

pytestmark = pytest.mark.usefixtures("sqlite_seul")
PRINTEMPS = "2027-printemps"
ANCIENNE = """\
  - id: 2025-automne
    libelle: Automne 2025
    date_reference: "2025-11-24"
    versions: {maturite: "2025.11"}
    modifies: {maturite: [D6.2]}
"""


@pytest.fixture
def ancien(tmp_path: Path) -> MinistereCharge:
    """The ministry with a campagne of the year before."""
    return charge_in(tmp_path / "essai", ministere=FICHIERS["ministere.yaml"] + ANCIENNE)


def receive_earlier(charge: MinistereCharge, *lines: dict[str, str]) -> None:
    folder = charge.chemin / "reponses" / "2025-automne"
    folder.mkdir(exist_ok=True)
    (folder / "ancien.csv").write_text(long_csv(*lines), encoding="utf-8")


def test_the_last_campagne_before_is_opened_with_its_own_answers(ancien: MinistereCharge) -> None:
    receive(ancien, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "2"))
    dossier = open_dossier(ancien.chemin, "drh")
    assert dossier.reponses["niveau"].tolist() == [4.0]
    assert dossier.anterieur is not None
    assert dossier.anterieur.campagne.id == "2025-automne"
    assert dossier.anterieur.reponses["niveau"].tolist() == [2.0]
    assert dossier.anterieur.anterieur is None


def test_of_several_the_latest_that_holds_answers_is_opened(ancien: MinistereCharge) -> None:
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "2"))
    assert [one.id for one in ancien.before(PRINTEMPS)] == [CAMPAGNE, "2025-automne"]
    later = open_dossier(ancien.chemin, "drh", PRINTEMPS)
    assert later.anterieur is not None
    assert later.anterieur.campagne.id == "2025-automne"
    receive(ancien, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    between = open_dossier(ancien.chemin, "drh", PRINTEMPS).anterieur
    assert between is not None
    assert between.campagne.id == CAMPAGNE


def test_a_structure_that_did_not_answer_before_has_no_before(ancien: MinistereCharge) -> None:
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "2"))
    assert open_dossier(ancien.chemin, "centre-sud").anterieur is None
    assert open_dossier(ancien.chemin, "drh", "2025-automne").anterieur is None


def test_answers_carry_the_version_that_was_in_force_then(ancien: MinistereCharge) -> None:
    receive(ancien, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "2"))
    dossier = open_dossier(ancien.chemin, "drh")
    assert dossier.anterieur is not None
    assert dossier.anterieur.reponses["version"].tolist() == ["2025.11"]
    assert dossier.reponses["version"].tolist() == [ancien.referentiels.versions["maturite"]]


def test_an_unreadable_file_of_the_past_is_said_and_stops_nothing(ancien: MinistereCharge) -> None:
    receive(ancien, "a.csv", [niveau("rh1", "RH", "D1.1", "4")])
    receive_earlier(ancien, niveau("rh1", "RH", "D9.9", "2"))
    dossier = open_dossier(ancien.chemin, "drh")
    assert dossier.anterieur is None
    assert dossier.anterieur_manque.startswith("Automne 2025 : ses fichiers de réponses ne sont pas lisibles")


def test_a_correction_of_the_past_changes_what_today_depends_on(ancien: MinistereCharge) -> None:
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "2"))
    open_dossier(ancien.chemin, "drh")
    store = open_store(ancien)
    before = earlier_fingerprints(ancien, CAMPAGNE, store)
    receive_earlier(ancien, niveau("rh1", "RH", "D1.1", "3"))
    open_dossier(ancien.chemin, "drh")
    after = earlier_fingerprints(ancien, CAMPAGNE, store)
    assert before["drh"] != after["drh"]
    assert "centre-sud" not in after


@pytest.mark.parametrize(
    ("ligne", "ou"),
    [
        ("    versions: {matrite: x}\n", "ministere.yaml, campagne 2026-automne, versions"),
        (
            "documents:\n  - {id: charte, libelle: Charte, reference: n° 1, date: '2026-05-12', regles: [E99]}\n",
            "ministere.yaml, document charte, regles",
        ),
    ],
)
def test_a_name_that_does_not_exist_in_the_description_is_refused(tmp_path: Path, ligne: str, ou: str) -> None:
    texte = FICHIERS["ministere.yaml"]
    if ligne.startswith("documents"):
        texte += ligne
    else:
        texte = texte.replace('    date_reference: "2026-11-24"\n', f'    date_reference: "2026-11-24"\n{ligne}')
    with pytest.raises(MinistereInvalide, match=ou):
        load_ministere(write_ministere(tmp_path / "essai", ministere=texte))
