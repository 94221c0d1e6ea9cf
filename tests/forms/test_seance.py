"""The kernel's side of a form: what a page may say, what each person may reach, what is told back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.collecte import load_ministere, open_store
from vigie.errors import VigieError
from vigie.forms.demande import Demande, genre_of
from vigie.forms.seance import Seance, open_seance

from tests.collecte.ministere_essai import anonymous_rows
from tests.forms.ministere_forme import charge_forme, demande, reponses

VIDE = {"etat": "", "valeur": "", "commentaire": "", "preuve": "", "indicateur": ""}
NIVEAU_3 = {**VIDE, "etat": "niveau", "valeur": "3"}
INCIDENTS = {"echec", "refus"}


def changer(cle: str, valeur: dict[str, str], base: int = 0, n: int = 1) -> dict[str, object]:
    return {"t": "changer", "n": n, "cle": cle, "base": base, "valeur": valeur}


@pytest.fixture
def seance(ministere) -> Seance:
    return open_seance(demande(ministere, "maturite", "RH", "rh1"))


def test_a_form_has_only_the_questions_of_the_role(ministere):
    rh = open_seance(demande(ministere, "maturite", "RH", "rh1")).questionnaire
    formation = open_seance(demande(ministere, "maturite", "FOR", "for1")).questionnaire
    items = rh.versions and open_seance(demande(ministere, "maturite", "RH", "rh1")).charge.referentiels.maturite.items
    assert {champ.cible for champ in rh.champs.values()} == {id_ for id_, item in items.items() if "RH" in item.roles}
    assert set(rh.champs) != set(formation.champs)


def test_a_file_that_cannot_be_read_neither_shuts_the_form_nor_is_shown_to_who_opens_it(ministere, caplog):
    (ministere / "reponses" / "abime.csv").write_text("structure;role\nSecret d'une autre;", encoding="utf-8")
    (reply,) = open_seance(demande(ministere, "maturite", "RH", "rh1")).receive(changer("|D1.1|niveau", NIVEAU_3))
    assert reply["t"] == "enregistre"
    assert "abime.csv" in caplog.text
    assert "Secret" not in caplog.text


def test_a_change_is_stored_before_it_is_acknowledged_and_again_changes_nothing(seance, ministere):
    (first,) = seance.receive(changer("|D1.1|niveau", NIVEAU_3))
    assert first["t"] == "enregistre"
    assert list(reponses(ministere)["niveau"]) == [3]
    (again,) = seance.receive(changer("|D1.1|niveau", NIVEAU_3))
    assert again == first
    assert len(reponses(ministere)) == 1


def test_a_change_made_from_an_older_answer_is_not_written_and_shows_the_newer_one(seance, ministere):
    seance.receive(changer("|D1.1|niveau", NIVEAU_3))
    (reply,) = seance.receive(changer("|D1.1|niveau", {**NIVEAU_3, "valeur": "5"}))
    assert (reply["t"], reply["valeur"]["valeur"]) == ("conflit", "3")
    assert list(reponses(ministere)["niveau"]) == [3]


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "ouvrir",
        {"t": "__init__"},
        {"t": "receive"},
        {"t": "ouvrir", "de_plus": 1},
        changer("|D1.2|niveau", NIVEAU_3),  # a question of other roles
        changer("|M1|accord", {**VIDE, "etat": "niveau", "valeur": "4"}),
        changer("|D1.1|niveau", {**NIVEAU_3, "valeur": "6"}),
        changer("|D1.1|niveau", {**VIDE, "etat": "sans_objet"}),
        changer("|D1.1|niveau", {**NIVEAU_3, "commentaire": "x" * 5000}),
        changer("|D1.1|niveau", {**NIVEAU_3, "commentaire": "a\x00b"}),
        changer("|D1.1|niveau", {"etat": "niveau"}),
        changer("|D1.1|niveau", NIVEAU_3, base=-1),
        changer("|D1.1|niveau", {**NIVEAU_3, "commentaire": "x" * 70000}),
        {"t": "remettre", "jeton": "0" * 32, "reponses": {}},
        {"t": "envoyer", "jeton": "../../etc"},
    ],
)
def test_what_is_not_a_message_of_this_form_is_refused_and_stores_nothing(seance, ministere, message):
    (reply,) = seance.receive(message)
    assert reply["t"] == "refus"
    assert reply["message"]
    assert reponses(ministere).empty


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["|D1.1|niveau", "niveau", "3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["t", "n", "cle", *VIDE]), inner),
    max_leaves=8,
)


@given(
    t=st.sampled_from(["changer", "envoyer", "remettre", "autre"]),
    rest=st.dictionaries(st.sampled_from(["n", "cle", "base", "valeur", "jeton", "reponses"]), JSON),
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_ever_raises_or_shows_more_than_a_sentence(seance, t, rest):
    for reply in seance.receive({"t": t, **rest}):
        assert reply["t"] in {*INCIDENTS, "enregistre", "conflit", "recu"}
        assert "Traceback" not in str(reply)


def test_an_incident_is_a_sentence_with_a_reference_and_the_cause_is_in_the_log_alone(seance, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("mot de passe de la base")

    monkeypatch.setattr("vigie.forms.seance.write_answer", broken)
    (reply,) = seance.receive(changer("|D1.1|niveau", NIVEAU_3))
    assert reply["t"] == "echec"
    assert "mot de passe" not in reply["message"]
    reference = reply["message"].rsplit(" ", 1)[-1].rstrip(".")
    assert len(reference) == 8
    assert reference in caplog.text


def test_the_same_sending_twice_gives_one_receipt(seance):
    seance.receive(changer("|D1.1|niveau", NIVEAU_3))
    first = seance.receive({"t": "envoyer", "jeton": "a" * 32})
    assert first[0]["t"] == "recu"
    assert first[0]["nombre"] == 1
    assert seance.receive({"t": "envoyer", "jeton": "a" * 32}) == first


def test_an_anonymous_form_is_sent_once_and_its_answers_are_never_given_back(ministere):
    seance = open_seance(demande(ministere, "maturite"))
    accord = {**VIDE, "etat": "niveau", "valeur": "4"}
    lot = {"t": "remettre", "jeton": "b" * 32, "reponses": {"|M1|accord": accord}}
    (recu,) = seance.receive(lot)
    assert recu["t"] == "recu"
    assert seance.receive(lot) == [recu]
    assert seance.receive({**lot, "jeton": "c" * 32})[0]["t"] == "refus"
    assert len(anonymous_rows(open_store(load_ministere(ministere)))) == 1
    again = open_seance(demande(ministere, "maturite"))
    (etat,) = again.receive({"t": "ouvrir"})
    assert etat["reponses"] == {}
    assert again.receive({"t": "restituer"})[0]["t"] == "refus"


def test_the_restitution_reads_no_other_respondent(ministere):
    autre = open_seance(demande(ministere, "maturite", "FOR", "for1"))
    cle = next(cle for cle in autre.questionnaire.champs if cle in open_seance(
        demande(ministere, "maturite", "RH", "rh1")).questionnaire.champs)  # fmt: skip
    autre.receive(changer(cle, {**NIVEAU_3, "valeur": "5", "commentaire": "Ce que dit une autre personne"}))
    mienne = open_seance(demande(ministere, "maturite", "RH", "rh1"))
    mienne.receive(changer("|D1.1|niveau", NIVEAU_3))
    (etat,) = mienne.receive({"t": "ouvrir"})
    assert set(etat["reponses"]) == {"|D1.1|niveau"}
    (restitution,) = mienne.receive({"t": "restituer"})
    assert "une autre personne" not in restitution["html"]


@pytest.mark.parametrize(
    ("etape", "role", "repondant"),
    [
        ("maturite", "DIR", "rh1"),
        ("maturite", "RH", "inconnu"),
        ("maturite", "RH", "rh2"),
        ("plan_formation", "RH", "rh1"),
        ("validation", "RH", "rh1"),
        ("competences", "AG", "AG3"),
        ("autre", "RH", "rh1"),
    ],
)
def test_no_form_opens_for_someone_it_is_not_for(tmp_path, etape, role, repondant):
    charge = charge_forme(tmp_path / "m")
    with pytest.raises(VigieError):
        genre_of(Demande(str(charge.chemin), "drh", etape, role, repondant), charge)
