"""What to do: the needs of rank 1 then 2, the diagnostics to run, the ratings to complete, the synthesis to hand over.

The wording is in competences.yaml (`actions`). Answers on someone's level are counted, never cited: the ids would lead
to a named agent. Those of people who rated a job as manager or digital service are cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from ..referentiels.competences import ActionCompetences, Competence, CotationCompetences
from ._competences_besoins import to_diagnose
from ._competences_calcul import Calcul
from ._competences_exposition import A_CONFIRMER, DEPART
from ._competences_phrases import audience_names, names, strong_classes
from .chiffres import decimal, figure, known
from .petits_effectifs import MASQUE, PUBLIE
from .phrases import count, enumerate_words
from .resultat import Pourquoi, Recommandation
from .typographie import spaced

ETAPE = "competences"
SOURCES = ("competences", "metiers", "niveaux_requis")
ROLE_AGENT = "AG"


def recommend(calcul: Calcul) -> tuple[Recommandation, ...]:
    """Every recommandation, `rang` from 1. A kind that the referentiel does not word is left out."""
    if calcul.agents.empty:
        lines = [*_ratings(calcul)]
    else:
        lines = [*_needs(calcul), *_diagnostics(calcul), *_ratings(calcul), *_people(calcul), *_handover(calcul)]
    return tuple(replace(line, rang=rang) for rang, line in enumerate(lines, 1))


def _needs(calcul: Calcul) -> Iterator[Recommandation]:
    """One line a competence of rank 1, then 2; at equal rank, the heaviest printed load first."""
    competences = {competence.id: competence for competence in calcul.dossier.referentiels.competences.competences}
    besoins = calcul.besoins[calcul.besoins["rang"].isin([1, 2])]
    priorites = besoins["charge"].fillna(besoins["criticite"])
    ordre = besoins.assign(priorite=priorites).sort_values(["rang", "priorite"], ascending=[True, False], kind="stable")
    echeances = _next_openings(calcul)
    synthese: dict[str, list[dict[Any, Any]]] = {}
    for ligne in calcul.synthese.to_dict("records"):
        synthese.setdefault(str(ligne["competence"]), []).append(ligne)
    for besoin in ordre.to_dict("records"):
        competence = competences[str(besoin["competence"])]
        yield from _line(
            calcul,
            "besoin",
            f"COMP-{competence.id}",
            {
                "competence": f"{competence.id} {competence.libelle}",
                "publics": _audiences(calcul, synthese.get(competence.id, [])),
            },
            _need_reason(calcul, besoin),
            priorite=float(besoin["priorite"]),
            competences=[competence],
            echeance=echeances.get(competence.id),
        )


def _audiences(calcul: Calcul, synthese: list[dict[Any, Any]]) -> str:
    """« niveau 3 pour … (12 personnes sur 20) ; … »: audiences with a printed need, then the masked ones by level.

    `synthese`: the rows of the table about one competence.
    """
    libelles = audience_names(calcul)
    vus = []
    for ligne in (ligne for ligne in synthese if ligne["besoin"] > 0):
        publics = str(ligne["publics_regroupes"] or ligne["public"]).split()
        nom = enumerate_words(libelles[public] for public in publics)
        nombre = f"{count(int(ligne['besoin']), 'personne')} sur {int(ligne['effectif'])}"
        vus.append(f"niveau {int(ligne['requis'])} pour {nom} ({nombre})")
    masquees = sorted((ligne for ligne in synthese if ligne["etat"] == MASQUE), key=itemgetter("requis"))
    for niveau, lignes in groupby(masquees, key=itemgetter("requis")):
        nom = enumerate_words(libelles[str(ligne["public"])] for ligne in lignes)
        vus.append(f"niveau {figure(float(niveau))} pour {nom} (effectif non publiable)")
    return " ; ".join(vus)


def _need_reason(calcul: Calcul, besoin: Mapping[Any, Any]) -> str:
    """The calculation of a need, with figures only when they are printed elsewhere."""
    referentiels = calcul.dossier.referentiels
    cotation = referentiels.competences.cotation
    ouverture = f"dont l'outil est en service ou ouvre sous {cotation.rang1_ouverture_mois} mois"
    publics = enumerate_words(audience_names(calcul)[public] for public in cotation.rang1_publics)
    regle = f"écart × criticité × urgence d'au moins {figure(cotation.rang2_priorite)}"
    if besoin["rang"] == 1:
        regle = (
            f"criticité {cotation.rang1_criticite} et un écart, pour une personne dont l'impact est de classe "
            f"{strong_classes(calcul)}, du public {publics} ou {ouverture}"
        )
    if besoin["etat"] == PUBLIE:
        chiffres = f"{count(int(float(str(besoin['besoin']))), 'personne')} sous le niveau requis"
        chiffres += _of_those_in_need(besoin, cotation)
    else:
        chiffres = "chiffres non publiés, pour protéger un petit groupe"
    rang = figure(float(str(besoin["rang"])))
    return (
        f"{besoin['competence']}, criticité {besoin['criticite']} : {chiffres}. Rang {rang} : {regle}. "
        "Les réponses des agents sont comptées, sans être citées, pour ne désigner personne."
    )


def _of_those_in_need(besoin: Mapping[Any, Any], cotation: CotationCompetences) -> str:
    """What is about the people in need alone, when they are enough of them."""
    charge, confiance = float(str(besoin["charge"])), float(str(besoin["confiance"]))
    if not known(charge):
        return f" ; écart moyen et charge non publiés, ces personnes étant moins de {cotation.seuil_effectif}"
    return (
        f", écart moyen {decimal(float(str(besoin['intensite'])), 1)}, charge {figure(charge)} (somme de "
        f"écart × criticité × urgence). Confiance {decimal(confiance, 2, cotation.confiance_a_confirmer)}"
        f"{', à confirmer par un diagnostic court' if besoin['a_confirmer'] else ''}"
    )


def _next_openings(calcul: Calcul) -> dict[str, date]:
    """Competence → the next opening among all the agents of whom it is required, with a gap or not."""
    reference = pd.Timestamp(calcul.dossier.campagne.date_reference)
    futures = calcul.agents["ouverture"].where(calcul.agents["ouverture"] > reference)
    dates = futures.take(calcul.lignes["agent"].to_numpy()).set_axis(calcul.lignes.index)
    prochaines = dates.groupby(calcul.lignes["competence"]).min().dropna()
    competences = calcul.dossier.referentiels.competences.competences
    return {competences[int(str(position))].id: jour.date() for position, jour in prochaines.items()}


def _diagnostics(calcul: Calcul) -> Iterator[Recommandation]:
    besoins = calcul.besoins
    connues = {competence.id: competence for competence in calcul.dossier.referentiels.competences.competences}
    inconnues = to_diagnose(besoins)
    if len(inconnues):
        nombres = zip(inconnues["competence"], inconnues["inconnus"], inconnues["etat"], strict=True)
        yield from _line(
            calcul,
            "diagnostic",
            "COMP-DIAGNOSTIC",
            {"competences": enumerate_words(inconnues["competence"])},
            "Personnes dont le niveau est inconnu, par compétence : "
            + ", ".join(f"{nom} {'masqué' if etat == MASQUE else int(nombre)}" for nom, nombre, etat in nombres)
            + ". Un inconnu n'est pas compté comme un écart.",
            competences=[connues[nom] for nom in inconnues["competence"]],
            idees=False,
        )
    fragiles = besoins[besoins["a_confirmer"]]
    if len(fragiles):
        seuil = calcul.dossier.referentiels.competences.cotation.confiance_a_confirmer
        confiances = zip(fragiles["competence"], fragiles["confiance"], strict=True)
        yield from _line(
            calcul,
            "confirmation",
            "COMP-CONFIRMATION",
            {"competences": enumerate_words(fragiles["competence"])},
            f"Confiance moyenne sous {decimal(seuil, 1)} : "
            + ", ".join(f"{nom} {decimal(valeur, 2, seuil)}" for nom, valeur in confiances)
            + ".",
            competences=[connues[nom] for nom in fragiles["competence"]],
            idees=False,
        )


def _ratings(calcul: Calcul) -> Iterator[Recommandation]:
    """The workshop on ratings that differ, and the ratings that are missing."""
    exposition = calcul.exposition
    metiers = exposition.metiers
    classes = exposition.cotations.groupby("metier")["classe"].nunique()
    divergents = [metier for metier in metiers["metier"] if classes.get(metier, 0) > 1]
    if divergents:
        cotations = exposition.cotations[exposition.cotations["metier"].isin(divergents)]
        citees = cotations.loc[cotations["role"] != ROLE_AGENT, "ids"]
        yield from _line(
            calcul,
            "atelier",
            "COMP-ATELIER",
            {"metiers": names(calcul, divergents)},
            f"{count(len(cotations), 'cotation')} pour {count(len(divergents), 'métier')}, de classes différentes ; la "
            "plus haute est retenue en attendant.",
            reponses=sorted(int(numero) for ids in citees for numero in ids),
        )
    minimum = calcul.dossier.referentiels.metiers.cotation.cotations_minimales
    attendus = metiers[metiers["source"].isin([A_CONFIRMER, DEPART])]
    if len(attendus):
        yield from _line(
            calcul,
            "cotation",
            "COMP-COTATION",
            {"metiers": names(calcul, attendus["metier"]), "minimum": minimum},
            f"{count(len(attendus), 'métier')} avec moins de {minimum} cotations indépendantes.",
        )


def _people(calcul: Calcul) -> Iterator[Recommandation]:
    """New profiles, know-how to keep up, mandate holders."""
    profils = calcul.profils
    if len(profils):
        yield from _line(
            calcul,
            "nouveaux_profils",
            "COMP-PROFILS",
            {"metiers": names(calcul, profils["metier"])},
            ". ".join(
                f"{ligne['libelle']} : "
                + ("effectif non publiable" if ligne["effectif_masque"] else count(int(ligne["effectif"]), "personne"))
                for ligne in profils.to_dict("records")
            )
            + ".",
        )
    maintenues = [c for c in calcul.dossier.referentiels.competences.competences if c.a_maintenir]
    if maintenues:
        yield from _line(
            calcul,
            "maintien",
            "COMP-MAINTIEN",
            {"competences": enumerate_words(f"{c.id} {c.libelle}" for c in maintenues)},
            "Le savoir-faire qui permet de contrôler l'outil se perd sans exercice.",
            competences=maintenues,
        )
    if calcul.mandats:
        yield from _line(
            calcul,
            "mandats",
            "COMP-MANDATS",
            {},
            "Un mandat n'est ni coté, ni évalué ; l'information due est équivalente à celle de l'administration.",
        )


def _handover(calcul: Calcul) -> Iterator[Recommandation]:
    yield from _line(
        calcul,
        "transmission",
        "COMP-TRANSMISSION",
        {},
        f"Synthèse de {count(len(calcul.agents), 'agent')}, {count(len(calcul.besoins), 'compétence')} ; la liste "
        "nominative ne va qu'au service de formation, pour inscrire, sans les compétences douces.",
    )


def _line(
    calcul: Calcul,
    kind: str,
    ident: str,
    champs: dict[str, object],
    explication: str,
    *,
    priorite: float = 0.0,
    reponses: Iterable[int] = (),
    competences: Iterable[Competence] = (),
    idees: bool = True,
    echeance: date | None = None,
) -> Iterator[Recommandation]:
    """The recommandation of this kind, if the referentiel words it. `idees`: cite the sheet's ideas of competences."""
    referentiels = calcul.dossier.referentiels
    action = next((action for action in referentiels.competences.actions if action.id == kind), None)
    if action is None:
        return
    citees = tuple(competences)
    yield Recommandation(
        id=ident,
        etape=ETAPE,
        action=spaced(action.action.format(**champs)),
        rang=0,
        priorite=priorite,
        pilote=action.pilote,
        livrable=action.livrable,
        preuve=action.preuve,
        pourquoi=Pourquoi(
            explication=spaced(explication),
            reponses=tuple(reponses),
            competences=tuple(competence.id for competence in citees),
            fiche=_sheet_ideas(action, citees if idees else ()),
            versions={nom: referentiels.versions[nom] for nom in SOURCES if nom in referentiels.versions},
        ),
        echeance=echeance,
    )


def _sheet_ideas(action: ActionCompetences, competences: Iterable[Competence]) -> tuple[str, ...]:
    return tuple(sorted({*action.fiche, *(idee for competence in competences for idee in competence.fiche)}))
