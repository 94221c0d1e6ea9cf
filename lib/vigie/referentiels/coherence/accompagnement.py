"""Governance and support: the ids they declare, those they cite, and what must hold within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ...errors import Anomalie
from ..base import Modele
from ..gouvernance import EtapeSignalement, Formule, Mutualisation, Route
from .citations import Citation, Kind, ids_of

if TYPE_CHECKING:
    from .. import Referentiels

GOUVERNANCE, ACCOMPAGNEMENT = "gouvernance.yaml", "accompagnement.yaml"
HORS_PUBLICS = ("RP", "NA")
"""Audiences of an event that are not audiences of niveaux_requis.yaml."""
CLES = {"bases": "base", "regles": "regle", "fiche": "fiche", "competences": "competence", "garde_fous": "garde_fou"}
"""Key → kind of the ids it holds, wherever it stands in the two files."""
UNE_CLE = {
    "item": "item",
    "item_signalement": "item",
    "acces_item": "item",
    "evaluation_item": "item",
    "autre_action": "action_accompagnement",
    "acces_regle": "regle",
    "regle": "regle",
    "echo": "echo",
    "dates_de": "base",
    "voie_proposee": "voie_externe",
    "formation_rendez_vous": "rendez_vous",
    "pilote": "role",
}
"""Key that holds one id → its kind; an empty value cites nothing."""


def support_kinds(referentiels: Referentiels) -> Mapping[str, Kind]:
    gouv, accomp = referentiels.gouvernance, referentiels.accompagnement
    groupes: tuple[Formule | Mutualisation, ...] = (*gouv.formules, gouv.mutualisation)
    sieges = [siege for groupe in groupes for siege in groupe.sieges]
    return {
        "formule": Kind("formule de gouvernance", GOUVERNANCE, ids_of(gouv.formules)),
        "siege": Kind("siège", GOUVERNANCE, ids_of(sieges)),
        "voie_externe": Kind("voie du regard extérieur", GOUVERNANCE, ids_of(gouv.externe.voies)),
        "lien": Kind("lien avec un acteur", GOUVERNANCE, ids_of(gouv.liens)),
        "etape_signalement": Kind("étape du signalement", GOUVERNANCE, ids_of(gouv.signalement.etapes)),
        "route": Kind("voie de signalement", GOUVERNANCE, ids_of(gouv.signalement.routes)),
        "champ_signalement": Kind("champ du formulaire", GOUVERNANCE, ids_of(gouv.signalement.champs)),
        "indicateur_signalement": Kind("indicateur", GOUVERNANCE, ids_of(gouv.signalement.indicateurs)),
        "document_kit": Kind("document du kit", ACCOMPAGNEMENT, ids_of(accomp.documents)),
        "rendez_vous": Kind("rendez-vous", ACCOMPAGNEMENT, ids_of(accomp.rendez_vous)),
        "cas_atelier": Kind("cas d'atelier", ACCOMPAGNEMENT, ids_of(accomp.atelier.cas)),
        "exercice": Kind("exercice", ACCOMPAGNEMENT, ids_of(accomp.exercices)),
        "outil_evaluation": Kind("outil d'évaluation", ACCOMPAGNEMENT, ids_of(accomp.outils)),
        "indicateur_suivi": Kind("indicateur de suivi", ACCOMPAGNEMENT, ids_of(accomp.indicateurs)),
        "point_dialogue": Kind("point de dialogue social", ACCOMPAGNEMENT, ids_of(accomp.dialogue)),
        "action_accompagnement": Kind("sorte d'action", ACCOMPAGNEMENT, ids_of(accomp.actions)),
    }


def cited_by_support(referentiels: Referentiels) -> Iterator[Citation]:
    """Every id cited in the two files, found by the name of its key."""
    yield from _cited_under(GOUVERNANCE, "gouvernance", referentiels.gouvernance)
    yield from _cited_under(ACCOMPAGNEMENT, "accompagnement", referentiels.accompagnement)


def check_support(referentiels: Referentiels) -> Iterator[Anomalie]:
    """What no model can say of governance.yaml and accompagnement.yaml."""
    yield from _check_citable(referentiels)
    yield from _check_commission(referentiels)
    yield from _check_delays(referentiels)
    yield from _check_calendar(referentiels)
    yield from _check_workshop(referentiels)
    yield from _check_soft_skills(referentiels)


def _cited_under(fichier: str, porteur: str, entry: Modele) -> Iterator[Citation]:
    porteur = str(getattr(entry, "id", porteur))
    for cle in type(entry).model_fields:
        value: Any = getattr(entry, cle)
        if isinstance(value, Modele):
            yield from _cited_under(fichier, porteur, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Modele):
            for child in value:
                yield from _cited_under(fichier, porteur, child)
        elif cle in CLES or cle == "acte_bases":
            yield Citation(fichier, porteur, cle, CLES.get(cle, "base"), value)
        elif cle in ("marques", "marques_commission"):
            yield Citation(fichier, porteur, cle, "declencheur", value)
        elif cle == "publics":
            yield Citation(fichier, porteur, cle, "public", tuple(one for one in value if one not in HORS_PUBLICS))
        elif value and cle in UNE_CLE:
            yield Citation(fichier, porteur, cle, UNE_CLE[cle], (value,))


def _check_citable(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A base kept only to say that it must not be cited stays out of both files."""
    refusees = {base.id for base in referentiels.bases.bases if not base.citable}
    for citation in cited_by_support(referentiels):
        for id_ in citation.ids:
            if citation.genre == "base" and id_ in refusees:
                yield Anomalie(
                    f"la base « {id_} » ne doit pas être citée",
                    f"{citation.fichier}, {citation.porteur}",
                    id_,
                    "une base citable",
                    "retirez-la, ou citez celle que sa fiche indique",
                )


def _check_commission(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Both formulas are there; the commission has as many votes as announced, with or without the outside person."""
    gouv = referentiels.gouvernance
    lus = sorted(formule.id for formule in gouv.formules)
    if lus != ["commission", "reseau"]:
        yield _setting(GOUVERNANCE, "formules", lus, "la commission et le réseau, une fois chacun")
        return
    bas, haut = gouv.criteres.membres
    votants = [siege for siege in gouv.formule("commission").sieges if siege.voix]
    petit = sum(siege.nombre for siege in votants if not siege.externe)
    grand = sum(siege.nombre_grande or siege.nombre for siege in votants)
    if not bas <= petit <= grand <= haut:
        yield _setting(GOUVERNANCE, "membres", f"de {petit} à {grand} voix", f"de {bas} à {haut} voix")
    niveaux = [niveau.niveau for niveau in referentiels.methode.niveaux]
    if gouv.criteres.niveau_residuel_commission not in niveaux:
        lu = gouv.criteres.niveau_residuel_commission
        yield _setting(GOUVERNANCE, "niveau_residuel_commission", lu, "un niveau de methode_risques.yaml")
    for role in gouv.pilotage.repartition:
        pilotes = [connu.id for connu in referentiels.maturite.roles if connu.pilote]
        if role.pilote and role.pilote not in pilotes:
            yield _setting(GOUVERNANCE, f"repartition, {role.id}", role.pilote, "l'un des trois pilotes")


def _check_delays(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A legal delay says how it was checked and rests on a binding base; a proposed one has nothing to check."""
    forces = {base.id: base.force for base in referentiels.bases.bases}
    signalement = referentiels.gouvernance.signalement
    porteurs: tuple[Route | EtapeSignalement, ...] = (*signalement.routes, *signalement.etapes)
    for porteur in porteurs:
        delai = porteur.delai
        if delai is None:
            continue
        if delai.nature == "legal" and delai.confiance is None:
            yield _setting(GOUVERNANCE, porteur.id, delai.texte, "un délai légal avec sa confiance")
        if delai.nature == "legal" and "contraignant" not in {forces.get(id_) for id_ in porteur.bases}:
            yield _setting(GOUVERNANCE, porteur.id, ", ".join(porteur.bases), "une base contraignante")
        if delai.nature != "legal" and delai.confiance is not None:
            yield _setting(GOUVERNANCE, porteur.id, delai.texte, "un délai non légal sans confiance")
    for route in signalement.routes:
        if route.dates_de and route.dates_de not in route.bases:
            yield _setting(GOUVERNANCE, route.id, route.dates_de, "l'une des bases de cette voie")


def _check_calendar(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Holidays are days; a repeated event starts from one offset; what follows an opening is not before it."""
    accomp = referentiels.accompagnement
    for jour in accomp.calendrier.jours_feries:
        if not _is_day(jour):
            yield _setting(ACCOMPAGNEMENT, "jours_feries", jour, "un mois et un jour, MM-JJ")
    for periode in accomp.calendrier.periodes_evitees:
        if len(bornes := periode.split("/")) != 2 or not all(map(_is_day, bornes)):
            yield _setting(ACCOMPAGNEMENT, "periodes_evitees", periode, "deux jours, MM-JJ/MM-JJ")
    for rendez_vous in accomp.rendez_vous:
        if not rendez_vous.mois or list(rendez_vous.mois) != sorted(set(rendez_vous.mois)):
            yield _setting(ACCOMPAGNEMENT, rendez_vous.id, list(rendez_vous.mois), "des mois croissants")
        if rendez_vous.periode_mois and len(rendez_vous.mois) > 1:
            yield _setting(ACCOMPAGNEMENT, rendez_vous.id, list(rendez_vous.mois), "un seul mois de départ par période")
        if rendez_vous.ancre != "ouverture" and rendez_vous.mois and rendez_vous.mois[0] < 0:
            yield _setting(ACCOMPAGNEMENT, rendez_vous.id, rendez_vous.mois[0], "un mois à venir")


def _check_workshop(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Sequences fill the workshop; planted errors are where they are said to be; the right answer has none."""
    accomp = referentiels.accompagnement
    total = sum(sequence.minutes for sequence in accomp.atelier.sequences)
    if total != accomp.atelier.duree_minutes:
        yield _setting(ACCOMPAGNEMENT, "atelier", f"{total} minutes", f"{accomp.atelier.duree_minutes} minutes")
    for exercice in accomp.exercices:
        textes = {reponse.id: " ".join(reponse.texte.split()) for reponse in exercice.reponses}
        for erreur in exercice.erreurs:
            if erreur.extrait not in textes.get(erreur.reponse, ""):
                yield _setting(ACCOMPAGNEMENT, erreur.id, erreur.extrait, f"un extrait de la réponse {erreur.reponse}")
        if exercice.choix_defendable not in textes:
            yield _setting(ACCOMPAGNEMENT, exercice.id, exercice.choix_defendable, "l'une des réponses")
        elif exercice.choix_defendable in {erreur.reponse for erreur in exercice.erreurs}:
            yield _setting(ACCOMPAGNEMENT, exercice.id, exercice.choix_defendable, "une réponse sans erreur plantée")


def _check_soft_skills(referentiels: Referentiels) -> Iterator[Anomalie]:
    """No evaluation tool asks about a soft skill (B.3, F3-27)."""
    familles = {famille.id for famille in referentiels.competences.familles if famille.douce}
    douces = {one.id for one in referentiels.competences.competences if one.famille in familles}
    for outil in referentiels.accompagnement.outils:
        for question in outil.questions:
            if demandees := sorted(douces & set(question.competences)):
                yield _setting(ACCOMPAGNEMENT, question.id, ", ".join(demandees), "aucune compétence douce")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(f"2000-{text}"))
    except ValueError:
        return False


def _setting(fichier: str, cle: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le réglage « {cle} » est incohérent", f"{fichier}, {cle}", str(valeur), attendu, "corrigez ce réglage"
    )
