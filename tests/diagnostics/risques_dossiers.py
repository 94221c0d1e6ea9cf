"""Builds dossiers of risques_ethique for tests: the repository's content, and answers written in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from vigie.diagnostics.resultat import Constat, Resultat
from vigie.dossier import Dossier, Etat
from vigie.referentiels import Referentiels

from .dossiers import CAMPAGNE, answer_frame, bare_dossier, shipped

COTEURS = (("rh-1", "RH"), ("num-1", "NUM"), ("jur-1", "JUR"), ("rh-2", "RH"))
PREUVES = {"complete": ("oui", "oui"), "sans_critere": ("oui", ""), "critere_non": ("", "non")}
KEYS = {"cas": ["cas"], "risques": ["cas", "risque"], "regles": ["cas", "regle"], "referentiel": ["regle"]}
DESCRIPTION = {"nom", "source", "calcul", "date", "usages", "preuves", "referentiel", "regles", "risques_absents"}
DESCRIPTION |= {"manques", "attendu"}
Reponse = dict[str, Any]


def with_rules(**changes: Mapping[str, Any]) -> Referentiels:
    """The repository's content with some rules changed: `with_rules(E10={"echeance": …})`."""
    held = shipped()
    regles = tuple(regle.model_copy(update=changes.get(regle.id, {})) for regle in held.regles.regles)
    return replace(held, regles=held.regles.model_copy(update={"regles": regles}))


def with_bases(**changes: Mapping[str, Any]) -> Referentiels:
    """The repository's content with some bases changed; `_` stands for the hyphen of an id."""
    held = shipped()
    named = {name.replace("_", "-"): update for name, update in changes.items()}
    bases = tuple(base.model_copy(update=named.get(base.id, {})) for base in held.bases.bases)
    return replace(held, bases=held.bases.model_copy(update={"bases": bases}))


def build(reponses: Iterable[Reponse] = (), jour: date | None = None, contenu: Referentiels | None = None) -> Dossier:
    """The fictional structure with these answers, law read at `jour` (the campagne's date by default)."""
    rows = [{"repondant": "rh-1", "role": "RH", "etape": "risques_ethique", **reponse} for reponse in reponses]
    campagne = CAMPAGNE.model_copy(update={"date_reference": jour or CAMPAGNE.date_reference})
    return bare_dossier(contenu).replace(campagne=campagne, reponses=answer_frame(rows))


def build_case(cas: Mapping[str, Any]) -> Dossier:
    """The dossier of a case of tests/cas/risques_ethique; the files say how they are written."""
    unknown = set(cas) - DESCRIPTION
    assert not unknown, f"clés inconnues : {unknown}"
    return build(_case_answers(cas), cas["date"])


def inventaire(cas: str, statut: str = "projet", nom: str = "", repondant: str = "rh-1") -> Reponse:
    return _choix(cas, "statut", "inventaire", statut, commentaire=nom, repondant=repondant)


def marque(cas: str, nom: str, choix: str = "oui", motif: str = "", repondant: str = "jur-1") -> Reponse:
    """`choix`: oui, non, or a state without value (ne_sait_pas…)."""
    return _choix(cas, nom, "marque", choix, commentaire=motif, repondant=repondant)


def aggravant(cas: str, nom: str, choix: str = "oui") -> Reponse:
    return _choix(cas, nom, "aggravant", choix)


def cotes(cas: str, risque: str, *paires: tuple[float, float]) -> list[Reponse]:
    """One (gravité, vraisemblance) a rater."""
    return [
        _niveau(cas, risque, mesure, valeur, repondant=repondant, role=role)
        for (repondant, role), paire in zip(COTEURS, paires, strict=False)
        for mesure, valeur in zip(("gravite", "vraisemblance"), paire, strict=True)
    ]


def cote(cas: str, risque: str, gravite: float, vraisemblance: float) -> list[Reponse]:
    """Three raters who agree."""
    return cotes(cas, risque, *[(gravite, vraisemblance)] * 3)


def forcage(cas: str, risque: str, niveau: float, motif: str, role: str = "CONSULTANT") -> Reponse:
    return _niveau(cas, risque, "forcage", niveau, commentaire=motif, repondant="conseil", role=role)


def preuve(
    cas: str, regle: str, preuve: str = "oui", critere: str = "oui", document: str = "Document fictif"
) -> list[Reponse]:
    """Both answers about a rule; "" leaves one out. `cas` "" is the whole structure."""
    given = (("preuve", preuve), ("critere", critere))
    return [_choix(cas, regle, mesure, choix, preuve=document) for mesure, choix in given if choix]


def existe(choix: str, document: str = "", reference: str = "") -> Reponse:
    return _choix("referentiel", "existe", "referentiel", choix, preuve=document, commentaire=reference)


def repris(regle: str, choix: str, repondant: str = "rh-1") -> Reponse:
    return _choix("referentiel", regle, "repris", choix, repondant=repondant)


def codes(resultat: Resultat) -> list[str]:
    return [constat.code for constat in resultat.constats]


def the(resultat: Resultat, code: str) -> Constat:
    """The only constat of this code."""
    (found,) = [constat for constat in resultat.constats if constat.code == code]
    return found


def _case_answers(cas: Mapping[str, Any]) -> Iterator[Reponse]:
    for regle, quoi in cas.get("preuves", {}).items():
        yield from preuve("", regle, *PREUVES[quoi])
    for usage, dit in cas["usages"].items():
        yield from _usage_answers(usage, dit)
    if referentiel := cas.get("referentiel"):
        yield existe(referentiel["existe"], referentiel["document"], referentiel["reference"])
        for regle, choix in referentiel["repris"].items():
            yield from (repris(regle, un, repondant=f"rh-{rang}") for rang, un in enumerate(choix))


def _usage_answers(usage: str, dit: Mapping[str, Any]) -> Iterator[Reponse]:
    unknown = set(dit) - {"nom", "statut", "oui", "non", "aggravants", "cotes", "forcages", "preuves"}
    assert not unknown, f"clés inconnues pour {usage} : {unknown}"
    yield inventaire(usage, dit["statut"], dit.get("nom", ""))
    for choix in ("oui", "non"):
        yield from (marque(usage, nom, choix, repondant=f"jur-{choix}") for nom in dit.get(choix, ()))
    yield from (aggravant(usage, nom, choix) for nom, choix in dit.get("aggravants", {}).items())
    for risque, paires in dit.get("cotes", {}).items():
        yield from cotes(usage, risque, *(tuple(map(float, paire.split("/"))) for paire in paires))
    for risque, force in dit.get("forcages", {}).items():
        yield forcage(usage, risque, force["niveau"], force["motif"])
    for regle, quoi in dit.get("preuves", {}).items():
        yield from preuve(usage, regle, *PREUVES[quoi])


def _choix(objet: str, cible: str, mesure: str, choix: str, **others: Any) -> Reponse:
    states = {str(etat) for etat in Etat} - {Etat.NIVEAU}
    given = {"etat": choix} if choix in states else {"etat": str(Etat.NIVEAU), "choix": choix}
    return {"objet": objet, "cible": cible, "mesure": mesure, **given, **others}


def _niveau(objet: str, cible: str, mesure: str, niveau: float, **others: Any) -> Reponse:
    etat = str(Etat.NIVEAU)
    return {"objet": objet, "cible": cible, "mesure": mesure, "etat": etat, "niveau": niveau, **others}
