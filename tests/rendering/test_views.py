"""Views: the same piece in JupyterLab, Voilà and the report."""

from __future__ import annotations

from bs4 import BeautifulSoup
from vigie.diagnostics.resultat import Constat, Pourquoi, Recommandation
from vigie.referentiels import load_referentiels
from vigie.rendering import charts
from vigie.rendering.actions import actions
from vigie.rendering.pourquoi import Explainer, base_reference, confidence_mark
from vigie.rendering.tables import Table
from vigie.rendering.views import META, View, bullets, cards, drawing, figure, findings, key_figures, titled

TABLE = Table("Légende", ("a",), (("b",),), (False,), (False,))
LEVELS = {1: "Bas", 2: "Moyen", 3: "Haut"}


def soup(view):
    return BeautifulSoup(str(view.html), "html.parser")


def chart():
    return charts.bullet(2.0, 1.5, 2.5, 3.0, LEVELS, "Une phrase.", TABLE)


def test_a_view_offers_html_and_text_and_no_metadata_by_default():
    data, metadata = View("l'IA : oui")._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == "L’IA\u00a0: oui"
    assert metadata == {}


def test_a_view_carries_what_the_header_needs():
    assert View("x", meta={"titre": "T"})._repr_mimebundle_()[1] == {META: {"titre": "T"}}


def test_a_figure_has_its_sentence_its_alternative_text_and_its_table():
    page = soup(figure(chart()))
    assert page.figcaption.text == "Une phrase."
    assert "cible 3" in page.img["alt"]
    assert page.img["src"].startswith("data:image/svg+xml;base64,")
    assert page.table.caption.text == "Légende"
    assert int(page.img["width"]) > int(page.img["height"]) > 0


def test_a_drawing_alone_has_no_table():
    assert soup(drawing(chart())).table is None


def test_findings_come_gravest_first_and_say_their_gravity_in_words():
    constats = [Constat("A", "un", "information"), Constat("B", "deux", "alerte"), Constat("C", "trois", "alerte")]
    panels = soup(findings(constats)).select(".vg-panneau")
    assert [panel.strong.text.partition("\u00a0")[0] for panel in panels] == ["Alerte", "Information"]
    assert len(panels[0].select("li")) == 2


def test_an_empty_list_is_said():
    assert soup(bullets([], empty="Rien.")).text == "Rien."
    assert "Rien" in soup(cards([("Titre", [])], empty="Rien.")).text


def test_key_figures_are_pairs():
    page = soup(key_figures([("12", "répondants")]))
    assert (page.dt.text, page.dd.text) == ("répondants", "12")


def test_titles_follow_those_of_the_notebook():
    assert soup(titled("x", "y")).h3.text == "x"


def recommandation(**changes):
    values = {
        "id": "MAT-D3.6",
        "etape": "maturite",
        "action": "écrivez le circuit",
        "rang": 1,
        "priorite": 2.0,
        "pilote": "RH",
        "livrable": "Circuit",
        "preuve": "Note",
        "pourquoi": Pourquoi("Parce que.", reponses=(3, 4), items=("D3.6",), regles=("E49",), fiche=("F3-14",)),
    }
    return Recommandation(**{**values, **changes})


def test_an_action_folds_its_chain_down_to_the_sheet():
    page = soup(actions([recommandation()], Explainer(load_referentiels())))
    assert page.select_one(".vg-action-titre").text == "1. Écrivez le circuit"
    chain = page.details
    assert [term.text for term in chain.select("dt")] == [
        "Réponses",
        "Items du questionnaire",
        "Règles d’éthique",
        "Idées de la fiche n°\u00a03",
    ]
    assert "D3.6" in chain.text
    assert "nos 3 et 4" in chain.text
    assert len(chain.select("li")[1].text) > len("D3.6")


def test_the_pilot_is_named_not_coded():
    assert "Service RH" in soup(actions([recommandation()], Explainer(load_referentiels()))).text


def test_later_actions_are_folded_and_keep_their_number():
    lines = [recommandation(rang=rang) for rang in range(1, 13)]
    page = soup(actions(lines, Explainer(load_referentiels()), shown=10))
    assert len(page.select("ol")) == 2
    assert page.select("ol")[1]["start"] == "11"


def test_many_answers_are_counted_not_listed():
    many = recommandation(pourquoi=Pourquoi("x", reponses=tuple(range(30))))
    assert "30\u00a0réponses" in soup(actions([many], Explainer(load_referentiels()))).text


def test_a_base_that_was_not_read_says_so():
    referentiels = load_referentiels()
    codes = referentiels.libelles.codes
    for base in referentiels.bases.bases:
        written = base_reference(base, codes)
        assert ("[" in written) == (base.confiance != "texte"), written


def test_a_text_that_was_read_has_no_mark():
    assert confidence_mark("texte", {}) == ""
    assert confidence_mark("memoire", {"memoire": "De mémoire"}) == " [de mémoire]"
