"""Pieces of sentences that the constats and the recommandations of the skills synthesis share."""

from __future__ import annotations

from collections.abc import Iterable

from ._competences_agents import TOUS
from ._competences_calcul import Calcul
from .phrases import enumerate_words
from .resultat import Constat
from .typographie import quoted, spaced

ALERTE, ATTENTION, INFORMATION = "alerte", "attention", "information"


def constat(code: str, texte: str, gravite: str = INFORMATION, cibles: Iterable[str] = ()) -> Constat:
    return Constat(code, spaced(texte), gravite, tuple(cibles))


def audience_names(calcul: Calcul) -> dict[str, str]:
    """Audience → its name in a sentence. Everyone is counted in one audience: « tous » are those of no other."""
    publics = calcul.dossier.referentiels.niveaux_requis.publics
    suite = " (hors des autres publics)"
    return {public.id: quoted(public.libelle) + (suite if public.id == TOUS else "") for public in publics}


def strong_classes(calcul: Calcul) -> str:
    """« forte ou très forte »: the classes of impact that give rank 1."""
    referentiels = calcul.dossier.referentiels
    retenues = referentiels.competences.cotation.rang1_classes
    return " ou ".join(classe.libelle.lower() for classe in referentiels.metiers.classes if classe.id in retenues)


def names(calcul: Calcul, metiers: Iterable[str]) -> str:
    """« Gestionnaire de paie et Juriste RH »."""
    libelles = {metier.id: metier.libelle for metier in calcul.dossier.referentiels.metiers.metiers}
    return enumerate_words(libelles[metier] for metier in metiers)
