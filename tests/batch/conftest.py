"""A small fictional ministry and small notebooks: what is tested here is the batch, not the diagnosis."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

RACINE = Path(__file__).parents[2]
RESULTAT = (
    "import json, os, pathlib\n"
    "dossier = pathlib.Path(os.environ['VIGIE_SORTIE'], pathlib.Path(ministere).name, campagne, {qui})\n"
    "dossier.mkdir(parents=True, exist_ok=True)\n"
    "(dossier / 'resultats.json').write_text(json.dumps({{'etapes': {{}}}}))\n"
    "print('fait', {qui})"
)


@pytest.fixture(scope="session")
def modele(tmp_path_factory) -> Path:
    """A ministry of three structures, made once."""
    folder = tmp_path_factory.mktemp("modele") / "essai"
    subprocess.run(
        [
            sys.executable,
            str(RACINE / "params" / "ministeres" / "fabrique.py"),
            *("--structures", "3", "--dossier", str(folder), "--agents-par-structure", "12"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def ministere(modele, tmp_path) -> Path:
    """A copy that a test may change."""
    folder = tmp_path / modele.name
    shutil.copytree(modele, folder)
    return folder


def write_notebook(path: Path, cells: list[str], parametres: str, reponses: list[str] | None = None) -> None:
    node = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    )
    if reponses is not None:
        node.metadata["vigie"] = {"reponses": reponses}
    node.cells = [
        nbformat.v4.new_markdown_cell(f"# {path.stem.partition('_')[0]}. Étape d'essai"),
        nbformat.v4.new_code_cell(parametres, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source, metadata={"tags": ["analyse"]}) for source in cells),
    ]
    nbformat.write(node, path)


@pytest.fixture
def carnets(tmp_path) -> Path:
    """Two steps a structure (the second reads the answers of maturite only) and one for the ministry."""
    folder = tmp_path / "carnets"
    folder.mkdir()
    of_structure = 'ministere: str = ""\nstructure: str = ""\ncampagne: str = ""'
    write_notebook(folder / "1_premiere.ipynb", [RESULTAT.format(qui="structure")], of_structure)
    write_notebook(folder / "2_seconde.ipynb", ["print(structure)"], of_structure, reponses=["maturite"])
    write_notebook(
        folder / "7_ensemble.ipynb", [RESULTAT.format(qui="'ministere'")], 'ministere: str = ""\ncampagne: str = ""'
    )
    return folder


LANCE = (
    "import sys\nfrom pathlib import Path\nfrom vigie.batch import run_batch\n"
    "if __name__ == '__main__':\n"
    "    run_batch(sys.argv[1], carnets=Path(sys.argv[2]), sortie=Path(sys.argv[3]), workers=1, progress=False)\n"
)


def launch(ministere: Path, carnets: Path, sortie: Path, folder: Path) -> subprocess.Popen[str]:
    """A batch in a process of its own, one worker; what it complains of can be read."""
    script = folder / "lance.py"
    script.write_text(LANCE, encoding="utf-8")
    command = [sys.executable, str(script), str(ministere), str(carnets), str(sortie)]
    return subprocess.Popen(command, cwd=RACINE, stderr=subprocess.PIPE, encoding="utf-8")
