"""Charts: deterministic SVG whose texts and shapes say everything."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from vigie.rendering import charts
from vigie.rendering.charts import bars, canvas
from vigie.rendering.tables import Table

SVG = "{http://www.w3.org/2000/svg}"
LEVELS = {1: "Non engagé", 2: "Amorcé", 3: "Structuré", 4: "Déployé et suivi", 5: "Ancré et partagé"}
TABLE = Table("Légende", ("a",), (("b",),), (False,), (False,))
MATRIX = {1: (1, 1, 2, 2), 2: (1, 2, 2, 3), 3: (2, 2, 3, 4), 4: (2, 3, 4, 4)}
RISK_LEVELS = {1: "faible", 2: "modéré", 3: "élevé", 4: "critique"}


def draw_profile():
    dimensions = pd.DataFrame(
        {
            "dimension": ["D1", "D2", "D3"],
            "libelle": ["D1 Acculturer", "D2 Former", "D3 Poser les règles"],
            "score": [2.4, 2.6, np.nan],
            "score_bas": [2.1, 1.9, 1.0],
            "score_haut": [2.9, 3.6, 5.0],
            "couverture": [0.9, 0.55, 0.0],
            "etat": ["concluant", "partiel", "sans_reponse"],
            "niveau": [2.0, np.nan, np.nan],
            "confiance": ["B", "C", "C"],
            "cible": [3.0, 2.0, 3.0],
        }
    )
    roles = pd.DataFrame({"dimension": ["D1", "D1"], "role": ["RH", "DIR"], "mediane": [2.0, 3.0]})
    return charts.profile(dimensions, roles, LEVELS, "Une phrase.", TABLE)


def draw_bullet():
    return charts.bullet(2.4, 2.1, 2.9, 3.0, LEVELS, "Une phrase.", TABLE)


def draw_heat_map():
    values = pd.DataFrame([[1.0, np.nan], [5.0, 2.5]])
    return charts.heat_map(
        values, ["D1.1 un", "D3.6 deux"], ["RH", "DIR"], (1, 5), "Une phrase.", TABLE, ["écart 3", ""]
    )


def draw_matrix():
    risques = pd.DataFrame({"risque": ["R01", "R02", "R03"], "gravite": [3, 3, np.nan], "vraisemblance": [3, 3, 2]})
    return charts.risk_matrix(risques, MATRIX, RISK_LEVELS, "Une phrase.", TABLE)


def draw_needs():
    besoins = pd.DataFrame({"libelle": ["C3 Charte", "D4 Séquence"], "besoin": [120.0, np.nan], "rang": [1, 3]})
    return charts.need_bars(besoins, {1: "rang 1", 2: "rang 2", 3: "rang 3"}, "Une phrase.", TABLE)


def draw_coverage():
    besoins = pd.DataFrame({"libelle": ["C3 Charte", "D4 Séquence"], "besoin": [120.0, 8.0], "couvert": [30.0, 0.0]})
    return charts.coverage_bars(besoins, "Une phrase.", TABLE)


def draw_calendar():
    dates = [(date(2025, 2, 2), "Article 4"), (date(2027, 12, 2), "Annexe III")]
    return charts.calendar(dates, date(2026, 11, 24), "Une phrase.", TABLE)


def draw_exposure():
    metiers = pd.DataFrame(
        {
            "libelle": ["Paie", "Droit"],
            "exposition": [0.72, np.nan],
            "ecart_type": [0.2, np.nan],
            "classe": ["forte", "—"],
        }
    )
    return charts.exposure(metiers, {"forte": 0.5}, "Une phrase.", TABLE)


ALL = [draw_profile, draw_bullet, draw_heat_map, draw_matrix, draw_needs, draw_coverage, draw_calendar, draw_exposure]


def texts(chart):
    return [" ".join(node.itertext()) for node in ET.fromstring(chart.svg).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.parametrize("draw", ALL)
def test_a_chart_is_the_same_byte_for_byte(draw):
    assert draw().svg == draw().svg


@pytest.mark.parametrize("draw", ALL)
def test_a_chart_is_well_formed_dateless_and_loads_nothing(draw):
    svg = draw().svg
    ET.fromstring(svg)  # noqa: S314 - our own
    assert not re.search(r"<script|<image|<metadata|dc:date|@import", svg)
    assert set(re.findall(r'https?://[^"]+', svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.parametrize("draw", ALL)
def test_a_chart_carries_words_for_those_who_do_not_see_it(draw):
    chart = draw()
    assert chart.alt.endswith(".")
    assert chart.lecture
    assert chart.table is TABLE
    assert texts(chart)


@pytest.mark.parametrize("draw", ALL)
def test_fonts_fall_back_without_being_loaded(draw):
    assert "font-family: Arial, 'Liberation Sans'" in draw().svg


@pytest.mark.parametrize("draw", ALL)
def test_a_chart_knows_its_size(draw):
    width, height = draw().size
    assert width == round(canvas.WIDTH * 96)
    assert height > 0


def test_the_profile_writes_scores_states_and_roles():
    written = texts(draw_profile())
    assert "2,4" in written
    assert any("non concluant" in text for text in written)
    assert any("sans réponse" in text for text in written)
    assert {"RH", "DIR"} <= set(written)


def test_a_dimension_without_answer_has_no_score_drawn():
    assert "0,0" not in texts(draw_profile())
    assert "sans réponse" in draw_profile().alt


def test_the_heat_map_writes_the_figure_of_every_cell_and_leaves_unknowns_open():
    written = texts(draw_heat_map())
    assert {"1", "5", "2,5", "—", "écart 3"} <= set(written)


def test_the_matrix_names_each_level_and_places_rated_risks_only():
    written = " ".join(texts(draw_matrix()))
    assert all(level in written for level in RISK_LEVELS.values())
    assert "R01" in written
    assert "R03" not in written
    assert "2\u00a0risques" in draw_matrix().alt


def test_a_masked_need_is_said_not_drawn():
    assert "masqué" in texts(draw_needs())
    assert "masqué" in draw_needs().alt


def test_what_is_covered_is_written_beside_each_bar():
    assert {"30 sur 120", "0 sur 8"} <= set(texts(draw_coverage()))
    assert "C3 Charte, 30 sur 120" in draw_coverage().alt


def test_ranks_differ_by_shape_as_well_as_by_colour():
    styles = bars.RANK_STYLES.values()
    assert len({(face == edge, hatch) for face, edge, hatch in styles}) == len(styles)


def test_charts_can_be_drawn_in_threads():
    alone = [draw().svg for draw in ALL]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda draw: draw().svg, ALL * 3)) == alone * 3


def test_drawing_never_imports_pyplot():
    code = "import sys, vigie.rendering.charts; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("colour", [canvas.BLUE, canvas.RED, canvas.GREY, canvas.RULE])
def test_graphic_colours_stand_out_from_white(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 3
