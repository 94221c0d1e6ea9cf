"""Pages around the forms, in a real browser: the home of someone with several forms, what axe sees of whole pages."""

from __future__ import annotations

import pytest
from axe_core_python.sync_playwright import Axe
from vigie.forms.demande import Demande

from tests.forms.ministere_forme import STRUCTURE
from tests.forms.navigation import LARGE, TELEPHONE, visite
from tests.server.serveur_essai import inviter, lien, serveur


def violations(page) -> list[str]:
    """Of the whole page, landmarks and headings included."""
    return [f"{regle['id']} : {regle['nodes'][0]['html'][:150]}" for regle in Axe().run(page)["violations"]]


@pytest.mark.parametrize("ecran", [LARGE, TELEPHONE], ids=["large", "telephone"])
def test_the_home_says_what_is_done_and_what_is_left(tmp_path, ministere, navigateur, ecran):
    texte = (ministere / "ministere.yaml").read_text(encoding="utf-8")
    ouverte = 'date_reference: "2026-11-24"\n    cloture: "2099-12-18"'
    (ministere / "ministere.yaml").write_text(texte.replace('date_reference: "2026-11-24"', ouverte), encoding="utf-8")
    with serveur(tmp_path, ministere) as lance, visite(navigateur, lance, ecran) as v:
        qui = Demande(str(ministere), STRUCTURE, "maturite", "RH", "rh1")
        invitation = inviter(ministere, qui, "maturite", "risques_ethique")
        lance.adresse = lien(ministere, invitation, lance.origine)
        v.page.goto(lance.adresse)
        formes = v.page.locator(".vp-forme")
        assert v.page.locator("h1").inner_text() == "Vos formulaires"
        assert "À remettre avant le 18 décembre 2099" in v.page.locator("main").inner_text().replace("\u00a0", " ")
        assert formes.count() == 2
        assert "À remplir" in formes.first.inner_text()
        assert violations(v.page) == []
        assert v.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

        formes.first.get_by_role("link").click()
        v.attendre()
        assert violations(v.page) == []
        v.bouton("Commencer").click()
        v.repondre("D1.1", "3. Structuré")
        v.attendre_etat("Enregistré à")
        v.page.get_by_role("link", name="Tous mes formulaires").click()
        assert "une réponse sur 30" in formes.first.inner_text()
        assert formes.first.get_by_role("link").inner_text().startswith("Continuer")

        formes.first.get_by_role("link").click()
        v.attendre()
        v.aller_a_la_fin()
        v.bouton("Envoyer").click()
        v.page.locator(".vq-recu").wait_for()
        assert violations(v.page) == []
        v.page.get_by_role("link", name="Tous mes formulaires").click()
        assert "Envoyé le" in formes.first.inner_text()
        assert "29 questions sans réponse" in formes.first.inner_text()
        assert v.console == []
        assert v.ailleurs == []


def test_a_keyboard_reaches_the_content_first(tmp_path, ministere, navigateur):
    with serveur(tmp_path, ministere) as lance, visite(navigateur, lance) as v:
        qui = Demande(str(ministere), STRUCTURE, "maturite", "RH", "rh1")
        lance.adresse = lien(ministere, inviter(ministere, qui, "maturite"), lance.origine)
        v.ouvrir()
        v.page.keyboard.press("Tab")
        assert v.focus() == "Aller au contenu"
        assert v.page.locator(".vp-evitement").bounding_box()["x"] >= 0, "seen once it has the focus"
        v.page.keyboard.press("Enter")
        v.page.keyboard.press("Tab")
        assert v.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_refusal_is_a_readable_page(tmp_path, ministere, navigateur):
    with serveur(tmp_path, ministere) as lance, visite(navigateur, lance, TELEPHONE) as v:
        v.page.goto(f"{lance.origine}i/n.importe")
        assert v.page.locator("h1").inner_text() == "Ce lien n’est pas valable"
        assert violations(v.page) == []
        assert v.page.evaluate("() => getComputedStyle(document.body).fontFamily").startswith("Marianne")
        assert v.ailleurs == []


def test_what_is_printed_is_the_form_without_what_surrounds_it(tmp_path, ministere, navigateur):
    with serveur(tmp_path, ministere) as lance, visite(navigateur, lance) as v:
        qui = Demande(str(ministere), STRUCTURE, "maturite", "RH", "rh1")
        lance.adresse = lien(ministere, inviter(ministere, qui, "maturite"), lance.origine)
        v.ouvrir()
        v.page.emulate_media(media="print")
        assert not v.page.locator(".vp-tete").is_visible()
        assert v.page.locator(".vq-titre").is_visible()
