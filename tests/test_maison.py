"""The house holds together: dependencies declared and locked once, no address of a registry, no path of a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests import environnement

RACINE = Path(__file__).parents[1]


def suivis() -> list[Path]:
    """Files of the repository, as git knows them."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [RACINE / name for name in listing if name]


def test_every_declared_dependency_is_locked_at_one_version_a_platform():
    verrou = environnement.locked()
    for nom in environnement.declared() + environnement.declared("dev"):
        assert nom in verrou, nom
    for nom, versions in verrou.items():
        marqueurs = [marqueur for _, marqueur in versions]
        assert len(set(marqueurs)) == len(versions), nom


def test_conda_users_get_the_versions_of_the_lock():
    assert environnement.CIBLE.read_text(encoding="utf-8") == environnement.render()


def test_the_lock_holds_hashes_and_no_address():
    texte = (RACINE / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in texte
    blocs = re.split(r"\n(?=[a-z0-9])", texte.strip())
    assert all("--hash=sha256:" in bloc for bloc in blocs)


def test_no_registry_address_and_no_path_of_a_machine_stands_in_the_house():
    motif = re.compile(rb"https?://(pypi|files\.pythonhosted|registry\.npmjs|deb\.debian)|/home/\w+/|/root/|\.pyenv")
    moi = Path(__file__)
    fautifs = [path for path in suivis() if path != moi and path.is_file() and motif.search(path.read_bytes())]
    assert fautifs == []


def test_paths_stay_short_enough_for_windows():
    assert [path for path in suivis() if len(str(path.relative_to(RACINE))) > 150] == []
