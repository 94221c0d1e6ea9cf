"""Pieces of sentences that the training plan states in several places, and the plan explained in words (1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from ..nombres import count as whole_number
from ._plan_formation_analyse import Analyse
from ._plan_formation_creations import search_sentence, searches
from .chiffres import figure, percent
from .phrases import count, enumerate_words, long_date
from .resultat import Constat
from .typographie import quoted, spaced

ALERTE, ATTENTION, INFORMATION = "alerte", "attention", "information"
CRITERES = {"site": "le site", "categorie": "la catégorie", "sexe": "le sexe"}
"""Criteria of fairness as they are said."""
CITES = 4
"""Names in a sentence; the tables hold them all."""


def constat(code: str, texte: str, gravite: str = INFORMATION, cibles: Iterable[str] = ()) -> Constat:
    return Constat(code, spaced(texte), gravite, tuple(cibles))


def audience_names(analyse: Analyse, publics: Iterable[str]) -> str:
    libelles: dict[str, str] = {
        public.id: public.libelle for public in analyse.dossier.referentiels.niveaux_requis.publics
    }
    return enumerate_words(quoted(libelles[public]) for public in publics)


def some(words: Iterable[str]) -> str:
    """The first names, and how many others there are."""
    items = list(words)
    others = len(items) - CITES
    return enumerate_words([*items[:CITES], count(others, "autre")] if others > 1 else items)


def labelled(analyse: Analyse, competences: Iterable[str]) -> str:
    """« A1 Comprendre…, B1 Repérer… »."""
    libelles = {one.id: one.libelle for one in analyse.dossier.referentiels.competences.competences}
    return enumerate_words(f"{competence} {libelles[competence]}" for competence in competences)


def late_openings(analyse: Analyse) -> Iterator[tuple[pd.Timestamp, list[str]]]:
    """(opening, audiences) of those whose deadline leaves no month of the plan: facts of organisation only."""
    agents = analyse.besoins.agents.assign(ouverture=analyse.calcul.agents["ouverture"].to_numpy())
    ordre: list[str] = [public.id for public in analyse.dossier.referentiels.niveaux_requis.publics]
    for ouverture, groupe in agents[agents["en_retard"]].groupby("ouverture", sort=True):
        yield pd.Timestamp(str(ouverture)), sorted(set(groupe["public"]), key=ordre.index)


def explain_plan(analyse: Analyse) -> tuple[str, ...]:
    """How the plan was chosen, in words: aim, bounds, search, and what it brings beside the greedy one."""
    if not len(analyse.besoins):
        return ()
    return tuple(spaced(sentence) for sentence in (_aim(analyse), _bounds(analyse), _search(analyse), _beside(analyse)))


def explain_search(analyse: Analyse) -> tuple[str, ...]:
    """What is known of each required source, and what was searched there (D.4)."""
    return tuple(spaced(f"{search_sentence(analyse, *found)}.") for found in searches(analyse, ()))


def _aim(analyse: Analyse) -> str:
    criteres = enumerate_words(CRITERES[critere] for critere in analyse.plan.equite.criteres)
    return (
        "Le plan proposé couvre d'abord les besoins de rang 1, puis ceux de rang 2, puis ceux de rang 3, dans cet "
        "ordre strict. Ce qui est couvert se mesure en charge (écart × criticité × urgence), et non "
        f"en nombre de besoins. À charge égale, il réduit les écarts d'accès selon {criteres}, puis les heures."
    )


def _bounds(analyse: Analyse) -> str:
    contraintes, regle = analyse.donnees.contraintes, analyse.plan.calendrier
    limites = ["la durée de chaque parcours", "les places et les sessions connues"]
    if contraintes.heures_par_agent is not None:
        limites[0] += f", au plus {figure(contraintes.heures_par_agent)} heures par agent"
    if contraintes.budget is not None:
        limites.append(f"un budget de {count(int(contraintes.budget), 'euro')}")
    if contraintes.sessions_par_mois is not None:
        limites.append(f"au plus {count(contraintes.sessions_par_mois, 'session')} par mois")
    if contraintes.mois_fermes:
        limites.append(f"{count(len(contraintes.mois_fermes), 'mois fermé', 'mois fermés')} à la formation")
    avance = count(regle.avance_mois, "mois", "mois")
    horizon = count(regle.horizon_mois, "mois", "mois")
    return (
        f"Il respecte ces limites : {enumerate_words(limites)}. La formation s'achève {avance} avant l'ouverture de "
        f"l'outil, dans les {horizon} qui viennent ; un agent en retard est servi dès que possible."
    )


def _search(analyse: Analyse) -> str:
    recherche = analyse.recherche
    examinees = count(recherche.examinees, "combinaison de modules", "combinaisons de modules")
    groupes = count(recherche.groupes, "groupe d'agents semblables", "groupes d'agents semblables")
    if recherche.prouve:
        return f"{examinees} comparées, pour {groupes} : aucun autre choix ne couvre davantage, à limites égales."
    return (
        f"{examinees} comparées, pour {groupes} : c'est le meilleur plan trouvé dans le temps imparti, sans preuve "
        "qu'aucun autre ne couvre davantage."
    )


def _beside(analyse: Analyse) -> str:
    """The greedy plan and the proposed one, in words; figures only when they are about enough people."""
    avant, apres = analyse.glouton, analyse.retenu
    if apres.objective() == avant.objective():
        tete = "Le plan de référence, construit module après module, couvre autant"
        if apres.heures < avant.heures and analyse.publiable:
            return f"{tete} ; le plan proposé y parvient avec {hours(avant.heures - apres.heures)} de moins."
        return f"{tete}."
    tete = "Le plan proposé couvre plus que le plan de référence, construit module après module"
    if not analyse.publiable:
        return f"{tete}."
    for rang, (base, charge) in enumerate(zip(avant.charge, apres.charge, strict=True), 1):
        if charge > base:
            gain = percent((charge - base) / base) + " de charge en plus" if base else "une première couverture"
            return f"{tete} : {gain} au rang {rang}."
    return f"{tete}."


def hours(value: float) -> str:
    """« 413 heures », rounded as everywhere else."""
    return f"{whole_number(value)} {'heure' if value < 2 else 'heures'}"


def spoken_date(day: pd.Timestamp) -> str:
    return long_date(day.date())
