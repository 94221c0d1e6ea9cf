"""Results copied to a storage by its address: whole at first, then what changed only, and a refusal before any run."""

from __future__ import annotations

import os

import fsspec
import pytest
from vigie.batch.publication import SUIVI, publish
from vigie.cli import main
from vigie.errors import ParametreInvalide


@pytest.fixture(params=["file", "memory"])
def adresse(request, tmp_path) -> str:
    """A folder of the machine by its address, and fsspec's storage in memory, which has no real folder."""
    if request.param == "memory":
        fsspec.filesystem("memory").store.clear()
        return "memory://seau/diagnostics"
    return (tmp_path / "depot").as_uri()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "resultats" / "essai" / "2026-automne"
    (made / "drh").mkdir(parents=True)
    (made / "drh" / "maturite.html").write_text("Un", encoding="utf-8")
    (made / "index.html").write_text("Sommaire", encoding="utf-8")
    (made / ".verrou").touch()
    return made


def _there(adresse: str) -> dict[str, str]:
    storage, base = fsspec.core.url_to_fs(adresse)
    return {path.removeprefix(base).strip("/"): storage.cat_file(path).decode() for path in storage.find(base)}


def test_all_is_copied_then_only_what_changed_and_what_is_gone_is_removed(folder, adresse):
    assert publish(folder, adresse) == 2
    place = "essai/2026-automne"
    assert _there(adresse) == {f"{place}/drh/maturite.html": "Un", f"{place}/index.html": "Sommaire"}
    assert publish(folder, adresse) == 0
    page = folder / "index.html"
    page.write_text("Sommaire revu", encoding="utf-8")
    os.utime(page, ns=(page.stat().st_atime_ns, page.stat().st_mtime_ns + 1_000_000))
    (folder / "drh" / "maturite.html").unlink()
    assert publish(folder, adresse) == 1
    assert _there(adresse) == {f"{place}/index.html": "Sommaire revu"}


def test_a_copy_that_fails_half_way_goes_on_where_it_stopped(folder, adresse, monkeypatch):
    storage, _ = fsspec.core.url_to_fs(adresse)
    real = type(storage).put_file

    def refuse_the_index(self, local, remote, **options):
        if remote.endswith("index.html"):
            raise PermissionError("quota atteint")
        return real(self, local, remote, **options)

    monkeypatch.setattr(type(storage), "put_file", refuse_the_index)
    with pytest.raises(ParametreInvalide, match="quota atteint"):
        publish(folder, adresse)
    monkeypatch.undo()
    assert publish(folder, adresse) == 1
    assert len(_there(adresse)) == 2


@pytest.mark.parametrize("faux", ["nulle-part://seau/x", "s3://seau/x"])
def test_an_address_that_cannot_be_used_is_refused_before_anything_runs(faux, ministere, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    assert main(["batch", str(ministere), "--sortie", faux]) == 2
    assert "--sortie" in capsys.readouterr().err
    assert not (tmp_path / "resultats").exists()


def test_the_command_makes_the_results_here_and_copies_them_there(ministere, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    monkeypatch.setenv("CI", "true")
    depot = tmp_path / "depot"
    structures = sorted(line.partition(";")[0] for line in (ministere / "structures.csv").read_text().splitlines()[1:])
    arguments = ["batch", str(ministere), "--etapes", "maturite", "--structures", structures[0]]
    assert main([*arguments, "--sortie", depot.as_uri()]) == 0
    assert "fichiers déposés" in capsys.readouterr().out
    made = tmp_path / "resultats"
    here = {
        path.relative_to(made).as_posix(): path.read_bytes()
        for path in made.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    there = {path.relative_to(depot).as_posix(): path.read_bytes() for path in depot.rglob("*") if path.is_file()}
    assert here == there
    assert any(name.endswith("maturite.html") for name in there)
    assert SUIVI not in {path.name for path in depot.rglob("*")}
