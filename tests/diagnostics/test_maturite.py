"""What a case cannot show: evidence between persons, thresholds between two whole numbers, what leaves the result."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pandas as pd
import pytest
from vigie.diagnostics import _maturite_tables as tables
from vigie.diagnostics._maturite_echo import withheld
from vigie.diagnostics.maturite import ResultatMaturite, diagnose
from vigie.dossier import CIBLES, VALIDATIONS

from .dossiers import answer_frame, bare_dossier, shipped
from .maturite_dossiers import build, small_item, small_referentiels


def answer(item: str, role: str, value: float, **fields: Any) -> dict[str, Any]:
    base = {"etape": "maturite", "mesure": "niveau", "cible": item, "role": role, "repondant": f"{role}-0"}
    return {**base, "etat": "niveau", "niveau": value, **fields}


def row(result: ResultatMaturite, table: str, name: str) -> pd.Series:
    frame: pd.DataFrame = getattr(result, table)
    return frame[frame.iloc[:, 0].eq(name) if table != "items" else frame["item"].eq(name)].iloc[0]


def all_levels(level: int, **cas: Any) -> ResultatMaturite:
    return diagnose(build({"reponses": dict.fromkeys(shipped().maturite.items, level), **cas}))


def test_evidence_shown_by_one_respondent_counts_for_the_whole_item() -> None:
    rows = [answer("D2.1", "RH", 4, preuve="Livret"), answer("D2.1", "FOR", 4, indicateur="Taux")]
    item = row(diagnose(bare_dossier().replace(reponses=answer_frame(rows))), "items", "D2.1")
    assert (item["valeur"], item["plafond"], item["preuve"], item["indicateur"]) == (4, "", "Livret", "Taux")


def test_evidence_written_on_a_hidden_answer_lifts_no_ceiling() -> None:
    rows = [answer("D2.1", "RH", 4), answer("D2.1", "FOR", 4, etat="masque", preuve="Livret", indicateur="Taux")]
    item = row(diagnose(bare_dossier().replace(reponses=answer_frame(rows))), "items", "D2.1")
    assert (item["valeur"], item["plafond"], item["preuve"]) == (2, "document", "")


def test_best_answers_with_evidence_reach_exactly_five_everywhere() -> None:
    result = all_levels(5)
    assert set(result.dimensions["score"]) == {5.0}
    assert set(result.dimensions["niveau"]) == {5.0}
    assert result.ouverture_possible


def test_worst_answers_reach_exactly_one_everywhere() -> None:
    result = all_levels(1)
    assert set(result.dimensions["score"]) == {1.0}
    assert set(result.dimensions["niveau"]) == {1.0}
    assert result.prealables_manquants == len(shipped().maturite.cotation.prealables)


def test_best_answers_without_evidence_stop_at_the_first_ceiling() -> None:
    result = all_levels(5, preuves={"*": "aucune"})
    assert set(result.dimensions["score"]) == {2.0}
    assert set(result.items["plafond"]) == {"document"}


@pytest.mark.parametrize(("rated", "etat"), [(69, "partiel"), (70, "concluant"), (71, "concluant")])
def test_coverage_concludes_from_seventy_percent_of_the_weight(rated: int, etat: str) -> None:
    items = tuple(small_item(f"D1.{number}", roles=("RH",)) for number in range(1, 100 + 1) if number < 100)
    referentiels = small_referentiels({"D1": (*items, small_item("D2.1", roles=("RH",)))})
    names = list(referentiels.maturite.items)
    values = {name: 3 if number < rated else "ne_sait_pas" for number, name in enumerate(names)}
    dimension = row(diagnose(build({"reponses": values}, referentiels)), "dimensions", "D1")
    assert dimension["etat"] == etat


@pytest.mark.parametrize(
    ("proved", "unknown", "letter"),
    [(8, 0, "A"), (7, 0, "B"), (5, 0, "B"), (4, 0, "C"), (10, 1, "B"), (10, 2, "B"), (10, 3, "C")],
)
def test_confidence_changes_at_its_thresholds(proved: int, unknown: int, letter: str) -> None:
    """Ten items asked to one role: 80 and 50 % of items proved, 10 and 30 % of unknown answers."""
    referentiels = small_referentiels({"D1": tuple(small_item(f"D1.{n}", roles=("RH",)) for n in range(1, 11))})
    names = list(referentiels.maturite.items)
    cas = {
        "reponses": {name: "ne_sait_pas" if n < unknown else 2 for n, name in enumerate(names)},
        "preuves": {name: "complete" if n < proved else "aucune" for n, name in enumerate(names)},
    }
    assert row(diagnose(build(cas, referentiels)), "dimensions", "D1")["confiance"] == letter


@pytest.mark.parametrize(("divergent", "letter"), [(0, "A"), (1, "B"), (2, "B"), (3, "C")])
def test_confidence_falls_with_divergences_left_to_arbitrate(divergent: int, letter: str) -> None:
    referentiels = small_referentiels({"D1": tuple(small_item(f"D1.{n}") for n in range(1, 11))})
    names = list(referentiels.maturite.items)
    cas = {"reponses": {name: {"RH": 4 if n < divergent else 2, "MAN": 2} for n, name in enumerate(names)}}
    assert row(diagnose(build(cas, referentiels)), "dimensions", "D1")["confiance"] == letter


def test_a_mean_that_is_whole_is_not_read_one_level_under() -> None:
    """Values 7/3 and 11/3 in equal number: their mean is 3, whatever the rounding of thirds."""
    referentiels = small_referentiels(
        {"D1": tuple(small_item(f"D1.{n}", roles=("RH", "MAN", "RP")) for n in range(1, 7))}
    )
    low, high = {"RH": 2, "MAN": 2, "RP": 3}, {"RH": 3, "MAN": 4, "RP": 4}
    cas = {"reponses": {f"D1.{n}": low if n % 2 else high for n in range(1, 7)}}
    assert row(diagnose(build(cas, referentiels)), "dimensions", "D1")["niveau"] == 3


def test_a_hidden_blocking_item_leaves_the_dimension_without_a_level() -> None:
    cas = {"reponses": {"D6.1": 4, "D6.2": 4, "D6.3": 4, "D6.4": 4, "D6.5": "masque", "D6.6": 4}}
    dimension = row(diagnose(build(cas)), "dimensions", "D6")
    assert (dimension["couverture"], dimension["score"], dimension["etat"]) == (1, 4, "partiel")


def test_a_question_not_reached_widens_the_bounds_without_being_called_ignorance() -> None:
    rows = [answer("D2.1", "RH", 3, preuve="x", indicateur="y"), answer("D2.2", "FOR", 3, preuve="x", indicateur="y")]
    result = diagnose(bare_dossier().replace(reponses=answer_frame(rows)))
    item = row(result, "items", "D2.1")
    assert (item["valeur"], item["borne_basse"], item["borne_haute"]) == (3, 2, 4)
    assert not result.items["meconnaissance"].any()


def test_a_person_who_answered_nothing_changes_participation_only() -> None:
    cas = {"reponses": {"D2.1": 3}}
    alone, expected = diagnose(build(cas)), diagnose(build({**cas, "repondants": {"RH": 3}}))
    pd.testing.assert_frame_equal(alone.items, expected.items)
    participation = row(expected, "participation", "RH")
    assert (participation["attendus"], participation["exprimes"]) == (3, 1)


def test_an_unknown_number_is_null_in_json() -> None:
    document = diagnose(bare_dossier()).to_json()
    assert document["tables"]["dimensions"][0]["score"] is None
    assert document["tables"]["dimensions"][0]["etat"] == "sans_reponse"
    json.dumps(document, allow_nan=False)


def test_frames_keep_their_columns_without_any_answer() -> None:
    result = diagnose(bare_dossier())
    schemas = ("DIMENSIONS", "ITEMS", "ROLES", "REGARDS", "ECHO", "PREALABLES", "PARTICIPATION")
    for name in schemas:
        frame = getattr(result, name.lower())
        assert dict(frame.dtypes.astype(str)) == getattr(tables, name), name


def test_what_is_missing_is_said_once_each() -> None:
    manques = " ".join(diagnose(bare_dossier()).manques)
    for words in ("Aucune réponse à la cotation", "écho des agents", "liste des répondants", "Cible non fixée"):
        assert manques.count(words) == 1


def test_answers_to_an_unknown_item_are_said_and_not_counted() -> None:
    rows = [answer("D9.9", "RH", 5), answer("D2.1", "RH", 3)]
    result = diagnose(bare_dossier().replace(reponses=answer_frame(rows)))
    assert any("D9.9" in sentence for sentence in result.manques)
    assert "D9.9" not in set(result.items["item"])


def test_no_recommendation_cites_an_answer_of_the_anonymous_echo() -> None:
    dossier = build({"reponses": {"D1.1": 1, "D8.2": 1}, "echo": {"M1": {1: 12}, "M10": {1: 12}}})
    echo = set(dossier.answers("maturite", "accord")["id"])
    assert echo
    assert not echo & {number for line in diagnose(dossier).recommandations for number in line.pourquoi.reponses}


def test_no_sentence_gives_the_headcount_of_a_withheld_item() -> None:
    """17 agents answer, 7 rate M4, 13 rate M2, withheld with it: neither 7 nor 13 may be read anywhere."""
    dossier = build({"echo": {"M1": {3: 17}, "M2": {3: 13}, "M4": {3: 7, "ne_sait_pas": 10}}})
    result = diagnose(dossier)
    texts = [c.texte for c in result.constats if c.code.startswith(("ECHO", "PEU"))]
    said = " ".join([*texts, *result.manques, *result.echo["motif"]])
    assert "M2, M4" in said
    assert not re.search(r"\b(7|13)\b", re.sub(r"[DM]\d+", "", said))


def test_two_items_withheld_by_the_threshold_take_no_third_one() -> None:
    assert withheld({"M1": 12, "M2": 9, "M3": 3}, 12, 10) == {"M2": "seuil", "M3": "seuil"}


def test_each_recommendation_reaches_back_to_its_answers_item_idea_and_versions() -> None:
    dossier = build({"reponses": {"D2.1": {"RH": 2, "FOR": 1}}, "arbitrages": {"D2.1": {"valeur": 1, "motif": "Vu."}}})
    line = next(line for line in diagnose(dossier).recommandations if line.id == "MAT-D2.1")
    item = shipped().maturite.items["D2.1"]
    assert line.pourquoi.reponses == (1, 2, 3)
    assert (line.pourquoi.items, line.pourquoi.fiche) == (("D2.1",), item.fiche)
    assert line.pourquoi.versions == {name: shipped().versions[name] for name in ("maturite", "fiche")}
    assert (line.action, line.livrable, line.preuve, line.pilote) == (item.action, item.livrable, item.preuve, "RH")
    assert line.echeance == date(2028, 5, 24)


def test_every_recommendation_has_one_of_the_three_pilots() -> None:
    pilots = {role.id for role in shipped().maturite.roles if role.pilote}
    lines = all_levels(1).recommandations
    assert len({line.id for line in lines}) == len(shipped().maturite.items)
    assert {line.pilote for line in lines} <= pilots
    assert [line.rang for line in lines] == list(range(1, len(lines) + 1))


def test_the_last_target_set_by_the_direction_holds() -> None:
    rows = [
        {"dimension": "D2", "cible": 4.0, "date": "2026-10-02", "decision": ""},
        {"dimension": "D2", "cible": 3.0, "date": "2026-09-01", "decision": ""},
    ]
    dossier = build({"reponses": dict.fromkeys((f"D2.{n}" for n in range(1, 8)), 2)})
    result = diagnose(dossier.replace(cibles=pd.DataFrame(rows).astype(CIBLES)))
    assert row(result, "dimensions", "D2")["cible_retenue"] == 4


def test_the_last_arbitration_holds_and_the_others_are_said() -> None:
    rows = [answer("D2.1", "RH", 5), answer("D2.1", "FOR", 1)]
    for holder, value, day in (("A", 1, "2026-11-03"), ("B", 2, "2026-11-02")):
        decision = answer("D2.1", "ATELIER", value, commentaire="Vu.", repondant=holder, date=day)
        rows.append({**decision, "mesure": "arbitrage"})
    result = diagnose(bare_dossier().replace(reponses=answer_frame(rows)))
    assert row(result, "items", "D2.1")["arbitrage"] == 1
    assert any(c.code == "ARBITRAGE" and "2 arbitrages reçus" in c.texte for c in result.constats)


def test_the_validation_by_the_direction_is_printed() -> None:
    dossier = bare_dossier()
    assert diagnose(dossier).validation == "PROJET, non validé"
    line = {"etape": "maturite", "livrable": "", "etat": "valide", "date": "2026-11-18", "par": "Direction fictive"}
    validated = diagnose(dossier.replace(validations=pd.DataFrame([line]).astype(VALIDATIONS))).validation
    assert "Direction fictive" in validated
    assert "18 novembre 2026" in validated


def test_sentences_follow_french_typography() -> None:
    result = diagnose(build({"reponses": {"D3.1": 4, "D3.2": {"RH": 5, "JUR": 1, "NUM": "ne_sait_pas"}, "D2.3": 2}}))
    texts = [c.texte for c in result.constats] + [line.pourquoi.explication for line in result.recommandations]
    texts += [*result.manques, *result.dimensions["plafond_motif"], *result.echo["motif"]]
    for text in texts:
        assert not re.search(r"« | [»:;!?%]", text), text
        assert not re.search(r"\d\.\d(?!\d*[ ,.)]?»)", re.sub(r"[DM]\d\.\d+", "", text)), text
        assert "nan" not in text
