"""The maturity questionnaire: ids under their dimension, levels in order, thresholds that make sense together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import Anomalie

if TYPE_CHECKING:
    from .. import Referentiels

FICHIER = "maturite.yaml"


def check_prefixes(referentiels: Referentiels) -> Iterator[Anomalie]:
    for dimension in referentiels.maturite.dimensions:
        for item in dimension.items:
            if not item.id.startswith(f"{dimension.id}."):
                yield Anomalie(
                    f"l'item « {item.id} » est rangé sous la dimension {dimension.id}",
                    f"{FICHIER}, {item.id}",
                    item.id,
                    f"un identifiant qui commence par {dimension.id}.",
                    "déplacez l'item sous sa dimension",
                )


def check_level_scale(referentiels: Referentiels) -> Iterator[Anomalie]:
    """The five general levels are there in order, and every item describes 1, 3 and 5."""
    lus = [niveau.niveau for niveau in referentiels.maturite.niveaux]
    if lus != list(range(1, 6)):
        yield Anomalie(
            "l'échelle de maturité est incomplète ou en désordre",
            f"{FICHIER}, niveaux",
            ", ".join(map(str, lus)),
            "les niveaux 1, 2, 3, 4, 5, dans cet ordre",
            "rétablissez les cinq niveaux",
        )
    for item in referentiels.maturite.items.values():
        manquants = [str(niveau) for niveau in (1, 3, 5) if niveau not in item.niveaux]
        if manquants:
            yield Anomalie(
                f"l'item « {item.id} » ne décrit pas tous ses niveaux",
                f"{FICHIER}, {item.id}",
                ", ".join(str(niveau) for niveau in item.niveaux),
                "les niveaux 1, 3 et 5",
                f"décrivez le niveau {' et le niveau '.join(manquants)}",
            )


def check_thresholds(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Thresholds of A.3 to A.6 in their natural order."""
    cotation = referentiels.maturite.cotation
    parts = (
        "couverture_minimale",
        "meconnaissance_part_nsp",
        "confiance_a_preuves",
        "confiance_a_nsp",
        "confiance_c_preuves",
        "confiance_c_nsp",
        "taux_reponse_indicatif",
    )
    for cle in parts:
        if not 0 < getattr(cotation, cle) <= 1:
            yield _threshold(cle, getattr(cotation, cle), "une part, plus que 0 et au plus 1")
    orders = (
        ("plafond_sans_document", "plafond_sans_indicateur"),
        ("confiance_c_preuves", "confiance_a_preuves"),
        ("confiance_a_nsp", "confiance_c_nsp"),
    )
    for basse, haute in orders:
        if getattr(cotation, basse) > getattr(cotation, haute):
            yield _threshold(basse, getattr(cotation, basse), f"au plus la valeur de « {haute} »")
    if cotation.dispersion_ad[0] > cotation.dispersion_ad[1]:
        yield _threshold("dispersion_ad", cotation.dispersion_ad, "la borne d'accord, puis une borne plus haute")
    if cotation.dispersion_rwg[0] < cotation.dispersion_rwg[1]:
        yield _threshold("dispersion_rwg", cotation.dispersion_rwg, "la borne d'accord, puis une borne plus basse")
    poids = cotation.poids
    if not 0 < poids.get("ordinaire", 0) <= min(poids.get("cle", 0), poids.get("socle", 0)):
        yield _threshold("poids", poids, "un poids par type ; clé et socle pèsent au moins autant qu'ordinaire")
    communs = set(cotation.roles_decideurs) & set(cotation.roles_agents)
    if communs:
        yield _threshold("roles_agents", ", ".join(sorted(communs)), "aucun rôle commun avec « roles_decideurs »")


def check_targets(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Each situation gives a target to every dimension, and targets and prerequisites stay on the scale (A.7)."""
    maturite = referentiels.maturite
    niveaux = [niveau.niveau for niveau in maturite.niveaux]
    for situation in maturite.cotation.situations:
        manquantes = [dimension.id for dimension in maturite.dimensions if dimension.id not in situation.cibles]
        if manquantes:
            yield _threshold(f"situations, {situation.id}", ", ".join(situation.cibles), "une cible par dimension")
        for dimension, cible in situation.cibles.items():
            if cible not in niveaux:
                yield _threshold(f"situations, {situation.id}, {dimension}", cible, "un niveau de l'échelle")
    for prealable in maturite.cotation.prealables:
        if not min(niveaux) <= prealable.seuil <= max(niveaux):
            yield _threshold(f"prealables, {prealable.item}", prealable.seuil, "un niveau de l'échelle")


def _threshold(cle: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le réglage « {cle} » est incohérent", f"{FICHIER}, cotation", str(valeur), attendu, "corrigez ce réglage"
    )
