"""Contents of the support step that do not depend on the answers: workshop, exercises, method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ..diagnostics.typographie import lower_first
from ..referentiels import Referentiels
from ..referentiels.accompagnement import Atelier, CasAtelier, Exercice
from ..rendering.formats import enumerate_words, plural
from ..rendering.html import folded
from ..rendering.tables import Column, Columns, table
from ..rendering.views import View, bullets, paragraph, tabular, titled
from .base import thresholds


def workshop_view(atelier: Atelier, labels: Mapping[str, str]) -> View:
    """Objective, conduct, sequences in minutes, rules, fictional cases; then where the rules come from."""
    frame = pd.DataFrame(
        [(one.titre, one.minutes, one.deroule, one.trace) for one in atelier.sequences],
        columns=["titre", "minutes", "deroule", "trace"],
    )
    columns: Columns = [
        Column("titre", "Séquence"),
        Column("minutes", "Minutes", numeric=True),
        Column("deroule", "Déroulé", wide=True),
        Column("trace", "Ce que l'on garde"),
    ]
    caption = f"« {atelier.titre} » : {atelier.duree_minutes} minutes, {atelier.participants_max} personnes au plus"
    cases = [folded(f"Cas fictif : {cas.titre}", *(part.html for part in _case(cas))) for cas in atelier.cas]
    return View(
        paragraph(atelier.objectif),
        titled("Conduite", bullets(atelier.conduite)),
        titled("Déroulé", tabular(table(frame, columns, caption, labels))),
        titled("Formuler une demande", bullets(one.texte for one in atelier.regles_formulation)),
        titled("Cas à travailler", *(View(case) for case in cases)),
        paragraph(atelier.source, class_="vg-note"),
    )


def exercise_view(exercice: Exercice) -> View:
    """The document, the demand and the answers; the key is folded."""
    answers = [f"Réponse {reponse.id} : {reponse.texte}" for reponse in exercice.reponses]
    errors = [
        f"Réponse {one.reponse}, « {one.extrait} » : {one.nature.lower()}. {one.correction}."
        for one in exercice.erreurs
    ]
    key = View(
        paragraph(f"Choix défendable : {exercice.choix_defendable}. {exercice.justification}."),
        bullets(errors),
    )
    return titled(
        f"{exercice.titre} ({exercice.duree_minutes} minutes)",
        paragraph(exercice.consigne),
        paragraph(exercice.document),
        paragraph(exercice.demande),
        bullets(answers),
        View(folded(f"Pour qui anime : {plural(len(errors), 'erreur plantée', 'erreurs plantées')}", key.html)),
    )


def method_view(referentiels: Referentiels, labels: Mapping[str, str]) -> View:
    reserves = (*referentiels.gouvernance.reserves, *referentiels.accompagnement.reserves)
    return View(
        thresholds(list(_rules(referentiels)), "Seuils et choix de l'étape", labels),
        titled("Réserves", bullets(reserves)),
    )


def _case(cas: CasAtelier) -> Iterator[View]:
    yield paragraph(cas.situation)
    yield paragraph(cas.document)
    yield paragraph(f"Demande trop vague : « {cas.demande_vague} »")
    yield paragraph(f"Demande précise : « {cas.demande_precise} »")
    yield bullets(f"À vérifier : {lower_first(text)}" for text in cas.a_verifier)
    yield paragraph(f"À ne jamais saisir : {enumerate_words([lower_first(text) for text in cas.a_ne_pas_saisir])}.")


def _rules(referentiels: Referentiels) -> Iterator[tuple[str, str]]:
    """Each threshold of the two files: rule, value."""
    gouv, support = referentiels.gouvernance.criteres, referentiels.accompagnement
    marks = {one.id: one.libelle for one in referentiels.regles.declencheurs}
    yield (
        "Une commission est proposée dès qu'un usage actif porte l'une de ces marques",
        " ; ".join(marks[name] for name in gouv.marques_commission),
    )
    yield "ou dès qu'un risque résiduel atteint le niveau", str(gouv.niveau_residuel_commission)
    yield "Structure petite ou moyenne, jusqu'à", plural(gouv.effectif_moyen, "agent")
    yield "Peu d'usages, jusqu'à", plural(gouv.cas_peu, "usage actif", "usages actifs")
    yield "Commission propre, à partir de", plural(gouv.commission_effectif_minimal, "agent")
    yield "Un correspondant pour", plural(gouv.agents_par_correspondant, "agent")
    yield "Document du kit tenu pour validé, à partir du niveau", str(support.kit.seuil_valide)
    for document in support.documents:
        yield f"À réviser : {lower_first(document.libelle)}", f"{document.revision_mois} mois"
    yield "Consultation lancée avant l'ouverture d'un outil", f"{support.calendrier.consultation_avance_mois} mois"
    yield "Ce qui est en retard est placé sous", plural(support.calendrier.rattrapage_jours, "jour")
    yield "Calendrier établi pour", f"{support.calendrier.horizon_mois} mois"
    yield "Échéances du droit suivies sur", f"{support.calendrier.horizon_droit_mois} mois"
