"""Ids: unique where they are declared, declared where they are cited, and every idea of the sheet reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...errors import Anomalie
from ..anomalies import close_match
from .accompagnement import cited_by_support, support_kinds
from .citations import Citation, Kind, ids_of
from .formations import cited_by_training, training_kinds
from .restitution import cited_by_restitution, restitution_kinds

if TYPE_CHECKING:
    from .. import Referentiels


def check_unique_ids(referentiels: Referentiels) -> Iterator[Anomalie]:
    for kind in declared(referentiels).values():
        for id_, nombre in Counter(kind.ids).items():
            if nombre > 1:
                yield Anomalie(
                    f"l'identifiant « {id_} » est déclaré {nombre} fois",
                    kind.fichier,
                    id_,
                    f"un identifiant par {kind.libelle}",
                    "donnez un identifiant nouveau à l'un des deux",
                )


def check_citations(referentiels: Referentiels) -> Iterator[Anomalie]:
    kinds = declared(referentiels)
    for citation in citations(referentiels):
        kind = kinds[citation.genre]
        for id_ in citation.ids:
            if id_ not in kind.ids:
                yield _unknown(citation, kind, id_)
        for id_, nombre in Counter(citation.ids).items():
            if nombre > 1:
                yield Anomalie(
                    f"« {citation.cle} » cite {nombre} fois « {id_} »",
                    f"{citation.fichier}, {citation.porteur}",
                    id_,
                    "une seule fois chaque identifiant",
                    "retirez la répétition",
                )


def check_ideas_reached(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Each idea of the sheet is served by an item, a dimension, a competence, a job family, a risk, a rule, a
    vigilance point, or something of the governance, of the support and of the training plan."""
    reached = {id_ for citation in citations(referentiels) if citation.genre == "fiche" for id_ in citation.ids}
    for idee in referentiels.fiche.idees:
        if idee.id not in reached:
            yield Anomalie(
                f"rien ne répond à l'idée « {idee.id} » de la fiche",
                f"fiche.yaml, {idee.id}",
                idee.idee,
                "au moins un item, une compétence, une règle ou un point de vigilance qui la cite",
                f"ajoutez {idee.id} à la clé « fiche » de ce qui y répond",
            )


def declared(referentiels: Referentiels) -> Mapping[str, Kind]:
    """Kind of id → where it is declared and which ids there are."""
    ref, mat, com = referentiels, referentiels.maturite, referentiels.competences
    return {
        "fiche": Kind("idée", "fiche.yaml", ids_of(ref.fiche.idees)),
        "problematique": Kind("problématique", "fiche.yaml", ids_of(ref.fiche.problematiques)),
        "vigilance": Kind("point de vigilance", "vigilances.yaml", ids_of(ref.vigilances.vigilances)),
        "role": Kind("rôle", "maturite.yaml", ids_of(mat.roles)),
        "dimension": Kind("dimension", "maturite.yaml", ids_of(mat.dimensions)),
        "item": Kind("item", "maturite.yaml", ids_of(item for dim in mat.dimensions for item in dim.items)),
        "echo": Kind("item de l'écho", "maturite.yaml", ids_of(mat.echo.items)),
        "situation": Kind("situation", "maturite.yaml", ids_of(mat.cotation.situations)),
        "famille": Kind("famille de compétences", "competences.yaml", ids_of(com.familles)),
        "competence": Kind("compétence", "competences.yaml", ids_of(com.competences)),
        "garde_fou": Kind("garde-fou", "competences.yaml", ids_of(com.garde_fous)),
        "mode_preuve": Kind("mode de preuve", "competences.yaml", ids_of(com.cotation.preuves)),
        "action": Kind("sorte d'action", "competences.yaml", ids_of(com.actions)),
        "public": Kind("public", "niveaux_requis.yaml", ids_of(ref.niveaux_requis.publics)),
        "classe": Kind("classe d'exposition", "metiers.yaml", ids_of(ref.metiers.classes)),
        "metier": Kind("famille de métiers", "metiers.yaml", ids_of(ref.metiers.metiers)),
        "tache": Kind("tâche", "metiers.yaml", ids_of(t for metier in ref.metiers.metiers for t in metier.taches)),
        "source": Kind("source", "bases_juridiques.yaml", tuple(source.code for source in ref.bases.sources)),
        "base": Kind("base juridique", "bases_juridiques.yaml", ids_of(ref.bases.bases)),
        "categorie": Kind("catégorie", "risques.yaml", ids_of(ref.risques.categories)),
        "processus": Kind("processus", "risques.yaml", ids_of(ref.risques.processus)),
        "risque": Kind("risque", "risques.yaml", ids_of(ref.risques.risques)),
        "declencheur": Kind("déclencheur", "regles.yaml", ids_of(ref.regles.declencheurs)),
        "moment": Kind("moment", "regles.yaml", ids_of(ref.regles.moments)),
        "caractere": Kind("caractère", "regles.yaml", ids_of(ref.regles.caracteres)),
        "regle": Kind("règle", "regles.yaml", ids_of(ref.regles.regles)),
        "aggravant": Kind("aggravant", "methode_risques.yaml", ids_of(ref.methode.aggravants)),
        "classe_regle": Kind("classe de règles", "methode_risques.yaml", ids_of(ref.methode.classes)),
        "cas_usage": Kind("cas d'usage", "cas_usage.yaml", ids_of(ref.cas_usages.cas_usage)),
        **support_kinds(ref),
        **training_kinds(ref),
        **restitution_kinds(ref),
    }


def citations(referentiels: Referentiels) -> Iterator[Citation]:
    """Every place where an id of another entry is cited."""
    yield from _cited_by_maturite(referentiels)
    yield from _cited_by_competences(referentiels)
    yield from _cited_by_droit(referentiels)
    yield from cited_by_support(referentiels)
    yield from cited_by_training(referentiels)
    yield from cited_by_restitution(referentiels)


def _cited_by_maturite(referentiels: Referentiels) -> Iterator[Citation]:
    fichier, maturite = "maturite.yaml", referentiels.maturite
    for dimension in maturite.dimensions:
        yield Citation(fichier, dimension.id, "fiche", "fiche", dimension.fiche)
        for item in dimension.items:
            yield Citation(fichier, item.id, "fiche", "fiche", item.fiche)
            yield Citation(fichier, item.id, "roles", "role", item.roles)
    for echo in maturite.echo.items:
        yield Citation(fichier, echo.id, "fiche", "fiche", echo.fiche)
        yield Citation(fichier, echo.id, "dimension", "dimension", (echo.dimension,))
    cotation = maturite.cotation
    for cle in ("meconnaissance_roles_exclus", "roles_decideurs", "roles_agents"):
        yield Citation(fichier, "cotation", cle, "role", getattr(cotation, cle))
    yield Citation(fichier, "cotation", "prealables", "item", tuple(p.item for p in cotation.prealables))


def _cited_by_competences(referentiels: Referentiels) -> Iterator[Citation]:
    fichier, competences = "competences.yaml", referentiels.competences
    for competence in competences.competences:
        yield Citation(fichier, competence.id, "famille", "famille", (competence.famille,))
        yield Citation(fichier, competence.id, "fiche", "fiche", competence.fiche)
    for action in competences.actions:
        yield Citation(fichier, f"actions, {action.id}", "fiche", "fiche", action.fiche)
    cotation = competences.cotation
    yield Citation(fichier, "cotation", "rang1_classes", "classe", cotation.rang1_classes)
    yield Citation(fichier, "cotation", "rang1_publics", "public", cotation.rang1_publics)
    for public, voisins in cotation.voisins.items():
        yield Citation(fichier, "cotation", "voisins", "public", (public,))
        yield Citation(fichier, "cotation", f"voisins.{public}", "public", voisins)
    for classe in referentiels.metiers.classes:
        yield Citation("metiers.yaml", classe.id, "public", "public", (classe.public,))
    for metier in referentiels.metiers.metiers:
        yield Citation("metiers.yaml", metier.id, "fiche", "fiche", metier.fiche)
        yield Citation("metiers.yaml", metier.id, "requis", "competence", tuple(metier.requis))
        if metier.classe_depart is not None:
            yield Citation("metiers.yaml", metier.id, "classe_depart", "classe", (metier.classe_depart,))
    for id_, par_public in referentiels.niveaux_requis.requis.items():
        yield Citation("niveaux_requis.yaml", "requis", id_, "competence", (id_,))
        yield Citation("niveaux_requis.yaml", id_, "requis", "public", tuple(par_public))


def _cited_by_droit(referentiels: Referentiels) -> Iterator[Citation]:
    for base in referentiels.bases.bases:
        yield Citation("bases_juridiques.yaml", base.id, "sources", "source", base.sources)
    for risque in referentiels.risques.risques:
        fichier = "risques.yaml"
        yield Citation(fichier, risque.id, "categorie", "categorie", (risque.categorie,))
        yield Citation(fichier, risque.id, "processus", "processus", risque.processus)
        yield Citation(fichier, risque.id, "regles", "regle", risque.regles)
        yield Citation(fichier, risque.id, "fiche", "fiche", risque.fiche)
    for regle in referentiels.regles.regles:
        fichier = "regles.yaml"
        yield Citation(fichier, regle.id, "declencheur", "declencheur", regle.declencheur)
        yield Citation(fichier, regle.id, "risques", "risque", regle.risques)
        yield Citation(fichier, regle.id, "bases", "base", regle.bases)
        yield Citation(fichier, regle.id, "moment", "moment", (regle.moment,))
        yield Citation(fichier, regle.id, "caractere", "caractere", (regle.caractere,))
        yield Citation(fichier, regle.id, "fiche", "fiche", regle.fiche)
    methode = referentiels.methode
    yield Citation("methode_risques.yaml", "methode", "moments_avant", "moment", methode.moments_avant)
    for cle, genre in (
        ("regle_interdiction", "regle"),
        ("regle_a_proscrire", "regle"),
        ("risque_sans_projet", "risque"),
    ):
        yield Citation("methode_risques.yaml", "methode", cle, genre, (getattr(methode, cle),))
    for cas in referentiels.cas_usages.cas_usage:
        yield Citation("cas_usage.yaml", cas.id, "marques", "declencheur", cas.marques)


def _unknown(citation: Citation, kind: Kind, id_: str) -> Anomalie:
    proche = close_match(id_, kind.ids)
    return Anomalie(
        f"« {citation.cle} » cite « {id_} », qui n'existe pas",
        f"{citation.fichier}, {citation.porteur}",
        id_,
        f"l'identifiant d'une entrée de {kind.fichier} ({kind.libelle})",
        f"écrivez « {proche} » ?" if proche else "corrigez l'identifiant ou ajoutez l'entrée",
    )
