"""What pydantic refuses, said in French: the key, what was read, what was expected, what to do."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ..errors import Anomalie
from . import base
from .yaml_strict import Chemin

Localisation = Callable[[Chemin], str]
"""Path of a value → where to look for it (file and line, sheet and row…)."""

_GUILLEMETS = "entourez la valeur de guillemets"
_TYPES = {
    "string_type": "du texte",
    "int_type": "un nombre entier",
    "int_parsing": "un nombre entier",
    "int_parsing_size": "un nombre entier moins grand",
    "int_from_float": "un nombre entier",
    "float_type": "un nombre, avec un point pour les décimales",
    "float_parsing": "un nombre, avec un point pour les décimales",
    "finite_number": "un nombre fini",
    "bool_type": "oui ou non",
    "bool_parsing": "oui ou non",
    "dict_type": "des lignes « clé: valeur »",
    "model_type": "des lignes « clé: valeur »",
    "tuple_type": "une liste (une ligne par tiret)",
    "list_type": "une liste (une ligne par tiret)",
}


def describe_errors(
    error: ValidationError, modele: type[BaseModel], ou: Localisation, valeur: Any = None
) -> list[Anomalie]:
    """One Anomalie per error of pydantic, in its order.

    `ou` says where a path stands; `valeur`, what was validated, lets entries be named by their id.
    """
    return [_describe(detail, modele, ou, valeur) for detail in error.errors(include_url=False)]


def close_match(value: str, allowed: Iterable[str]) -> str:
    """The allowed name that `value` most likely meant, "" if none is near."""
    return next(iter(get_close_matches(value, list(allowed), n=1, cutoff=0.6)), "")


def key_path(chemin: Chemin, valeur: Any = None) -> str:
    """dimensions[D1].items[D1.2].enonce: entries by their id in `valeur`, else by their position from 1."""
    text = ""
    for part in chemin:
        container, valeur = valeur, _child(valeur, part)
        if isinstance(part, int) and not isinstance(container, dict):
            position = part + 1
            text += f"[{valeur.get('id', position) if isinstance(valeur, dict) else position}]"
        else:
            text += f".{part}" if text else str(part)
    return text


def _describe(detail: ErrorDetails, modele: type[BaseModel], ou: Localisation, valeur: Any) -> Anomalie:
    genre = detail["type"]
    is_key = detail["loc"][-1:] == ("[key]",)
    chemin: Chemin = detail["loc"][:-1] if is_key else detail["loc"]
    if genre == "extra_forbidden":
        return _unknown_key(chemin, modele, ou, valeur)
    if genre == "missing":
        return _missing_key(chemin, ou, valeur)
    attendu, que_faire = _expected(genre, detail.get("ctx", {}), detail)
    cle = key_path(chemin, valeur)
    if is_key:
        quoi = f"la clé « {cle} » n'est pas admise"
    else:
        quoi = f"la valeur de « {cle} » n'est pas admise" if cle else "le contenu du fichier n'est pas admis"
    return Anomalie(quoi, ou(chemin), _shown(detail["input"]), attendu, que_faire)


def _missing_key(chemin: Chemin, ou: Localisation, valeur: Any) -> Anomalie:
    nom, parent = str(chemin[-1]), key_path(chemin[:-1], valeur)
    quoi = f"la clé « {nom} » manque sous « {parent} »" if parent else f"la clé « {nom} » manque"
    return Anomalie(quoi, ou(chemin[:-1]), "", f"une ligne « {nom}: … »", "ajoutez cette clé")


def _unknown_key(chemin: Chemin, modele: type[BaseModel], ou: Localisation, valeur: Any) -> Anomalie:
    nom = str(chemin[-1])
    permises = _keys_at(modele, chemin[:-1])
    proche = close_match(nom, permises)
    return Anomalie(
        f"la clé « {key_path(chemin, valeur)} » est inconnue",
        ou(chemin),
        nom,
        "l'une des clés " + ", ".join(permises) if permises else "une clé connue",
        f"écrivez « {proche} » ?" if proche else "retirez cette clé ou corrigez son nom",
    )


def _expected(genre: str, ctx: dict[str, Any], detail: ErrorDetails) -> tuple[str, str]:
    """What was expected and what to do, by kind of error."""
    value = detail["input"]
    if genre in ("literal_error", "enum"):
        permises = _quoted(str(ctx.get("expected", "")))
        proche = close_match(str(value), permises)
        return "l'une des valeurs " + ", ".join(permises), (
            f"écrivez « {proche} » ?" if proche else "choisissez l'une de ces valeurs"
        )
    if genre == "string_pattern_mismatch":
        pattern = str(ctx.get("pattern", ""))
        what = "l'adresse" if pattern.startswith("^(http") else "l'identifiant"
        return _PATTERNS.get(pattern, f"un texte de la forme {pattern}"), f"corrigez {what}"
    if genre in _TYPES:
        numeric = isinstance(value, (int, float)) and genre == "string_type"
        return _TYPES[genre], _GUILLEMETS if numeric else "corrigez la valeur"
    if genre in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        borne = next((ctx[key] for key in ("ge", "gt", "le", "lt") if key in ctx), "")
        signe = {
            "greater_than_equal": "au moins",
            "greater_than": "plus que",
            "less_than_equal": "au plus",
            "less_than": "moins que",
        }
        return f"{signe[genre]} {borne}", "corrigez la valeur"
    if genre in ("too_long", "too_short", "string_too_long", "string_too_short"):
        borne = ctx.get("max_length", ctx.get("min_length", ""))
        unite = "caractères" if genre.startswith("string") else "éléments"
        return f"{'au plus' if genre.endswith('long') else 'au moins'} {borne} {unite}", "corrigez la valeur"
    if genre == "value_error":
        return str(ctx.get("error", "une autre valeur")), "corrigez la valeur"
    return "une autre valeur", "corrigez la valeur"


def _quoted(expected: str) -> list[str]:
    """« 'a', 'b' or 3 » → ["a", "b", "3"]."""
    return [quoted or number for quoted, number in re.findall(r"'([^']*)'|(-?\d+)", expected)]


def _shown(value: Any) -> str:
    if value is None:
        return "rien"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _child(valeur: Any, part: Any) -> Any:
    """What stands under `part`, None if nothing does."""
    if isinstance(valeur, dict):
        return valeur.get(part)
    if isinstance(valeur, (list, tuple)) and isinstance(part, int) and part < len(valeur):
        return valeur[part]
    return None


def _keys_at(modele: Any, chemin: Chemin) -> list[str]:
    """Names of the keys that `modele` allows at `chemin`, [] if that place is not a group of named keys."""
    place = _plain_type(modele)
    for part in chemin:
        if isinstance(place, type) and issubclass(place, BaseModel):
            champ = place.model_fields.get(str(part))
            place = _plain_type(champ.annotation) if champ else None
        elif get_origin(place) in (tuple, list):
            place = _plain_type(get_args(place)[0])
        elif get_origin(place) is dict:
            place = _plain_type(get_args(place)[1])
        else:
            return []
    return list(place.model_fields) if isinstance(place, type) and issubclass(place, BaseModel) else []


def _plain_type(annotation: Any) -> Any:
    """Without Annotated and « or None »."""
    if get_origin(annotation) is Annotated:
        return _plain_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain_type(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation


def _described_patterns() -> dict[str, str]:
    """Pattern of each identifier of base.py → what it asks for, in French."""
    fields = (get_args(kind)[1] for name, kind in vars(base).items() if name.startswith(("Id", "Adresse")))
    return {
        meta.pattern: field.description or ""
        for field in fields
        if isinstance(field, FieldInfo)
        for meta in field.metadata
        if hasattr(meta, "pattern")
    }


_PATTERNS = _described_patterns()
