"""What the reader of the plan must see, and what was not available.

No sentence names an agent; totals drawn from levels or enrolments are left out under the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ._plan_formation_adequation import INSUFFISANT
from ._plan_formation_analyse import Analyse
from ._plan_formation_choix import ECARTE, INADEQUAT
from ._plan_formation_creations import LIBRE, Demande, missing_searches
from ._plan_formation_motifs import A_DEMANDER
from ._plan_formation_offre import COUT, MISE_A_JOUR, NIVEAUX
from ._plan_formation_phrases import (
    ALERTE,
    ATTENTION,
    CRITERES,
    audience_names,
    constat,
    late_openings,
    some,
    spoken_date,
)
from .chiffres import decimal, percent
from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import spaced


def observe(
    analyse: Analyse, demandes: tuple[Demande, ...], equite: pd.DataFrame, choix: pd.DataFrame
) -> tuple[Constat, ...]:
    """Every constat, what stops first. `equite` and `choix`: the tables of the same names."""
    if not len(analyse.besoins.agents):
        return ()
    return (
        *_delays(analyse),
        *_coverage(analyse),
        *_offer(analyse),
        *_requests(analyse, demandes),
        *_fairness(equite),
        *_choices(choix),
        *_people(analyse),
    )


def missing(analyse: Analyse) -> tuple[str, ...]:
    """What was not available and what that leaves out."""
    dossier = analyse.dossier
    manques = []
    if not len(analyse.besoins.agents):
        manques.append("Aucun agent à former n'est connu (agents.csv vide, ou mandats seulement) : aucun plan.")
    elif not analyse.calcul.positionnes:
        manques.append("Aucun positionnement d'agent : aucun besoin n'est connu, le plan est vide.")
    if dossier.catalogue.empty:
        manques.append(
            "Le catalogue du ministère (catalogue.csv) n'est pas fourni : seule l'offre connue d'avance est examinée."
        )
    if not dossier.recherches:
        manques.append(
            "Aucune recherche dans l'offre existante n'est enregistrée : aucune demande de création n'est prouvée."
        )
    if analyse.donnees.contraintes.budget is None:
        manques.append("Aucun budget n'est donné : le plan n'est pas borné par son coût.")
    if not analyse.besoins.agents["limite"].notna().any() and len(analyse.besoins.agents):
        manques.append("Aucune date de mise en service : le plan n'a pas d'échéance.")
    return tuple(spaced(manque) for manque in manques)


def _delays(analyse: Analyse) -> Iterator[Constat]:
    if not len(analyse.besoins):
        return
    reference = pd.Timestamp(analyse.dossier.campagne.date_reference)
    for ouverture, publics in late_openings(analyse):
        noms = audience_names(analyse, publics)
        if ouverture <= reference:
            texte = f"Un outil est ouvert depuis le {spoken_date(ouverture)} pour {noms} : la formation est en retard."
        else:
            avance = count(analyse.plan.calendrier.avance_mois, "mois", "mois")
            texte = (
                f"Un outil ouvre le {spoken_date(ouverture)} pour {noms} : il ne reste aucun mois pour former {avance} "
                "avant l'ouverture."
            )
        yield constat("HORS_DELAI", texte, ALERTE, publics)


def _coverage(analyse: Analyse) -> Iterator[Constat]:
    besoins = analyse.besoins
    if not len(besoins):
        return
    restants = (besoins.rang == 1) & ~analyse.retenu.couvert
    if restants.any():
        ids = [one.id for one in analyse.dossier.referentiels.competences.competences]
        competences = [ids[place] for place in np.unique(besoins.competence[restants])]
        yield constat(
            "RANG1_DECOUVERT",
            f"Des besoins de rang 1 restent à couvrir pour {count(len(competences), 'compétence')} : "
            f"{some(competences)}. Former ces agents passe avant l'ouverture de l'outil.",
            ALERTE,
            competences,
        )
    if analyse.needs_printed:
        total, nombre = int(analyse.comptes.sum()), analyse.covered(analyse.retenu)
        couverts = count(nombre, "besoin couvert", "besoins couverts")
        masques = ", besoins masqués non comptés" if total < len(besoins) else ""
        yield constat(
            "COUVERTURE",
            f"{couverts} sur {total} ({percent(nombre / total, 1.0)}), un besoin étant l'écart d'un agent sur une "
            f"compétence{masques}.",
        )
    else:
        yield constat(
            "COUVERTURE",
            "Aucun total des besoins n'est publié, pour protéger un petit groupe : la liste va au seul service de "
            "formation.",
            ATTENTION,
        )


def _offer(analyse: Analyse) -> Iterator[Constat]:
    """What is not known of the modules, and what rests on it."""
    offre, regle = analyse.offre, analyse.plan.appariement
    attendus = waiting(analyse)
    if attendus:
        bloques = (analyse.raisons == A_DEMANDER).any()
        suite = " Des besoins attendent cette réponse." if bloques else ""
        yield constat(
            "A_DEMANDER",
            f"{count(len(attendus), 'module adéquat ne peut', 'modules adéquats ne peuvent')} entrer au plan, "
            "faute de durée ou de nombre de places connus : "
            f"{some(map(analyse.offre.title, attendus))}.{suite}",
            ATTENTION,
            [offre.id(module) for module in attendus],
        )
    suivis = [int(module) for module in np.flatnonzero(analyse.suivis.any(axis=0))]
    for nom, code, texte in (
        (MISE_A_JOUR, "FRAICHEUR_INCONNUE", "la date de mise à jour est inconnue, comptée à une valeur d'attente de "),
        (NIVEAUX, "NIVEAUX_A_CONFIRMER", "les niveaux d'entrée et de sortie sont une lecture du titre, à confirmer"),
        (COUT, "COUT_INCONNU", "le coût est inconnu et compte pour rien dans le total"),
    ):
        vus = [module for module in suivis if nom in offre.inconnus[module]]
        if vus:
            valeur = decimal(regle.fraicheur_inconnue, 1) if nom == MISE_A_JOUR else ""
            tete = count(len(vus), "module du plan", "modules du plan")
            yield constat(code, f"Pour {tete}, {texte}{valeur}.", ATTENTION, [offre.id(module) for module in vus])


def waiting(analyse: Analyse) -> list[int]:
    """Modules adequate for at least one need, that cannot be planned for want of a length or seats."""
    adequats = [len(lignes) > 0 for lignes in analyse.donnees.adequation.retenues]
    return [int(module) for module in np.flatnonzero(np.array(adequats, dtype=bool) & ~analyse.offre.planifiable)]


def _requests(analyse: Analyse, demandes: tuple[Demande, ...]) -> Iterator[Constat]:
    engagees = [demande.id for demande in demandes if demande.decision != LIBRE]
    if not engagees:
        return
    manquants = missing_searches(analyse, demandes)
    tete = count(len(engagees), "demande de création, d'adaptation ou de mutualisation",
                 "demandes de création, d'adaptation ou de mutualisation")  # fmt: skip
    if manquants:
        yield constat(
            "RECHERCHE_A_FAIRE",
            f"{tete}, sans preuve de recherche suffisante dans l'offre existante : cherchez d'abord dans "
            f"ces sources : {manquants}.",
            ALERTE,
            engagees,
        )
    else:
        yield constat("DEMANDES", f"{tete}, recherche dans l'offre existante prouvée.", cibles=engagees)


def _fairness(equite: pd.DataFrame) -> Iterator[Constat]:
    for critere, groupe in equite[equite["alerte"]].groupby("critere", sort=False):
        pire = groupe.sort_values("ecart", ascending=False, kind="stable").iloc[0]
        yield constat(
            "EQUITE",
            f"Accès inégal selon {CRITERES[str(critere)]} : « {pire['groupe']} » est couvert à "
            f"{percent(pire['taux_couverture'])}, {decimal(100 * pire['ecart'], 0)} points sous le groupe le mieux "
            "servi.",
            ATTENTION,
            [str(critere)],
        )


def _choices(choix: pd.DataFrame) -> Iterator[Constat]:
    if choix.empty:
        return
    competences = list(dict.fromkeys(choix["competence"]))
    yield constat(
        "CHOIX",
        f"Le service de formation a choisi pour {count(len(competences), 'compétence')} : son choix l'emporte sur "
        "l'appariement, et son motif figure au plan.",
        cibles=competences,
    )
    inadequats = choix[choix["effet"] == INADEQUAT]
    if len(inadequats):
        noms = enumerate_words(f"{ligne.module} pour {ligne.competence}" for ligne in inadequats.itertuples())
        yield constat(
            "CHOIX_INADEQUAT",
            f"Un module choisi n'atteint pas le seuil d'adéquation ou n'est pas recevable ({noms}) : rien n'est "
            "planifié pour ce besoin.",
            ATTENTION,
            list(inadequats["competence"]),
        )
    ecartes = list(choix.loc[choix["effet"] == ECARTE, "competence"])
    if ecartes:
        yield constat(
            "CHOIX_AUCUN",
            f"Aucun module ne convient, dit le service de formation, pour {enumerate_words(ecartes)}.",
            ATTENTION,
            ecartes,
        )


def _people(analyse: Analyse) -> Iterator[Constat]:
    inconnus = unknown_competences(analyse)
    if has_unknown(analyse):
        pour = f" pour {count(len(inconnus), 'compétence')}" if inconnus else ""
        yield constat(
            "INCONNUS",
            f"Le niveau de certains agents est inconnu{pour} : le plan ne les inscrit pas avant un diagnostic court.",
            ATTENTION,
            inconnus,
        )
    if len(analyse.calcul.douces):
        yield constat(
            "DOUCES",
            "Les compétences douces restent hors du plan nominatif : elles se proposent en libre accès, à qui le veut.",
        )
    if analyse.calcul.mandats:
        yield constat(
            "MANDATS", "Les représentants du personnel reçoivent une offre équivalente, au choix, jamais cotée."
        )


def has_unknown(analyse: Analyse) -> bool:
    """True when the level of someone is unknown, soft skills left out: they are voluntary."""
    lignes = analyse.calcul.lignes
    return bool((lignes["actuel"].isna() & ~lignes["douce"]).any())


def unknown_competences(analyse: Analyse) -> list[str]:
    """Competences for which it may be said that the level of someone is unknown."""
    besoins = analyse.calcul.besoins
    douces = set(analyse.calcul.douces["competence"])
    return [name for name in besoins.loc[besoins["inconnus"] > 0, "competence"] if name not in douces]


def set_aside(modules: pd.DataFrame) -> int:
    """Modules examined that answer no need well enough."""
    return int((modules["decision"] == INSUFFISANT).sum())
