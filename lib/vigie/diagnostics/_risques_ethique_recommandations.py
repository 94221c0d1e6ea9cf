"""What to do, in order: stop what is prohibited, decide on what the DGAFP advises against, look for an existing
référentiel, then the rules without proof, class by class.

A rule that several cases trigger is one action, at the rank of the case that raises it most. `priorite` falls with the
class: as many points as there are classes for P1, one for P5, more for what comes before any rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..dossier import Dossier
from ..referentiels.droit import Regle
from ._risques_ethique_analyse import Analyse, Examen
from ._risques_ethique_cas import A_PROSCRIRE, ECARTE, INTERDICTION, Cas
from ._risques_ethique_constats_droit import FICHE_REFERENTIEL, not_compared
from ._risques_ethique_droit import citable_ids
from ._risques_ethique_pourquoi import base_labels, explain, sheet_ideas, source_versions
from ._risques_ethique_regles import A_TERME, RegleAppliquee, sort_key
from ._risques_ethique_reponses import ETAPE
from .phrases import count
from .resultat import Pourquoi, Recommandation
from .typographie import spaced

LIVRABLE = "Référentiel des règles d'éthique"
VERIFIER = "REFERENTIEL"
AVANT_LES_REGLES = {"ARRET": 3, "LEVER": 3, "ECARTER": 2, VERIFIER: 1}
"""Points of `priorite` above the first class."""


def recommend(analyse: Analyse) -> tuple[Recommandation, ...]:
    """Every recommandation, `rang` from 1."""
    lines = (*_stops(analyse), *_advised_against(analyse), *_existing_referentiel(analyse), *_rules(analyse))
    return tuple(replace(line, rang=rang) for rang, line in enumerate(lines, 1))


def _stops(analyse: Analyse) -> Iterator[Recommandation]:
    """Prohibited cases first, then those whose prohibition is not ruled out."""
    regle = _rule(analyse.dossier.referentiels.methode.regle_interdiction, analyse.dossier)
    for cas in analyse.cas:
        if cas.interdit and cas.statut != ECARTE:
            action = f"Arrêtez {cas.nom} et conservez-en les traces."
            reason = f"Une marque d'interdiction est présente ; {regle.id} : aucune cotation ne la rachète."
            yield _about_case("ARRET", cas, action, reason, regle, analyse)
    for cas in analyse.cas:
        if cas.actif and (cas.interdiction_inconnue or cas.interdiction_sans_reponse):
            action = f"Établissez si {cas.nom} relève d'une pratique interdite."
            reason = f"Aucune réponse ne permet de l'exclure ; {regle.id} passe avant toute cotation."
            yield _about_case("LEVER", cas, action, reason, regle, analyse)


def _advised_against(analyse: Analyse) -> Iterator[Recommandation]:
    regle = _rule(analyse.dossier.referentiels.methode.regle_a_proscrire, analyse.dossier)
    for cas in analyse.cas:
        if cas.actif and cas.statut_dgafp == A_PROSCRIRE:
            action = f"Écartez {cas.nom}, ou motivez par écrit son maintien."
            reason = f"La DGAFP classe cet usage « à proscrire » ({regle.id}) : c'est un avis, non une règle de droit."
            yield _about_case("ECARTER", cas, action, reason, regle, analyse)


def _about_case(kind: str, cas: Cas, action: str, reason: str, regle: Regle, analyse: Analyse) -> Recommandation:
    """A line about a whole case, which comes before any rule. It cites the inventory and the prohibition's answers."""
    dossier = analyse.dossier
    bases = citable_ids(regle, dossier.referentiels.bases)
    return Recommandation(
        id=f"{kind}-{cas.id}",
        etape=ETAPE,
        action=spaced(action),
        rang=0,
        priorite=float(len(dossier.referentiels.methode.classes) + AVANT_LES_REGLES[kind]),
        pilote=_pilot(regle.responsable, dossier),
        livrable=LIVRABLE,
        preuve=regle.preuve,
        pourquoi=Pourquoi(
            explication=spaced(f"{reason} Bases : {base_labels(bases, analyse)}."),
            reponses=tuple(sorted({*cas.inventaire, *cas.marques.answer_ids(INTERDICTION)})),
            risques=regle.risques,
            regles=(regle.id,),
            bases=bases,
            fiche=sheet_ideas([regle.id], [], dossier),
            versions=source_versions(dossier),
        ),
    )


def _existing_referentiel(analyse: Analyse) -> Iterator[Recommandation]:
    """Look before writing (F3-11): first whether one exists, then what it already says."""
    existant, missing = analyse.existant, not_compared(analyse)
    if existant.verifie:
        return
    if existant.existe:
        action = f"Comparez au référentiel existant {count(len(missing), 'règle')} qui ne l'ont pas été."
        explication = f"Un référentiel existe ; rien n'est dit de {', '.join(missing)}."
    else:
        action = "Vérifiez s'il existe déjà un référentiel de règles d'éthique avant d'en écrire un."
        explication = "Personne n'a répondu à la question."
    yield Recommandation(
        id=VERIFIER,
        etape=ETAPE,
        action=spaced(action),
        rang=0,
        priorite=float(len(analyse.dossier.referentiels.methode.classes) + AVANT_LES_REGLES[VERIFIER]),
        pilote="",
        livrable=LIVRABLE,
        preuve="",
        pourquoi=Pourquoi(
            explication=spaced(explication),
            reponses=existant.reponses,
            regles=tuple(missing),
            fiche=(FICHE_REFERENTIEL,),
            versions=source_versions(analyse.dossier),
        ),
    )


def _rules(analyse: Analyse) -> Iterator[Recommandation]:
    """Rules without proof in at least one case, in the order of their most pressing case."""
    moments = [moment.id for moment in analyse.dossier.referentiels.regles.moments]
    pending: dict[str, list[tuple[RegleAppliquee, Examen]]] = {}
    for examen in analyse.examens:
        if examen.cas.interdit:
            continue
        for item in examen.regles:
            if not item.preuve.prouvee:
                pending.setdefault(item.regle.id, []).append((item, examen))
    groups = [sorted(group, key=lambda pair: (sort_key(pair[0], moments), pair[0].cas)) for group in pending.values()]
    for group in sorted(groups, key=lambda group: sort_key(group[0][0], moments)):
        yield _about_rule(group, analyse)


def _about_rule(group: list[tuple[RegleAppliquee, Examen]], analyse: Analyse) -> Recommandation:
    (first, examen), *others = group
    regle, dossier = first.regle, analyse.dossier
    classes = [item.id for item in dossier.referentiels.methode.classes]
    return Recommandation(
        id=regle.id,
        etape=ETAPE,
        action=regle.regle,
        rang=0,
        priorite=float(len(classes) - classes.index(first.classe)),
        pilote=_pilot(regle.responsable, dossier),
        livrable=LIVRABLE,
        preuve=regle.preuve,
        pourquoi=explain(first, examen, [item for item, _ in others], analyse),
        echeance=regle.echeance if regle.caractere == A_TERME else None,
    )


def _rule(ident: str, dossier: Dossier) -> Regle:
    return next(regle for regle in dossier.referentiels.regles.regles if regle.id == ident)


def _pilot(responsable: str, dossier: Dossier) -> str:
    """Id of the pilot role whose label names `responsable`; "" when it is not one of the three pilots."""
    word = re.compile(rf"\b{re.escape(responsable)}\b", re.IGNORECASE)
    return next(
        (role.id for role in dossier.referentiels.maturite.roles if role.pilote and word.search(role.libelle)), ""
    )
