"""A browser page on a form, whoever serves it: what a person does, and what they would see go wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocketRoute

LARGE = {"width": 1200, "height": 900}
TELEPHONE = {"width": 360, "height": 740}
OUVERTURE_S = 15
TABULATIONS = 120
PRISES = re.compile(r"/api/kernels/|/canal/")
REGLES_HORS_FORMULAIRE = ("region", "landmark-one-main", "page-has-heading-one", "meta-viewport")
"""Rules of axe about the page around the form, which is not ours here."""


class Servi(Protocol):
    """A form that is served. `adresse`: where to open it; `origine`: that of its server."""

    @property
    def adresse(self) -> str: ...

    @property
    def origine(self) -> str: ...


class Reseau:
    """The websocket of a page: may be cut (closed, and refused again) or mute (messages vanish), then back."""

    def __init__(self, page: Page) -> None:
        self.etat = "bon"
        self._ouvertes: list[WebSocketRoute] = []
        page.route_web_socket(PRISES, self._router)

    def _router(self, ws: WebSocketRoute) -> None:
        if self.etat == "coupe":
            ws.close()
            return
        serveur = ws.connect_to_server()
        self._ouvertes.append(ws)
        ws.on_message(lambda message: serveur.send(message) if self.etat == "bon" else None)
        serveur.on_message(lambda message: ws.send(message) if self.etat == "bon" else None)

    def couper(self) -> None:
        self.etat = "coupe"
        for ws in self._ouvertes:
            ws.close()
        self._ouvertes.clear()

    def rendre_muet(self) -> None:
        self.etat = "muet"

    def retablir(self) -> None:
        self.etat = "bon"


class Visite:
    """A browser page on a form. Collects what the console says and what is asked of other hosts."""

    def __init__(self, contexte: BrowserContext, serveur: Servi) -> None:
        self.page = contexte.new_page()
        self.serveur = serveur
        self.reseau = Reseau(self.page)
        self.console: list[str] = []
        self.ailleurs: list[str] = []
        self.page.on("console", lambda message: self._noter(message))
        self.page.on("pageerror", lambda erreur: self.console.append(f"exception : {erreur}"))
        self.page.route(lambda url: not url.startswith((serveur.origine, "data:", "blob:")), self._refuser)

    def _noter(self, message: ConsoleMessage) -> None:
        texte = f"{message.type} : {message.text} {message.location['url']}"
        if message.type in ("error", "warning") and not _du_gabarit(texte):
            self.console.append(texte)

    def _refuser(self, route: Any) -> None:
        # Voilà's stock page asks for its icon font; the form itself must ask for nothing
        if "fortawesome" not in route.request.url:
            self.ailleurs.append(route.request.url)
        route.fulfill(body="")

    def ouvrir(self) -> Visite:
        self.page.goto(self.serveur.adresse)
        self.attendre()
        return self

    def recharger(self) -> None:
        self.page.reload()
        self.attendre()

    def attendre(self) -> None:
        self.page.wait_for_selector(".vq-titre", timeout=OUVERTURE_S * 1000)

    def bouton(self, nom: str) -> Any:
        return self.page.locator(".vq").get_by_role("button", name=nom, exact=True)

    def question(self, id_: str) -> Any:
        return self.page.locator(f"[data-question='{id_}']")

    @property
    def etat(self) -> str:
        return self.page.locator(".vq-etat-texte").inner_text()

    @property
    def titre(self) -> str:
        return self.page.locator(".vq-titre-page").inner_text()

    def attendre_etat(self, texte: str, secondes: float = 10) -> None:
        self.page.locator(".vq-etat-texte", has_text=texte).wait_for(timeout=secondes * 1000)

    def accessible(self) -> list[str]:
        """What axe finds wrong in the form as it is now: rule, and where."""
        trouve = Axe().run(self.page, context=".vq")
        return [
            f"{regle['id']} : {noeud['html'][:200]}"
            for regle in trouve["violations"]
            if regle["id"] not in REGLES_HORS_FORMULAIRE
            for noeud in regle["nodes"]
        ]

    def repondre(self, question: str, reponse: str) -> None:
        """Choose an answer by its label, as typed in the content: the page curls apostrophes."""
        self.question(question).get_by_label(reponse.replace("'", "\u2019")).check()

    def aller_a_la_fin(self) -> None:
        self.page.locator(".vq-pages summary").click() if self.page.locator(".vq-pages").is_visible() else None
        self.page.locator(".vq").get_by_role("button", name="Relire et envoyer").first.click()

    def suite(self) -> Any:
        """The button that goes on to the next screen; None on the last one."""
        for nom in ("Commencer", "Page suivante", "Relire et envoyer"):
            bouton = self.page.locator(".vq-pied").get_by_role("button", name=nom, exact=True)
            if bouton.count():
                return bouton
        return None

    def deplier(self) -> None:
        """Open all that is folded: it must be as right as the rest."""
        self.page.evaluate("() => document.querySelectorAll('.vq details').forEach((pli) => (pli.open = true))")

    def remplir_ce_qui_est_du(self) -> None:
        """A word in each obligatory text of the page on screen, the first choice of each obligatory list."""
        for question in self.page.locator(".vq-question:has(.vq-obligatoire)").all():
            textes = question.locator("textarea, input[type=text]")
            if not textes.count():
                question.get_by_role("radio").first.check()
            elif not textes.first.input_value():
                textes.first.fill("Outil de résumé")

    def focus(self) -> str:
        return str(self.page.evaluate("() => document.activeElement.innerText ?? ''")).strip()

    def contour(self) -> str:
        return str(self.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle"))

    def tabuler_jusqua(self, selecteur: str) -> None:
        """Tab at least once, until an element that matches has the focus."""
        for _ in range(TABULATIONS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(s) => document.activeElement.matches(s)", selecteur):
                return
        raise AssertionError(f"not reached with the keyboard: {selecteur}")

    def atteindre(self, bouton: str) -> None:
        for _ in range(TABULATIONS):
            self.page.keyboard.press("Tab")
            if self.focus() == bouton:
                return
        raise AssertionError(f"not reached with the keyboard: {bouton}")

    def deborde(self) -> int:
        """Pixels of the form that do not fit in the width of the page."""
        return int(
            self.page.evaluate(
                "() => { const vq = document.querySelector('.vq');"
                " return Math.max(vq.scrollWidth - vq.clientWidth, vq.getBoundingClientRect().right - innerWidth); }"
            )
        )


def _du_gabarit(texte: str) -> bool:
    """What Voilà's own stock page and its JupyterLab modules say, whatever they show."""
    return any(part in texte for part in ("Unsatisfied version", "No satisfying version", "favicon", "api/shutdown"))


@contextmanager
def visite(navigateur: Browser, serveur: Servi, ecran: Any = None, **options: Any) -> Iterator[Visite]:
    """A fresh browser profile: nothing kept from before."""
    contexte = navigateur.new_context(viewport=ecran or LARGE, locale="fr-FR", timezone_id="Europe/Paris", **options)
    try:
        yield Visite(contexte, serveur)
    finally:
        contexte.close()
