"""Maturity of a structure: what is strong, what comes first, who sees what, what to do and why (plan of §5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..diagnostics.maturite import ResultatMaturite, diagnose
from ..diagnostics.profils import summarise_roles
from ..diagnostics.resultat import Constat, Recommandation
from ..rendering import charts, formats
from ..rendering.actions import actions
from ..rendering.annexes.maturite import scoring_rules
from ..rendering.formats import plural
from ..rendering.html import Content, element, folded, join
from ..rendering.tables import Column, Columns, lines
from ..rendering.views import View, bullets, cards, figure, findings, key_figures, panel, paragraph, tabular, titled
from ._maturite_fiches import dimension_sheet, divergence_map, level_names
from .base import thresholds
from .structure import EtapeStructure

HEADLINES = 3
PLURAL = 2
OPENING = ("PREALABLE", "OUVERTURE_POSSIBLE")
"""Findings on the opening of a tool: they stand with the conditions, listed one by one."""


class EtapeMaturite(EtapeStructure):
    id = "maturite"
    titre = "Évaluation de la maturité"
    resultat: ResultatMaturite

    def diagnose(self) -> ResultatMaturite:
        return diagnose(self.dossier)

    def show_essentiel(self) -> View:
        """One page: strengths, priorities, what forbids opening a tool, how far to trust the figures."""
        resultat = self.resultat
        concluantes = int((resultat.dimensions["etat"] == "concluant").sum())
        figures = [
            (f"{resultat.repondants_exprimes} sur {resultat.repondants_attendus}", "personnes désignées ont répondu"),
            (f"{concluantes} sur {len(resultat.dimensions)}", "dimensions concluantes"),
            (str(resultat.prealables_manquants), "préalables non remplis avant d'ouvrir un outil"),
            (formats.percent(resultat.echo_taux), "de réponses à l'écho anonyme des agents"),
        ]
        columns = [("Trois points d'appui", self._strengths()), ("Trois priorités", self._priorities())]
        return View(
            key_figures(figures),
            cards(columns, empty="Rien à citer : aucune dimension concluante au-dessus du premier niveau."),
            self._opening(),
            findings(
                constat for constat in resultat.constats if constat.gravite == "alerte" and constat.code not in OPENING
            ),
            self._quality(),
        )

    def show_perimetre(self) -> View:
        """Who was asked, who answered, in what situation the structure is."""
        structure, resultat = self.dossier.structure, self.resultat
        situation = next(
            known.libelle for known in self.referentiels.maturite.cotation.situations if known.id == structure.situation
        )
        opening = formats.long_date(structure.mise_en_service) if structure.mise_en_service else "sans date"
        table = self.table(
            resultat.participation,
            [Column("libelle", "Rôle"), "attendus", "exprimes", Column("taux", render=formats.percent)],
            "Personnes attendues et personnes qui ont répondu, par rôle",
        )
        echo = (
            f"Écho anonyme des agents : {plural(int(resultat.echo_repondants), 'réponse')} pour "
            f"{plural(int(resultat.echo_effectif), 'agent')} ({formats.percent(resultat.echo_taux)})."
        )
        return View(
            f"{structure.type} de {plural(structure.effectif, 'agent')}. Situation : {situation}. "
            f"Mise en service d'un outil : {opening}.",
            tabular(table),
            paragraph(echo),
        )

    def show_qualite(self) -> View:
        """What limits the reading of the figures as a whole; each dimension's own limits stand in its sheet."""
        columns: Columns = [
            Column("libelle", "Dimension"),
            Column("couverture", render=formats.percent),
            Column("part_preuves", render=formats.percent),
            Column("part_nsp", render=formats.percent),
            "divergences",
            "confiance",
        ]
        table = self.table(self._labelled(), columns, "Qualité des données, par dimension")
        general = [constat for constat in self._about() if constat.code not in OPENING]
        return View(tabular(table), findings(general))

    def show_profil(self) -> View:
        """The eight dimensions on one scale: score, fourchette, target, who says what."""
        dimensions = self._labelled()
        reached = int((dimensions["ecart"] <= 0).sum())
        weakest = dimensions.loc[dimensions["dimension"] == self.resultat.dimension_la_plus_faible, "libelle"]
        verb = "n'atteint" if not reached else "atteint" if reached < PLURAL else "atteignent"
        number = plural(reached, "dimension") if reached else "Aucune dimension"
        lecture = f"{number} sur {len(dimensions)} {verb} la cible"
        if not weakest.empty:
            lecture += f" ; la plus faible est {weakest.iloc[0]}"
        columns: Columns = [
            Column("libelle", "Dimension"),
            Column("score", render=formats.score),
            Column("score_bas", render=formats.score),
            Column("score_haut", render=formats.score),
            Column("couverture", render=formats.percent),
            "niveau",
            "cible",
            Column("ecart", render=formats.score),
            "confiance",
            self.coded("etat"),
        ]
        table = self.table(dimensions, columns, "Profil des dimensions")
        roles = summarise_roles(self.resultat.roles)
        return figure(charts.profile(dimensions, roles, level_names(self.referentiels.maturite), f"{lecture}.", table))

    def show_dimensions(self) -> View:
        """One sheet a dimension: where it stands, what holds it back, what lifts it."""
        return View(
            *(
                dimension_sheet(
                    line,
                    self.referentiels.maturite,
                    self._about(line.dimension),
                    self._actions_of(line.dimension),
                    self.labels,
                )
                for line in lines(self._labelled())
            )
        )

    def show_divergences(self) -> View:
        """Items on which roles differ strongly, and the views of deciders, agents and the écho."""
        items = self.resultat.items
        divergent = items[items["divergence"]]
        if divergent.empty:
            heat = paragraph("Aucun item ne sépare fortement les rôles.", class_="vg-vide")
        else:
            chart = divergence_map(divergent, self.resultat.roles, self.referentiels.maturite, self.labels)
            heat = figure(chart)
        regards = self.table(
            self.resultat.regards,
            [
                "dimension",
                "mediane_decideurs",
                "mediane_agents",
                "ecart",
                "signale",
                "vecu",
                "ecart_vecu",
                "peu_visible",
            ],
            "Décideurs et agents, déclaré et vécu, par dimension",
        )
        return View(heat, titled("Ce que voient les décideurs, ce que vivent les agents", tabular(regards)))

    def show_echo(self) -> View:
        """The agents' anonymous écho, item by item, protected under the threshold."""
        columns: Columns = [
            "item",
            Column("enonce", wide=True),
            "effectif",
            "mediane",
            Column("part_accord", render=formats.percent),
            "motif",
        ]
        return tabular(self.table(self.resultat.echo, columns, "Écho anonyme des agents"))

    def show_prealables(self) -> View:
        """What must be in place before an AI tool opens."""
        said = [constat for constat in self.resultat.constats if constat.code in OPENING]
        columns: Columns = [
            "item",
            Column("motif", "Préalable", wide=True),
            "seuil",
            Column("valeur", render=formats.score),
            "rempli",
        ]
        table = self.table(self.resultat.prealables, columns, "Préalables avant l'ouverture d'un outil d'IA")
        return View(findings(said), tabular(table))

    def show_ecarts(self) -> View:
        """Gaps to the target, in order of priority."""
        dimensions = self._labelled().sort_values("rang", kind="stable", na_position="last")
        columns: Columns = [
            Column("libelle", "Dimension"),
            Column("score", render=formats.score),
            "niveau",
            "cible_conseillee",
            "cible_retenue",
            "cible",
            Column("ecart", render=formats.score),
            Column("priorite", render=formats.number),
            "rang",
        ]
        return tabular(self.table(dimensions, columns, "Écart à la cible et priorité, par dimension"))

    def show_actions(self) -> View:
        """What to do, in order, each action with the chain that leads to it."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_items(self) -> View:
        """Annex: every item, with what caps it, what is unknown and the proof shown."""
        columns: Columns = [
            "item",
            Column("enonce", wide=True),
            self.coded("type"),
            Column("valeur_brute", render=formats.score),
            Column("valeur", render=formats.score),
            self.coded("plafond"),
            self.coded("etat"),
            "ne_sait_pas",
            Column("preuve", "Preuve montrée"),
            Column("indicateur", "Indicateur montré"),
        ]
        blocks = [
            folded(
                f"{line.libelle} : {plural(len(group), 'item')}",
                self.table(group, columns, f"Items de la dimension {line.libelle}").to_html(),
            )
            for line in lines(self._labelled())
            for group in [self.resultat.items[self.resultat.items["dimension"] == line.dimension]]
        ]
        return View(join(blocks))

    def show_seuils(self) -> View:
        """Annex: thresholds and weights, as the referentiel holds them."""
        maturite = self.referentiels.maturite
        pairs = scoring_rules(maturite.cotation, {role.id: role.libelle for role in maturite.roles})
        return thresholds(pairs, "Seuils et poids de la cotation", self.labels)

    def _labelled(self) -> pd.DataFrame:
        dimensions = self.resultat.dimensions
        return dimensions.assign(libelle=dimensions["dimension"] + " " + dimensions["libelle"])

    def _strengths(self) -> list[Content]:
        """The most advanced dimensions, none at the lowest level nor among the priorities."""
        lowest = min(level_names(self.referentiels.maturite))
        dimensions = self._labelled()
        urgent = set(self._urgent()["dimension"])
        known = dimensions[(dimensions["niveau"] > lowest) & ~dimensions["dimension"].isin(urgent)]
        known = known.sort_values(["niveau", "score"], ascending=False, kind="stable")
        return [
            f"{line.libelle} : niveau {formats.count(line.niveau)}, "
            + ("cible atteinte" if line.ecart <= 0 else f"à {formats.score(line.ecart)} de la cible")
            for line in lines(known.head(HEADLINES))
        ]

    def _priorities(self) -> list[Content]:
        return [
            f"{line.libelle} : score {formats.score(line.score)} pour une cible de {formats.count(line.cible)}"
            for line in lines(self._urgent())
        ]

    def _urgent(self) -> pd.DataFrame:
        """The first dimensions of the order of priority that are under their target."""
        ranked = self._labelled().dropna(subset=["rang"]).sort_values("rang", kind="stable")
        return ranked[ranked["ecart"] > 0].head(HEADLINES)

    def _opening(self) -> View:
        """What is not in place, named; the figures stand in the section of the conditions."""
        if self.resultat.ouverture_possible:
            return panel("information", "Les préalables à l'ouverture d'un outil d'IA sont remplis.")
        missing = self.resultat.prealables[~self.resultat.prealables["rempli"]]
        title = f"Ne pas ouvrir encore d'outil d'IA, {plural(len(missing), 'préalable manque', 'préalables manquent')}"
        return panel("alerte", title, bullets(f"{line.motif} ({line.item})" for line in lines(missing)))

    def _quality(self) -> View:
        """How far the figures can be trusted, in one sentence."""
        dimensions = self.resultat.dimensions
        letters = dimensions["confiance"].value_counts().to_dict()
        low, high = (
            formats.percent(value) for value in (dimensions["couverture"].min(), dimensions["couverture"].max())
        )
        covered = f"de {low} partout" if low == high else f"de {low} à {high} selon les dimensions"
        return paragraph(
            element("strong", "Qualité des données : "),
            f"couverture {covered} ; confiance {enumerate_letters(letters)}.",
        )

    def _actions_of(self, dimension: str) -> list[Recommandation]:
        items = set(self.resultat.items.loc[self.resultat.items["dimension"] == dimension, "item"])
        return [line for line in self.resultat.recommandations if items & set(line.pourquoi.items)]

    def _about(self, dimension: str = "") -> list[Constat]:
        """Findings about one dimension and its items; with "", those about none in particular."""
        return [constat for constat in self.resultat.constats if self._only_dimension(constat) == dimension]

    def _only_dimension(self, constat: Constat) -> str:
        """The dimension a finding is about, itself or through its items; "" when it is about several or none."""
        known = set(self.resultat.dimensions["dimension"])
        found = known & {cible.partition(".")[0] for cible in constat.cibles}
        return found.pop() if len(found) == 1 and constat.gravite != "alerte" else ""


def enumerate_letters(letters: Mapping[Any, int]) -> str:
    """« A pour 2 dimensions, B pour 5 et C pour 1 »."""
    parts = [f"{letter} pour {plural(count, 'dimension')}" for letter, count in sorted(letters.items())]
    return formats.enumerate_words(parts)
