"""What the corpus says is refused: in French, with exit 2, and nothing written, through the real command."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from . import modeles, mutations
from .banc import Banc
from .corpus import cases, text_of

Rows = list[list[str]]


@pytest.fixture(scope="module")
def banc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banc]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIGIE_DATABASE_URL", raising=False)
        folder = tmp_path_factory.mktemp("banc")
        patch.setenv("VIGIE_SORTIE", str(folder / "r"))
        patch.setenv("VIGIE_CLE", "cle-des-essais-" * 4)
        patch.chdir(folder)
        yield Banc(folder / "essai")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, the base apart: `Banc.state` watches it."""
    files = (path for path in sorted(folder.rglob("*")) if "collecte.sqlite" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in files}


def refused(banc: Banc, *arguments: str, dit: str = "") -> str:
    """What is said, once it is sure that the command refused and left everything as it was."""
    before = tree(banc.folder.parent), banc.state()
    code, said, complaint = banc.lancer(*arguments)
    assert (code, said) == (2, "")
    assert dit in complaint
    assert "Traceback" not in complaint
    assert (tree(banc.folder.parent), banc.state()) == before
    return complaint


@cases("texte", "refusé")
@pytest.mark.parametrize("column", ["commentaire", "preuve"])
def test_a_text_that_nothing_may_show_is_refused_by_the_import(banc, entry, column):
    rows = [list(row) for row in modeles.LONG]
    rows[1][rows[0].index(column)] = text_of(entry)
    path = banc.folder.parent / "recu.csv"
    path.write_bytes(mutations.write_csv(rows, (";", "utf-8", "\n")))
    assert "Import refusé" in refused(banc, "import", str(path), "--ministere", str(banc.folder), dit=entry["dit"])


PLACES: dict[str, Callable[[Rows, str], None]] = {
    "structures.csv": lambda rows, value: rows[1].__setitem__(0, value),
    "agents.csv": lambda rows, value: rows[1].__setitem__(1, value),
    "repondants.csv": lambda rows, value: rows[1].__setitem__(1, value),
    "catalogue.csv": lambda rows, value: rows[1].__setitem__(0, value),
}


@cases("identifiant")
def test_an_id_that_could_be_a_path_a_formula_or_code_is_refused_wherever_it_is_written(banc, entry):
    value = entry["valeur"] * entry.get("fois", 1)
    for name, put in PLACES.items():
        rows = [list(row) for row in modeles.TABLES[name]]
        put(rows, value)
        assert not banc.verifier(name, mutations.write_csv(rows, (";", "utf-8", "\n"))), name
    for key in ("id", "campagne"):
        text = modeles.PARAMETRES["ministere.yaml"].replace(f"\n{key}: ", f"\n{key}: {json.dumps(value)} #", 1)
        text = text if key != "id" else text.replace("id: essai", f"id: {json.dumps(value)}", 1)
        assert not banc.verifier("ministere.yaml", text.encode()), key
    for column in ("structure", "repondant", "objet", "cible", "etape", "role", "mesure"):
        rows = [list(row) for row in modeles.LONG]
        rows[1][rows[0].index(column)] = value
        with banc.emptied():
            assert banc.importer("recu.csv", mutations.write_csv(rows, (";", "utf-8", "\n"))) is None, column


@cases("structure")
def test_a_structure_whose_folder_could_not_be_is_refused(banc, entry):
    rows = [list(row) for row in modeles.TABLES["structures.csv"]]
    rows[1][0] = entry["valeur"]
    assert not banc.verifier("structures.csv", mutations.write_csv(rows, (";", "utf-8", "\n")))


@cases("adresse")
def test_an_address_that_a_page_should_not_follow_is_refused(banc, entry):
    header, *rows = modeles.TABLES["catalogue.csv"]
    table = [[*header, "url"], *([*row, entry["valeur"]] for row in rows)]
    assert not banc.verifier("catalogue.csv", mutations.write_csv(table, (";", "utf-8", "\n")))


@pytest.mark.parametrize(
    "name", [b"\xff.csv", b"a\nb.csv", b"=1+1.csv", b"\x1b[31m.csv", b"x'; DROP TABLE lots; --.csv"]
)
def test_a_file_is_stored_whatever_its_name_holds(banc, name):
    with banc.emptied():
        assert banc.importer(os.fsdecode(name), mutations.write_csv(modeles.LONG, (";", "utf-8", "\n"))) == 6
        ((kept,),) = banc.base.execute("SELECT nom FROM lots").fetchall()
        assert kept.isprintable()


@cases("argument")
def test_an_argument_of_a_command_reaches_nothing_that_it_should_not(banc, entry):
    places = {"{m}": str(banc.folder), "{r}": str(banc.folder.parent / "r")}
    arguments = list(entry["arguments"])
    for name, place in places.items():
        arguments = [argument.replace(name, place) for argument in arguments]
    complaint = refused(banc, *arguments, dit=entry["dit"])
    assert "\x1b" not in complaint


@cases("yaml")
def test_a_yaml_that_is_more_than_plain_values_is_refused(banc, entry):
    text = entry.get("avant", "") + text_of(entry)
    path = banc.folder / "ministere.yaml"
    kept = path.read_bytes()
    banc.write(path.name, kept + text.encode("utf-8", "surrogatepass"))
    try:
        refused(banc, "check", str(banc.folder), dit=entry["dit"])
    finally:
        banc.write(path.name, kept)


@cases("classeur")
def test_a_workbook_that_is_a_trap_is_refused_as_answers_and_as_a_catalogue(banc, entry):
    path = banc.folder.parent / "recu.xlsx"
    path.write_bytes(trap(banc.classeur, entry, mutations.FEUILLE_XML))
    assert "Import refusé" in refused(banc, "import", str(path), "--ministere", str(banc.folder), dit=entry["dit"])
    path.unlink()
    catalogue = mutations.table_parts(modeles.TABLES["catalogue.csv"])
    banc.write("catalogue.xlsx", trap(catalogue, entry, "xl/worksheets/sheet1.xml"))
    try:
        refused(banc, "check", str(banc.folder), dit=entry["dit"])
    finally:
        (banc.folder / "catalogue.xlsx").unlink()


def trap(parts: dict[str, str], entry: dict[str, Any], sheet: str) -> bytes:
    """The workbook with what the entry adds to one of its parts."""
    name = {"feuille": sheet, "textes": mutations.TEXTES_XML}.get(entry["partie"], entry["partie"])
    if size := entry.get("octets"):
        return mutations.zip_parts(parts, {name: int(size)})
    rows = (entry["ajout"].replace("{n}", str(1000 + number)) for number in range(entry.get("fois", 1)))
    added = "".join(rows).replace("<!-- ", "<!-- " + "x" * entry.get("long", 0))
    assert entry["avant"] in parts[name]
    return mutations.zip_parts({**parts, name: parts[name].replace(entry["avant"], added + entry["avant"], 1)})


@cases("sauvegarde")
def test_an_archive_writes_nothing_outside_of_its_folder_nor_a_store_or_a_key(banc, entry):
    outside = banc.folder.parent / "intrus"
    archive = banc.folder.parent / "sauvegarde.zip"
    archive.unlink(missing_ok=True)
    assert banc.lancer("backup", str(banc.folder), str(archive))[0] == 0
    name = entry["valeur"].replace("{absolu}", str(outside))
    content = b"trap"
    with zipfile.ZipFile(archive) as good:
        files = {info.filename: good.read(info) for info in good.infolist()}
    manifest = json.loads(files["sauvegarde.json"])
    manifest["fichiers"][name] = hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(archive, "w") as bad:
        for kept, data in {**files, "sauvegarde.json": json.dumps(manifest).encode(), name: content}.items():
            info = zipfile.ZipInfo("x")
            info.filename = kept  # as it is: ZipInfo would clean it
            bad.writestr(info, data)
    refused(banc, "restore", str(archive), str(banc.folder.parent / "rétabli"))
    assert not outside.exists()


def test_a_good_archive_made_the_same_way_is_taken_back(banc):
    archive = banc.folder.parent / "bonne.zip"
    assert banc.lancer("backup", str(banc.folder), str(archive))[0] == 0
    assert banc.lancer("restore", str(archive), str(banc.folder.parent / "bonne"))[0] == 0
    assert (banc.folder.parent / "bonne" / "ministere.yaml").is_file()
