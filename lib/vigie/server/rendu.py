"""A form's page, rendered by Voilà from the notebook of its step, cut down to what the invitation allows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

import nbformat
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.notebook_renderer import NotebookRenderer

from ..forms.demande import Demande
from ..paths import notebooks_dir, templates_dir
from .sessions import Session

MODELE = "application/vnd.jupyter.widget-view+json"
NOYAU = {"name": "python3", "display_name": "Python 3", "language": "python"}
_ETIQUETTE = "formulaire"
_TEMPLATE = "vigie"
_OUVERTURE = "from vigie.forms.ouverture import show_form\n\nshow_form({etape!r}, ministere, structure, campagne)"
_TRADUITS = ("_esm", "_css")
"""What the widget's state holds besides its data: the page has them as files."""


def cut_notebook(demande: Demande) -> Any:
    """The form's cell of its step's notebook, after the parameters that the invitation sets: nothing else is run.

    A form whose step has no notebook, or none that shows it, has the same cell in a notebook of its own.
    """
    source = _form_cell(demande.etape) or _OUVERTURE.format(etape=demande.etape)
    values = {"ministere": demande.ministere, "structure": demande.structure, "campagne": demande.campagne}
    parametres = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    carnet = nbformat.v4.new_notebook(metadata={"kernelspec": NOYAU})
    carnet.cells = [nbformat.v4.new_code_cell(parametres), nbformat.v4.new_code_cell(source)]
    return carnet


@lru_cache(maxsize=32)
def _form_cell(etape: str) -> str:
    asked = re.compile(rf"show_form\(\s*[\"']{re.escape(etape)}[\"']")
    for path in sorted(notebooks_dir().glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if _ETIQUETTE in cell.metadata.get("tags", []) and asked.search(cell.source):
                return str(cell.source)
    return ""


class Rendu(NotebookRenderer):
    """Voilà's renderer, with a notebook that is given to it and a kernel that is ours."""

    def __init__(self, session: Session, carnet: Any, ressources: dict[str, Any]) -> None:
        reglage = VoilaConfiguration(template=_TEMPLATE, config=Config(), resources=ressources)
        reglage.allow_template_override = reglage.allow_theme_override = "NO"
        reglage.config.VoilaConfiguration.resources = ressources
        super().__init__(
            voila_configuration=reglage,
            traitlet_config=Config(),
            notebook_path="formulaire.ipynb",
            template_paths=[str(templates_dir() / "voila" / "templates" / _TEMPLATE)],
            base_url="/",
            page_config={},
        )
        self.session = session
        self.carnet = carnet

    async def load_notebook(self, path: str) -> Any:
        return self.carnet

    async def pages(self) -> AsyncIterator[str]:
        """The page, piece by piece: its head leaves before the notebook is run."""
        await self.initialize()
        async for html, _ in self.generate_content_generator(self.session.id, self.session.noyau):
            yield html

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> Any:
        started = await super()._jinja_kernel_start(nb, kernel_id, kernel_future)
        await self.session.brancher()
        return started

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            for output in cell.get("outputs", []):
                self._bind(output.get("data", {}))
            yield cell

    def _bind(self, data: dict[str, Any]) -> None:
        """The widget of the form becomes the one that the page may reach; its data go with the page."""
        if MODELE in data:
            self.session.modele = data[MODELE]["model_id"]
            state = self.executor.widget_state[self.session.modele]
            data[MODELE] = {name: value for name, value in state.items() if name not in _TRADUITS}
