"""Use cases present, what each does, its risks, the rules already held (law-ethics, 4.2).

Pages grow with the inventory: a use case declared by anyone in the structure gets its own pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.typographie import lower_first
from ..referentiels.droit import Regle, Risque
from ._communs import Chantier
from .faits import CasPresent
from .modele import Champ, Complement, Echelle, Option, Page, Question

STATUTS = ("en_service", "pilote", "projet", "ecarte")
REPRIS = ("oui", "partiel", "non")
REFERENTIEL, STRUCTURE = "referentiel", ""
TOUJOURS, INTERDICTION = "toujours", "interdiction"
EXISTANT = "F3-11"
"""The idea of the sheet that asks whether a référentiel exists already."""


def risk_pages(chantier: Chantier) -> Iterator[Page]:
    """The inventory for everyone; ratings, rules and the existing référentiel for the roles that answer for them."""
    roles = chantier.referentiels.formulaires.risques
    yield from _inventory(chantier)
    if chantier.role in roles.roles_cotation:
        for cas in chantier.faits.cas:
            yield _marks(chantier, cas)
            yield from _ratings(chantier, cas)
    if chantier.role in roles.roles_regles:
        yield from _rules(chantier)
    if chantier.role in roles.roles_referentiel:
        yield from _existing(chantier)


def _inventory(chantier: Chantier) -> Iterator[Page]:
    formulaires = chantier.referentiels.formulaires
    usages = chantier.referentiels.cas_usages
    questions = tuple(
        Question(
            cas.id,
            cas.libelle,
            (_status(chantier, cas.id, "nom_cas"),),
            aide=tuple(
                text
                for text in (chantier.enonce("classement", statut=chantier.code(cas.statut)), cas.avertissement)
                if text
            ),
        )
        for cas in usages.cas_usage
    )
    texte = formulaires.pages["usages"]
    yield Page("usages", texte.titre, questions, (texte.texte, usages.avertissement), facultative=True)
    locaux = tuple(
        Question(id_, chantier.enonce("autre_usage", numero=str(number)), (_status(chantier, id_, "nom_cas_local"),))
        for number in range(1, formulaires.limites.cas_locaux + 1)
        for id_ in [f"L{number:02d}"]
    )
    texte = formulaires.pages["autres_usages"]
    yield Page("autres_usages", texte.titre, locaux, (texte.texte,), facultative=True)


def _status(chantier: Chantier, objet: str, texte: str) -> Champ:
    options = tuple(Option(code, chantier.code(code)) for code in STATUTS)
    nom = chantier.complement("commentaire", texte, court=True)
    return Champ(objet, "statut", "inventaire", "choix", options=options, en_ligne=True, complements=(nom,))


def _marks(chantier: Chantier, cas: CasPresent) -> Page:
    texte = chantier.referentiels.formulaires.pages["marques"]
    regles = {regle.id: regle for regle in chantier.referentiels.regles.regles}
    interdite = regles[chantier.referentiels.methode.regle_interdiction]
    note = (chantier.complement("commentaire"),)
    questions = [
        Question(
            f"{cas.id}-{INTERDICTION}",
            chantier.enonce("interdiction"),
            (chantier.yes_no(cas.id, INTERDICTION, "marque", complements=note),),
            pourquoi=chantier.why(interdite.fiche, regles=[interdite]),
        )
    ]
    for marque in chantier.referentiels.regles.declencheurs:
        if marque.id != TOUJOURS:
            champ = chantier.yes_no(cas.id, marque.id, "marque", complements=note)
            questions.append(Question(f"{cas.id}-{marque.id}", marque.libelle, (champ,)))
    for aggravant in chantier.referentiels.methode.aggravants:
        champ = chantier.yes_no(cas.id, aggravant.id, "aggravant", complements=note)
        enonce = chantier.enonce("aggravant", libelle=aggravant.libelle)
        questions.append(Question(f"{cas.id}-{aggravant.id}", enonce, (champ,)))
    titre = f"{cas.libelle} : {lower_first(texte.titre)}"
    return Page(f"{cas.id}-marques", titre, tuple(questions), (texte.texte,))


def _ratings(chantier: Chantier, cas: CasPresent) -> Iterator[Page]:
    """One category of risks a page; those that the marks of the case do not call are there, but do not count."""
    texte = chantier.referentiels.formulaires.pages["risques_cas"]
    called = _called(chantier, cas)
    for categorie in chantier.referentiels.risques.categories:
        risques = [one for one in chantier.referentiels.risques.risques if one.categorie == categorie.id]
        questions = tuple(_risk(chantier, cas, risque, risque.id in called) for risque in risques)
        if questions:
            yield Page(
                f"{cas.id}-{categorie.id}",
                f"{cas.libelle} : {lower_first(texte.titre)}, {lower_first(categorie.libelle)}",
                tuple(sorted(questions, key=lambda question: question.facultative)),
                (texte.texte,),
                echelles=_scales(chantier),
            )


def _called(chantier: Chantier, cas: CasPresent) -> set[str]:
    """Risks that a rule triggered by the marks of the case deals with."""
    marques = set(cas.marques) - {TOUJOURS}
    return {
        risque
        for regle in chantier.referentiels.regles.regles
        if marques & set(regle.declencheur)
        for risque in regle.risques
    }


def _risk(chantier: Chantier, cas: CasPresent, risque: Risque, called: bool) -> Question:
    champs = chantier.referentiels.formulaires.champs
    argument = (chantier.complement("commentaire", "argument"),)
    methode = chantier.referentiels.methode
    by_id = {regle.id: regle for regle in chantier.referentiels.regles.regles}
    return Question(
        f"{cas.id}-{risque.id}",
        risque.libelle,
        (
            _rating(cas, risque, "gravite", methode.gravite, champs["gravite"].libelle),
            _rating(cas, risque, "vraisemblance", methode.vraisemblance, champs["vraisemblance"].libelle, argument),
        ),
        aide=(risque.description,),
        pourquoi=chantier.why(risque.fiche, regles=[by_id[id_] for id_ in risque.regles if id_ in by_id]),
        facultative=not called,
    )


def _rating(
    cas: CasPresent,
    risque: Risque,
    mesure: str,
    echelle: Mapping[Any, str],
    libelle: str,
    complements: tuple[Complement, ...] = (),
) -> Champ:
    options = tuple(Option(str(level), _scale_line(level, text)[0]) for level, text in echelle.items())
    return Champ(
        *(cas.id, risque.id, mesure, "choix"),
        libelle=libelle,
        options=options,
        ne_sait_pas=True,
        en_ligne=True,
        complements=complements,
    )


def _scales(chantier: Chantier) -> tuple[Echelle, ...]:
    champs, methode = chantier.referentiels.formulaires.champs, chantier.referentiels.methode
    return tuple(
        Echelle(champs[nom].libelle, tuple(_scale_line(level, text) for level, text in echelle.items()))
        for nom, echelle in (("gravite", methode.gravite), ("vraisemblance", methode.vraisemblance))
    )


def _scale_line(level: int, text: str) -> tuple[str, str]:
    """« 2. Limitée » and the rest of the sentence."""
    nom, _, sens = text.partition(" : ")
    return f"{level}. {nom}", sens


def _rules(chantier: Chantier) -> Iterator[Page]:
    """Rules that apply here, one moment of a use's life a page."""
    texte = chantier.referentiels.formulaires.pages["regles"]
    applicable = {TOUJOURS, *(marque for cas in chantier.faits.cas for marque in cas.marques)}
    for moment in chantier.referentiels.regles.moments:
        regles = [
            regle
            for regle in chantier.referentiels.regles.regles
            if regle.moment == moment.id and applicable & set(regle.declencheur)
        ]
        if regles:
            questions = tuple(_held(chantier, regle) for regle in regles)
            titre = f"{texte.titre} : {lower_first(moment.libelle)}"
            yield Page(f"regles-{moment.id}", titre, questions, (texte.texte,))


def _held(chantier: Chantier, regle: Regle) -> Question:
    champs = chantier.referentiels.formulaires.champs
    document = (chantier.complement("preuve", court=True), chantier.complement("commentaire"))
    target = (STRUCTURE, regle.id)
    return Question(
        regle.id,
        regle.regle,
        (
            chantier.yes_no(*target, "preuve", libelle=champs["preuve_regle"].libelle, complements=document),
            chantier.yes_no(*target, "critere", libelle=champs["critere_regle"].libelle, aide=regle.critere),
        ),
        preuve_attendue=regle.preuve,
        pourquoi=chantier.why(regle.fiche, regles=[regle]),
    )


def _existing(chantier: Chantier) -> Iterator[Page]:
    formulaires = chantier.referentiels.formulaires
    texte = formulaires.pages["referentiel"]
    complements = (
        chantier.complement("preuve", court=True),
        chantier.complement("commentaire", "reference_acte", court=True),
    )
    champ = chantier.yes_no(REFERENTIEL, "existe", "referentiel", complements=complements)
    enonce = chantier.enonce("referentiel_existe")
    question = Question("referentiel", enonce, (champ,), pourquoi=chantier.why([EXISTANT]))
    yield Page("referentiel", texte.titre, (question,), (texte.texte,))
    if not chantier.faits.referentiel_existe:
        return
    texte = formulaires.pages["reprises"]
    options = tuple(Option(code, chantier.code(code)) for code in REPRIS)
    for moment in chantier.referentiels.regles.moments:
        questions = tuple(
            Question(f"repris-{regle.id}", regle.regle, (champ,))
            for regle in chantier.referentiels.regles.regles
            if regle.moment == moment.id
            for champ in [
                Champ(REFERENTIEL, regle.id, "repris", "choix", options=options, ne_sait_pas=True, en_ligne=True)
            ]
        )
        if questions:
            titre = f"{texte.titre} : {lower_first(moment.libelle)}"
            yield Page(f"reprises-{moment.id}", titre, questions, (texte.texte,))
