"""Properties of the maturity calculation, on a small questionnaire with every type of item."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics.maturite import ResultatMaturite, diagnose

from .dossiers import answer_frame, bare_dossier
from .maturite_dossiers import small_item, small_referentiels

ITEMS = {
    "D1": (
        small_item("D1.1", "socle"),
        small_item("D1.2", "cle"),
        small_item("D1.3", roles=("RH", "MAN", "DIR")),
        small_item("D1.4", so="Possible"),
    ),
    "D2": (small_item("D2.1", "cle"), small_item("D2.2"), small_item("D2.3", so="Possible")),
}
REFERENTIELS = small_referentiels(ITEMS)
CALM = settings(deadline=None)
"""A busy machine is not a failure."""
UNKNOWN = ("ne_sait_pas", "non_repondu")
VALUES = st.one_of(st.integers(1, 5), st.sampled_from([*UNKNOWN, "sans_objet", "masque"]))
Row = dict[str, Any]


def make_row(item: str, role: str, person: int, value: int | str, document: bool, indicator: bool) -> Row:
    known = isinstance(value, int)
    shown = value != "masque"
    return {
        "etape": "maturite",
        "mesure": "niveau",
        "cible": item,
        "role": role,
        "repondant": f"{role}-{person}",
        "etat": "niveau" if known else value,
        "niveau": float(value) if known else math.nan,
        "preuve": "Document" if document and shown else "",
        "indicateur": "Indicateur" if indicator and shown else "",
    }


@st.composite
def answers(draw: st.DrawFn) -> list[Row]:
    """Zero to two persons a role and item, any state, any evidence, sometimes an arbitration."""
    rows = []
    for group in ITEMS.values():
        for item in group:
            for role in item.roles:
                rows += [
                    make_row(item.id, role, person, draw(VALUES), draw(st.booleans()), draw(st.booleans()))
                    for person in range(draw(st.integers(0, 2)))
                ]
            if draw(st.integers(0, 5)) == 0:
                decision = make_row(item.id, "ATELIER", 0, draw(st.integers(1, 5)), draw(st.booleans()), False)
                rows.append({**decision, "mesure": "arbitrage", "commentaire": "Motif"})
    return rows


def compute(rows: list[Row], referentiels: Any = REFERENTIELS) -> ResultatMaturite:
    return diagnose(bare_dossier(referentiels).replace(reponses=answer_frame(rows)))


def dimension(result: ResultatMaturite, name: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = result.dimensions.to_dict("records")
    return next(row for row in rows if row["dimension"] == name)


def no_lower(after: float, before: float) -> bool:
    return math.isnan(before) or after >= before - 1e-9


def same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-9 or (math.isnan(one) and math.isnan(other))


@CALM
@given(answers(), st.data())
def test_an_unknown_never_raises_the_low_bound(rows: list[Row], data: st.DataObject) -> None:
    given_rows = [row for row in rows if row["mesure"] == "niveau"]
    if not given_rows:
        return
    chosen = data.draw(st.sampled_from(given_rows))
    state = data.draw(st.sampled_from(UNKNOWN))
    changed = [{**row, "etat": state, "niveau": math.nan} if row is chosen else row for row in rows]
    before, after = compute(rows), compute(changed)
    for name in ITEMS:
        assert no_lower(dimension(before, name)["score_bas"], dimension(after, name)["score_bas"])


@CALM
@given(answers(), st.data())
def test_raising_an_answer_never_lowers_score_level_or_bounds(rows: list[Row], data: st.DataObject) -> None:
    rated = [row for row in rows if row["etat"] == "niveau" and row["niveau"] < 5]
    if not rated:
        return
    chosen = data.draw(st.sampled_from(rated))
    level = data.draw(st.integers(int(chosen["niveau"]) + 1, 5))
    before = compute(rows)
    after = compute([{**row, "niveau": float(level)} if row is chosen else row for row in rows])
    for name in ITEMS:
        old, new = dimension(before, name), dimension(after, name)
        for column in ("score", "niveau", "score_bas", "score_haut"):
            assert no_lower(new[column], old[column]), column
        assert math.isnan(old["niveau"]) == math.isnan(new["niveau"])


@CALM
@given(answers())
def test_the_score_lies_in_the_bounds_and_the_level_under_the_score(rows: list[Row]) -> None:
    result = compute(rows)
    for name in ITEMS:
        row = dimension(result, name)
        if not math.isnan(row["score"]):
            assert 1 <= row["score_bas"] <= row["score"] + 1e-9
            assert row["score"] <= row["score_haut"] + 1e-9 <= 5 + 2e-9
        if not math.isnan(row["niveau"]):
            assert 1 <= row["niveau"] <= row["score"] + 1e-9
    items = result.items[result.items["etat"] == "cote"]
    assert (items["borne_basse"] <= items["valeur"] + 1e-9).all()
    assert (items["valeur"] <= items["borne_haute"] + 1e-9).all()


@CALM
@given(answers(), st.sampled_from(["D1.2", "D1.3", "D1.4"]), st.data())
def test_hiding_an_item_removes_it_from_numerator_and_denominator(
    rows: list[Row], hidden: str, data: st.DataObject
) -> None:
    """As in a questionnaire that never had the item; one hidden answer is enough when nobody else answered it."""
    others = [row for row in rows if row["cible"] != hidden]
    persons = {(row["role"], row["repondant"]) for row in rows if row["mesure"] == "niveau"} | {("RH", "RH-0")}
    presence = [make_row("D2.2", role, int(name[-1]), 3, False, False) for role, name in sorted(persons)]
    masked = [{**row, "cible": hidden, "etat": "masque", "niveau": math.nan} for row in presence]
    masked = masked[: data.draw(st.integers(1, len(masked)))]
    without = small_referentiels({**ITEMS, "D1": tuple(item for item in ITEMS["D1"] if item.id != hidden)})
    full = dimension(compute([*others, *presence, *masked]), "D1")
    small = dimension(compute([*others, *presence], without), "D1")
    for column in ("score", "score_bas", "score_haut", "couverture", "part_preuves", "part_nsp", "niveau"):
        assert same(full[column], small[column]), column
    assert full["etat"] == small["etat"]


@CALM
@given(answers(), st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(rows: list[Row], random: Any) -> None:
    frame = answer_frame(rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    dossier = bare_dossier(REFERENTIELS)
    straight = diagnose(dossier.replace(reponses=frame)).to_json()
    shuffled = diagnose(dossier.replace(reponses=frame.iloc[order].reset_index(drop=True))).to_json()
    assert straight == shuffled


@CALM
@given(answers())
def test_unknown_answers_alone_never_make_a_score(rows: list[Row]) -> None:
    unknown = [{**row, "etat": "ne_sait_pas", "niveau": math.nan} for row in rows if row["mesure"] == "niveau"]
    result = compute(unknown)
    assert result.dimensions["score"].isna().all()
    assert set(result.dimensions["etat"]) == {"sans_reponse"}
    assert pd.isna(result.dimensions["niveau"]).all()
