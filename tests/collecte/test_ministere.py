"""A ministry is loaded whole or refused, found by its id or its folder, and read again only when a file changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from vigie.collecte import load_ministere
from vigie.dossier import AGENTS, CIBLES, REPONDANTS, VALIDATIONS
from vigie.errors import Introuvable, MinistereInvalide, ReferentielInvalide
from vigie.paths import params_dir

from .ministere_essai import FICHIERS, charge_in, write_ministere


@pytest.fixture
def racine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A params/ folder of our own, holding the ministry « essai » and the real referentiels."""
    params = tmp_path / "params"
    write_ministere(params / "ministeres" / "essai")
    (params / "referentiels").symlink_to(params_dir() / "referentiels")
    monkeypatch.setenv("VIGIE_RACINE", str(tmp_path))
    return params


def test_a_valid_ministry_gives_its_structures_and_frames(tmp_path: Path) -> None:
    charge = charge_in(tmp_path / "essai")
    assert charge.ministere.fictif
    assert list(charge.structures) == ["drh", "centre-sud"]
    assert charge.structures["centre-sud"].mise_en_service is not None
    assert charge.structures["centre-sud"].mise_en_service.isoformat() == "2027-03-15"
    for frame, schema in (
        (charge.agents, AGENTS),
        (charge.repondants, REPONDANTS),
        (charge.cibles, CIBLES | {"campagne": "str"}),
        (charge.validations, VALIDATIONS | {"campagne": "str"}),
    ):
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == {"structure": "str", **schema}
    assert charge.validations.loc[0, ["etat", "date"]].tolist() == ["valide", "2026-11-20"]
    assert charge.cibles.loc[0, "cible"] == 3.0


def test_tables_that_are_not_there_are_empty_frames(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    for name in ("agents.csv", "repondants.csv", "cibles.csv", "validations.csv"):
        (folder / name).unlink()
    charge = load_ministere(folder)
    assert charge.agents.empty
    assert list(charge.validations.columns) == ["structure", *VALIDATIONS, "campagne"]


def test_a_missing_table_of_structures_is_said(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    (folder / "structures.csv").unlink()
    with pytest.raises(MinistereInvalide, match=r"structures\.csv : le fichier n'existe pas"):
        load_ministere(folder)


def test_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    agents = "structure;id;metier\ndrh;AG1;MET99\n"
    yaml = FICHIERS["ministere.yaml"].replace("fictif: oui", "fictif: oui\ncouleur: bleu")
    with pytest.raises(MinistereInvalide) as refus:
        charge_in(tmp_path / "essai", ministere=yaml, agents=agents, cibles="structure;dimension\n")
    text = str(refus.value)
    assert "Dossier de ministère invalide : 3 anomalies." in text
    assert all(part in text for part in ("couleur", "MET99", "la colonne « cible » manque"))


def test_a_misnamed_table_is_not_ignored(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    (folder / "repondant.csv").write_text("structure;id;role\n", encoding="utf-8")
    with pytest.raises(MinistereInvalide) as refus:
        load_ministere(folder)
    assert [anomalie.que_faire for anomalie in refus.value.anomalies] == ["renommez-le « repondants.csv » ?"]


@pytest.mark.parametrize(
    ("avant", "apres", "quoi"),
    [
        ("campagne: 2026-automne\n", "campagne: 2025-hiver\n", "la campagne courante n'est pas décrite"),
        ("id: 2027-printemps", "id: 2026-automne", "la campagne « 2026-automne » est décrite deux fois"),
        ("id: essai", "id: Ministère d'essai", "la valeur de « id » n'est pas admise"),
    ],
)
def test_a_ministry_that_contradicts_itself_is_refused(tmp_path: Path, avant: str, apres: str, quoi: str) -> None:
    with pytest.raises(MinistereInvalide) as refus:
        charge_in(tmp_path / "essai", ministere=FICHIERS["ministere.yaml"].replace(avant, apres))
    assert any(quoi in anomalie.quoi for anomalie in refus.value.anomalies)


def test_a_ministry_is_found_by_its_id_or_by_its_folder(racine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = racine / "ministeres" / "essai"
    monkeypatch.chdir(folder.parent)
    for name in ("essai", folder, str(folder), Path("essai")):
        assert load_ministere(name).chemin == folder.resolve()


def test_an_unknown_ministry_is_said_with_what_exists_and_the_nearest(racine: Path) -> None:
    with pytest.raises(Introuvable) as refus:
        load_ministere("esai")
    assert str(refus.value) == (
        "Ministère « esai » introuvable. Vouliez-vous dire « essai » ? Ministères connus de params/ministeres : essai."
    )


@pytest.mark.parametrize("name", ["../essai", "essai/../essai", "../../etc", "..", "/", "", "\0", "ESSAI", "essai\n"])
def test_a_name_that_is_no_id_never_leads_out_of_the_ministries(
    racine: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    inside = racine / "ministeres" / "autre"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with pytest.raises(Introuvable):
        load_ministere(name)


def test_a_folder_of_params_bears_the_id_of_its_ministry(racine: Path) -> None:
    (racine / "ministeres" / "essai").rename(racine / "ministeres" / "copie")
    with pytest.raises(MinistereInvalide, match="l'identifiant du ministère n'est pas le nom de son dossier"):
        load_ministere("copie")


def test_an_unknown_structure_or_campagne_is_said_with_what_exists(tmp_path: Path) -> None:
    charge = charge_in(tmp_path / "essai")
    with pytest.raises(Introuvable) as refus:
        charge.structure("centre-nord")
    assert str(refus.value) == (
        "Structure « centre-nord » introuvable. Vouliez-vous dire « centre-sud » ? "
        "Structures connues du ministère « essai » : drh et centre-sud."
    )
    with pytest.raises(Introuvable, match="Campagne « 2028 » introuvable"):
        charge.campagne("2028")
    for name in ("../drh", "drh/../../x", "DRH"):
        with pytest.raises(Introuvable):
            charge.structure(name)
    assert charge.campagne().id == charge.campagne("").id == charge.campagne(None).id == "2026-automne"


def test_a_ministry_is_read_again_only_when_a_file_changes(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    first = load_ministere(folder)
    (folder / "collecte.sqlite").write_bytes(b"")
    assert load_ministere(folder) is first
    table = folder / "agents.csv"
    table.write_text(table.read_text(encoding="utf-8") + "drh;AG9;MET01;;B;Paris;F;\n", encoding="utf-8")
    assert load_ministere(folder).agents["id"].tolist() == ["AG1", "AG2", "AG3", "AG9"]
    (folder / "agent.csv").write_text("", encoding="utf-8")
    with pytest.raises(MinistereInvalide):
        load_ministere(folder)


def test_a_file_rewritten_with_the_same_size_is_seen(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    load_ministere(folder)
    path = folder / "agents.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("AG1", "AG8"), encoding="utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    assert "AG8" in load_ministere(folder).agents["id"].tolist()


def test_a_ministry_may_replace_a_whole_referentiel(tmp_path: Path) -> None:
    folder = write_ministere(tmp_path / "essai")
    standard = load_ministere(folder).referentiels.libelles.version
    own = folder / "referentiels"
    own.mkdir()
    text = (params_dir() / "referentiels" / "libelles.yaml").read_text(encoding="utf-8")
    (own / "libelles.yaml").write_text(text.replace(f'version: "{standard}"', 'version: "essai"'), encoding="utf-8")
    assert load_ministere(folder).referentiels.versions["libelles"] == "essai"
    (own / "libelle.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ReferentielInvalide, match="fichier inconnu"):
        load_ministere(folder)
