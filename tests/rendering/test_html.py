"""Pieces of HTML: escaped, typeset where it is text, untouched where it is code."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from vigie.rendering import html


def test_text_is_escaped_and_markup_passes():
    written = html.element("p", "<script>l'IA</script>", html.element("strong", "gras"))
    assert written == "<p>&lt;script&gt;l’IA&lt;/script&gt;<strong>gras</strong></p>"


def test_an_attribute_is_escaped_and_an_absent_one_left_out():
    assert html.element("a", "x", href='"><b>', title=None, hidden=True) == '<a href="&#34;&gt;&lt;b&gt;" hidden>x</a>'


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("L'essentiel", "l-essentiel"), ("Écarts & cœur", "ecarts-coeur"), ("???", "section")],
)
def test_an_anchor_is_plain_ascii(heading, anchor):
    assert html.slug(heading) == anchor


def test_typography_spares_tags_code_and_drawings():
    source = "<p title=\"l'un : x\">l'un : x</p><code>l'un : x</code><style>a : b</style>"
    written = html.typeset_html(source)
    assert written.startswith('<p title="l\'un : x">l’un\u00a0: x</p>')
    assert written.endswith("<code>l'un : x</code><style>a : b</style>")


def test_plain_text_drops_tags_and_keeps_words_apart():
    assert html.plain_text("<p>un</p><p>deux &amp; trois</p>") == "un deux & trois"


def test_a_folded_part_opens_from_its_summary():
    assert html.folded("Pourquoi ?", Markup("<p>x</p>")).startswith("<details><summary>Pourquoi\u202f?</summary>")
