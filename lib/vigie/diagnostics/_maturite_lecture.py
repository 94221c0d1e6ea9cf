"""Pieces of sentence that name an item, its value and what holds it, always with the figures."""

from __future__ import annotations

from collections.abc import Callable

from ._maturite_dimensions import DimensionCotee
from ._maturite_items import ItemCote
from .chiffres import figure, known, score, whole
from .phrases import count, enumerate_words
from .typographie import quoted

TYPES = {"socle": "item socle", "cle": "item clé", "ordinaire": "item ordinaire"}


def named(item: ItemCote) -> str:
    """« D3.6 « Un circuit de signalement… » »."""
    return f"{item.id} {quoted(item.item.enonce)}"


def title(dimension: DimensionCotee) -> str:
    return f"{dimension.id} {quoted(dimension.dimension.libelle)}"


def views(item: ItemCote, role: Callable[[str], str]) -> str:
    """« Service RH : 4 ; Équipe de direction : 2 », the median of each role that rated."""
    return " ; ".join(f"{role(view.role)} : {figure(view.mediane)}" for view in item.roles if known(view.mediane))


def evidence(item: ItemCote) -> str:
    """What is missing when a ceiling holds the value: « 4 ramené à 2, faute de document »."""
    if not item.plafond:
        return ""
    decided = item.arbitrage.valeur if item.arbitrage else item.valeur_brute
    lack = "faute de document" if item.plafond == "document" else "faute d'indicateur"
    return f"{figure(decided)} ramené à {figure(item.valeur)}, {lack}"


def unknown_state(item: ItemCote) -> str:
    """Why an item is not rated: « 2 « ne sait pas » et 1 case vide », « aucune réponse », « sans objet »…"""
    if item.etat in ("sans_objet", "masque"):
        return "sans objet" if item.etat == "sans_objet" else "question masquée"
    unsure = sum(view.ne_sait_pas for view in item.roles)
    empty = sum(view.non_repondu for view in item.roles)
    unreached = sum(view.non_atteint for view in item.roles)
    parts = [f"{unsure} « ne sait pas »"] if unsure else []
    parts += [count(empty, "case vide", "cases vides")] if empty else []
    parts += [f"{unreached} sans réponse"] if unreached else []
    return enumerate_words(parts) or "aucune réponse"


def state(item: ItemCote) -> str:
    """« coté 2 » or the reason why there is no value."""
    return f"coté {figure(item.valeur)}" if item.rated else f"sans cote ({unknown_state(item)})"


def ceiling_sentence(dimension: DimensionCotee, marge: int) -> str:
    """A.4, step 7: the reading sentence that names what caps the level; "" when nothing does."""
    if not dimension.plafonds:
        return ""
    shown = "niveau calculé" if dimension.forcage else "niveau affiché"
    socles = [item for item in dimension.plafonds if item.item.type == "socle"]
    keys = [item for item in dimension.plafonds if item.item.type != "socle"]
    reasons = []
    if socles:
        names = enumerate_words([f"{named(item)} (item socle, {state(item)})" for item in socles])
        reasons.append(f"{'un préalable manque' if len(socles) == 1 else 'des préalables manquent'}, {names}")
    reasons += [
        f"{named(item)} (item clé, {state(item)}) ne laisse pas dépasser {whole(item.valeur)} + {marge}"
        for item in keys
    ]
    return f"score {score(dimension.score)}, {shown} {figure(dimension.niveau_calcule)} : {' ; '.join(reasons)}"
