"""From what a page holds to what the store holds, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..collecte.formulaire import Feuille
from ..collecte.reponses import Saisie
from ..dossier import Etat
from ..tabular import parse_number
from .messages import TEXTES, RefusError, Valeur
from .modele import Champ, Questionnaire


def to_saisie(champ: Champ, valeur: Valeur, feuille: Feuille) -> Saisie:
    """The answer as a long file would say it. Raises RefusError on what this field does not take."""
    _check_texts(champ, valeur)
    return Saisie(
        structure=feuille.structure,
        repondant=feuille.repondant,
        role=feuille.role,
        etape=feuille.etape,
        objet=champ.objet,
        cible=champ.cible,
        mesure=champ.mesure,
        etat=valeur.etat or Etat.NON_REPONDU.value,
        valeur=_stored_value(champ, valeur),
        commentaire=valeur.commentaire,
        preuve=valeur.preuve,
        indicateur=valeur.indicateur,
    )


def read_row(champ: Champ, row: Mapping[Any, Any]) -> Valeur:
    """A row of dossier.REPONSES as the page shows it."""
    etat = row["etat"] if row["etat"] in (Etat.NIVEAU, Etat.NE_SAIT_PAS, Etat.SANS_OBJET) else ""
    valeur = _shown_value(champ, row) if etat == Etat.NIVEAU else ""
    return Valeur(str(etat), valeur, row["commentaire"], row["preuve"], row["indicateur"])


def answered(champ: Champ, valeur: Valeur | None) -> bool:
    """True for a whole answer: « sans objet », and a choice that must be explained, need their reason."""
    if valeur is None or not valeur.etat:
        return False
    needs_reason = champ.motif_requis or (valeur.etat == Etat.SANS_OBJET and champ.motif_sans_objet is not None)
    return bool(valeur.commentaire.strip()) or not needs_reason


def check_report(questionnaire: Questionnaire, given: Mapping[str, Valeur]) -> dict[str, str]:
    """Field → text of a report of misuse, in the order of the form. Raises RefusError when one that is due is missing.

    A field whose condition does not hold is left out, whatever was typed in it: a name given, then withdrawn, is not
    kept.
    """
    texts: dict[str, str] = {}
    for champ in questionnaire.champs.values():
        wanted = champ.si is None or given.get(champ.si.cle, Valeur()).valeur in champ.si.valeurs
        valeur = given.get(champ.cle, Valeur())
        text = valeur.valeur.strip() if wanted else ""
        if any(getattr(valeur, name) for name in TEXTES) or (champ.options and text and text not in champ.valeurs):
            raise RefusError("refus_inconnu")
        if champ.limite and len(text) > champ.limite:
            raise RefusError("refus_trop_long", limite=str(champ.limite))
        if wanted and champ.obligatoire and not text:
            raise RefusError("refus_incomplet")
        if text:
            texts[champ.cible] = text
    return texts


def _check_texts(champ: Champ, valeur: Valeur) -> None:
    complements = [*champ.complements, *([champ.motif_sans_objet] if champ.motif_sans_objet else [])]
    limits: dict[str, int] = {}
    for complement in complements:
        limits[complement.nom] = max(complement.limite, limits.get(complement.nom, 0))
    for name in TEXTES:
        text = getattr(valeur, name)
        if text and name not in limits:
            raise RefusError("refus_inconnu")
        if len(text) > limits.get(name, 0):
            raise RefusError("refus_trop_long", limite=str(limits[name]))


def _stored_value(champ: Champ, valeur: Valeur) -> str:
    if valeur.etat != Etat.NIVEAU:
        allowed = {Etat.NE_SAIT_PAS: champ.ne_sait_pas, Etat.SANS_OBJET: bool(champ.sans_objet)}
        if valeur.etat and not allowed[Etat(valeur.etat)]:
            raise RefusError("refus_inconnu")
        return ""
    if champ.forme == "choix":
        if valeur.valeur not in champ.valeurs:
            raise RefusError("refus_inconnu")
        return valeur.valeur
    number = parse_number(valeur.valeur.strip())
    if champ.bornes is None or number is None or not champ.bornes[0] <= number <= champ.bornes[1]:
        low, high = champ.bornes or (0, 0)
        raise RefusError("refus_nombre", minimum=f"{low:g}", maximum=f"{high:g}")
    return f"{number * champ.facteur:.6f}".rstrip("0").rstrip(".")


def _shown_value(champ: Champ, row: Mapping[Any, Any]) -> str:
    if row["choix"]:
        return str(row["choix"])
    number = row["niveau"]
    if number is None or math.isnan(number):
        return ""
    return f"{round(number / champ.facteur, 4):g}".replace(".", "," if champ.forme == "nombre" else ".")
