"""What to do: train before opening, enrol, complete, ask, search, then create; fairness, mandates, validation.

The wording is in parcours_formation.yaml (`actions`). Answers on someone's level are never cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from ..referentiels.parcours_formation import ActionFormation
from ._plan_formation_adequation import COMPLETER, module_adequacy, module_needs
from ._plan_formation_analyse import Analyse
from ._plan_formation_constats import has_unknown, unknown_competences, waiting
from ._plan_formation_creations import ADAPTER, CREER, LIBRE, MUTUALISER, Demande, missing_searches, reason
from ._plan_formation_offre import DUREE, PLACES
from ._plan_formation_phrases import CRITERES, audience_names, hours, labelled, late_openings, some, spoken_date
from .chiffres import decimal, percent
from .phrases import count, enumerate_words
from .resultat import Pourquoi, Recommandation
from .typographie import quoted, spaced

ETAPE = "plan_formation"
SOURCES = ("formations", "parcours_formation", "competences", "niveaux_requis")
PREMIER, DEUXIEME, TROISIEME = 3.0, 2.0, 1.0
"""Priority of a line: that of the needs it answers, rank 1 first."""
KEEP_UP = ("E3", "E5")


def recommend(analyse: Analyse, demandes: tuple[Demande, ...], equite: pd.DataFrame) -> tuple[Recommandation, ...]:
    """Every recommandation, `rang` from 1. A kind that the referentiel does not word is left out."""
    if not len(analyse.besoins.agents):
        return ()
    lines = [
        *_late(analyse),
        *_enrolments(analyse),
        *_requests(analyse, demandes),
        *_people(analyse, equite),
    ]
    return tuple(replace(line, rang=rang) for rang, line in enumerate(lines, 1))


def _late(analyse: Analyse) -> Iterator[Recommandation]:
    if not len(analyse.besoins):
        return
    reference = pd.Timestamp(analyse.dossier.campagne.date_reference)
    avance = count(analyse.plan.calendrier.avance_mois, "mois", "mois")
    for ouverture, publics in late_openings(analyse):
        ouvert = ouverture <= reference
        champs: dict[str, object] = {"date": spoken_date(ouverture), "publics": audience_names(analyse, publics)}
        yield from _line(
            analyse,
            "deja_ouvert" if ouvert else "hors_delai",
            f"PLAN-HORS-DELAI-{ouverture:%Y-%m-%d}",
            champs,
            f"Former s'achève {avance} avant l'ouverture. Il ne reste aucun mois utile avant cette échéance.",
            priorite=PREMIER,
            echeance=None if ouvert else ouverture.date(),
        )


def _enrolments(analyse: Analyse) -> Iterator[Recommandation]:
    suivis = [int(module) for module in np.flatnonzero(analyse.suivis.any(axis=0))]
    if suivis:
        yield from _line(
            analyse,
            "inscrire",
            "PLAN-INSCRIRE",
            {"modules": some(map(analyse.offre.title, suivis))},
            _enrolment_reason(analyse),
            priorite=PREMIER,
            modules=suivis,
            echeance=next_deadline(analyse),
        )
        partiels = [module for module in suivis if _decision(analyse, module) == COMPLETER]
        regle = analyse.plan.appariement
        if partiels:
            bornes = f"{decimal(regle.seuil_completer, 2)} et {decimal(regle.seuil_retenir, 2)}"
            yield from _line(
                analyse,
                "completer",
                "PLAN-COMPLETER",
                {"complement": regle.complement, "modules": some(map(analyse.offre.title, partiels))},
                f"Adéquation entre {bornes} : le module est retenu, et complété.",
                priorite=DEUXIEME,
                modules=partiels,
            )
    attendus = waiting(analyse)
    if attendus:
        yield from _line(
            analyse,
            "demander",
            "PLAN-DEMANDER",
            {"modules": _asked(analyse, attendus)},
            f"{count(len(attendus), 'module répond', 'modules répondent')} à un besoin sans pouvoir être planifié : "
            "rien n'est supposé de ce que l'organisme n'a pas dit.",
            priorite=DEUXIEME,
            modules=attendus,
        )


def _enrolment_reason(analyse: Analyse) -> str:
    if not analyse.needs_printed:
        return "Aucun total publié, pour protéger un petit groupe : la liste va au seul service de formation."
    couverts, total = analyse.covered(analyse.retenu), int(analyse.comptes.sum())
    part = percent(couverts / total, 1.0)
    return (
        f"Le plan couvre {count(couverts, 'besoin')} sur {total} ({part}), rang 1 d'abord, en "
        f"{hours(analyse.retenu.heures)} de formation sur le temps de travail."
    )


def _asked(analyse: Analyse, modules: Iterable[int]) -> str:
    """« durée : « Titre » ; durée et places par session : « Titre » et « Titre » »."""
    manques: dict[str, list[str]] = {}
    for module in modules:
        manque = [nom for nom in analyse.offre.inconnus[module] if nom in (DUREE, PLACES)]
        manques.setdefault(enumerate_words(manque), []).append(analyse.offre.title(module))
    return " ; ".join(f"{manque} de {some(noms)}" for manque, noms in sorted(manques.items()))


def _decision(analyse: Analyse, module: int) -> str:
    adequation, besoins = analyse.donnees.adequation, analyse.besoins
    cellules = module_needs(adequation, besoins, analyse.offre, module)
    return adequation.decide(float(np.nan_to_num(module_adequacy(adequation, besoins, module, cellules))))


def _requests(analyse: Analyse, demandes: tuple[Demande, ...]) -> Iterator[Recommandation]:
    """The search first, since no creation goes without it; then one line a creation, one a kind for the others."""
    manquants = missing_searches(analyse, demandes)
    minimum = analyse.plan.creation.gisements_minimum
    if manquants:
        engagees = [demande for demande in demandes if demande.decision != LIBRE]
        yield from _line(
            analyse,
            "rechercher",
            "PLAN-RECHERCHER",
            {"gisements": manquants, "minimum": minimum},
            f"{count(len(engagees), 'demande')} sans preuve de recherche dans au moins {minimum} sources.",
            priorite=PREMIER,
            competences=dict.fromkeys(one for demande in engagees for one in demande.competences),
        )
    for demande in demandes:
        if demande.decision == CREER:
            yield from _line(
                analyse,
                "creer",
                f"PLAN-CREER-{demande.id}",
                {
                    "demande": demande.id,
                    "competences": some(_aimed(analyse, demande)),
                },
                reason(analyse, demande),
                priorite=PREMIER if _rank(analyse, demande) == 1 else DEUXIEME,
                competences=demande.competences,
                echeance=demande.echeance,
            )
    for decision, kind in ((ADAPTER, "adapter"), (MUTUALISER, "mutualiser"), (LIBRE, "libre_acces")):
        siennes = [demande for demande in demandes if demande.decision == decision]
        competences = tuple(dict.fromkeys(one for demande in siennes for one in demande.competences))
        if siennes:
            dates = [demande.echeance for demande in siennes if demande.echeance and decision != LIBRE]
            yield from _line(
                analyse,
                kind,
                f"PLAN-{kind.upper().replace('_', '-')}",
                {"competences": labelled(analyse, competences) if len(competences) <= 4 else some(competences)},
                " ".join(dict.fromkeys(reason(analyse, demande) for demande in siennes[:3])),
                priorite=TROISIEME if decision == LIBRE else DEUXIEME,
                competences=competences,
                echeance=min(dates, default=None),
            )


def _aimed(analyse: Analyse, demande: Demande) -> Iterator[str]:
    """« B1 Repérer… (niveaux 2 à 3) »."""
    for competence, (bas, haut) in demande.niveaux.items():
        niveaux = f"niveau {haut}" if bas == haut else f"niveaux {bas} à {haut}"
        yield f"{labelled(analyse, [competence])} ({niveaux})"


def _rank(analyse: Analyse, demande: Demande) -> int:
    return int(min(analyse.besoins.rang[np.isin(analyse.besoins.cellule, demande.cellules)]))


def _people(analyse: Analyse, equite: pd.DataFrame) -> Iterator[Recommandation]:
    inconnus = unknown_competences(analyse)
    if has_unknown(analyse):
        pour = f" pour {count(len(inconnus), 'compétence')}" if inconnus else ""
        yield from _line(
            analyse,
            "diagnostic",
            "PLAN-DIAGNOSTIC",
            {},
            f"Niveau inconnu{pour} : un inconnu n'est pas compté comme un écart.",
            priorite=DEUXIEME,
            competences=inconnus,
        )
    alertes = equite[equite["alerte"]]
    if len(alertes):
        criteres = list(dict.fromkeys(alertes["critere"]))
        seuil = percent(analyse.plan.equite.ecart_alerte)
        yield from _line(
            analyse,
            "equite",
            "PLAN-EQUITE",
            {"criteres": enumerate_words(CRITERES[critere] for critere in criteres)},
            f"Écart de taux de couverture de plus de {seuil} entre groupes : "
            + " ; ".join(
                f"{quoted(str(ligne.groupe))} couvert à {percent(float(str(ligne.taux_couverture)))}"
                for ligne in alertes.itertuples()
            )
            + ".",
            priorite=DEUXIEME,
        )
    if analyse.besoins.agents["limite"].notna().any():
        yield from _line(
            analyse,
            "entretien",
            "PLAN-ENTRETIEN",
            {},
            "La vigilance et le savoir-faire sans IA baissent sans exercice, chez qui se sert souvent de l'outil.",
            priorite=TROISIEME,
            competences=KEEP_UP,
        )
    if analyse.calcul.mandats:
        yield from _line(
            analyse,
            "mandats",
            "PLAN-MANDATS",
            {},
            "Un mandat n'est ni coté, ni évalué ; l'offre due est équivalente à celle des responsables.",
            priorite=TROISIEME,
        )
    yield from _line(
        analyse,
        "valider",
        "PLAN-VALIDER",
        {},
        "Chaque document est validé par la direction ; les représentants du personnel ont la même information.",
        priorite=TROISIEME,
    )


def next_deadline(analyse: Analyse) -> date | None:
    """The first day to come by which agents must be trained."""
    limites = analyse.besoins.agents["limite"]
    futures = limites[limites > pd.Timestamp(analyse.dossier.campagne.date_reference)]
    return futures.min().date() if len(futures) else None


def _line(
    analyse: Analyse,
    kind: str,
    ident: str,
    champs: dict[str, object],
    explication: str,
    *,
    priorite: float,
    modules: Iterable[int] = (),
    competences: Iterable[str] = (),
    echeance: date | None = None,
) -> Iterator[Recommandation]:
    referentiels = analyse.dossier.referentiels
    action: ActionFormation | None = next((one for one in analyse.plan.actions if one.id == kind), None)
    if action is None:
        return
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
            competences=tuple(competences),
            modules=tuple(analyse.offre.id(module) for module in modules),
            fiche=tuple(action.fiche),
            versions={nom: referentiels.versions[nom] for nom in SOURCES if nom in referentiels.versions},
        ),
        echeance=echeance,
    )
