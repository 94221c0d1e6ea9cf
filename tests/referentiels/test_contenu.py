"""What the content files hold: how many of each, which ids are frozen, what must not be lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from vigie.dossier import AGENTS, CIBLES, REPONDANTS, REPONSES, VALIDATIONS, Etat
from vigie.referentiels import FICHIERS, Referentiels, load_referentiels
from vigie.referentiels.coherence.identifiants import declared
from vigie.referentiels.yaml_strict import parse

IDS_GELES = Path(__file__).parent / "ids_geles.yaml"
COMPTES = {
    "fiche": 45,
    "item": 50,
    "echo": 10,
    "dimension": 8,
    "competence": 39,
    "metier": 25,
    "base": 118,
    "risque": 40,
    "regle": 50,
    "cas_usage": 15,
    "vigilance": 16,
}


@pytest.fixture(scope="module")
def referentiels() -> Referentiels:
    return load_referentiels()


@pytest.mark.parametrize(("sorte", "nombre"), COMPTES.items())
def test_each_kind_of_entry_has_its_number(referentiels: Referentiels, sorte: str, nombre: int) -> None:
    assert len(declared(referentiels)[sorte].ids) == nombre


def test_fifteen_of_the_twenty_six_use_cases_are_known_by_name(referentiels: Referentiels) -> None:
    cas = referentiels.cas_usages
    assert cas.total == 26
    assert cas.repartition == {"souhaitable": 5, "envisageable": 17, "a_proscrire": 4}
    assert len(cas.cas_usage) == 15


def test_no_published_id_vanished_and_new_ones_are_frozen(referentiels: Referentiels) -> None:
    geles = {sorte: set(ids) for sorte, ids in parse(IDS_GELES.read_bytes()).valeur.items()}
    declares = {sorte: set(kind.ids) for sorte, kind in declared(referentiels).items()}
    disparus = {sorte: geles[sorte] - declares.get(sorte, set()) for sorte in geles}
    non_inscrits = {sorte: declares[sorte] - geles.get(sorte, set()) for sorte in declares}
    assert not any(disparus.values()), disparus
    assert not any(non_inscrits.values()), non_inscrits


def test_weights_and_blocking_items_are_those_of_the_questionnaire(referentiels: Referentiels) -> None:
    items = referentiels.maturite.items
    types = {genre: {item.id for item in items.values() if item.type == genre} for genre in ("cle", "socle")}
    assert types["socle"] == {"D3.2", "D3.4", "D3.6", "D5.4", "D6.3", "D6.5", "D8.3"}
    assert len(types["cle"]) == 17


def test_not_applicable_is_only_allowed_where_marked(referentiels: Referentiels) -> None:
    maturite = referentiels.maturite
    assert {item.id for item in maturite.items.values() if item.sans_objet} == {"D2.4", "D3.7"}
    assert {item.id for item in maturite.echo.items if item.sans_objet} == {"M6", "M9", "M10"}


def test_every_item_says_what_to_do_and_what_it_leaves_behind(referentiels: Referentiels) -> None:
    items = referentiels.maturite.items.values()
    assert all(item.action.endswith(".") and item.livrable and item.preuve for item in items)
    assert max(Counter(item.action for item in items).values()) == 1


def test_the_three_pilots_are_hr_training_and_digital(referentiels: Referentiels) -> None:
    assert [role.id for role in referentiels.maturite.roles if role.pilote] == ["RH", "FOR", "NUM"]


def test_the_doubtful_ministry_title_is_flagged_and_attributed_to_neither(referentiels: Referentiels) -> None:
    notes = {idee.id: idee.note for idee in referentiels.fiche.idees}
    for id_ in ("F3-40", "F3-41", "F3-42", "F3-43"):
        assert notes[id_].startswith("Titre à vérifier")
        assert "Académie du numérique des Armées" in notes[id_]
    assert "Ne l'attribuer ni à l'un ni à l'autre" in notes["F3-40"]
    assert not any("Ministère" in idee.idee for idee in referentiels.fiche.idees)


def test_each_vigilance_idea_of_the_sheet_has_its_point(referentiels: Referentiels) -> None:
    idees = {idee.id for idee in referentiels.fiche.idees if idee.partie == "vigilance"}
    assert {id_ for point in referentiels.vigilances.vigilances for id_ in point.fiche} == idees


def test_every_file_carries_the_same_kind_of_version_and_says_who_validates(referentiels: Referentiels) -> None:
    assert set(referentiels.versions) == set(FICHIERS)
    assert set(referentiels.versions.values()) == {"2026.11"}
    assert all(len(empreinte) == 64 for empreinte in referentiels.empreintes.values())


def test_every_sentence_uses_french_no_break_spaces(referentiels: Referentiels) -> None:
    """Before « : » and inside guillemets U+00A0, before « ; », « ! » and « ? » U+202F."""
    textes = [idee.idee + idee.note for idee in referentiels.fiche.idees]
    textes += [item.enonce + item.action for item in referentiels.maturite.items.values()]
    textes += [point.libelle for point in referentiels.vigilances.vigilances]
    assert not [texte for texte in textes for faute in (" :", " ;", " ?", " !", "« ", " »", " %") if faute in texte]


def test_every_column_and_state_of_a_dossier_has_a_french_label(referentiels: Referentiels) -> None:
    libelles = referentiels.libelles
    colonnes = {nom for schema in (REPONSES, AGENTS, REPONDANTS, CIBLES, VALIDATIONS) for nom in schema}
    assert colonnes - set(libelles.colonnes) == set()
    assert {str(etat) for etat in Etat} - set(libelles.codes) == set()
    assert libelles.colonne("score_bas") == "Score bas"
    assert libelles.code("sans_libelle") == "sans_libelle"
