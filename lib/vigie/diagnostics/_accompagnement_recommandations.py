"""What to do, most pressing first, each action with its chain and with what each of the three pilots does (F3-29).

The order is that of `priorite` in the referentiel; within it, that of this file. Wordings are the referentiel's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ._accompagnement_analyse import Analyse
from ._accompagnement_calendrier import Evenement
from ._accompagnement_dialogue import DUS, PointJuge
from ._accompagnement_evaluation import is_chosen
from ._accompagnement_gouvernance import phrase, proposed_way, reasons
from ._accompagnement_kit import ABSENT, INCONNU_, PRESENT, DocumentLu
from ._accompagnement_lecture import Lecture
from ._accompagnement_lignes import Ligne, level_words, make_line
from .chiffres import at_least, figure
from .phrases import count, enumerate_words, long_date
from .typographie import lower_first, quoted


def recommend(analyse: Analyse) -> tuple[Ligne, ...]:
    lines = (
        *_trainings(analyse),
        *_consultations(analyse),
        *_kit(analyse),
        *_reporting(analyse),
        *_governance(analyse),
        *_calendar(analyse),
        *_evaluation(analyse),
    )
    ranked = sorted(lines, key=lambda line: -line.source.priorite)
    return tuple(
        replace(line, recommandation=replace(line.recommandation, rang=rang)) for rang, line in enumerate(ranked, 1)
    )


def _trainings(analyse: Analyse) -> Iterator[Ligne]:
    """Training over before each opening (F3-28), or caught up when the tool is already open."""
    lecture = analyse.lecture
    for event in analyse.trainings:
        opening = event.ouverture
        past = opening is None or opening <= lecture.jour
        kind = "formation_rattrapage" if past else "formation_avance"
        publics = lecture.public_names(event.publics)
        why = (
            f"Un outil est déjà utilisé : la formation devait le précéder. Publics : {publics}."
            if past
            else f"Ouverture le {long_date(opening or event.jour)} ; la formation s'achève un mois plus tôt. "
            f"Publics : {publics}."
        )
        if event.retard and not past:
            why += f" Cette date est passée : nouvelle limite le {long_date(event.jour)}, ou ouverture différée."
        champs = {"echeance": long_date(event.jour)}
        yield make_line(analyse, kind, f"ACC-FORMATION-{event.id.split('-')[1]}", champs, why, echeance=event.jour)


def _consultations(analyse: Analyse) -> Iterator[Ligne]:
    """Opinions and informations that the law asks for, then the marks to establish, then what is proposed."""
    for juge in analyse.dialogue:
        if juge.point.nature in DUS and juge.etat in ("a_faire", "en_retard"):
            champs = {"sujet": lower_first(juge.point.sujet)}
            yield make_line(
                analyse,
                "consultation",
                f"ACC-DIAL-{juge.point.id}",
                champs,
                _why_consult(juge, analyse.lecture),
                reponses=juge.reponses,
                regles=(juge.point.regle,) if juge.point.regle else (),
                bases=juge.point.bases,
                fiche=juge.point.fiche,
                echeance=juge.echeance,
            )
    yield from _marks_to_establish(analyse)
    yield from _sharing(analyse)


def _why_consult(juge: PointJuge, lecture: Lecture) -> str:
    point = juge.point
    cas = enumerate_words(one.nom for one in juge.cas)
    concerned = f" Usages concernés : {cas}." if cas and point.declencheur == "marques" else ""
    late = " Un usage a déjà commencé : la consultation venait avant." if juge.etat == "en_retard" else ""
    tight = " L'ouverture est proche : consultez sans attendre ou différez-la." if juge.serre else ""
    undated = " Aucune date d'ouverture n'est connue : la date reste à fixer." if juge.echeance is None else ""
    return f"{point.formation_competente}. {point.moment}.{concerned}{late}{tight}{undated}"


def _marks_to_establish(analyse: Analyse) -> Iterator[Ligne]:
    """One line a mark on which a due point hangs and for which nobody answered."""
    labels = {one.id: one.libelle for one in analyse.lecture.dossier.referentiels.regles.declencheurs}
    points: dict[tuple[str, ...], list[PointJuge]] = {}
    for juge in analyse.dialogue:
        if juge.etat == "a_verifier" and juge.point.nature in DUS:
            points.setdefault(juge.point.marques, []).append(juge)
    for marques, group in points.items():
        cas = enumerate_words(one.nom for one in group[0].sans_reponse)
        sujets = " ; ".join(lower_first(juge.point.sujet) for juge in group)
        yield make_line(
            analyse,
            "verifier_marque",
            f"ACC-MARQUE-{marques[0]}",
            {"cas": cas, "marque": labels[marques[0]]},
            f"Personne n'a répondu pour {cas}. En dépend : {sujets}. Un silence ne dispense pas de consulter.",
            bases=[base for juge in group for base in juge.point.bases],
            fiche=[idee for juge in group for idee in juge.point.fiche],
        )


def _sharing(analyse: Analyse) -> Iterator[Ligne]:
    proposed = [juge for juge in analyse.dialogue if juge.etat == "propose"]
    if proposed:
        dated = [juge.echeance for juge in proposed if juge.echeance]
        yield make_line(
            analyse,
            "partage",
            "ACC-PARTAGE",
            {"sujets": " ; ".join(lower_first(juge.point.sujet) for juge in proposed)},
            "Facultés et propositions : aucun texte n'y oblige. L'information remise est celle de la direction.",
            bases=[base for juge in proposed for base in juge.point.bases],
            fiche=[idee for juge in proposed for idee in juge.point.fiche],
            echeance=min(dated, default=None),
        )


def _kit(analyse: Analyse) -> Iterator[Ligne]:
    for lu in analyse.kit:
        if lu.document.autre_action or not lu.attendu:
            continue
        if lu.etat in (ABSENT, INCONNU_, PRESENT):
            yield _about_document(analyse, "kit_document", lu)
        elif lu.perime:
            yield _about_document(analyse, "kit_revision", lu)
    if not analyse.reachable:
        kit = analyse.lecture.accompagnement.kit
        item = analyse.lecture.item(kit.acces_item)
        yield make_line(
            analyse,
            "kit_acces",
            "ACC-KIT-ACCES",
            {},
            f"Aucun lieu unique n'est montré : {kit.acces_item} {level_words(item.valeur, item.known)}, attendu "
            f"{figure(kit.acces_seuil)} avec un document ; {kit.acces_regle} n'est pas prouvée.",
            reponses=item.reponses,
            items=(item.id,),
            echeance=analyse.lecture.prochaine_ouverture,
        )


def _about_document(analyse: Analyse, kind: str, lu: DocumentLu) -> Ligne:
    libelles = analyse.lecture.dossier.referentiels.libelles
    why = f"{lu.document.libelle} : {lower_first(libelles.code(lu.etat))} ; {' ; '.join(lu.manques)}."
    return make_line(
        analyse,
        kind,
        f"ACC-KIT-{lu.document.id}",
        {"document": lower_first(lu.document.libelle)},
        f"{why} Auteur : {lower_first(lu.document.auteur)}.",
        reponses=lu.reponses,
        items=(lu.document.item,),
        regles=lu.document.regles,
        bases=lu.document.bases,
        fiche=lu.document.fiche,
        echeance=analyse.lecture.prochaine_ouverture,
    )


def _reporting(analyse: Analyse) -> Iterator[Ligne]:
    lecture = analyse.lecture
    criteres = lecture.gouvernance.criteres
    item = lecture.item(criteres.item_signalement)
    stands = bool(item.preuve) and at_least(item.valeur, criteres.seuil_item) and not item.divergent
    yield make_line(
        analyse,
        "signalement_verifier" if stands else "signalement",
        "ACC-SIGNALEMENT",
        {"nombre": len(lecture.gouvernance.signalement.routes)},
        f"{item.id} {level_words(item.valeur, item.known)}"
        f"{'' if item.preuve else ', sans document montré'}. {lecture.gouvernance.signalement.principe}",
        reponses=item.reponses,
        items=(item.id,),
        echeance=None if stands else lecture.prochaine_ouverture,
    )


def _governance(analyse: Analyse) -> Iterator[Ligne]:
    lecture, decision = analyse.lecture, analyse.gouvernance
    item = decision.existant
    shown = (
        f"Existant montré : {item.preuve} ({item.id} {level_words(item.valeur, item.known)})."
        if decision.exists
        else ""
    )
    joined = f" {lecture.gouvernance.mutualisation.proposition}." if decision.mutualisee else ""
    formules = [lecture.gouvernance.formule(name) for name in decision.formules]
    yield make_line(
        analyse,
        "gouvernance_aligner" if decision.exists else "gouvernance",
        "ACC-GOUVERNANCE",
        {"formule": phrase(decision, lecture)},
        f"{reasons(decision)}.{joined} {shown}",
        reponses=decision.reponses,
        items=(item.id,),
        risques=sorted({risque for _, risque, _ in decision.residuels}),
        regles=[regle for formule in formules for regle in formule.regles],
        bases=[base for formule in formules for base in (*formule.bases, *formule.acte_bases)],
        fiche=[idee for formule in formules for idee in formule.fiche],
        echeance=lecture.prochaine_ouverture,
    )
    if decision.with_commission and not decision.mutualisee:
        externe = lecture.gouvernance.externe
        yield make_line(
            analyse,
            "externe",
            "ACC-EXTERNE",
            {"voie": lower_first(proposed_way(lecture).libelle)},
            f"{externe.alerte} {externe.motif}",
            reponses=decision.reponses,
            bases=[base for voie in externe.voies for base in voie.bases],
            fiche=externe.fiche,
        )


def _calendar(analyse: Analyse) -> Iterator[Ligne]:
    meetings = [event for event in analyse.evenements if event.rendez_vous]
    yield _planned(
        analyse,
        "calendrier",
        "ACC-CALENDRIER",
        meetings,
        {"nombre": count(len(meetings), "rendez-vous", "rendez-vous")},
    )
    followed = [event for event in meetings if event.type == "suivi"]
    if followed:
        publics = dict.fromkeys(public for event in followed for public in event.publics)
        yield _planned(analyse, "suivi", "ACC-SUIVI", followed, {"publics": analyse.lecture.public_names(publics)})
    exercises = [event for event in meetings if event.type == "vigilance"]
    if exercises:
        yield _planned(analyse, "vigilance", "ACC-VIGILANCE", exercises, {})


def _planned(analyse: Analyse, kind: str, ident: str, events: list[Evenement], champs: dict[str, object]) -> Ligne:
    """A line about dated events: where each kind of event comes from, and the items that it serves."""
    known = {one.id: one for one in analyse.lecture.accompagnement.rendez_vous}
    used = [known[name] for name in dict.fromkeys(event.rendez_vous for event in events)]
    items = tuple(dict.fromkeys(one.item for one in used if one.item))
    return make_line(
        analyse,
        kind,
        ident,
        champs,
        " ".join(f"{one.intitule} : {lower_first(one.source)}." for one in used),
        reponses=[number for item in items for number in analyse.lecture.item(item).reponses],
        items=items,
        competences=[one for rendez_vous in used for one in rendez_vous.competences],
        regles=[regle for one in used for regle in one.regles],
        bases=[base for one in used for base in one.bases],
        fiche=[idee for one in used for idee in one.fiche],
        echeance=events[0].jour if events else None,
    )


def _evaluation(analyse: Analyse) -> Iterator[Ligne]:
    lecture = analyse.lecture
    outils = lecture.accompagnement.outils
    waiting = [quoted(outil.libelle) for outil in outils if not is_chosen(outil, lecture)]
    undecided = f" Non décidé : {enumerate_words(waiting)}." if waiting else ""
    item = lecture.item(lecture.accompagnement.evaluation_item)
    yield make_line(
        analyse,
        "evaluation",
        "ACC-EVALUATION",
        {},
        f"{enumerate_words(quoted(outil.libelle) for outil in outils)}.{undecided} Les compétences douces restent "
        "volontaires et agrégées.",
        reponses=item.reponses,
        items=(item.id,),
        regles=[regle for outil in outils for regle in outil.regles],
        bases=[base for outil in outils for base in outil.bases],
        fiche=[idee for outil in outils for idee in outil.fiche],
    )
