"""What the house is made of is said whole, and what is said of it was looked at."""

from __future__ import annotations

import json
import shutil

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests import dependances
from tests.environnement import canonical, declared, locked


def test_the_sbom_is_valid_names_the_whole_lock_and_comes_out_the_same(tmp_path):
    un, deux = tmp_path / "a" / "un.json", tmp_path / "deux.json"
    assert dependances.main(["sbom", str(un)]) == 0
    assert dependances.main(["sbom", str(deux)]) == 0
    texte = un.read_text(encoding="utf-8")
    assert un.read_bytes() == deux.read_bytes()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(texte) is None
    bom = json.loads(texte)
    pieces = {(piece["name"], piece["version"]) for piece in bom["components"]}
    assert pieces == {(nom, version) for nom, versions in locked().items() for version, _ in versions}
    assert all(piece["hashes"] for piece in bom["components"])
    direct = {one.split("/")[1].split("@")[0] for one in bom["dependencies"][0]["dependsOn"]}
    assert direct == set(declared())
    assert [one for one in ("pypi.org", "pythonhosted", "index-url", str(tmp_path)) if one in texte] == []


def test_the_environment_is_the_lock_and_every_licence_is_admitted():
    assert list(dependances.check_installed()) == []
    assert list(dependances.check_licences()) == []
    dites = dependances.licences()
    assert set(dites["embarques"]) <= set(locked())
    assert all(dites["reserves"].values())


def test_another_version_or_something_more_is_seen(monkeypatch):
    installes = dict(dependances.installed())
    monkeypatch.setattr(dependances, "installed", lambda: {**installes, "intrus": installes["tornado"]})
    monkeypatch.setattr(dependances, "locked", lambda: {**locked(), "tornado": [("0.1", "")], "autre": [("1", "")]})
    vus = list(dependances.check_installed())
    assert [vu.split(" :")[0] for vu in vus] == ["tornado", "autre", "intrus"]


def test_a_licence_that_is_not_admitted_is_seen(monkeypatch):
    monkeypatch.setattr(dependances, "licence", lambda nom: {"tornado": "AGPL-3.0-only", "numpy": ""}.get(nom, "MIT"))
    assert list(dependances.check_licences()) == [
        "numpy : licence inconnue",
        "tornado : licence AGPL-3.0-only ; non admise : AGPL-3.0-only",
    ]


def test_an_installed_file_that_changed_or_is_gone_is_seen(tmp_path, monkeypatch):
    from importlib.metadata import PathDistribution

    dist = dependances.installed()["itsdangerous"]
    for file in dist.files:
        cible = tmp_path / file
        if ".." not in file.parts and file.locate().is_file():
            cible.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.locate(), cible)
    fiche = next(tmp_path.glob("*.dist-info"))
    monkeypatch.setattr(dependances, "installed", lambda: {"itsdangerous": PathDistribution(fiche)})
    assert list(dependances.check_files()) == []
    (tmp_path / "itsdangerous" / "signer.py").write_text("def verify(*_): return True\n")
    (tmp_path / "itsdangerous" / "timed.py").unlink()
    assert list(dependances.check_files()) == [
        "itsdangerous : itsdangerous/signer.py a changé depuis son installation",
        "itsdangerous : itsdangerous/timed.py manque",
    ]


VERROUILLEE = locked()["tornado"][0][0]


def avis(**touche) -> dict:
    paquet = {"name": "Tornado", "ecosystem": "PyPI"}
    return {"id": "AVIS-FICTIF", "summary": "Fictif", "affected": [{"package": paquet, **touche}]}


def portee(*events: dict) -> dict:
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


@pytest.mark.parametrize(
    ("record", "corrige"),
    [
        (avis(versions=[VERROUILLEE]), "aucune"),
        (avis(**portee({"introduced": "0"})), "aucune"),
        (avis(**portee({"introduced": "0"}, {"fixed": "9999"})), "9999"),
        (avis(**portee({"introduced": "0"}, {"last_affected": "9999"})), "aucune"),
        (avis(**portee({"introduced": "1"}, {"fixed": "2"}, {"introduced": "3"}, {"fixed": "9999"})), "9999"),
        (avis(**portee({"introduced": "0"}, {"fixed": VERROUILLEE})), None),
        (avis(**portee({"introduced": "9999"})), None),
        (avis(**portee({"introduced": "0"}, {"last_affected": "1.0"})), None),
        (avis(versions=["1.0"]), None),
    ],
)
def test_an_advisory_is_held_against_the_locked_version(record, corrige):
    trouves = list(dependances.find_advisories([record]))
    assert [(one.paquet, one.version, one.corrige) for one in trouves] == (
        [("tornado", VERROUILLEE, corrige)] if corrige else []
    )


def test_a_local_base_is_read_as_it_is_published_and_its_day_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(dependances, "check_files", list)
    (tmp_path / "tornado").mkdir()
    record = {**avis(**portee({"introduced": "0"})), "modified": "2026-01-02T00:00:00Z"}
    (tmp_path / "tornado" / "un.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "retire.json").write_text(json.dumps({**record, "withdrawn": "2026-01-03T00:00:00Z"}), encoding="utf-8")
    autre = (
        "id: X\nmodified: '2026-02-03T00:00:00Z'\naffected:\n- package:\n    name: inconnu-ici\n    ecosystem: PyPI\n"
    )
    (tmp_path / "autre.yaml").write_text(autre, encoding="utf-8")
    assert dependances.main(["audit", "--avis", str(tmp_path)]) == 1
    dit = capsys.readouterr().out
    assert "Base à jour au 2026-02-03 : rien n'est dit de ce qui a été publié depuis." in dit
    assert f"tornado {VERROUILLEE} : AVIS-FICTIF, corrigé en aucune" in dit
    assert dit.count("AVIS-FICTIF") == 1


def test_without_a_base_nothing_is_claimed(capsys, monkeypatch):
    monkeypatch.setattr(dependances, "check_files", list)
    assert dependances.main(["audit"]) == 0
    assert "aucune base lue, rien n'est dit des failles connues" in capsys.readouterr().out


def test_names_of_the_licences_file_are_those_of_the_lock():
    for nom in (*dependances.licences()["lues"], *dependances.licences()["embarques"]):
        assert nom == canonical(nom)
        assert nom in locked()
