"""What the ministry is better placed to do once than each structure alone: rules, its own acts, modules, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from ..referentiels import Referentiels
from ._ministere_communs import COMMUN
from .phrases import count, enumerate_words
from .resultat import Pourquoi, Recommandation
from .typographie import spaced

ETAPE = "ministere"


def recommend(
    regles: pd.DataFrame,
    heritage: pd.DataFrame,
    besoins: pd.DataFrame,
    sessions: pd.DataFrame,
    creations: pd.DataFrame,
    referentiels: Referentiels,
) -> tuple[Recommandation, ...]:
    """Rules to write once, acts to apply, modules to create once, sessions to share, needs to serve together; each in
    the order of its table."""
    lines = (
        *_rules_once(regles, heritage, referentiels),
        *_acts_applied(heritage, referentiels),
        *_modules_once(creations, referentiels),
        *_sessions_shared(sessions, referentiels),
        *_needs_together(besoins, referentiels),
    )
    return tuple(replace(line, rang=rang) for rang, line in enumerate(lines, 1))


def _rules_once(regles: pd.DataFrame, heritage: pd.DataFrame, referentiels: Referentiels) -> Iterator[Recommandation]:
    """A rule that an act of the ministry already holds is not written again."""
    known = {regle.id: regle for regle in referentiels.regles.regles}
    common = regles[(regles["a_ecrire"] >= COMMUN) & ~regles["regle"].isin(heritage["regle"])]
    for row in common.to_dict("records"):
        identifier, number = str(row["regle"]), int(row["a_ecrire"])
        regle = known.get(identifier)
        explication = (
            f"{identifier} s'applique dans {count(int(row['structures']), 'structure')} ; "
            f"{count(number, 'structure doit', 'structures doivent')} l'écrire : une rédaction commune, puis déclinée."
        )
        yield _line(
            f"MIN-{identifier}",
            f"Écrivez une fois pour {number} structures : {row['libelle']}",
            float(number),
            "RH",
            "Référentiel des règles d'éthique, partie commune",
            regle.preuve if regle else "",
            Pourquoi(
                explication=spaced(explication),
                risques=regle.risques if regle else (),
                regles=(identifier,),
                bases=regle.bases if regle else (),
                fiche=tuple(dict.fromkeys(("F3-12", *(regle.fiche if regle else ())))),
                versions=_versions(referentiels, "regles", "risques", "bases_juridiques", "fiche"),
            ),
        )


def _acts_applied(heritage: pd.DataFrame, referentiels: Referentiels) -> Iterator[Recommandation]:
    """One line an act whose rules are not proven everywhere they apply."""
    known = {regle.id: regle for regle in referentiels.regles.regles}
    for position, (document, group) in enumerate(heritage.groupby("document", sort=False), 1):
        left = group[group["a_prouver"] != ""]
        if left.empty:
            continue
        where = {name for names in left["a_prouver"] for name in str(names).split()}
        rules = tuple(str(one) for one in left["regle"])
        bases = tuple(dict.fromkeys(base for one in rules if one in known for base in known[one].bases))
        yield _line(
            f"MIN-ACTE-{position}",
            f"Faites appliquer « {document} » par {count(len(where), 'structure')} : elles s'y réfèrent et le prouvent",
            float(len(where)),
            "RH",
            str(group["reference"].iloc[0]),
            "Preuve d'application, règle par règle, dans chaque structure",
            Pourquoi(
                explication=spaced(
                    f"Cet acte écrit une fois {enumerate_words(group['regle'])} ; reste à prouver : "
                    f"{enumerate_words(rules)}. {group['note'].iloc[0]}".strip()
                ),
                regles=rules,
                bases=bases,
                fiche=("F3-12",),
                versions=_versions(referentiels, "regles", "bases_juridiques", "fiche"),
            ),
        )


def _modules_once(creations: pd.DataFrame, referentiels: Referentiels) -> Iterator[Recommandation]:
    labels = {one.id: one.libelle for one in referentiels.competences.competences}
    for row in creations[creations["structures"] >= COMMUN].to_dict("records"):
        competences = tuple(str(row["competences"]).split())
        known = "" if pd.isna(row["effectif"]) else f", au moins {count(int(row['effectif']), 'agent')}"
        due = str(row["echeance"])
        yield _line(
            f"MIN-MODULE-{row['demande']}",
            f"Créez ou adaptez une seule fois, pour {row['structures']} structures, les modules qui manquent sur : "
            f"{' ; '.join(f'{one} {labels.get(one, one)}' for one in competences)}",
            float(row["structures"]),
            "FOR",
            "Demande de création de module, commune",
            "Preuve de recherche dans quatre gisements, module ouvert un mois avant la première ouverture",
            Pourquoi(
                explication=spaced(
                    f"Aucun module adéquat dans {count(int(row['structures']), 'structure')}{known} ; chacune le "
                    "demanderait seule."
                ),
                competences=competences,
                fiche=("F3-06", "F3-42"),
                versions=_versions(referentiels, "competences", "formations", "parcours_formation", "fiche"),
            ),
            date.fromisoformat(due) if due else None,
        )


def _sessions_shared(sessions: pd.DataFrame, referentiels: Referentiels) -> Iterator[Recommandation]:
    for row in sessions[sessions["partage"] == "oui"].to_dict("records"):
        yield _line(
            f"MIN-SESSION-{row['module']}-{row['site']}",
            f"Partagez les sessions « {row['titre']} » ({row['site']}) entre {row['structures']} structures",
            float(row["structures"]),
            "FOR",
            "Plan de formation de l'entité de rattachement",
            "Calendrier commun des sessions",
            Pourquoi(
                explication=spaced(
                    f"{count(int(row['inscrits']), 'inscription')}, {count(int(row['places']), 'place')} par session : "
                    f"{row['motif']}."
                ),
                modules=(str(row["module"]),),
                fiche=("F3-05",),
                versions=_versions(referentiels, "formations", "parcours_formation", "fiche"),
            ),
        )


def _needs_together(besoins: pd.DataFrame, referentiels: Referentiels) -> Iterator[Recommandation]:
    common = besoins[(besoins["structures"] >= COMMUN) & (besoins["rang_min"] == 1)]
    for row in common.to_dict("records"):
        number = int(row["structures"])
        known = "" if pd.isna(row["besoin"]) else f", au moins {count(int(row['besoin']), 'agent')}"
        explication = f"Rang 1 dans au moins une structure, besoin dans {count(number, 'structure')}{known}."
        yield _line(
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


def _line(
    identifier: str,
    action: str,
    weight: float,
    pilote: str,
    livrable: str,
    preuve: str,
    pourquoi: Pourquoi,
    echeance: date | None = None,
) -> Recommandation:
    return Recommandation(identifier, ETAPE, spaced(action), 0, weight, pilote, livrable, preuve, pourquoi, echeance)


def _versions(referentiels: Referentiels, *names: str) -> dict[str, str]:
    return {name: referentiels.versions[name] for name in names}
