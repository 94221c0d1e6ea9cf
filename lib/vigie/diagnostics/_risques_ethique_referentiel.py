"""The existing référentiel, compared rule by rule before a new one is drawn (F3-11).

Without a référentiel every applicable rule is to be written. With one, a rule nobody compared is still « a_ecrire »:
nothing shows that it is written; `repris` says that the comparison is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..referentiels.droit import Regle, Regles
from ._risques_ethique_reponses import NON, OUI, PARTIEL, REFERENTIEL, Reponses, latest

NON_COMPARE = "non_compare"
STATUTS = {OUI: "deja_ecrite", PARTIEL: "a_completer", NON: "a_ecrire", NON_COMPARE: "a_ecrire", "": "a_ecrire"}
PRUDENCE = (NON, PARTIEL, OUI)
"""When people disagree on what is already written, the least favourable holds."""


@dataclass(frozen=True)
class ReferentielExistant:
    """`verifie`: the question was answered and, if a référentiel exists, every applicable rule was compared."""

    existe: bool
    repondu: bool
    divergent: bool
    reference: str
    verifie: bool
    repris: dict[str, str]
    """Applicable rule → oui, partiel, non, non_compare, or "" without a référentiel."""
    reponses: tuple[int, ...]


def read_referentiel(regles: Iterable[Regle], reponses: Reponses) -> ReferentielExistant:
    """What is known of the existing référentiel, for the applicable rules."""
    avis = reponses.avis(REFERENTIEL, REFERENTIEL, "existe")
    described = latest(reponse for reponse in avis.reponses if reponse.known and reponse.choix == OUI)
    parts = (described.preuve, described.commentaire) if described else ()
    repris = {regle.id: _taken_up(regle.id, reponses) if avis.oui else "" for regle in regles}
    return ReferentielExistant(
        existe=avis.oui,
        repondu=avis.oui or avis.non,
        divergent=avis.oui and avis.non,
        reference=", ".join(part for part in parts if part),
        verifie=NON_COMPARE not in repris.values() if avis.oui else avis.non,
        repris=repris,
        reponses=avis.ids,
    )


def comparison_rows(applicable: Iterable[Regle], existant: ReferentielExistant, regles: Regles) -> list[dict[str, Any]]:
    """One row an applicable rule of any case, in the order in which it comes into play, then by id."""
    moments = [moment.id for moment in regles.moments]
    unique = {regle.id: regle for regle in applicable}
    ordered = sorted(unique.values(), key=lambda regle: (moments.index(regle.moment), regle.id))
    return [
        {
            "regle": regle.id,
            "libelle": regle.regle,
            "caractere": regle.caractere,
            "repris": existant.repris[regle.id],
            "statut": STATUTS[existant.repris[regle.id]],
            "responsable": regle.responsable,
            "moment": regle.moment,
        }
        for regle in ordered
    ]


def _taken_up(regle: str, reponses: Reponses) -> str:
    given = {reponse.choix for reponse in reponses.get("repris", REFERENTIEL, regle) if reponse.known}
    return next((choix for choix in PRUDENCE if choix in given), NON_COMPARE)
