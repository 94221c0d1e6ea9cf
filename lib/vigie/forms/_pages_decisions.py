"""What is decided by those who answer for it (modules of the plan, validations), and the report of a misuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..collecte.mesures import AUCUN_MODULE, ETATS_VALIDATION, VALIDATION
from ..referentiels.gouvernance import ChampSignalement, Route
from ..rendering.livrables.gabarits import read_templates
from ..rendering.pourquoi import base_reference, confidence_mark
from ._communs import NON, OUI, Chantier
from .modele import Champ, Condition, Forme, Option, Page, Question

SIGNALEMENT_CHAMP = "champ"
ANONYME, NOMME = "anonyme", "nomme"
NE_SAIT_PAS = "ne_sait_pas"
IDENTITE, AIGUILLER = "identite", "aiguiller"


def plan_pages(chantier: Chantier) -> Iterator[Page]:
    """One need a question; the tool proposes, a person chooses and says why (F3-09)."""
    texte = chantier.referentiels.formulaires.pages["modules"]
    motif = chantier.complement("commentaire", "motif_choix")
    aucun = Option(AUCUN_MODULE, chantier.enonce("aucun_module"))
    questions = tuple(
        Question(
            proposition.competence,
            proposition.libelle,
            (
                Champ(
                    *("", proposition.competence, "module", "choix"),
                    options=(*(Option(one.id, one.titre, one.detail) for one in proposition.modules), aucun),
                    complements=(motif,),
                    motif_requis=True,
                ),
            ),
            aide=(chantier.enonce("publics", publics=proposition.publics),) if proposition.publics else (),
        )
        for proposition in chantier.faits.propositions
    )
    if questions:
        yield Page("modules", texte.titre, questions, (texte.texte,))


def validation_pages(chantier: Chantier) -> Iterator[Page]:
    """One step a page: the step itself, then its documents that are acts of their own."""
    gabarits = read_templates()
    for etape in chantier.referentiels.formulaires.validation.etapes:
        faite = etape.etape in chantier.faits.etapes_faites
        objets = {"": chantier.enonce("etape_entiere"), **{id_: gabarits[id_].titre for id_ in etape.livrables}}
        questions = tuple(
            Question(f"{etape.etape}-{objet or 'etape'}", titre, (_decision(chantier, objet, etape.etape),))
            for objet, titre in objets.items()
        )
        texte = () if faite else (chantier.enonce("etape_sans_resultat"),)
        yield Page(etape.etape, chantier.code(etape.etape), questions, texte, facultative=not faite)


def _decision(chantier: Chantier, objet: str, etape: str) -> Champ:
    options = tuple(Option(code, chantier.code(f"decision_{code}")) for code in reversed(ETATS_VALIDATION))
    reserve = (chantier.complement("commentaire", "reserve"),)
    return Champ(objet, etape, VALIDATION, "choix", options=options, en_ligne=True, complements=reserve)


def report_pages(chantier: Chantier) -> Iterator[Page]:
    """The facts, then who speaks and which way is wished for (law-ethics, 5.4)."""
    formulaires = chantier.referentiels.formulaires
    asked = {champ.id: champ for champ in chantier.referentiels.gouvernance.signalement.champs}
    forme = formulaires.signalement
    texte = formulaires.pages["signalement_faits"]
    facts = tuple(_fact(chantier, asked[id_]) for id_ in forme.champs_faits)
    yield Page("faits", texte.titre, facts, (texte.texte,) if texte.texte else ())
    texte = formulaires.pages["signalement_voie"]
    declarant, voie = (asked[id_] for id_ in forme.champs_voie)
    yield Page("voie", texte.titre, (_author(chantier, declarant), _route(chantier, voie)), (texte.texte,))


def _fact(chantier: Chantier, champ: ChampSignalement) -> Question:
    forme, limites = chantier.referentiels.formulaires.signalement, chantier.referentiels.formulaires.limites
    if champ.id in forme.oui_non:
        options = tuple(Option(code, chantier.code(code)) for code in (OUI, NON, NE_SAIT_PAS))
        return Question(champ.id, champ.libelle, (_field(champ, "choix", options=options, en_ligne=True),))
    if champ.id in forme.longs:
        field = _field(champ, "texte_long", limite=limites.texte)
    else:
        field = _field(champ, "texte", limite=limites.texte_court)
    return Question(champ.id, champ.libelle, (field,), aide=(champ.aide,))


def _field(champ: ChampSignalement, forme: Forme, **more: Any) -> Champ:
    obligatoire = champ.obligatoire
    return Champ("", champ.id, SIGNALEMENT_CHAMP, forme, requis=obligatoire, obligatoire=obligatoire, **more)


def _author(chantier: Chantier, champ: ChampSignalement) -> Question:
    forme, limites = chantier.referentiels.formulaires.signalement, chantier.referentiels.formulaires.limites
    choice = Champ(
        *("", champ.id, SIGNALEMENT_CHAMP, "choix"),
        options=(Option(ANONYME, forme.anonyme), Option(NOMME, forme.nomme)),
        obligatoire=True,
    )
    identite = Champ(
        *("", IDENTITE, SIGNALEMENT_CHAMP, "texte"),
        libelle=forme.identite.libelle,
        aide=forme.identite.aide,
        limite=limites.texte_court,
        obligatoire=True,
        si=Condition(choice.cle, (NOMME,)),
    )
    return Question(champ.id, champ.libelle, (choice, identite))


def _route(chantier: Chantier, champ: ChampSignalement) -> Question:
    routes = chantier.referentiels.gouvernance.signalement.routes
    options = (
        Option(AIGUILLER, chantier.referentiels.formulaires.signalement.aiguiller),
        *(Option(route.id, route.nature, _route_line(chantier, route)) for route in routes),
    )
    field = Champ("", champ.id, SIGNALEMENT_CHAMP, "choix", options=options, requis=False)
    return Question(champ.id, champ.libelle, (field,), aide=(champ.aide,))


def _route_line(chantier: Chantier, route: Route) -> str:
    """Who receives it, within what delay, on which base; what was not checked says so."""
    codes = chantier.referentiels.libelles.codes
    bases = [base for base in chantier.referentiels.bases.bases if base.id in route.bases]
    droit = " ; ".join(base_reference(base, codes) for base in bases)
    delai = f"{route.delai.texte}{confidence_mark(route.delai.confiance or '', codes)}"
    if route.delai.nature == "propose":
        delai += f" ({chantier.enonce('propose')})"
    line = chantier.enonce("voie", libelle=route.libelle, destinataire=route.destinataire, delai=delai, bases=droit)
    return f"{line} {route.reserve}." if route.reserve else line
