"""What a batch promises: validated before it starts, resumable, a failure harms nobody, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from vigie.batch import run_batch
from vigie.errors import Introuvable, ParametreInvalide

from .conftest import RACINE, launch, write_notebook

OF_STRUCTURE = 'ministere: str = ""\nstructure: str = ""\ncampagne: str = ""'


def go(ministere: Path, carnets: Path, sortie: Path, **options):
    return run_batch(str(ministere), carnets=carnets, sortie=sortie, progress=False, workers=2, **options)


def statuts(folder: Path) -> dict[tuple[str, str], str]:
    manifeste = json.loads((folder / "manifeste.json").read_text(encoding="utf-8"))
    return {(line["structure"], line["etape"]): line["statut"] for line in manifeste["executions"]}


def structures(ministere: Path) -> list[str]:
    lines = (ministere / "structures.csv").read_text(encoding="utf-8-sig").splitlines()
    return [line.split(";")[0] for line in lines[1:]]


def test_every_structure_then_the_ministry_is_run_and_found_from_the_index(ministere, carnets, tmp_path):
    bilan = go(ministere, carnets, tmp_path / "r")
    assert bilan.exit_code == 0
    noms = structures(ministere)
    assert statuts(bilan.folder) == {
        **{(nom, etape): "ok" for nom in noms for etape in ("premiere", "seconde")},
        ("", "ensemble"): "ok",
    }
    index = (bilan.folder / "index.html").read_text(encoding="utf-8")
    for nom in noms:
        assert f'href="{nom}/premiere.html"' in index
        assert (bilan.folder / nom / "premiere.html").exists()
        assert (bilan.folder / nom / "premiere.ipynb").exists()
    assert 'href="ministere/ensemble.html"' in index
    assert "http" not in index.replace("http-equiv", "")


def test_nothing_changed_means_nothing_run(ministere, carnets, tmp_path):
    go(ministere, carnets, tmp_path / "r")
    bilan = go(ministere, carnets, tmp_path / "r")
    assert {line.statut for line in bilan.executions} == {"cache"}


def test_force_runs_everything_again(ministere, carnets, tmp_path):
    go(ministere, carnets, tmp_path / "r")
    assert {line.statut for line in go(ministere, carnets, tmp_path / "r", force=True).executions} == {"ok"}


def test_one_answer_changed_runs_that_structure_s_dependent_steps_and_the_ministry_only(ministere, carnets, tmp_path):
    go(ministere, carnets, tmp_path / "r")
    nom = structures(ministere)[0]
    agent = next(
        line.split(";")
        for line in (ministere / "agents.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        if line.startswith(f"{nom};")
    )
    (ministere / "reponses" / "zz_ajout.csv").write_text(
        f"structure;repondant;role;etape;cible;mesure;valeur\n{nom};{agent[1]};AG;competences;A1;auto;0\n",
        encoding="utf-8",
    )
    bilan = go(ministere, carnets, tmp_path / "r")
    faits = {(line.structure, line.etape) for line in bilan.executions if line.statut == "ok"}
    assert faits == {(nom, "premiere"), ("", "ensemble")}


def test_a_changed_notebook_is_run_again_alone(ministere, carnets, tmp_path):
    from vigie.batch.plan import notebook_fingerprint

    go(ministere, carnets, tmp_path / "r")
    write_notebook(carnets / "2_seconde.ipynb", ["print('autre', structure)"], OF_STRUCTURE, reponses=["maturite"])
    notebook_fingerprint.cache_clear()
    bilan = go(ministere, carnets, tmp_path / "r")
    assert {line.etape for line in bilan.executions if line.statut == "ok"} == {"seconde", "ensemble"}


def test_a_failing_structure_leaves_its_report_and_the_others_are_complete(ministere, carnets, tmp_path):
    noms = structures(ministere)
    faute = f"if structure == {noms[1]!r}:\n    raise ValueError('donnée <b>absurde</b>')\nprint('suite')"
    write_notebook(carnets / "2_seconde.ipynb", [faute, "print('jamais')"], OF_STRUCTURE)
    bilan = go(ministere, carnets, tmp_path / "r")
    assert bilan.exit_code == 1
    (echec,) = bilan.echecs
    assert (echec.structure, echec.etape) == (noms[1], "seconde")
    assert "ValueError" in echec.erreur
    page = (bilan.folder / noms[1] / "seconde.html").read_text(encoding="utf-8")
    assert echec.reference in page
    assert "<b>absurde</b>" not in page
    assert nbformat.read(bilan.folder / noms[1] / "seconde.ipynb", as_version=4).cells
    index = (bilan.folder / "index.html").read_text(encoding="utf-8")
    assert echec.reference in index
    assert "<b>absurde</b>" not in index
    assert {statut for cle, statut in statuts(bilan.folder).items() if cle != (noms[1], "seconde")} == {"ok"}


def test_run_again_after_a_failure_runs_only_what_failed(ministere, carnets, tmp_path, monkeypatch):
    noms = structures(ministere)
    marque = tmp_path / "repare"
    faute = f"import pathlib\nif structure == {noms[2]!r} and not pathlib.Path({str(marque)!r}).exists():\n    1 / 0"
    write_notebook(carnets / "2_seconde.ipynb", [faute], OF_STRUCTURE)
    assert go(ministere, carnets, tmp_path / "r").exit_code == 1
    marque.touch()
    bilan = go(ministere, carnets, tmp_path / "r")
    assert bilan.exit_code == 0
    assert {(line.structure, line.etape) for line in bilan.executions if line.statut == "ok"} == {
        (noms[2], "seconde"),
        ("", "ensemble"),
    }


def test_the_largest_structure_is_run_first_lest_it_is_left_alone_at_the_end(ministere, tmp_path):
    noms = structures(ministere)
    restent = dict(zip(noms, (4, 2, 9), strict=True))
    agents = ministere / "agents.csv"
    entete, *lignes = agents.read_text(encoding="utf-8-sig").splitlines()
    structure_de = {ligne: ligne.split(";")[entete.split(";").index("structure")] for ligne in lignes}
    gardees = [ligne for nom in noms for ligne in [one for one in lignes if structure_de[one] == nom][: restent[nom]]]
    agents.write_text("\n".join([entete, *gardees]), encoding="utf-8")
    shutil.rmtree(ministere / "reponses")  # answers of agents who have left
    carnets, ordre = tmp_path / "ordre", tmp_path / "ordre.txt"
    carnets.mkdir()
    write_notebook(carnets / "1_premiere.ipynb", [f"print(structure, file=open({str(ordre)!r}, 'a'))"], OF_STRUCTURE)
    run_batch(str(ministere), carnets=carnets, sortie=tmp_path / "r", progress=False, workers=1)
    assert ordre.read_text().split() == [noms[2], noms[0], noms[1]]


def test_only_the_structures_and_steps_named_are_run(ministere, carnets, tmp_path):
    nom = structures(ministere)[0]
    bilan = go(ministere, carnets, tmp_path / "r", structures=[nom], etapes=["premiere"])
    assert statuts(bilan.folder) == {(nom, "premiere"): "ok"}


@pytest.mark.parametrize(
    ("options", "dit"),
    [
        ({"structures": ["inconnue"]}, "structure inconnue"),
        ({"etapes": ["maturité"]}, "étape inconnue"),
    ],
)
def test_bad_input_starts_nothing(ministere, carnets, tmp_path, options, dit):
    with pytest.raises(ParametreInvalide, match=dit):
        go(ministere, carnets, tmp_path / "r", **options)
    assert not (tmp_path / "r").exists()


def test_an_unknown_ministry_says_which_exist(carnets, tmp_path):
    with pytest.raises(Introuvable, match="demonstration"):
        go(Path("demonstartion"), carnets, tmp_path / "r")


def test_a_notebook_with_a_parameter_the_batch_does_not_know_is_refused_before_any_kernel(ministere, carnets, tmp_path):
    write_notebook(carnets / "3_autre.ipynb", ["1"], "structure: str = ''\nexercice: int = 2026")
    with pytest.raises(ParametreInvalide, match="paramètre inconnu « ministere »"):
        go(ministere, carnets, tmp_path / "r")


def test_cells_of_the_form_are_left_out(ministere, carnets, tmp_path):
    path = carnets / "2_seconde.ipynb"
    node = nbformat.read(path, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell("1 / 0", metadata={"tags": ["formulaire"]}))
    nbformat.write(node, path)
    assert go(ministere, carnets, tmp_path / "r").exit_code == 0


def test_a_process_that_is_killed_costs_its_structure_a_try_and_the_batch_nothing(ministere, carnets, tmp_path):
    noms = structures(ministere)
    marque = tmp_path / "deja"
    mort = (
        "import os, pathlib\n"
        f"marque = pathlib.Path({str(marque)!r})\n"
        f"if structure == {noms[0]!r} and not marque.exists():\n"
        "    marque.touch()\n"
        "    os.kill(os.getppid(), 9)\n"
    )
    write_notebook(carnets / "2_seconde.ipynb", [mort], OF_STRUCTURE)
    bilan = go(ministere, carnets, tmp_path / "r")
    assert marque.exists()
    assert bilan.exit_code == 0
    assert set(statuts(bilan.folder).values()) == {"ok"}


def test_a_second_batch_on_the_same_results_is_refused(ministere, carnets, tmp_path):
    from vigie.atomic import locked

    folder = tmp_path / "r" / "essai"
    campagne = next(
        line for line in (ministere / "ministere.yaml").read_text("utf-8").splitlines() if "campagne:" in line
    )
    with (
        locked(folder / campagne.split(":")[1].strip().strip("\"'") / ".verrou"),
        pytest.raises(ParametreInvalide, match="un autre traitement"),
    ):
        go(ministere, carnets, tmp_path / "r")


@pytest.mark.parametrize("signal_recu", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_batch_leaves_nothing_half_written_and_is_completed_by_the_next(
    ministere, carnets, tmp_path, signal_recu
):
    lent = "import time\ntime.sleep(0.6)\nprint(structure)"
    write_notebook(carnets / "2_seconde.ipynb", [lent], OF_STRUCTURE)
    process = launch(ministere, carnets, tmp_path / "r", tmp_path)
    limite = time.monotonic() + 60
    while not list((tmp_path / "r").rglob("premiere.html")):
        assert time.monotonic() < limite
        time.sleep(0.02)
    famille = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal_recu)
    process.communicate(timeout=30)
    psutil.wait_procs(famille, timeout=10)
    assert not [child for child in famille if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    for page in (tmp_path / "r").rglob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    for carnet in (tmp_path / "r").rglob("[!.]*.ipynb"):
        nbformat.read(carnet, as_version=4)
    bilan = go(ministere, carnets, tmp_path / "r")
    assert bilan.exit_code == 0
    assert not list(bilan.folder.rglob("*.partiel*"))
    assert {cle[0] for cle in statuts(bilan.folder)} == {*structures(ministere), ""}


def test_outputs_carry_no_path_of_the_machine(ministere, carnets, tmp_path):
    bilan = go(ministere, carnets, tmp_path / "r")
    for path in bilan.folder.rglob("*.html"):
        assert str(RACINE) not in path.read_text(encoding="utf-8")
    manifeste = (bilan.folder / "manifeste.json").read_text(encoding="utf-8")
    assert str(RACINE) not in manifeste
    assert str(tmp_path) not in manifeste
