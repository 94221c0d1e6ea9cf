"""What the reader must see about the exposure of job families: ratings that differ, are missing or incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from ._competences_calcul import Calcul
from ._competences_exposition import A_CONFIRMER, DEPART
from ._competences_phrases import ATTENTION, constat, names
from .chiffres import INCONNU, decimal, under
from .phrases import enumerate_words
from .resultat import Constat
from .typographie import quoted


def exposure_constats(calcul: Calcul) -> Iterator[Constat]:
    yield from _divergences(calcul)
    yield from _few_ratings(calcul)
    yield from _quality(calcul)


def _divergences(calcul: Calcul) -> Iterator[Constat]:
    """Both classes, with the calculation that gave each (C.1, step 6)."""
    cotation = calcul.dossier.referentiels.metiers.cotation
    libelles = {classe.id: classe.libelle.lower() for classe in calcul.dossier.referentiels.metiers.classes}
    seuils = sorted((cotation.seuil_forte, cotation.seuil_tres_forte))
    for metier, cotations in calcul.exposition.cotations.groupby("metier"):
        if cotations["classe"].nunique() == 1:
            continue
        detail = enumerate_words(
            f"{quoted(libelles[vue['classe']])} (X = {_printed(vue['exposition'], seuils)}, "
            f"σ = {decimal(vue['ecart_type'], 2)})"
            for vue in cotations.drop_duplicates("classe").to_dict("records")
        )
        yield constat(
            "COTATIONS_DIVERGENTES",
            f"{names(calcul, [str(metier)])} : les cotations donnent {detail}. La classe la plus haute est retenue "
            "jusqu'à l'atelier.",
            ATTENTION,
            [str(metier)],
        )


def _printed(exposition: float, seuils: list[float]) -> str:
    """X with two decimals, more when two would print a threshold that is not reached."""
    return decimal(exposition, 2, next((seuil for seuil in seuils if under(exposition, seuil)), INCONNU))


def _few_ratings(calcul: Calcul) -> Iterator[Constat]:
    metiers = calcul.exposition.metiers
    minimum = calcul.dossier.referentiels.metiers.cotation.cotations_minimales
    seules = metiers.loc[metiers["source"] == A_CONFIRMER, "metier"].tolist()
    if seules:
        yield constat(
            "A_CONFIRMER",
            f"Classe à confirmer, moins de {minimum} cotations indépendantes : {names(calcul, seules)}. La plus haute "
            "de la classe cotée et de la classe de départ est retenue.",
            ATTENTION,
            seules,
        )
    depart = metiers.loc[metiers["source"] == DEPART, "metier"].tolist()
    if depart:
        yield constat(
            "COTATION_MANQUANTE",
            f"Aucune cotation locale utilisable, classe de départ du référentiel : {names(calcul, depart)}. Elle "
            "prépare l'atelier, elle ne décide pas.",
            cibles=depart,
        )


def _quality(calcul: Calcul) -> Iterator[Constat]:
    """Ratings left aside, shares of time brought back to 1, too many tasks."""
    exposition = calcul.exposition
    if exposition.incompletes:
        yield constat(
            "COTATION_INCOMPLETE",
            "Cotations laissées de côté, trop peu de tâches notées (« ne sait pas » n'est pas une note basse) : "
            f"{names(calcul, exposition.incompletes)}. À compléter.",
            ATTENTION,
            exposition.incompletes,
        )
    if exposition.parts_ramenees:
        yield constat(
            "PARTS_RAMENEES",
            f"Parts de temps dont la somme n'est pas 1, ramenées à 1 : {names(calcul, exposition.parts_ramenees)}.",
            cibles=exposition.parts_ramenees,
        )
    cotees = exposition.taches[exposition.taches["cotations"] > 0].groupby("metier").size()
    maximum = calcul.dossier.referentiels.metiers.cotation.taches_maximum
    nombreuses = cotees[cotees > maximum].index.tolist()
    if nombreuses:
        yield constat(
            "TACHES_NOMBREUSES",
            f"Plus de {maximum} tâches cotées, à regrouper : {names(calcul, nombreuses)}.",
            cibles=nombreuses,
        )
