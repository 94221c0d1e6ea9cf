"""The skills synthesis handed to the training service (F3-04; D.1, last line): no one is named in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ....diagnostics.competences import ResultatCompetences
from ... import charts, formats
from ...annexes.competences import exposure_rules, need_rules
from ...tables import Column, Columns, Table, lines, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, actions_sheet, actions_table, coded, contents_table, reasons_table, rules_table, texts

MASQUE = "masque"
PREMIER = 1
DESSINES = 18
"""Needs drawn; the table holds them all."""
PERIMETRE = ("PERIMETRE", "MANDATS")
EXPOSITION = ("PRUDENCE", "COTATION", "PARTS_RAMENEES", "TACHES_NOMBREUSES")
SOURCES = ("INCONNUS", "A_CONFIRMER", "ECART_MODES", "BESOIN_MASQUE")


def prepare(resultat: ResultatCompetences, contexte: Contexte) -> Iterator[Piece]:
    referentiels = contexte.referentiels
    publics: dict[str, str] = {public.id: public.libelle for public in referentiels.niveaux_requis.publics}
    needs = _needs(resultat)
    drawings = _drawings(resultat, needs, contexte)
    first = needs[needs["rang"].eq(PREMIER)]
    donnees = {
        "resultat": resultat,
        "date": contexte.campagne.date_reference,
        "premiers": [_headline(line) for line in lines(first)],
        "alertes": texts(resultat.constats, (ALERTE,)),
        "perimetre": texts(resultat.constats, codes=PERIMETRE),
        "urgences": _deadlines(resultat, publics, contexte),
        "sources": texts(resultat.constats, codes=SOURCES),
        "publics": publics,
        "besoins": _needs_table(needs, contexte),
        "synthese": _synthesis(resultat, contexte),
        "masquees": _masked(resultat, contexte),
        "regroupements": texts(resultat.constats, codes=("REGROUPE", "MASQUE", "EDITIONS")),
        "exposition": _exposure_table(resultat, contexte),
        "exposition_dite": texts(resultat.constats, codes=EXPOSITION),
        "maintenir": table(
            resultat.maintenir,
            ["competence", "libelle", "effectif", "niveau_median", "motif"],
            "Compétences existantes à maintenir",
            contexte.labels,
        ),
        "profils": table(
            resultat.profils,
            [Column("libelle", "Profil"), "effectif", "motif"],
            "Nouveaux profils à mobiliser ou à recruter",
            contexte.labels,
        ),
        "douces": _soft(resultat, contexte),
        "garde_fous": [guard.regle for guard in referentiels.competences.garde_fous],
        "equite": texts(resultat.constats, codes=("EQUITE",)),
        "actions": actions_table(resultat.recommandations, contexte, "Actions, par ordre de priorité"),
        "raisons": reasons_table(resultat.recommandations),
        "regles_exposition": rules_table(exposure_rules(referentiels.metiers.cotation), "Exposition et impact"),
        "regles_besoins": rules_table(
            need_rules(referentiels.competences.cotation, publics, contexte.codes),
            "Niveaux, besoins et petits effectifs",
        ),
        "contenus": contents_table(resultat, contexte),
        "dessins": list(drawings),
    }
    yield Piece(donnees, drawings, _sheets(resultat, contexte))


def _needs(resultat: ResultatCompetences) -> pd.DataFrame:
    """Needs other than soft skills, by rank then charge, labelled with their id."""
    soft = set(resultat.douces["competence"])
    needs = resultat.besoins[~resultat.besoins["competence"].isin(soft)]
    needs = needs.assign(libelle=needs["competence"] + " " + needs["libelle"])
    return needs.sort_values(["rang", "charge"], ascending=[True, False], kind="stable")


def _headline(line: object) -> str:
    need = getattr(line, "besoin", None)
    who = "effectif non publiable" if formats.is_absent(need) else f"{formats.plural(int(float(str(need))), 'agent')}"
    return f"{getattr(line, 'libelle', '')} : {who}"


def _drawings(resultat: ResultatCompetences, needs: pd.DataFrame, contexte: Contexte) -> dict[str, charts.Chart]:
    found: dict[str, charts.Chart] = {}
    ranked = needs.dropna(subset=["rang"]).head(DESSINES)
    if not ranked.empty:
        first = int(needs["rang"].eq(PREMIER).sum())
        lecture = f"{formats.plural(first, 'compétence est', 'compétences sont')} à renforcer avant tout."
        ranks = {1: "rang 1, avant tout", 2: "rang 2, ensuite", 3: "rang 3, en libre accès"}
        found["besoins"] = charts.need_bars(ranked, ranks, lecture, _needs_table(needs, contexte))
    rated = resultat.metiers[resultat.metiers["exposition"].notna()]
    if not rated.empty:
        scale = contexte.referentiels.metiers.cotation
        bounds = {"forte": scale.seuil_forte, "très forte": scale.seuil_tres_forte}
        drawn = rated.sort_values("exposition", ascending=False, kind="stable")
        drawn = drawn.assign(classe=drawn["classe"].map(lambda value: contexte.codes.get(value, value).lower()))
        said = formats.plural(len(rated), "famille cotée", "familles cotées")
        lecture = f"{said} ; la plus exposée : {drawn['libelle'].iloc[0]}."
        found["exposition"] = charts.exposure(drawn, bounds, lecture, _exposure_table(resultat, contexte))
    return found


def _needs_table(needs: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("libelle", "Compétence"),
        "rang",
        Column("besoin", "Agents ayant un besoin"),
        Column("intensite", "Écart moyen", formats.number),
        Column("charge", render=formats.count),
        Column("confiance", render=lambda value: formats.number(value, 2)),
        "a_confirmer",
        Column("inconnus"),
    ]
    return table(needs, columns, "Besoins par compétence, compétences douces à part", contexte.labels)


def _labelled(resultat: ResultatCompetences) -> pd.DataFrame:
    synthese = resultat.synthese
    return synthese.assign(
        libelle=synthese["competence"] + " " + synthese["libelle"],
        public=[" + ".join((line.publics_regroupes or line.public).split()) for line in lines(synthese)],
    )


def _synthesis(resultat: ResultatCompetences, contexte: Contexte) -> Table:
    frame = _labelled(resultat)
    columns: Columns = [
        Column("libelle", "Compétence"),
        Column("public", "Public"),
        Column("requis", "Requis"),
        Column("actuel_median", "Actuel médian"),
        Column("ecart_median", "Écart médian", formats.number),
        "effectif",
        Column("besoin", "Agents en besoin"),
        "rang",
        Column("confiance", render=lambda value: formats.number(value, 2)),
    ]
    published = frame[frame["etat"].ne(MASQUE)]
    return table(published, columns, "Synthèse par compétence et par public", contexte.labels)


def _masked(resultat: ResultatCompetences, contexte: Contexte) -> Table:
    """What is required on the masked lines: a rule, not a result. One row a competence."""
    frame = _labelled(resultat)
    frame = frame[frame["etat"].eq(MASQUE)]
    rows = tuple(
        (str(label), ", ".join(f"{line.public} niveau {formats.count(line.requis)}" for line in lines(group)))
        for label, group in frame.groupby("libelle", sort=False)
    )
    title = "Publics masqués : le niveau requis reste connu"
    return Table(title, ("Compétence", "Public et niveau requis"), rows, (False, False), (False, True))


def _deadlines(resultat: ResultatCompetences, publics: Mapping[str, str], contexte: Contexte) -> Table:
    columns: Columns = [
        Column("public", render=lambda value: publics.get(str(value), str(value))),
        "effectif",
        Column("mise_en_service", render=formats.long_date),
        Column("mois", "Mois restants", formats.count),
        "urgence",
    ]
    return table(resultat.urgences, columns, "Publics et date d'ouverture de leurs outils", contexte.labels)


def _exposure_table(resultat: ResultatCompetences, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("libelle", "Famille de métiers"),
        "effectif",
        Column("exposition", render=lambda value: formats.number(value, 2)),
        Column("classe", render=coded(contexte)),
        Column("impact", render=coded(contexte)),
        Column("impact_motif", "Pourquoi cet impact"),
        "vigilance",
    ]
    return table(resultat.metiers, columns, "Exposition et impact, par famille de métiers", contexte.labels)


def _soft(resultat: ResultatCompetences, contexte: Contexte) -> Table:
    columns: Columns = [
        "competence",
        "libelle",
        "effectif",
        "actuel_median",
        Column("part_besoin", render=formats.percent),
    ]
    return table(resultat.douces, columns, "Compétences douces, ensemble de la structure", contexte.labels)


def _sheets(resultat: ResultatCompetences, contexte: Contexte) -> list[Feuille]:
    return [
        Feuille(
            "Synthèse",
            resultat.synthese,
            [
                "competence",
                Champ("libelle", "Compétence, en clair"),
                Champ("public", "", "texte"),
                Champ("publics_regroupes", "", "texte"),
                "requis",
                "actuel_median",
                "ecart_median",
                "effectif",
                "besoin",
                "rang",
                Champ("confiance", "", "pourcent"),
                "etat",
            ],
            "une ligne par compétence et par public",
        ),
        Feuille(
            "Besoins",
            resultat.besoins,
            [
                "competence",
                Champ("libelle", "Compétence, en clair"),
                "criticite",
                "besoin",
                "intensite",
                "charge",
                "rang",
                Champ("confiance", "", "pourcent"),
                "a_confirmer",
                "inconnus",
                "etat",
            ],
            "une ligne par compétence",
        ),
        Feuille(
            "Métiers",
            resultat.metiers,
            [
                "metier",
                Champ("libelle", "Famille de métiers, en clair"),
                "effectif",
                "exposition",
                "classe",
                "source",
                "impact",
                "impact_motif",
                Champ("public", "", "texte"),
                "vigilance",
            ],
            "exposition et impact par famille de métiers",
        ),
        actions_sheet(resultat.recommandations, contexte),
    ]
