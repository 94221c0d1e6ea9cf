"""Role medians of a dimension: the low median of the items a role rated."""

from __future__ import annotations

import pandas as pd
from vigie.diagnostics.profils import summarise_roles


def test_a_role_is_placed_at_the_low_median_of_its_items():
    roles = pd.DataFrame(
        {
            "dimension": ["D1"] * 5,
            "item": ["D1.1", "D1.2", "D1.1", "D1.2", "D1.3"],
            "role": ["RH", "RH", "DIR", "DIR", "DIR"],
            "mediane": [2.0, 4.0, 3.0, float("nan"), 5.0],
        }
    )
    assert summarise_roles(roles).to_dict("records") == [
        {"dimension": "D1", "role": "RH", "items": 2, "mediane": 2.0},
        {"dimension": "D1", "role": "DIR", "items": 2, "mediane": 3.0},
    ]


def test_a_role_that_rated_nothing_has_no_place():
    roles = pd.DataFrame({"dimension": ["D1"], "item": ["D1.1"], "role": ["RH"], "mediane": [float("nan")]})
    assert list(summarise_roles(roles).columns) == ["dimension", "role", "items", "mediane"]
    assert summarise_roles(roles).empty
