"""Recommendations as a list of actions: who pilots, what is handed over, what proves it, and why."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..diagnostics.resultat import Recommandation
from .formats import capitalize, long_date, plural
from .html import definitions, element, folded
from .pourquoi import Explainer
from .views import View, paragraph


def actions(
    recommandations: Sequence[Recommandation], explainer: Explainer, shown: int = 10, empty: str = "Aucune action."
) -> View:
    """Actions in their order; those after the first `shown` are folded on screen and printed all the same."""
    if not recommandations:
        return paragraph(empty, class_="vg-vide")
    blocks = [_action(line, explainer) for line in recommandations]
    head = element("ol", *blocks[:shown], class_="vg-actions")
    if len(blocks) <= shown:
        return View(head)
    rest = element("ol", *blocks[shown:], class_="vg-actions", start=shown + 1)
    return View(head, folded(f"{plural(len(blocks) - shown, 'autre action')}, par ordre de priorité", rest))


def _action(line: Recommandation, explainer: Explainer) -> Markup:
    facts = [
        ("Pilote", explainer.pilotes.get(line.pilote, line.pilote)),
        ("Livrable", line.livrable),
        ("Preuve attendue", line.preuve),
        ("Échéance", long_date(line.echeance) if line.echeance else ""),
    ]
    title = element("p", f"{line.rang}. {capitalize(line.action)}", class_="vg-action-titre")
    described = definitions([(label, value) for label, value in facts if value], class_="vg-fiche")
    return element("li", title, described, explainer.why(line.pourquoi))
