"""The kit ready to hand out: one page, its documents, the same bytes, nothing that is not for everyone."""

from __future__ import annotations

import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from vigie.diagnostics.accompagnement import ResultatAccompagnement, diagnose
from vigie.rendering.kit import make_kit
from vigie.rendering.livrables import Contexte

from tests.diagnostics.accompagnement_dossiers import build, one_group

CAS = {
    "structure": {"effectif": 95, "mise_en_service": "2027-06-28"},
    "agents": [one_group(30)],
    "reponses": {"D3.4": {"DIR": 5, "NUM": 5, "RP": 2}, "D3.2": 3},
    "usages": {"L01": {"nom": "Tri fictif", "statut": "pilote", "oui": ["haut_risque"], "non": ["interdiction"]}},
}
FICHIERS = {"procedure_signalement.pdf": b"%PDF-fictif", "calendrier.ics": b"BEGIN:VCALENDAR", "autre-note.odt": b"x"}


@pytest.fixture(scope="module")
def resultat() -> ResultatAccompagnement:
    return diagnose(build(CAS))


def contexte(cas: dict = CAS, **structure: str) -> Contexte:
    found = Contexte.of(build(cas))
    autre = found.structure.model_copy(update=structure)
    return Contexte(found.ministere, found.campagne, autre, found.referentiels, found.validations)


def opened(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as kit:
        assert kit.testzip() is None
        return {name: kit.read(name) for name in kit.namelist()}


def page(archive: bytes) -> BeautifulSoup:
    return BeautifulSoup(opened(archive)["index.html"].decode("utf-8"), "html.parser")


def test_the_archive_holds_the_page_and_the_documents_given(resultat: ResultatAccompagnement) -> None:
    files = opened(make_kit(resultat, contexte(), FICHIERS))
    assert set(files) == {"index.html", *(f"documents/{name}" for name in FICHIERS)}
    assert files["documents/procedure_signalement.pdf"] == b"%PDF-fictif"


def test_the_same_documents_in_any_order_give_the_same_bytes(resultat: ResultatAccompagnement) -> None:
    envers = dict(reversed(FICHIERS.items()))
    assert make_kit(resultat, contexte(), FICHIERS) == make_kit(resultat, contexte(), envers)
    assert make_kit(resultat, contexte(), FICHIERS) != make_kit(resultat, contexte(), {"calendrier.ics": b"autre"})


def test_every_link_of_the_page_opens_a_file_of_the_archive(resultat: ResultatAccompagnement) -> None:
    archive = make_kit(resultat, contexte(), FICHIERS)
    links = [link["href"] for link in page(archive).main.select("a")]
    assert links
    assert set(links) <= set(opened(archive))
    assert {f"documents/{name}" for name in FICHIERS} == set(links)


@pytest.mark.parametrize("nom", ["../dehors.pdf", "/etc/passwd", "dossier/x.pdf", "dossier\\x.pdf", ".cache", ""])
def test_a_name_that_is_a_path_is_refused(resultat: ResultatAccompagnement, nom: str) -> None:
    with pytest.raises(ValueError, match="non admis"):
        make_kit(resultat, contexte(), {nom: b"x"})


def test_a_draft_says_not_to_hand_it_out_until_the_direction_validated_the_kit(
    resultat: ResultatAccompagnement,
) -> None:
    assert "Ne pas diffuser." in page(make_kit(resultat, contexte(), {})).text
    valide = page(make_kit(resultat, contexte(CAS | {"validations": ["kit_utilisation"]}), {})).text
    assert "Ne pas diffuser." not in valide
    assert "Validé le 20 novembre 2026" in valide
    autre = page(make_kit(resultat, contexte(CAS | {"validations": ["mandat_gouvernance"]}), {})).text
    assert "Ne pas diffuser." in autre


def test_the_page_is_accessible_alone_and_calls_nothing_outside(resultat: ResultatAccompagnement) -> None:
    found = page(make_kit(resultat, contexte(), FICHIERS))
    assert found.html["lang"] == "fr"
    assert len(found.select("h1")) == 1
    assert not found.select("script, link, img, iframe")
    assert all(table.caption and table.caption.text for table in found.select("table"))
    assert all(cell.get("scope") for cell in found.select("th"))
    ids = [section["aria-labelledby"] for section in found.select("main section")]
    assert len(ids) == len(set(ids)) == len(found.select("main h2"))
    assert all(found.find(id=name) for name in ids)


def test_everyone_may_read_it_so_the_diagnosis_stays_out(resultat: ResultatAccompagnement) -> None:
    """Disagreements, levels and uses at high risk are for the direction and the staff representatives."""
    assert "trancher en atelier" in " ".join(resultat.kit["manque"])
    text = page(make_kit(resultat, contexte(), FICHIERS)).text
    for kept in ("trancher en atelier", "D3.4", "Tri fictif", "risque résiduel", "Commission"):
        assert kept not in text, kept


def test_it_says_what_never_to_enter_whom_to_tell_and_when_to_come(resultat: ResultatAccompagnement) -> None:
    text = page(make_kit(resultat, contexte(), {})).text
    for expected in (
        "E37",
        "Vous restez responsable",
        "Procureur",
        "à compléter",
        "Atelier",
        "Nouveaux arrivants",
        "à vérifier",
    ):
        assert expected in text, expected
    assert "Aucun fichier n’est joint" in text


def test_a_hostile_structure_name_stays_text(resultat: ResultatAccompagnement) -> None:
    nom = "<script>alert(1)</script> & « Nord »"
    found = page(make_kit(resultat, contexte(nom=nom), {}))
    assert not found.select("script")
    assert "<script>alert(1)</script>" in found.title.text
