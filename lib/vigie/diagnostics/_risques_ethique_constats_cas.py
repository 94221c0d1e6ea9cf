"""What the reader must see about use cases: prohibition, DGAFP opinion, high risk, marks in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ._risques_ethique_analyse import Analyse
from ._risques_ethique_cas import A_PROSCRIRE, ANNEXE_III_4, ECARTE, TOUJOURS, Cas
from ._risques_ethique_reponses import STRUCTURE
from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import quoted, spaced

INFORMATION, ATTENTION, ALERTE = "information", "attention", "alerte"


def case_constats(analyse: Analyse) -> Iterator[Constat]:
    """One case after the other, then what holds without any project."""
    for cas in analyse.cas:
        yield from _set_aside(cas, analyse)
        yield from _doubts(cas)
        if cas.actif:
            yield from _marks(cas, analyse)
    yield from _no_project(analyse)


def place(cas: Cas) -> str:
    """Where a sentence situates itself: the case, or the whole structure."""
    return cas.nom if cas.id != STRUCTURE else "Toute la structure"


def constat(code: str, texte: str, gravite: str, cibles: Iterable[str]) -> Constat:
    """A Constat whose text has its no-break spaces and whose targets are without empty ids."""
    return Constat(code, spaced(texte), gravite, tuple(cible for cible in cibles if cible))


def _set_aside(cas: Cas, analyse: Analyse) -> Iterator[Constat]:
    methode = analyse.dossier.referentiels.methode
    if cas.interdit:
        suite = "déjà écarté par la structure" if cas.statut == ECARTE else "arrêt immédiat"
        yield constat(
            "INTERDIT",
            f"{cas.nom} porte une marque d'interdiction : {suite}. Aucune cotation ne rachète une pratique "
            f"interdite ({methode.regle_interdiction}) ; les cotes reçues ne sont pas lues.",
            INFORMATION if cas.statut == ECARTE else ALERTE,
            (cas.id, methode.regle_interdiction),
        )
    elif cas.actif and (cas.interdiction_inconnue or cas.interdiction_sans_reponse):
        who = "personne n'a pu dire" if cas.interdiction_inconnue else "personne n'a dit"
        yield constat(
            "INTERDICTION_INCONNUE" if cas.interdiction_inconnue else "INTERDICTION_SANS_REPONSE",
            f"{cas.nom} : {who} si le cas relève d'une pratique interdite. À lever avant toute utilisation "
            f"({methode.regle_interdiction}).",
            ALERTE if cas.interdiction_inconnue else ATTENTION,
            (cas.id, methode.regle_interdiction),
        )
    if cas.statut_dgafp == A_PROSCRIRE:
        regle = methode.regle_a_proscrire
        yield constat(
            "A_PROSCRIRE",
            f"{cas.nom} est parmi les usages que la stratégie de la DGAFP classe « à proscrire » ({regle}). C'est un "
            "avis, non une règle de droit : l'écarter, ou motiver par écrit son maintien.",
            INFORMATION if cas.statut == ECARTE else ATTENTION,
            (cas.id, regle),
        )
    if cas.statut == ECARTE and not cas.interdit:
        yield constat(
            "CAS_ECARTE", f"{cas.nom} est écarté par la structure : ni cote ni règle n'est lue.", INFORMATION, (cas.id,)
        )


def _doubts(cas: Cas) -> Iterator[Constat]:
    if cas.statuts_divergents:
        yield constat(
            "STATUT_DIVERGENT",
            f"{cas.nom} : les réponses à l'inventaire divergent ; le statut le plus avancé est retenu.",
            ATTENTION,
            (cas.id,),
        )
    if not cas.connu:
        yield constat(
            "CAS_SANS_NOM",
            f"{cas.id} n'est pas dans le référentiel des cas d'usage et l'inventaire ne le nomme pas.",
            ATTENTION,
            (cas.id,),
        )


def _marks(cas: Cas, analyse: Analyse) -> Iterator[Constat]:
    if cas.haut_risque:
        names = {item.id: item.libelle for item in analyse.dossier.referentiels.methode.aggravants}
        yield constat(
            "HAUT_RISQUE",
            f"{cas.nom} est à haut risque : l'aggravant {quoted(names.get(ANNEXE_III_4, ANNEXE_III_4))} est appliqué "
            "d'office. Presque toutes les règles passent en tête de liste : c'est le moment qui donne l'ordre, non le "
            "score.",
            ATTENTION,
            (cas.id,),
        )
    doubtful = (*cas.marques.a_confirmer, *cas.aggravants_a_confirmer)
    if doubtful:
        yield constat(
            "MARQUE_INCONNUE",
            f"{cas.nom} : à confirmer ({_names(doubtful, analyse)}). Par prudence, « ne sait pas » compte comme oui "
            "jusqu'à réponse.",
            ATTENTION,
            (cas.id, *doubtful),
        )
    if cas.marques.discutees:
        yield constat(
            "MARQUE_DISCUTEE",
            f"{cas.nom} : réponses « non » contredites ou sans motif écrit, marque gardée "
            f"({_names(cas.marques.discutees, analyse)}).",
            ATTENTION,
            (cas.id, *cas.marques.discutees),
        )
    if cas.marques.retirees:
        yield constat(
            "MARQUE_RETIREE",
            f"{cas.nom} : marque du référentiel retirée avec un motif écrit, à reprendre dans la note de qualification "
            f"({_names(cas.marques.retirees, analyse)}).",
            ATTENTION,
            (cas.id, *cas.marques.retirees),
        )
    if cas.marques.sans_reponse:
        held_back = _held_back(cas, analyse)
        yield constat(
            "MARQUE_SANS_REPONSE",
            f"{cas.nom} : sans réponse sur {_names(cas.marques.sans_reponse, analyse)} ; "
            f"{count(len(held_back), 'règle pourrait', 'règles pourraient')} s'ajouter.",
            ATTENTION if held_back else INFORMATION,
            (cas.id, *cas.marques.sans_reponse),
        )


def _held_back(cas: Cas, analyse: Analyse) -> list[str]:
    """Rules that only an unanswered mark would trigger."""
    present = {TOUJOURS, *cas.marques.presentes}
    return [
        regle.id
        for regle in analyse.dossier.referentiels.regles.regles
        if not present & set(regle.declencheur) and set(cas.marques.sans_reponse) & set(regle.declencheur)
    ]


def _no_project(analyse: Analyse) -> Iterator[Constat]:
    if any(cas.actif for cas in analyse.cas):
        return
    referentiels = analyse.dossier.referentiels
    risques = {item.id: item for item in referentiels.risques.risques}
    risque = risques.get(referentiels.methode.risque_sans_projet)
    if risque is not None:
        fiche = f" ({', '.join(risque.fiche)})" if risque.fiche else ""
        yield constat(
            "SANS_PROJET",
            f"Même sans projet, des agents peuvent employer des outils d'IA sans le dire{fiche} : le risque "
            f"{risque.id}, {risque.libelle}, et les règles qui s'appliquent toujours restent à traiter.",
            ATTENTION,
            (risque.id,),
        )


def _names(codes: Iterable[str], analyse: Analyse) -> str:
    """Labels of triggers and aggravants."""
    referentiels = analyse.dossier.referentiels
    labels = {item.id: item.libelle for item in (*referentiels.regles.declencheurs, *referentiels.methode.aggravants)}
    return enumerate_words(labels.get(code, code) for code in codes)
