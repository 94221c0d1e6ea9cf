"""Opening a form where a notebook shows it: for the person the server names, or for someone chosen in JupyterLab.

In a visitor's kernel the server's VIGIE_SEANCE decides alone: the notebook's parameters only say which step it is.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from typing import Any

import ipywidgets

from ..collecte import MinistereCharge, load_ministere, synchronise
from ..collecte.journal import account
from ..errors import VigieError
from ..rendering.formats import typeset
from ..rendering.html import element
from ..rendering.views import View, panel, paragraph
from .demande import Demande, list_people
from .journal import log_incident
from .seance import Seance, open_seance
from .widget import QuestionnaireWidget

JOURNAL = logging.getLogger("vigie.forms")
_PREVENEZ = "Vos réponses déjà enregistrées sont gardées. Prévenez la personne qui vous a envoyé le lien."


def show_form(etape: str, ministere: str, structure: str, campagne: str = "") -> Any:
    """The form of a step: the invited person's, else one to choose for whom. What is wrong is shown, never raised."""
    invited = None
    try:
        invited = Demande.from_environment()
        if invited is None:
            return choose_person(etape, load_ministere(ministere), structure, campagne)
        return QuestionnaireWidget(open_seance(invited), hote="voila")
    except Exception as error:
        if invited is not None:
            return _notice(error)
        return _panel(error, str(error) if isinstance(error, VigieError) else "")


def choose_person(etape: str, charge: MinistereCharge, structure: str, campagne: str) -> Any:
    """Two lists, role then person, and under them the form that is filled in for that person."""
    textes = charge.referentiels.formulaires.interface
    demande = Demande(str(charge.chemin), structure, etape, campagne=campagne)
    charge.structure(structure)
    synchronise(charge, charge.campagne(campagne or None).id)
    people = list_people(demande, charge)
    roles = ipywidgets.Dropdown(
        options=[(libelle, role) for role, libelle in _role_names(charge, people)],
        description=textes["choisir_role"],
        style={"description_width": "initial"},
    )
    persons = ipywidgets.Dropdown(
        options=[], description=textes["choisir_personne"], style={"description_width": "initial"}
    )
    place = ipywidgets.VBox([])

    def fill(_: Any = None) -> None:
        persons.options = [(nom, id_) for role, id_, nom in people if role == roles.value]

    def show(_: Any = None) -> None:
        if persons.value is None:
            return
        chosen = replace(demande, role=roles.value, repondant=persons.value)
        try:
            pour = "" if not persons.value else f"{textes['saisie_pour']} {persons.label}"
            place.children = [QuestionnaireWidget(Seance(charge, chosen, auteur=account()), pour=pour)]
        except VigieError as error:
            place.children = [ipywidgets.HTML(str(_panel(error, str(error)).html))]

    if not people:
        return View(paragraph(textes["choisir_aucun"]))
    fill()
    show()
    roles.observe(fill, "value")
    persons.observe(show, "value")
    return ipywidgets.VBox([ipywidgets.HTML(f"<p>{textes['choisir_qui']}</p>"), roles, persons, place])


def _role_names(charge: MinistereCharge, people: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    names = {role.id: role.libelle for role in charge.referentiels.maturite.roles}
    return [(role, names.get(role, role)) for role in dict.fromkeys(role for role, _, _ in people)]


def _panel(error: BaseException, message: str = "") -> View:
    """What is seen instead of a traceback: the reason when it may be told, else a reference to the log."""
    reference = secrets.token_hex(4).upper()
    log_incident(JOURNAL, "formulaire non ouvert, référence %s", reference, error=error)
    parts = [paragraph(message)] if message else []
    return panel("alerte", "Ce formulaire ne peut pas s'ouvrir.", *parts, paragraph(f"Référence : {reference}."))


def _notice(error: BaseException) -> View:
    """The same for a visitor, as a page of its own. What is wrong is the consultant's to know: it may name people."""
    reference = secrets.token_hex(4).upper()
    log_incident(JOURNAL, "formulaire non ouvert, référence %s", reference, error=error)
    titre = element("h1", typeset("Ce formulaire ne peut pas s'ouvrir pour l'instant"), class_="vp-titre")
    return View(titre, paragraph(_PREVENEZ), paragraph(f"Référence à donner : {reference}", class_="vp-reference"))
