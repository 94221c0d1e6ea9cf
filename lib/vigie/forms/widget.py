"""The questionnaire as one widget with one comm: same files in JupyterLab and in Voilà, nothing fetched elsewhere.

Answers are never in the widget's own state, which a saved notebook would keep: they cross by messages (see seance).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..paths import templates_dir
from .seance import Seance

STATIC = Path(__file__).parent / "static"
SCRIPTS = ("garde", "pieces", "champ", "etat", "ecrans", "questionnaire")
"""Read one after the other as one module: the page of a widget cannot import files beside it."""
AMORCE = ("ouverture", "ne_repond_pas", "recharger")
"""Texts that the page needs before the kernel has answered."""


def script() -> str:
    return "\n".join((STATIC / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


def style() -> str:
    """The form's style, then that of the pieces its restitution is made of."""
    pieces = templates_dir() / "nbconvert" / "templates" / "vigie" / "contenu.css"
    return "\n".join(path.read_text(encoding="utf-8") for path in (STATIC / "questionnaire.css", pieces))


class QuestionnaireWidget(anywidget.AnyWidget):
    """One form. What the page says goes to the session, and its replies back; nothing else is listened to."""

    _esm = script()
    _css = style()
    amorce = traitlets.Dict().tag(sync=True)

    def __init__(self, seance: Seance, pour: str = "", hote: str = "carnet") -> None:
        textes = seance.charge.referentiels.formulaires.interface
        amorce = {name: textes[name] for name in AMORCE}
        super().__init__(amorce={**amorce, "hote": hote, "pour": pour})
        self._seance = seance
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        for reply in self._seance.receive(content):
            self.send(reply)
