"""The sentence behind a rule: what triggers it, its duty, the calculation of its risks, its class, its bases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..dossier import Dossier
from ..referentiels.droit import MethodeRisques, Regle, Risque
from ._risques_ethique_analyse import Analyse, Examen
from ._risques_ethique_cas import INTERDICTION
from ._risques_ethique_constats_cas import place
from ._risques_ethique_cotation import Cotation
from ._risques_ethique_droit import citable_ids
from ._risques_ethique_regles import A_TERME, RegleAppliquee
from .phrases import enumerate_words, long_date
from .resultat import Pourquoi
from .typographie import quoted, spaced

SOURCES = ("regles", "risques", "methode_risques", "bases_juridiques", "cas_usage")
"""Referentiels behind every recommendation of this etape."""


def explain(applied: RegleAppliquee, examen: Examen, others: Sequence[RegleAppliquee], analyse: Analyse) -> Pourquoi:
    """Why this rule: the case that raises it most, in full; the `others` by their class."""
    dossier, regle = analyse.dossier, applied.regle
    linked = [item for item in examen.cotations if item.risque in regle.risques]
    methode = dossier.referentiels.methode
    sentences = (
        f"{place(examen.cas)} : {regle.id}{_version('regles', dossier)} s'applique,",
        f"{_trigger_words(applied, dossier)}. {_duty_words(applied, dossier)}.",
        f"{_risk_words(regle, linked, methode)}.",
        f"Moment {quoted(_moment(regle, dossier))} : {_class_words(applied, methode)}.",
        _base_words(regle, analyse),
        _other_words(others),
    )
    return Pourquoi(
        explication=spaced(" ".join(sentence for sentence in sentences if sentence)),
        reponses=_answers(applied, examen, linked),
        risques=tuple(item.risque for item in linked) or regle.risques,
        regles=(regle.id,),
        bases=citable_ids(regle, dossier.referentiels.bases),
        fiche=sheet_ideas([regle.id], [item.risque for item in linked], dossier),
        versions=source_versions(dossier),
    )


def calculation(cotation: Cotation, methode: MethodeRisques) -> str:
    """« R04 gravité 3 aggravée 4 × vraisemblance 3 → niveau 4 (critique) », medians and override included."""
    if cotation.niveau is None:
        read = f"{cotation.risque} non coté"
    else:
        aggravee = cotation.gravite_aggravee != cotation.gravite
        read = (
            f"{cotation.risque} gravité {cotation.gravite}{_median_of(cotation.cotes_gravite)}"
            f"{f' aggravée {cotation.gravite_aggravee}' if aggravee else ''} × vraisemblance {cotation.vraisemblance}"
            f"{_median_of(cotation.cotes_vraisemblance)} → niveau {cotation.niveau} "
            f"({_level_label(cotation.niveau, methode)})"
        )
    if cotation.niveau_force is None:
        return read
    label = _level_label(cotation.niveau_force, methode)
    return f"{read}, forcé à {cotation.niveau_force} ({label}) car {quoted(cotation.motif)}"


def base_labels(ids: Iterable[str], analyse: Analyse) -> str:
    """« RGPD-5 (Vérifié sur le texte), LIL-6 (De mémoire, à vérifier) »: never a base without its confidence."""
    labels = analyse.dossier.referentiels.libelles
    bases = {base.id: base for base in analyse.dossier.referentiels.bases.bases}
    return ", ".join(f"{name} ({labels.code(bases[name].confiance.value)})" for name in ids)


def sheet_ideas(regles: Iterable[str], risques: Iterable[str], dossier: Dossier) -> tuple[str, ...]:
    """Ideas of the sheet behind these rules and risks, sorted."""
    wanted = {*regles, *risques}
    holders: tuple[Regle | Risque, ...] = (*dossier.referentiels.regles.regles, *dossier.referentiels.risques.risques)
    return tuple(sorted({idea for holder in holders if holder.id in wanted for idea in holder.fiche}))


def source_versions(dossier: Dossier) -> dict[str, str]:
    return {name: dossier.referentiels.versions[name] for name in SOURCES if name in dossier.referentiels.versions}


def _version(name: str, dossier: Dossier) -> str:
    version = dossier.referentiels.versions.get(name)
    return f" (version {version})" if version else ""


def _trigger_words(applied: RegleAppliquee, dossier: Dossier) -> str:
    if applied.declencheurs == (INTERDICTION,):
        return "car une marque d'interdiction est présente"
    labels = {item.id: item.libelle for item in dossier.referentiels.regles.declencheurs}
    return f"déclenchée par {enumerate_words(quoted(labels.get(mark, mark)) for mark in applied.declencheurs)}"


def _duty_words(applied: RegleAppliquee, dossier: Dossier) -> str:
    regle = applied.regle
    labels = {item.id: item.libelle for item in dossier.referentiels.regles.caracteres}
    label = labels.get(regle.caractere, regle.caractere)
    if regle.caractere != A_TERME:
        return label
    if regle.echeance is None:
        return f"{label}, sans date établie"
    if regle.echeance <= dossier.campagne.date_reference:
        return f"{label}, exigible depuis le {long_date(regle.echeance)} : traitée comme obligatoire"
    mois = dossier.referentiels.methode.echeance_proche_mois
    due = f"{label}, exigible le {long_date(regle.echeance)}"
    return (
        f"{due}, à {mois} mois ou moins : traitée comme obligatoire"
        if applied.oblige
        else f"{due}, à plus de {mois} mois"
    )


def _risk_words(regle: Regle, linked: Sequence[Cotation], methode: MethodeRisques) -> str:
    """The calculation of the linked risks of the highest level, and how many others are rated."""
    leveled = [item for item in linked if item.niveau_retenu is not None]
    if not leveled:
        return f"Aucun des risques liés n'est coté ({', '.join(regle.risques)}) : ils ne sont pas réputés faibles"
    highest = max(item.niveau_retenu or 0 for item in leveled)
    leading = [item for item in leveled if item.niveau_retenu == highest]
    rest = [item.risque for item in linked if item not in leading]
    also = f" ; autres risques liés : {', '.join(rest)}" if rest else ""
    return f"{' ; '.join(calculation(item, methode) for item in leading)}{also}"


def _moment(regle: Regle, dossier: Dossier) -> str:
    labels = {item.id: item.libelle for item in dossier.referentiels.regles.moments}
    return labels.get(regle.moment, regle.moment)


def _class_words(applied: RegleAppliquee, methode: MethodeRisques) -> str:
    delai = next((item.delai for item in methode.classes if item.id == applied.classe), "")
    return f"classe {applied.classe}{f' ({delai})' if delai else ''}, rang {applied.rang} dans ce cas"


def _base_words(regle: Regle, analyse: Analyse) -> str:
    ids = citable_ids(regle, analyse.dossier.referentiels.bases)
    return f"Bases : {base_labels(ids, analyse)}." if ids else ""


def _other_words(others: Sequence[RegleAppliquee]) -> str:
    if not others:
        return ""
    named = (f"{item.cas or 'toute la structure'} ({item.classe})" for item in others)
    return f"Aussi : {', '.join(named)}."


def _median_of(cotes: Sequence[int]) -> str:
    """How the retained rating was read, when several people rated and did not all say the same."""
    if len(set(cotes)) < 2:
        return ""
    return f" (médiane haute de {enumerate_words(str(cote) for cote in cotes)})"


def _level_label(niveau: int, methode: MethodeRisques) -> str:
    return next((item.libelle for item in methode.niveaux if item.niveau == niveau), str(niveau))


def _answers(applied: RegleAppliquee, examen: Examen, linked: Sequence[Cotation]) -> tuple[int, ...]:
    """Ids of every answer that made this line: marks, inventory, aggravants, ratings, overrides, proofs."""
    cas = examen.cas
    marks = (answer for mark in applied.declencheurs for answer in cas.marques.answer_ids(mark))
    ratings = (answer for item in linked for answer in item.reponses)
    aggravants = cas.aggravants_reponses if linked else ()
    return tuple(sorted({*cas.inventaire, *marks, *ratings, *aggravants, *applied.preuve.reponses}))
