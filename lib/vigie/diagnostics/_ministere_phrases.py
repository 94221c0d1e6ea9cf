"""What the ministry must see, and what it is better placed to do once than each structure alone.

Codes of findings: CAS_INTERDIT · PREALABLES · EXCLUSIONS · PARTIEL · BESOINS_MASQUES
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..referentiels import Referentiels
from .phrases import count, enumerate_words
from .resultat import Constat, Pourquoi, Recommandation
from .typographie import spaced

ETAPE = "ministere"
COMMON = 2
"""A need or a rule is common from two structures on: that is what the word means."""


def observe(
    structures: pd.DataFrame, dimensions: pd.DataFrame, exclusions: pd.DataFrame, besoins: pd.DataFrame
) -> tuple[Constat, ...]:
    return tuple(_observe(structures, dimensions, exclusions, besoins))


def recommend(regles: pd.DataFrame, besoins: pd.DataFrame, referentiels: Referentiels) -> tuple[Recommandation, ...]:
    """Rules to write once, then needs to serve together, each in the order of its table."""
    found = [*_rules_once(regles, referentiels), *_needs_together(besoins, referentiels)]
    return tuple(
        Recommandation(
            id=identifier,
            etape=ETAPE,
            action=spaced(action),
            rang=rang,
            priorite=float(weight),
            pilote=pilote,
            livrable=livrable,
            preuve=preuve,
            pourquoi=pourquoi,
        )
        for rang, (identifier, action, weight, pilote, livrable, preuve, pourquoi) in enumerate(found, 1)
    )


def _observe(
    structures: pd.DataFrame, dimensions: pd.DataFrame, exclusions: pd.DataFrame, besoins: pd.DataFrame
) -> Iterator[Constat]:
    stopped = structures[structures["cas_interdits"] > 0]
    if not stopped.empty:
        texte = f"Cas d'usage interdit dans {count(len(stopped), 'structure')}, à arrêter : {_names(stopped['nom'])}."
        yield _said("CAS_INTERDIT", texte, "alerte", stopped)
    waiting = structures[structures["prealables_manquants"] > 0]
    if not waiting.empty:
        texte = "Des préalables manquent dans toutes les structures : aucun outil ne devrait encore ouvrir."
        if len(waiting) < len(structures):
            texte = (
                f"Des préalables manquent dans {count(len(waiting), 'structure')}, aucun outil ne devrait encore y "
                f"ouvrir : {_names(waiting['nom'])}."
            )
        yield _said("PREALABLES", texte, "attention", waiting)
    left_out = exclusions[exclusions["cause"] != "partiel"]
    if not left_out.empty:
        number = left_out["structure"].nunique()
        texte = f"{count(number, 'structure')} sur {len(structures)} ne sont pas entièrement dans cette vue."
        if number == 1:
            texte = f"1 structure sur {len(structures)} n'est pas entièrement dans cette vue."
        yield _said("EXCLUSIONS", texte, "attention", left_out)
    partial = dimensions[dimensions["etat"] != "concluant"]
    if not partial.empty:
        texte = (
            f"{count(len(partial), 'case')} de la matrice sur {len(dimensions)} sans niveau, faute de réponses : elles "
            "restent vides, sans valoir un niveau bas."
        )
        yield _said("PARTIEL", texte, "information", partial)
    masked = besoins[besoins["masquees"] > 0]
    if not masked.empty:
        texte = (
            f"Pour {count(len(masked), 'compétence')}, des structures ont un chiffre masqué (petit effectif) : il "
            "n'entre pas dans la somme, qui est donc un minimum."
        )
        yield Constat("BESOINS_MASQUES", spaced(texte), "information", tuple(masked["competence"]))


def _said(code: str, texte: str, gravite: str, rows: pd.DataFrame) -> Constat:
    return Constat(code, spaced(texte), gravite, tuple(dict.fromkeys(rows["structure"])))


Action = tuple[str, str, float, str, str, str, Pourquoi]


def _rules_once(regles: pd.DataFrame, referentiels: Referentiels) -> Iterator[Action]:
    known = {regle.id: regle for regle in referentiels.regles.regles}
    common = regles[regles["a_ecrire"] >= COMMON]
    for row in common.to_dict("records"):
        identifier, number = str(row["regle"]), int(row["a_ecrire"])
        regle = known.get(identifier)
        explication = (
            f"{identifier} s'applique dans {count(int(row['structures']), 'structure')} ; "
            f"{count(number, 'structure doit', 'structures doivent')} l'écrire : une rédaction commune, puis déclinée."
        )
        yield (
            f"MIN-{identifier}",
            f"Écrivez une fois pour {number} structures : {row['libelle']}",
            number,
            "RH",
            "Référentiel des règles d'éthique, partie commune",
            regle.preuve if regle else "",
            Pourquoi(
                explication=spaced(explication),
                risques=regle.risques if regle else (),
                regles=(identifier,),
                bases=regle.bases if regle else (),
                fiche=("F3-12", *(regle.fiche if regle else ())),
                versions=_versions(referentiels, "regles", "risques", "bases_juridiques", "fiche"),
            ),
        )


def _needs_together(besoins: pd.DataFrame, referentiels: Referentiels) -> Iterator[Action]:
    common = besoins[(besoins["structures"] >= COMMON) & (besoins["rang_min"] == 1)]
    for row in common.to_dict("records"):
        number = int(row["structures"])
        known = "" if pd.isna(row["besoin"]) else f", au moins {count(int(row['besoin']), 'agent')}"
        explication = f"Rang 1 dans au moins une structure, besoin dans {count(number, 'structure')}{known}."
        yield (
            f"MIN-{row['competence']}",
            f"Organisez ensemble la formation à {row['competence']} {row['libelle']}, pour {number} structures",
            float(number),
            "FOR",
            "Plan de formation de l'entité de rattachement",
            "Sessions communes et niveau mesuré après la formation",
            Pourquoi(
                explication=spaced(explication),
                competences=(str(row["competence"]),),
                fiche=("F3-04", "F3-05"),
                versions=_versions(referentiels, "competences", "niveaux_requis", "fiche"),
            ),
        )


def _versions(referentiels: Referentiels, *names: str) -> dict[str, str]:
    return {name: referentiels.versions[name] for name in names}


def _names(values: pd.Series) -> str:
    return enumerate_words(str(value) for value in values)
