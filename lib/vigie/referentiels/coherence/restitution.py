"""The feuille de route and the vigilance points: ids they cite; every action must find its place and its pilot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...errors import Anomalie
from .citations import Citation, Kind, ids_of

if TYPE_CHECKING:
    from .. import Referentiels

RESTITUTION, VIGILANCES = "restitution.yaml", "vigilances.yaml"


def restitution_kinds(referentiels: Referentiels) -> Mapping[str, Kind]:
    return {
        "fusion": Kind("fusion d'actions", RESTITUTION, ids_of(referentiels.restitution.fusions)),
        "signal": Kind("signal", VIGILANCES, ids_of(referentiels.vigilances.signaux)),
    }


def cited_by_restitution(referentiels: Referentiels) -> Iterator[Citation]:
    for fusion in referentiels.restitution.fusions:
        yield Citation(RESTITUTION, fusion.id, "items", "item", fusion.items)
        yield Citation(RESTITUTION, fusion.id, "regles", "regle", fusion.regles)
    for point in referentiels.vigilances.vigilances:
        keys = (("fiche", "fiche"), ("items", "item"), ("risques", "risque"), ("regles", "regle"), ("echo", "echo"))
        for cle, genre in (*keys, ("signaux", "signal")):
            yield Citation(VIGILANCES, point.id, cle, genre, getattr(point, cle))
        yield Citation(VIGILANCES, point.id, "acteur", "role", (point.acteur,))


def check_common_scale(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Each notch has a weight of its own, and every action finds one: the last classement asks nothing."""
    restitution = referentiels.restitution
    for cle, entries in (("priorites", restitution.priorites), ("efforts", restitution.efforts)):
        weights = [entry.poids for entry in entries]
        if len(set(weights)) != len(weights) or len(set(ids_of(entries))) != len(weights):
            yield _setting(RESTITUTION, cle, weights, "un poids propre à chaque cran, décrit une fois")
    described = ids_of(restitution.priorites)
    for classement in restitution.classements:
        if classement.priorite not in described:
            yield _setting(RESTITUTION, f"classements, {classement.motif}", classement.priorite, "une priorité décrite")
    last = restitution.classements[-1] if restitution.classements else None
    if (
        last is None
        or last.etape
        or last.actions
        or last.priorite_min is not None
        or last.prealable
        or last.besoin_rang
    ):
        yield _setting(RESTITUTION, "classements", last.motif if last else "", "un dernier classement sans condition")
    if sum(not effort.actions for effort in restitution.efforts) != 1:
        yield _setting(RESTITUTION, "efforts", "", "un seul effort sans liste, qui vaut pour les autres actions")


def check_merges(referentiels: Referentiels) -> Iterator[Anomalie]:
    """An item or a rule is in one merge only, and each pilot is one of the three."""
    restitution = referentiels.restitution
    for cle in ("items", "regles"):
        cited = Counter(id_ for fusion in restitution.fusions for id_ in getattr(fusion, cle))
        for id_, nombre in cited.items():
            if nombre > 1:
                yield _setting(RESTITUTION, f"fusions, {id_}", nombre, "une seule fusion par item et par règle")
    pilots = [role.id for role in referentiels.maturite.roles if role.pilote]
    named = {
        **{f"fusions, {fusion.id}": fusion.pilote for fusion in restitution.fusions},
        **{f"pilotes, {who}": pilot for who, pilot in restitution.pilotes.responsables.items()},
        "pilotes, par_defaut": restitution.pilotes.par_defaut,
    }
    for ou, pilot in named.items():
        if pilot not in pilots:
            yield _setting(RESTITUTION, ou, pilot, "l'un des trois pilotes")
    answering = {regle.responsable for regle in referentiels.regles.regles}
    for who in sorted(answering - set(restitution.pilotes.responsables)):
        yield _setting(RESTITUTION, "pilotes, responsables", who, "un pilote par responsable de règle")


def check_vigilance_thresholds(referentiels: Referentiels) -> Iterator[Anomalie]:
    """The low threshold is under the high one, both on the scale of levels."""
    cotation = referentiels.vigilances.cotation
    levels = [niveau.niveau for niveau in referentiels.maturite.niveaux]
    if not min(levels) < cotation.seuil_absent <= cotation.seuil_tenu <= max(levels):
        lu = f"{cotation.seuil_absent}, {cotation.seuil_tenu}"
        yield _setting(VIGILANCES, "cotation", lu, "deux seuils en ordre, sur l'échelle des niveaux")


def _setting(fichier: str, cle: str, valeur: object, attendu: str) -> Anomalie:
    return Anomalie(
        f"le réglage « {cle} » est incohérent", f"{fichier}, {cle}", str(valeur), attendu, "corrigez ce réglage"
    )
