"""resultats.json: each step writes its part, whole, without touching the others."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from vigie.collecte import results_file
from vigie.rendering.views import META
from vigie.steps import open_step


def test_a_step_adds_its_part_and_keeps_the_others(ministere, sortie):
    open_step("maturite", ministere, "dr-est").save()
    open_step("risques_ethique", ministere, "dr-est").save()
    content = json.loads(results_file("demonstration", "2026-automne", "dr-est").read_text(encoding="utf-8"))
    assert set(content) == {"maturite", "risques_ethique"}
    assert content["maturite"]["etape"] == "maturite"
    assert content["maturite"]["tables"]["dimensions"]


def test_steps_saved_at_the_same_time_lose_nothing(ministere, sortie):
    etapes = [open_step(nom, ministere, "dr-ouest") for nom in ("maturite", "competences", "risques_ethique")]
    for etape in etapes:
        assert etape.resultat
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda etape: etape.save(), etapes * 5))
    content = json.loads(results_file("demonstration", "2026-automne", "dr-ouest").read_text(encoding="utf-8"))
    assert set(content) == {"maturite", "competences", "risques_ethique"}


def test_what_is_saved_is_strict_json(ministere, sortie):
    open_step("maturite", ministere, "scn-sirh").save()
    written = results_file("demonstration", "2026-automne", "scn-sirh").read_text(encoding="utf-8")
    assert "NaN" not in written
    silent = [row for row in json.loads(written)["maturite"]["tables"]["dimensions"] if row["etat"] == "sans_reponse"]
    assert silent
    assert silent[0]["score"] is None


def test_saving_is_said_to_the_consultant_and_stays_out_of_the_report(ministere, sortie):
    data, metadata = open_step("maturite", ministere, "dr-est").save()._repr_mimebundle_()
    assert "resultats.json" in data["text/plain"]
    assert META in metadata
