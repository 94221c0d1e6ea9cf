"""The cockpit's buttons (ipywidgets): each says what it did, where the file is, or what went wrong, in the page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from ..diagnostics import accueil as calcul
from ..errors import VigieError
from ..forms.invitations import ADRESSE
from ..rendering.formats import plural, typeset
from ..rendering.views import View, panel, paragraph
from ._accueil_envois import invitations, reminders, write_merge

if TYPE_CHECKING:
    from .accueil import EtapeAccueil

FINS = {
    0: "Tout est fait : relancez la cellule qui donne les rapports.",
    1: "Des structures ont échoué ; les autres sont complètes. Relancez la cellule qui donne les rapports.",
}
"""What each exit code of the batch means, for whoever pressed the button."""
RIEN = "Rien n'a été commencé : voir le message ci-dessus."
TOUS = ""
INVITATION, RELANCE = "invitations", "relances"
LARGEUR = {"description_width": "14em"}
PLACE = ipywidgets.Layout(width="44em", max_width="100%")


def make_merge_panel(etape: EtapeAccueil) -> Any:
    """Which form, which structure, where forms are served; two buttons: everyone, or who has not finished."""
    formulaires = etape.referentiels.formulaires.formulaires
    asked = calcul.roles_asked(etape.referentiels)
    forms = _choice("Questionnaire", "Tous", [(one.titre, one.id) for one in formulaires if one.id in asked])
    places = _choice("Structure", "Toutes", [(one.nom, id_) for id_, one in etape.charge.structures.items()])
    where = ipywidgets.Text(value=ADRESSE, description="Adresse des formulaires", style=LARGEUR, layout=PLACE)
    said = ipywidgets.HTML()

    def prepare(genre: str) -> None:
        etape.refresh()
        wanted = [one.etape for one in formulaires if one.id == forms.value] or None
        structures = [places.value] if places.value else None
        common = (etape.charge, etape.campagne.id, structures, wanted, where.value.strip())
        if genre == INVITATION:
            rows = invitations(*common)
        else:
            late = calcul.missing(etape.suivi)
            rows = reminders(late[late["formulaire"].eq(forms.value) | (forms.value == TOUS)], *common)
        if rows.empty:
            said.value = _html(paragraph("Personne n'est concerné : aucun fichier n'a été écrit."))
            return
        path = write_merge(rows, etape.charge, etape.campagne.id, genre)
        said.value = _html(paragraph(f"{plural(len(rows), 'ligne')}, à fusionner avec votre message : {path}"))

    buttons = [
        _button("Préparer les invitations", lambda: prepare(INVITATION), said),
        _button("Préparer les relances", lambda: prepare(RELANCE), said),
    ]
    return ipywidgets.VBox([forms, places, where, ipywidgets.HBox(buttons), said])


def make_run_panel(etape: EtapeAccueil) -> Any:
    """The batch, in a process of its own: what it says appears under the button as it comes."""
    places = _choice("Structure", "Toutes", [(one.nom, id_) for id_, one in etape.charge.structures.items()])
    output = ipywidgets.Output()
    said = ipywidgets.HTML()

    def run() -> None:
        output.outputs = ()
        said.value = _html(paragraph("Diagnostic en cours : cette page attend la fin."))
        command = [sys.executable, "-m", "vigie.cli", "batch", str(etape.charge.chemin)]
        command += ["--campagne", etape.campagne.id]
        command += ["--structures", places.value] if places.value else []
        with subprocess.Popen(  # noqa: S603 - our own command; ids come from the ministry's checked files
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        ) as process:
            for line in process.stdout or ():
                output.append_stdout(line)
        etape.refresh()
        said.value = _html(paragraph(FINS.get(process.returncode, RIEN)))

    return ipywidgets.VBox([places, ipywidgets.HBox([_button("Lancer le diagnostic", run, said)]), output, said])


def _choice(label: str, every: str, options: list[tuple[str, str]]) -> Any:
    choices = [(every, TOUS), *((typeset(name), value) for name, value in options)]
    return ipywidgets.Dropdown(options=choices, description=label, style=LARGEUR, layout=PLACE)


def _button(label: str, do: Callable[[], None], said: Any) -> Any:
    """A button that waits for its own end, and shows what goes wrong in French instead of a traceback."""
    button = ipywidgets.Button(description=label, layout=ipywidgets.Layout(width="auto"))

    def click(_: Any) -> None:
        button.disabled = True
        try:
            do()
        except (VigieError, OSError) as error:
            said.value = _html(panel("alerte", "Cette action n'a pas abouti.", paragraph(str(error))))
        finally:
            button.disabled = False

    button.on_click(click)
    return button


def _html(view: View) -> str:
    return f'<div class="vg-vue" role="status">{view.html}</div>'
