"""The factory of fictional ministries: same seed, same bytes; any size; nothing of anyone else's overwritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from vigie.collecte import check_ministere, load_ministere
from vigie.errors import EntreeInvalide
from vigie.paths import params_dir

FABRIQUE = params_dir() / "ministeres" / "fabrique.py"
sys.path.insert(0, str(FABRIQUE.parent))

import fabrique  # noqa: E402
from _fabrique.alea import Alea, spread_out  # noqa: E402

DEMONSTRATION = FABRIQUE.parent / "demonstration"
MEGA = 1_000_000


def contents(dossier: Path) -> dict[str, bytes]:
    """Bytes of each file, the store and its lock aside."""
    paths = (path for path in dossier.rglob("*") if path.is_file() and not path.name.startswith("collecte."))
    return {path.relative_to(dossier).as_posix(): path.read_bytes() for path in paths}


def test_the_demonstration_of_the_repository_is_what_the_factory_writes(tmp_path: Path) -> None:
    fabrique.write_demonstration(tmp_path / "demonstration")
    ecrits, depot = contents(tmp_path / "demonstration"), contents(DEMONSTRATION)
    assert sorted(ecrits) == sorted(depot), "relancez « python params/ministeres/fabrique.py demonstration »"
    assert [nom for nom in ecrits if ecrits[nom] != depot[nom]] == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_answers(tmp_path: Path) -> None:
    for nom, graine in (("un/m", 3), ("deux/m", 3), ("trois/m", 4)):
        fabrique.write_large(tmp_path / nom, structures=4, graine=graine, agents_par_structure=12)
    assert contents(tmp_path / "un/m") == contents(tmp_path / "deux/m")
    assert contents(tmp_path / "un/m")["agents.csv"] != contents(tmp_path / "trois/m")["agents.csv"]


def test_a_large_ministry_has_the_structures_asked_for_and_loads(tmp_path: Path) -> None:
    fabrique.write_large(tmp_path / "Banc d'essai", structures=30, graine=1, agents_par_structure=20)
    charge = load_ministere(tmp_path / "Banc d'essai")
    assert charge.ministere.id == "banc-d-essai"
    assert charge.ministere.fictif
    assert len(charge.structures) == 30
    assert len(list((tmp_path / "Banc d'essai" / "reponses").iterdir())) == 30
    effectifs = charge.agents.groupby("structure").size()
    assert {id_: structure.effectif for id_, structure in charge.structures.items()} == effectifs.to_dict()
    assert 15 <= effectifs.mean() <= 25
    assert {structure.situation for structure in charge.structures.values()} == set("abcd")


def test_the_answers_of_a_large_ministry_are_all_accepted(tmp_path: Path) -> None:
    fabrique.write_large(tmp_path / "m", structures=25, graine=5, agents_par_structure=15)
    assert check_ministere(str(tmp_path / "m"))[-1].endswith("aucune anomalie.")


def test_writing_again_leaves_no_answers_of_the_earlier_writing(tmp_path: Path) -> None:
    for structures in (5, 2):
        fabrique.write_large(tmp_path / "m", structures, graine=1, agents_par_structure=10)
    assert sorted(path.name for path in (tmp_path / "m" / "reponses").iterdir()) == ["s1.csv", "s2.csv"]


def test_a_folder_made_by_someone_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "ministere.yaml").write_text("id: vrai\n", encoding="utf-8")
    with pytest.raises(EntreeInvalide, match="contient déjà autre chose"):
        fabrique.write_large(tmp_path, structures=2, graine=1, agents_par_structure=10)
    assert contents(tmp_path) == {"ministere.yaml": b"id: vrai\n"}


def test_the_script_runs_alone_and_says_what_it_wrote(tmp_path: Path) -> None:
    options = ["--structures", "3", "--dossier", str(tmp_path / "m"), "--graine", "2", "--agents-par-structure", "10"]
    fait = subprocess.run([sys.executable, str(FABRIQUE), *options], capture_output=True, text=True, encoding="utf-8")
    assert (fait.returncode, fait.stderr) == (0, "")
    assert "9 fichiers écrits" in fait.stdout


@pytest.mark.parametrize("options", [[], ["--structures", "3"], ["--structures", "0", "--dossier", "m"], ["inconnu"]])
def test_the_script_refuses_incomplete_options(options: list[str]) -> None:
    with pytest.raises(SystemExit) as refus:
        fabrique.main(options)
    assert refus.value.code == 2


def test_the_demonstration_stays_small() -> None:
    poids = {nom: len(octets) for nom, octets in contents(DEMONSTRATION).items()}
    assert sum(poids.values()) < 6 * MEGA
    assert max(poids.values()) < 1.4 * MEGA


def test_a_branch_depends_on_its_key_alone() -> None:
    alea = Alea(7)
    avant = alea.branch("a").unit()
    alea.unit()
    assert alea.branch("a").unit() == avant
    assert len({alea.branch(cle).unit() for cle in range(1000)}) == 1000


def test_draws_keep_to_their_law() -> None:
    alea = Alea(1)
    tirages = [alea.normal(2.0) for _ in range(20_000)]
    assert abs(sum(tirages) / len(tirages)) < 0.05
    assert abs((sum(x * x for x in tirages) / len(tirages)) ** 0.5 - 2.0) < 0.05
    assert {alea.integer(1, 4) for _ in range(200)} == {1, 2, 3, 4}
    assert sorted(alea.shuffled(range(50))) == list(range(50))


def test_shares_are_spread_out_without_losing_anyone() -> None:
    assert spread_out(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert sum(spread_out(1203, {"a": 0.3, "b": 5.1, "c": 2}).values()) == 1203
