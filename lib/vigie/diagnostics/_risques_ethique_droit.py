"""Which law applies at the campagne's date, and what will when: dates read from the bases that the rules cite.

A base marked not citable never appears. Each date keeps its own confidence, each base the confidence of its reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..referentiels.base import ValeurDatee
from ..referentiels.droit import Base, Bases, Regle
from ._risques_ethique_regles import A_TERME, MIXTE, OBLIGATOIRE

CONTRAIGNANT, ANALOGIE = "contraignant", "analogie"


def cited_bases(regles: Iterable[Regle], bases: Bases) -> dict[str, tuple[Base, tuple[str, ...]]]:
    """Citable bases of these rules, in the order of the referentiel, each with the ids of the rules that cite it."""
    citing: dict[str, list[str]] = {}
    for regle in sorted({regle.id: regle for regle in regles}.values(), key=lambda item: item.id):
        for base in regle.bases:
            citing.setdefault(base, []).append(regle.id)
    return {base.id: (base, tuple(citing[base.id])) for base in bases.bases if base.citable and base.id in citing}


def citable_ids(regle: Regle, bases: Bases) -> tuple[str, ...]:
    """Ids of the bases that the rule may cite, in the rule's order."""
    citable = {base.id for base in bases.bases if base.citable}
    return tuple(base for base in regle.bases if base in citable)


def is_in_force(base: Base, value: ValeurDatee, jour: date) -> bool:
    """True from the very day of entry into force.

    Without an established date, only a binding text is taken as in force; a text cited by analogy never is, since it
    does not govern the structure.
    """
    if base.force == ANALOGIE:
        return False
    if value.en_vigueur is None:
        return base.force == CONTRAIGNANT
    return value.en_vigueur <= jour


def current_value(base: Base, jour: date) -> ValeurDatee | None:
    """The last entry at `jour`; before any, the next one to come; None for a base without entry."""
    ordered = sorted(base.application, key=_entry_day)
    past = [value for value in ordered if _entry_day(value) <= jour]
    return past[-1] if past else next(iter(ordered), None)


def applies_today(regle: Regle, bases: Mapping[str, Base], jour: date) -> bool:
    """Whether nothing in the law's calendar postpones the rule at `jour`.

    A future duty applies from its échéance; a rule that binds now needs one binding base in force; good practice
    waits for no date.
    """
    if regle.caractere == A_TERME:
        return regle.echeance is not None and regle.echeance <= jour
    if regle.caractere not in (OBLIGATOIRE, MIXTE):
        return True
    binding = [base for name in regle.bases if (base := bases.get(name)) and base.force == CONTRAIGNANT]
    return not binding or any(_holds(base, jour) for base in binding)


def calendar_rows(cited: Mapping[str, tuple[Base, tuple[str, ...]]], jour: date) -> list[dict[str, Any]]:
    """One row an entry into application, by date; those without an established date come first."""
    entries = [(value, base) for base, _ in cited.values() for value in base.application]
    entries.sort(key=lambda entry: (_entry_day(entry[0]), entry[1].id, entry[0].portee))
    return [
        {
            "date": iso(value.en_vigueur),
            "base": base.id,
            "texte": base.texte,
            "article": base.article,
            "portee": value.portee,
            "confiance": value.confiance.value,
            "applicable": is_in_force(base, value, jour),
        }
        for value, base in entries
    ]


def base_rows(cited: Mapping[str, tuple[Base, tuple[str, ...]]], jour: date) -> list[dict[str, Any]]:
    """One row a base; `date` is that of the entry in force, else of the next one."""
    rows = []
    for base, regles in cited.values():
        value = current_value(base, jour)
        rows.append(
            {
                "base": base.id,
                "texte": base.texte,
                "article": base.article,
                "obligation": base.obligation,
                "date": iso(value.en_vigueur if value else None),
                "force": base.force,
                "confiance": base.confiance.value,
                "url": base.url,
                "regles": " ".join(regles),
            }
        )
    return rows


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _entry_day(value: ValeurDatee) -> date:
    return value.en_vigueur or date.min


def _holds(base: Base, jour: date) -> bool:
    """A base without any established date is taken as in force: prudence."""
    return not base.application or any(is_in_force(base, value, jour) for value in base.application)
