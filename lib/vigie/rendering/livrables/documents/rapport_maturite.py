"""The maturity report of a structure as an editable document: where it stands, what holds it back, what to do, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....diagnostics.maturite import ResultatMaturite
from ....diagnostics.profils import summarise_roles
from ....referentiels.maturite import Maturite
from ... import charts
from ...annexes.maturite import scoring_rules
from ...formats import count, is_absent, long_date, percent, plural, score
from ...tables import Column, Columns, Table, lines, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, actions_sheet, actions_table, contents_table, pilots, reasons_table, rules_table, texts

PROCHAINES = 3
"""Actions reminded under a dimension; all of them stand in the list of actions."""
TETES = 3


@dataclass(frozen=True)
class Fiche:
    """One dimension: its reading in a sentence, what is said of it, what lifts it."""

    libelle: str
    lecture: str
    constats: tuple[str, ...]
    actions: tuple[str, ...]


def prepare(resultat: ResultatMaturite, contexte: Contexte) -> Iterator[Piece]:
    maturite = contexte.referentiels.maturite
    profil = _profile_table(resultat, contexte)
    roles = pilots(contexte.referentiels)
    donnees = {
        "resultat": resultat,
        "situation": next(known.libelle for known in maturite.cotation.situations if known.id == resultat.situation),
        "ouverture": long_date(contexte.structure.mise_en_service) if contexte.structure.mise_en_service else "",
        "concluantes": int(resultat.dimensions["etat"].eq("concluant").sum()),
        "appuis": _strengths(resultat, maturite),
        "priorites": _priorities(resultat),
        "alertes": texts(resultat.constats, (ALERTE,)),
        "participation": _participation(resultat, contexte),
        "qualite": _quality(resultat, contexte),
        "generaux": texts(constat for constat in resultat.constats if _general(constat.cibles, resultat)),
        "profil": profil,
        "prealables": _conditions(resultat, contexte),
        "fiches": [_sheet(line, resultat, maturite) for line in lines(resultat.dimensions)],
        "regards": _views(resultat, contexte),
        "divergences": _divergences(resultat, roles),
        "echo": _echo(resultat, contexte),
        "ecarts": _gaps(resultat, contexte),
        "actions": actions_table(resultat.recommandations, contexte, "Actions, par ordre de priorité"),
        "raisons": reasons_table(resultat.recommandations),
        "items": _items(resultat, contexte),
        "regles": rules_table(scoring_rules(maturite.cotation, roles), "Seuils et poids de la cotation"),
        "niveaux": [(niveau.niveau, niveau.nom, niveau.definition) for niveau in maturite.niveaux],
        "contenus": contents_table(resultat, contexte),
    }
    drawings = {} if resultat.dimensions.empty else {"profil": _profile(resultat, maturite, profil)}
    yield Piece(donnees | {"dessins": list(drawings)}, drawings, _sheets(resultat, contexte))


def _labelled(resultat: ResultatMaturite) -> pd.DataFrame:
    dimensions = resultat.dimensions
    return dimensions.assign(libelle=dimensions["dimension"] + " " + dimensions["libelle"])


def _profile_table(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("libelle", "Dimension"),
        Column("score", render=score),
        Column("score_bas", render=score),
        Column("score_haut", render=score),
        "niveau",
        "cible",
        Column("ecart", render=score),
        "confiance",
        Column("etat", render=lambda value: contexte.codes.get(str(value), str(value))),
    ]
    return table(_labelled(resultat), columns, "Profil des dimensions", contexte.labels)


def _profile(resultat: ResultatMaturite, maturite: Maturite, profil: Table) -> charts.Chart:
    names = {niveau.niveau: niveau.nom for niveau in maturite.niveaux}
    reached = int((resultat.dimensions["ecart"] <= 0).sum())
    total = len(resultat.dimensions)
    verb = "atteint" if reached == 1 else "atteignent"
    said = f"{plural(reached, 'dimension')} sur {total} {verb} la cible." if reached else "Aucune cible n'est atteinte."
    return charts.profile(resultat.dimensions, summarise_roles(resultat.roles), names, said, profil)


def _strengths(resultat: ResultatMaturite, maturite: Maturite) -> list[str]:
    """The most advanced dimensions, none at the lowest level nor among the priorities."""
    lowest = min(niveau.niveau for niveau in maturite.niveaux)
    dimensions = _labelled(resultat)
    urgent = set(_urgent(resultat)["dimension"])
    known = dimensions[(dimensions["niveau"] > lowest) & ~dimensions["dimension"].isin(urgent)]
    known = known.sort_values(["niveau", "score"], ascending=False, kind="stable").head(TETES)
    return [
        f"{line.libelle} : niveau {count(line.niveau)}, "
        + ("cible atteinte" if line.ecart <= 0 else f"à {score(line.ecart)} de la cible")
        for line in lines(known)
    ]


def _urgent(resultat: ResultatMaturite) -> pd.DataFrame:
    ranked = _labelled(resultat).dropna(subset=["rang"]).sort_values("rang", kind="stable")
    return ranked[ranked["ecart"] > 0].head(TETES)


def _priorities(resultat: ResultatMaturite) -> list[str]:
    return [
        f"{line.libelle} : score {score(line.score)} pour une cible de {count(line.cible)}"
        for line in lines(_urgent(resultat))
    ]


def _participation(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = [Column("libelle", "Rôle"), "attendus", "exprimes", Column("taux", render=percent)]
    return table(resultat.participation, columns, "Personnes attendues et ayant répondu, par rôle", contexte.labels)


def _quality(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("libelle", "Dimension"),
        Column("couverture", render=percent),
        Column("part_preuves", render=percent),
        Column("part_nsp", render=percent),
        "divergences",
        "confiance",
    ]
    return table(_labelled(resultat), columns, "Qualité des données, par dimension", contexte.labels)


def _dimension_of(cibles: tuple[str, ...], resultat: ResultatMaturite) -> str:
    """The one dimension that targets are about, themselves or through their items; "" for several or none."""
    known = set(resultat.dimensions["dimension"])
    found = known & {cible.partition(".")[0] for cible in cibles}
    return found.pop() if len(found) == 1 else ""


def _general(cibles: tuple[str, ...], resultat: ResultatMaturite) -> bool:
    return not _dimension_of(cibles, resultat) and not any("." in cible for cible in cibles)


def _sheet(line: Any, resultat: ResultatMaturite, maturite: Maturite) -> Fiche:
    items = set(resultat.items.loc[resultat.items["dimension"].eq(line.dimension), "item"])
    actions = [entry.action for entry in resultat.recommandations if items & set(entry.pourquoi.items)]
    constats = texts(
        constat
        for constat in resultat.constats
        if constat.gravite != ALERTE and _dimension_of(constat.cibles, resultat) == line.dimension
    )
    return Fiche(
        f"{line.dimension} {line.libelle}", _reading(line, maturite), tuple(constats), tuple(actions[:PROCHAINES])
    )


def _reading(line: Any, maturite: Maturite) -> str:
    """Level, score, bounds and target in one sentence, or why there is none."""
    if is_absent(line.score):
        return f"Aucune réponse : ni score ni niveau (cible {count(line.cible)})."
    bounds = f"fourchette de {score(line.score_bas)} à {score(line.score_haut)}"
    figures = f"score {score(line.score)}, {bounds}, cible {count(line.cible)}"
    if is_absent(line.niveau):
        return f"Non concluant, {percent(line.couverture)} du poids coté : aucun niveau affiché ({figures})."
    level = next(niveau for niveau in maturite.niveaux if niveau.niveau == int(line.niveau))
    return f"Niveau {level.niveau}, {level.nom.lower()} ({figures}). {level.definition.removesuffix('.')}."


def _conditions(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = [
        "item",
        Column("motif", "Préalable"),
        Column("seuil", "Attendu"),
        Column("valeur", "Constaté", score),
        Column("rempli", "Rempli"),
    ]
    return table(resultat.prealables, columns, "Préalables avant l'ouverture d'un outil", contexte.labels)


def _views(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    names = dict(zip(resultat.dimensions["dimension"], resultat.dimensions["libelle"], strict=True))
    columns: Columns = [
        Column("dimension", render=lambda value: f"{value} {names.get(str(value), '')}"),
        Column("mediane_decideurs", "Décideurs"),
        Column("mediane_agents", "Agents"),
        "ecart",
        Column("signale", "Écart à signaler"),
        Column("vecu", "Vécu"),
        Column("ecart_vecu", "Écart déclaré et vécu"),
        Column("peu_visible", "Peu visible"),
    ]
    return table(resultat.regards, columns, "Décideurs et agents, déclaré et vécu", contexte.labels)


def _divergences(resultat: ResultatMaturite, roles: Mapping[str, str]) -> Table:
    """Items on which roles differ strongly: the median of each role, what the workshop decided."""
    rows = []
    for line in lines(resultat.items[resultat.items["divergence"]]):
        said = resultat.roles[resultat.roles["item"].eq(line.item)].dropna(subset=["mediane"])
        medians = "\n".join(f"{roles.get(role.role, role.role)} : {count(role.mediane)}" for role in lines(said))
        settled = "" if is_absent(line.arbitrage) else f"{count(line.arbitrage)}. {line.motif_arbitrage}"
        rows.append(
            (f"{line.item} {line.enonce}", medians, count(line.ecart_roles), settled or "à arbitrer en atelier")
        )
    headers = ("Item", "Médiane par rôle", "Écart", "Arbitrage et motif")
    return Table(
        "Items qui séparent fortement les rôles", headers, tuple(rows), (False, False, True, False), (False,) * 4
    )


def _echo(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = ["item", "enonce", "effectif", "mediane", Column("part_accord", render=percent), "motif"]
    return table(resultat.echo, columns, "Écho anonyme des agents", contexte.labels)


def _gaps(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("libelle", "Dimension"),
        Column("score", render=score),
        "niveau",
        Column("cible_conseillee", "Cible conseillée"),
        Column("cible_retenue", "Cible retenue"),
        "cible",
        Column("ecart", render=score),
        "priorite",
        "rang",
    ]
    ordered = _labelled(resultat).sort_values("rang", kind="stable", na_position="last")
    return table(ordered, columns, "Écart à la cible et priorité", contexte.labels)


def _items(resultat: ResultatMaturite, contexte: Contexte) -> Table:
    items = resultat.items
    frame = items.assign(
        enonce=items["item"] + " " + items["enonce"],
        preuve=[_proofs(line) for line in lines(items)],
    )
    columns: Columns = [
        Column("enonce", "Item"),
        Column("type", render=lambda value: contexte.codes.get(str(value), str(value))),
        Column("valeur_brute", "Avant plafond", score),
        Column("valeur", "Valeur", score),
        Column("etat", render=lambda value: contexte.codes.get(str(value), str(value))),
        Column("preuve", "Document et indicateur montrés"),
    ]
    return table(frame, columns, "Les items du questionnaire", contexte.labels)


def _proofs(line: Any) -> str:
    return "\n".join(text for text in (line.preuve, line.indicateur) if text)


def _sheets(resultat: ResultatMaturite, contexte: Contexte) -> list[Feuille]:
    share = [Champ(name, "", "pourcent") for name in ("couverture", "part_preuves", "part_nsp")]
    return [
        Feuille(
            "Dimensions",
            resultat.dimensions,
            [
                "dimension",
                Champ("libelle", "Dimension, en clair"),
                "score",
                "score_bas",
                "score_haut",
                "niveau",
                "niveau_force",
                "motif_forcage",
                "plafond_motif",
                *share,
                "divergences",
                "confiance",
                "cible_conseillee",
                "cible_retenue",
                "cible",
                "ecart",
                "priorite",
                "rang",
                "etat",
            ],
            "une ligne par dimension",
        ),
        Feuille(
            "Items",
            resultat.items,
            [
                "item",
                "enonce",
                "type",
                "poids",
                "valeur_brute",
                "valeur",
                "plafond",
                "arbitrage",
                "motif_arbitrage",
                "etat",
                "reponses",
                "ne_sait_pas",
                "ecart_roles",
                "divergence",
                "meconnaissance",
                Champ("preuve", "Document montré", "texte"),
                Champ("indicateur", "Indicateur montré", "texte"),
            ],
            "une ligne par question",
        ),
        Feuille(
            "Préalables", resultat.prealables, ["item", "motif", "seuil", "valeur", "rempli"], "avant toute ouverture"
        ),
        actions_sheet(resultat.recommandations, contexte),
    ]
