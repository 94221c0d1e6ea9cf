"""Competences, job families and required levels: complete, on the scale, growing with exposure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ...errors import Anomalie

if TYPE_CHECKING:
    from .. import Referentiels


def check_required_levels(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A level for every audience, on the scale, that never falls as exposure rises (C.3).

    A competence without a row is required by at least one job family.
    """
    table, fichier = referentiels.niveaux_requis, "niveaux_requis.yaml"
    publics = [public.id for public in table.publics]
    niveaux = {niveau.niveau for niveau in referentiels.competences.niveaux}
    croissants = [classe.public for classe in referentiels.metiers.classes]
    for id_, requis in table.requis.items():
        manquants = [public for public in publics if public not in requis]
        if manquants:
            yield _level(fichier, id_, ", ".join(requis), "un niveau pour " + ", ".join(manquants))
        for public, niveau in requis.items():
            if niveau not in niveaux:
                yield _level(fichier, f"{id_}, {public}", niveau, "un niveau de competences.yaml")
        suite = [(public, requis[public]) for public in croissants if public in requis]
        for (avant, bas), (apres, haut) in pairwise(suite):
            if haut < bas:
                yield _level(fichier, id_, f"{avant} {bas}, {apres} {haut}", "des niveaux qui ne baissent pas")
    par_metier = {id_ for metier in referentiels.metiers.metiers for id_ in metier.requis}
    for competence in referentiels.competences.competences:
        if competence.id not in table.requis and competence.id not in par_metier:
            yield _level(fichier, competence.id, "aucun niveau", "une ligne ici ou dans « requis » d'un métier")
    for metier in referentiels.metiers.metiers:
        for id_, niveau in metier.requis.items():
            if niveau not in niveaux:
                yield _level("metiers.yaml", f"{metier.id}, {id_}", niveau, "un niveau de competences.yaml")


def check_tasks(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Tasks carry the id of their job family, and only mandates are without a starting class."""
    for metier in referentiels.metiers.metiers:
        for tache in metier.taches:
            if not tache.id.startswith(f"{metier.id}-"):
                yield Anomalie(
                    f"la tâche « {tache.id} » ne porte pas l'identifiant de son métier",
                    f"metiers.yaml, {metier.id}",
                    tache.id,
                    f"un identifiant qui commence par {metier.id}-",
                    "corrigez l'identifiant de la tâche",
                )
        if (metier.classe_depart is None) != metier.jamais_cote:
            yield Anomalie(
                f"la classe de départ du métier « {metier.id} » contredit « jamais_cote »",
                f"metiers.yaml, {metier.id}",
                str(metier.classe_depart),
                "aucune classe (null) si le métier n'est jamais coté, une classe sinon",
                "corrigez l'une des deux clés",
            )


def check_cotations(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Scales and thresholds of C.1, C.4 and D.1 in their natural order; levels described from 1 to the highest."""
    competences, exposition = referentiels.competences, referentiels.metiers.cotation
    lus = [niveau.niveau for niveau in competences.niveaux]
    if lus != list(range(len(lus))) or not lus:
        yield _setting("competences.yaml", "niveaux", lus, "les niveaux à partir de 0, dans l'ordre")
    for competence in competences.competences:
        if sorted(competence.niveaux) != lus[1:]:
            yield _setting("competences.yaml", competence.id, list(competence.niveaux), "les niveaux 1 à 4 décrits")
    for preuve in competences.cotation.preuves:
        if not 0 < preuve.confiance <= 1:
            yield _setting("competences.yaml", f"preuves, {preuve.id}", preuve.confiance, "une confiance entre 0 et 1")
    urgences = competences.cotation.urgences
    bornes = [float("inf") if urgence.mois_max is None else urgence.mois_max for urgence in urgences]
    valeurs = [urgence.valeur for urgence in urgences]
    if bornes != sorted(set(bornes)) or bornes[-1:] != [float("inf")] or valeurs != sorted(valeurs, reverse=True):
        yield _setting(
            "competences.yaml",
            "urgences",
            valeurs,
            "de la plus pressante à la moins pressante ; la dernière sans borne",
        )
    notes = [note.valeur for note in exposition.notes]
    if notes != sorted(set(notes)) or notes[:1] != [0] or notes[-1:] != [1]:
        yield _setting("metiers.yaml", "notes", notes, "des notes croissantes de 0 à 1")
    if not exposition.seuil_moderee_haut <= exposition.seuil_forte < exposition.seuil_tres_forte:
        yield _setting("metiers.yaml", "seuil_forte", exposition.seuil_forte, "sous « seuil_tres_forte »")
    if not 0 < exposition.taches_minimum <= exposition.taches_maximum:
        yield _setting("metiers.yaml", "taches_minimum", exposition.taches_minimum, "au plus « taches_maximum »")


def _level(fichier: str, porteur: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le niveau requis de « {porteur} » est incohérent",
        f"{fichier}, {porteur}",
        str(valeur),
        attendu,
        "corrigez ce niveau",
    )


def _setting(fichier: str, cle: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le réglage « {cle} » est incohérent", f"{fichier}, {cle}", str(valeur), attendu, "corrigez ce réglage"
    )
