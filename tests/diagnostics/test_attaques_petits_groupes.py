"""Someone who only has the published results, and knows who works where, tries to learn what a small group answered.

They subtract printed lines from printed totals, complete headcounts from the sums they know, and read a group of one
kind as each one's result. What they find is compared with the truth, which is not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics._competences_calcul import compute
from vigie.diagnostics._maturite_echo import withheld
from vigie.diagnostics._ministere_communs import pool_needs
from vigie.diagnostics.competences import diagnose
from vigie.diagnostics.petits_effectifs import hide_counts
from vigie.dossier import Dossier

from .test_competences_proprietes import PEU, groups, known_people, structure

SEUIL, HOMOGENE = 10, 20
Table = list[dict[str, Any]]


def learnt(tables: Mapping[str, Table]) -> Iterator[tuple[str, frozenset[str], float]]:
    """(competence, audiences, need) of every set of audiences whose need the publication gives, one way or another."""
    for total in tables["besoins"]:
        lignes = [ligne for ligne in tables["synthese"] if ligne["competence"] == total["competence"]]
        tous = frozenset(ligne["public"] for ligne in lignes)
        printed = [ligne for ligne in lignes if ligne["besoin"] is not None]
        reste, caches = total["besoin"], tous
        for ligne in printed:
            publics = frozenset((ligne["publics_regroupes"] or ligne["public"]).split())
            yield total["competence"], publics, ligne["besoin"]
            caches -= publics
            reste = None if reste is None else reste - ligne["besoin"]
        if reste is not None and caches:
            yield total["competence"], caches, reste


def leaks(dossier: Dossier) -> list[str]:
    """What a reader learns of a group too small, or of one kind."""
    resultat = diagnose(dossier)
    truth = known_people(dossier, resultat.individuel)
    found = []
    for competence, publics, besoin in learnt(resultat.to_json()["tables"]):
        known, needing = np.sum([truth.get((competence, public), (0, 0)) for public in publics], axis=0)
        assert besoin == needing, "the attack itself must be right"
        if known < SEUIL or (known < HOMOGENE and needing in (0, known)):
            found.append(f"{competence} {sorted(publics)} : {needing} sur {known}")
    return found


@PEU
@given(groups())
def test_no_subtraction_gives_the_need_of_a_small_group_or_of_one_kind(agents: list[dict[str, Any]]) -> None:
    assert leaks(structure(agents)) == []


def test_the_attack_finds_what_is_not_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rules, it does find something: the test can fail."""
    monkeypatch.setattr("vigie.diagnostics._competences_besoins.may_print", lambda *_: True)
    monkeypatch.setattr("vigie.diagnostics.petits_effectifs.may_print", lambda *_: True)
    agents = [
        {"id": "a", "nombre": 12, "metier": "MET01", "niveaux": {"B1": 0}},
        {"id": "b", "nombre": 3, "metier": "MET13", "publics": "MP", "niveaux": {"B1": 4}},
    ]
    assert any("B1" in leak for leak in leaks(structure(agents)))


@PEU
@given(groups())
def test_no_headcount_under_the_threshold_is_printed_or_completed(agents: list[dict[str, Any]]) -> None:
    dossier = structure(agents)
    tables = diagnose(dossier).to_json()["tables"]
    calcul = compute(dossier)
    true_openings = calcul.agents.groupby(
        [calcul.agents["public"], calcul.agents["ouverture"].dt.strftime("%Y-%m-%d").fillna("")]
    ).size()
    rows = {(row["public"], row["mise_en_service"]): row["effectif"] for row in tables["urgences"]}
    for axis in (0, 1, None):
        sums: dict[object, list[tuple[str, str]]] = {}
        for key in rows:
            sums.setdefault("all" if axis is None else key[axis], []).append(key)
        for keys in sums.values():
            check({key: rows[key] for key in keys}, {key: int(true_openings[key]) for key in keys})
    posts = dossier.agents.groupby("metier").size()
    jobs = {row["metier"]: row["effectif"] for row in tables["metiers"]}
    by_public: dict[str, list[str]] = {}
    for row in tables["metiers"]:
        by_public.setdefault(row["public"], []).append(row["metier"])
    for names in (*by_public.values(), list(jobs)):
        check({name: jobs[name] for name in names}, {name: int(posts.get(name, 0)) for name in names})
    for row in tables["profils"]:
        if row["effectif"]:
            assert row["effectif"] >= SEUIL
            whole = jobs.get(row["metier"])
            assert whole is None or whole == row["effectif"] or whole - row["effectif"] >= SEUIL


def check(printed: Mapping[Any, float | None], true: Mapping[Any, int]) -> None:
    """Nothing small is printed, and what is hidden in a sum that is known counts nobody or enough people."""
    for key, number in printed.items():
        assert number is None or number == true[key]
        assert number is None or number == 0 or number >= SEUIL
    hidden = sum(true[key] for key, number in printed.items() if number is None)
    assert hidden == 0 or hidden >= SEUIL or sum(true.values()) < SEUIL


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(0, 30)))
def test_hidden_headcounts_of_each_known_sum_count_nobody_or_enough_people(nombres: dict[tuple[str, str], int]) -> None:
    sommes = [
        [key for key in nombres if key[axis] == name] for axis in (0, 1) for name in {key[axis] for key in nombres}
    ]
    caches = hide_counts(nombres, sommes, SEUIL)
    assert all(nombres[key] for key in caches), "nobody is not somebody to protect"
    for somme in (*sommes, list(nombres)):
        hidden = [nombres[key] for key in somme if key in caches]
        shown = [nombres[key] for key in somme if key not in caches and nombres[key]]
        assert all(number >= SEUIL for number in shown)
        assert not hidden or sum(hidden) >= SEUIL or not shown


@PEU
@given(st.lists(groups(), min_size=2, max_size=3))
def test_the_ministry_minus_the_structures_gives_nothing_more(structures: list[list[dict[str, Any]]]) -> None:
    rows = [
        {**row, "structure": str(number)}
        for number, agents in enumerate(structures)
        for row in diagnose(structure(agents)).to_json()["tables"]["besoins"]
    ]
    pooled = pool_needs(rows)
    for line in pooled.to_dict("records"):
        printed = [
            row["besoin"] for row in rows if row["competence"] == line["competence"] and row["besoin"] is not None
        ]
        assert (sum(printed) == line["besoin"]) if printed else np.isnan(line["besoin"])


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (max(pair), min(pair))), min_size=1),
    st.integers(0, 5),
)
def test_no_statement_of_the_echo_gives_the_answer_of_each_one(items: list[tuple[int, int]], more: int) -> None:
    counts = {f"M{number}": total for number, (total, _) in enumerate(items)}
    agree = {f"M{number}": yes for number, (_, yes) in enumerate(items)}
    hidden = withheld(counts, max(counts.values()) + more, SEUIL, agree, HOMOGENE)
    for item in counts.keys() - hidden.keys():
        assert counts[item] >= SEUIL
        assert counts[item] >= HOMOGENE or 0 < agree[item] < counts[item]
    reasons = [reason for item, reason in hidden.items() if counts[item] >= SEUIL]
    assert set(reasons) <= {"complementaire", "seuil"}


def moved(before: Dossier, now: Dossier) -> Iterator[tuple[str, frozenset[str], int, int, int]]:
    """(competence, audiences, people who came or left, their needs, need found by subtraction) of each set of audiences
    that both campagnes print, when those who stayed have as many needs in one as in the other."""
    prints = [
        {(competence, publics): besoin for competence, publics, besoin in learnt(diagnose(one).to_json()["tables"])}
        for one in (before, now)
    ]
    truths = [people_in_need(one) for one in (before, now)]
    for (competence, publics), besoin in prints[1].items():
        if (competence, publics) not in prints[0]:
            continue
        then, after = (
            {agent: need for (name, agent), (public, need) in one.items() if name == competence and public in publics}
            for one in truths
        )
        if sum(after[agent] - then[agent] for agent in then.keys() & after.keys()):
            continue
        movers = [then[agent] for agent in then.keys() - after.keys()]
        movers += [after[agent] for agent in after.keys() - then.keys()]
        yield competence, publics, len(movers), sum(movers), int(besoin - prints[0][competence, publics])


def people_in_need(dossier: Dossier) -> dict[tuple[str, str], tuple[str, bool]]:
    """(competence, agent) → audience, need: the truth, for those whose level is known."""
    calcul = compute(dossier)
    ids = [one.id for one in dossier.referentiels.competences.competences]
    known = calcul.lignes[calcul.lignes["actuel"].notna()]
    agents = calcul.agents
    return {
        (ids[row.competence], agents["agent"][row.agent]): (agents["public"][row.agent], bool(row.ecart >= 1))
        for row in known.itertuples()
    }


def told_by_two_campagnes(agents: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[str]:
    before = structure(agents)
    now = structure(others).replace(anterieur=before)
    return [
        f"{competence} {sorted(publics)} : {needing} sur {nombre}, lu {found}"
        for competence, publics, nombre, needing, found in moved(before, now)
        if 0 < nombre < SEUIL or (0 < nombre < HOMOGENE and needing in (0, nombre))
    ]


@settings(deadline=None, max_examples=12)
@given(groups(), groups(), st.data())
def test_a_campagne_minus_the_one_before_never_gives_the_need_of_the_few_who_came_or_left(
    agents: list[dict[str, Any]], others: list[dict[str, Any]], data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, len(agents)))
    come = [{**group, "id": f"n{number}"} for number, group in enumerate(others)]
    assert told_by_two_campagnes(agents, agents[:kept] + come[: data.draw(st.integers(0, 1))]) == []


def test_one_more_person_in_a_campagne_would_be_found_without_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack works where nothing forbids it; with the rule, the competence is masked."""
    monkeypatch.setattr("vigie.diagnostics.partage.GARDES", 0)  # computed again once the rule is taken away
    agents = [
        {"id": "a", "nombre": 12, "metier": "MET01", "niveaux": {"B1": 0}},
        {"id": "b", "nombre": 12, "metier": "MET01", "niveaux": {"B1": 4}},
    ]
    come = [*agents, {"id": "c", "nombre": 1, "metier": "MET01", "niveaux": {"B1": 0}}]
    assert told_by_two_campagnes(agents, come) == []
    rows = diagnose(structure(come).replace(anterieur=structure(agents))).to_json()["tables"]["besoins"]
    assert next(row for row in rows if row["competence"] == "B1")["etat"] == "masque"
    monkeypatch.setattr("vigie.diagnostics._competences_calcul.told_by_difference", lambda *_: (frozenset(),) * 2)
    found = told_by_two_campagnes(agents, come)
    assert found
    assert all(line.endswith("1 sur 1, lu 1") for line in found)


@PEU
@given(groups())
def test_no_mean_and_no_load_rests_on_a_few_people_in_need(agents: list[dict[str, Any]]) -> None:
    tables = diagnose(structure(agents)).to_json()["tables"]
    for row in (*tables["besoins"], *tables["synthese"]):
        if row["besoin"] is not None and 0 < row["besoin"] < SEUIL:
            assert [row[name] for name in ("intensite", "charge", "confiance") if row.get(name) is not None] == []
