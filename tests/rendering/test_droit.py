"""The law as acts write it: short names, article numbers, visas."""

from __future__ import annotations

import pytest
from vigie.rendering.droit import article_text, articles_alone, short_text
from vigie.rendering.livrables.documents._droit import visas

from tests.rendering.livrables import dossiers


@pytest.mark.parametrize(
    ("article", "written"),
    [
        ("35", "art. 35"),
        ("4 bis", "art. 4 bis"),
        ("L124-1", "art. L.\u00a0124-1"),
        ("R*133-1 et R*133-2", "art. R.*\u00a0133-1 et R.*\u00a0133-2"),
        ("R1 à R35", "R1 à R35"),
        ("5 principes", "5 principes"),
        ("2024-2025", "2024-2025"),
        ("homologation", "homologation"),
    ],
)
def test_only_article_numbers_are_called_articles(article, written):
    assert article_text(article) == written


def test_a_text_that_already_names_its_article_does_not_say_it_twice():
    assert article_text("47", "Loi n° 2005-102, art. 47 et RGAA") == ""


def test_articles_lose_their_paragraphs_their_doubles_and_their_disorder():
    cells = [
        "26(5)",
        "5(1)(a) à (h), dont (c)",
        "26(6)",
        "33 et 34",
        "8 à 15",
        "40, al. 2",
        "L212-2, 2°",
        "226-16 à 226-22",
    ]
    assert articles_alone(cells) == ["5", "8 à 15", "26", "33", "34", "40", "226-16 à 226-22", "L.\u00a0212-2"]


def test_a_long_title_is_cited_by_its_usual_letters():
    assert short_text("Règlement (UE) 2024/1689 (RIA) modifié par le règlement (UE) 2026/1744") == "RIA"
    assert short_text("Code pénal") == "Code pénal"


def test_visas_follow_the_order_of_acts_and_star_what_was_not_read():
    bases = dossiers.resultat("scn-recrutement", "risques_ethique").bases
    lines = visas(bases)
    kinds = [line.split()[1] for line in lines]
    assert kinds == sorted(kinds, key=["règlement", "code", "loi", "décret"].index)
    unread = bases[(bases["confiance"] != "texte") & bases["texte"].str.contains("^Loi.*2016-1691")]
    assert not unread.empty
    law = next(line for line in lines if "2016-1691" in line)
    assert law.count("*") == len(articles_alone(unread["article"]))
