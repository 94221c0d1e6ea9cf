"""Answers of the risk step: inventory of the use cases, marks, ratings, proofs, and the référentiel in force.

Use cases and their ratings are written in the scenario: a consultant must recognise them. Only the small differences
between raters are drawn, and always so that the median of three stays what the scenario says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from .alea import Alea
from .contenu import Cas, Contenu, ReferentielEthique, StructureFictive
from .reponse import Repondant, Reponse

MARQUES_CONNUES = "toujours"
"""The trigger that nobody is asked about: it is always on."""


def draw_risques(
    contenu: Contenu, structure: StructureFictive, repondants: list[Repondant], alea: Alea
) -> list[Reponse]:
    """The whole step for one structure; nothing when nobody answers."""
    par_role: dict[str, Repondant] = {}
    for repondant in repondants:
        if repondant.exprime:
            par_role.setdefault(repondant.role, repondant)
    if not par_role:
        return []
    tenant = par_role.get("RH") or next(iter(par_role.values()))
    juriste = par_role.get("JUR") or tenant
    reponses: list[Reponse] = []
    for cas in structure.cas:
        reponses += _case(contenu, cas, par_role, tenant, juriste, alea.branch("cas", cas.objet))
    reponses += _whole_structure(contenu, structure, tenant)
    if structure.referentiel:
        reponses += _existing(structure.referentiel, juriste)
    return reponses


def _case(
    contenu: Contenu, cas: Cas, par_role: dict[str, Repondant], tenant: Repondant, juriste: Repondant, alea: Alea
) -> Iterator[Reponse]:
    yield _row(tenant, cas.objet, "statut", "inventaire", cas.statut, commentaire=cas.nom)
    if cas.marques or cas.cotes:
        for marque in [*(item.id for item in contenu.referentiels.regles.declencheurs), "interdiction"]:
            if marque != MARQUES_CONNUES:
                yield _row(juriste, cas.objet, marque, "marque", "oui" if marque in cas.marques else "non")
        for aggravant in contenu.referentiels.methode.aggravants:
            oui = aggravant.id in cas.aggravants
            yield _row(juriste, cas.objet, aggravant.id, "aggravant", "oui" if oui else "non")
    yield from _ratings(contenu, cas, par_role, alea)
    yield from _proofs(contenu, cas.objet, cas.prouvees, cas.sans_critere, tenant)
    for risque, forcage in cas.forcages.items():
        consultant = par_role["CONSULTANT"]
        yield _row(consultant, cas.objet, risque, "forcage", str(forcage.niveau), commentaire=forcage.motif)


def _ratings(contenu: Contenu, cas: Cas, par_role: dict[str, Repondant], alea: Alea) -> Iterator[Reponse]:
    """Each rater in turn; at most one of them departs from the scenario, by one notch, on one risk in five."""
    coteurs = [par_role[role] for role in cas.coteurs if role in par_role]
    for risque, cote in cas.cotes.items():
        gravite, vraisemblance = map(int, cote.split("/"))
        propre = alea.branch(risque)
        ecarts = cas.ecarts.get(risque, {})
        nuance = propre.integer(0, len(coteurs) - 1) if len(coteurs) > 2 and not ecarts and propre.chance(0.2) else -1
        for rang, coteur in enumerate(coteurs):
            g, v = map(int, ecarts[coteur.role].split("/")) if coteur.role in ecarts else (gravite, vraisemblance)
            if rang == nuance:
                v = max(1, v - 1) if propre.chance(0.5) else min(4, v + 1)
            argument = propre.choice(contenu.textes.arguments) if ecarts or propre.chance(0.12) else ""
            yield _row(coteur, cas.objet, risque, "gravite", str(g), commentaire=argument)
            yield _row(coteur, cas.objet, risque, "vraisemblance", str(v))


def _proofs(
    contenu: Contenu, objet: str, prouvees: tuple[str, ...], sans_critere: tuple[str, ...], tenant: Repondant
) -> Iterator[Reponse]:
    mois = cycle(range(1, 11))
    for regle in (*prouvees, *sans_critere):
        document = contenu.textes.documents_regles.get(regle, "Pièce transmise par le service RH")
        preuve = f"{document} ({next(mois):02d}/2026)"
        yield _row(tenant, objet, regle, "preuve", "oui", preuve=preuve)
        yield _row(tenant, objet, regle, "critere", "oui" if regle in prouvees else "non")


def _whole_structure(contenu: Contenu, structure: StructureFictive, tenant: Repondant) -> Iterator[Reponse]:
    """Rules that hold for the whole structure, proven or known to be missing."""
    yield from _proofs(contenu, "", structure.regles_prouvees, (), tenant)
    for regle in structure.regles_absentes:
        yield _row(tenant, "", regle, "preuve", "non")


def _existing(referentiel: ReferentielEthique, juriste: Repondant) -> Iterator[Reponse]:
    """The référentiel in force, rule by rule (F3-11), or the statement that there is none."""
    yield _row(
        juriste,
        "referentiel",
        "existe",
        "referentiel",
        "oui" if referentiel.existe else "non",
        commentaire=referentiel.commentaire,
        preuve=referentiel.preuve,
    )
    for choix, regles in (("oui", referentiel.oui), ("partiel", referentiel.partiel), ("non", referentiel.non)):
        for regle in regles:
            yield _row(juriste, "referentiel", regle, "repris", choix)


def _row(
    repondant: Repondant, objet: str, cible: str, mesure: str, valeur: str, commentaire: str = "", preuve: str = ""
) -> Reponse:
    return Reponse(
        repondant.structure,
        repondant.id,
        repondant.role,
        "risques_ethique",
        objet,
        cible,
        mesure,
        "niveau",
        valeur,
        commentaire,
        preuve,
        date=repondant.date,
    )
