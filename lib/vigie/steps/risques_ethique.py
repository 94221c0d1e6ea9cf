"""From the risks of each use of AI to the référentiel of ethics rules, and to the law behind them (F3-11, F3-12)."""

from __future__ import annotations

import pandas as pd

from ..diagnostics.regles_communes import merge_cases
from ..diagnostics.resultat import Constat
from ..diagnostics.risques_ethique import ResultatRisquesEthique, diagnose
from ..rendering import charts, formats
from ..rendering.actions import actions
from ..rendering.annexes.risques_ethique import method_rules
from ..rendering.formats import count, plural
from ..rendering.html import Content, element, folded
from ..rendering.tables import Column, Columns, lines
from ..rendering.views import View, bullets, cards, figure, findings, key_figures, panel, paragraph, tabular, titled
from ._risques_ethique_annexes import base_table, calendar_view
from ._risques_ethique_regles import rule_table, short_rule_table
from .base import thresholds
from .structure import EtapeStructure

HEADLINES = 3
STOPS = ("INTERDIT", "A_PROSCRIRE", "RESIDUEL_CRITIQUE", "UTILISE_SANS_PREUVE")
"""Findings that stop or suspend a use."""
ABOUT_REFERENTIEL = "REFERENTIEL"
UNCOVERED = "NON_COUVERT"
BINDING = ("obligatoire", "mixte")


class EtapeRisquesEthique(EtapeStructure):
    id = "risques_ethique"
    titre = "Risques et règles d'éthique"
    resultat: ResultatRisquesEthique

    def diagnose(self) -> ResultatRisquesEthique:
        return diagnose(self.dossier)

    def show_essentiel(self) -> View:
        """One page: what stops, what is already proven, what comes first, how far to trust it."""
        resultat = self.resultat
        rules = merge_cases(resultat.regles)
        unproven = int((~rules["prouvee"]).sum())
        figures = [
            (count(len(resultat.cas)), "cas d'usage de l'IA inventoriés"),
            (count(resultat.cas_interdits), "cas interdits par le droit"),
            (count(resultat.risques_non_couverts), "risques sans aucune règle prouvée"),
            (f"{unproven} sur {len(rules)}", "règles applicables restant à prouver"),
        ]
        columns = [("Trois points d'appui", self._strengths(rules)), ("Trois priorités", self._priorities())]
        return View(
            key_figures(figures),
            cards(columns, empty="Rien n'est encore prouvé : aucun document n'a été montré."),
            findings(self._alerts()),
            self._quality(),
        )

    def show_cas(self) -> View:
        """Every use of AI of the structure, prohibited and discarded ones included."""
        marks = {trigger.id: trigger.libelle for trigger in self.referentiels.regles.declencheurs}
        columns: Columns = [
            "cas",
            Column("libelle", "Usage"),
            self.coded("statut"),
            self.coded("statut_dgafp"),
            "haut_risque",
            "interdit",
            Column("marques", "Caractéristiques", lambda value: self._marks(str(value), marks), wide=True),
        ]
        if self.resultat.cas.empty:
            return paragraph("Aucun cas d'usage n'est inventorié.", class_="vg-vide")
        table = self.table(self.resultat.cas, columns, "Cas d'usage de l'IA dans la structure")
        warned = self.resultat.cas[self.resultat.cas["avertissement"] != ""]
        warnings = [f"{line.cas} : {line.avertissement}" for line in lines(warned)]
        if not warnings:
            return tabular(table)
        return View(tabular(table), panel("attention", "à savoir avant d'aller plus loin", bullets(warnings)))

    def show_arrets(self) -> View:
        """What stops a use, and what is asked to take it up again."""
        stops = [constat for constat in self.resultat.constats if constat.code.startswith(STOPS)]
        return findings(stops) if stops else paragraph("Rien n'arrête un usage en cours.", class_="vg-vide")

    def show_applicable(self) -> View:
        """What the law already asks today and that is not proven."""
        rules = merge_cases(self.resultat.regles)
        due = rules[
            rules["applicable_aujourdhui"] & rules["caractere"].isin(["obligatoire", "mixte"]) & ~rules["prouvee"]
        ]
        if due.empty:
            return paragraph("Toutes les obligations qui s'appliquent aujourd'hui sont prouvées.", class_="vg-vide")
        caption = f"Obligations applicables au {formats.long_date(self.resultat.date_reference)}, restant à prouver"
        return tabular(short_rule_table(due, caption, self.labels))

    def show_risques(self) -> View:
        """The matrix of each use, and its risks before and after proven rules."""
        cases = self.resultat.cas.set_index("cas")["libelle"]
        blocks = [
            titled(f"{case} {cases.get(case, '')}".strip() or "Pour toute la structure", self._case_risks(group))
            for case, group in self.resultat.risques.groupby("cas", sort=False)
        ]
        return View(*blocks) if blocks else paragraph("Aucun risque n'est examiné.", class_="vg-vide")

    def show_constats_cotation(self) -> View:
        """What limits the ratings: gaps between raters, silences, ceilings."""
        return findings(constat for constat in self.resultat.constats if self._about_ratings(constat))

    def show_regles(self) -> View:
        """Rules class by class, from what must be proven before any use to what the structure may choose."""
        rules = merge_cases(self.resultat.regles)
        blocks = []
        for entry in self.referentiels.methode.classes:
            group = rules[rules["classe"] == entry.id]
            if group.empty:
                continue
            title = f"{entry.id}. {self.codes.get(entry.id, entry.libelle)} : {plural(len(group), 'règle')}"
            table = rule_table(group, self.resultat.bases, self.codes, self.labels, f"Règles de classe {entry.id}")
            blocks.append(titled(title, entry.libelle, tabular(table)))
        return View(*blocks)

    def show_non_couverts(self) -> View:
        """Risks of the second level and over that no proven rule reduces."""
        known = self.resultat.risques.dropna(subset=["niveau_retenu"])
        open_risks = known[~known["couvert"]].sort_values("niveau_retenu", ascending=False, kind="stable")
        columns: Columns = [
            "risque",
            Column("libelle", wide=True),
            "cas",
            Column("niveau_retenu", render=self._level),
            Column("acceptation", wide=True),
        ]
        if open_risks.empty:
            return paragraph("Chaque risque coté a au moins une règle prouvée.", class_="vg-vide")
        return tabular(self.table(open_risks, columns, "Risques cotés sans règle prouvée"))

    def show_referentiel(self) -> View:
        """The existing référentiel compared rule by rule, or what is left to write (F3-11)."""
        said = [constat for constat in self.resultat.constats if constat.code.startswith(ABOUT_REFERENTIEL)]
        columns: Columns = [
            "regle",
            Column("libelle", wide=True),
            self.coded("statut"),
            self.coded("caractere"),
            self.coded("moment"),
            "responsable",
        ]
        if not self.resultat.referentiel_existe:
            return findings(said)
        return View(
            findings(said),
            tabular(self.table(self.resultat.referentiel, columns, "Référentiel existant, règle par règle")),
        )

    def show_actions(self) -> View:
        """What to do, in order, each action with the chain that leads to it."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_calendrier(self) -> View:
        """When each text applies; dates that were not read in the text are marked."""
        return calendar_view(self.resultat.calendrier, self.resultat.date_reference, self.codes, self.labels)

    def show_bases(self) -> View:
        """Annex: the legal bases behind the rules, with how each was checked."""
        table = base_table(self.resultat.bases, self.codes, self.labels)
        said = [constat for constat in self.resultat.constats if constat.code == "NON_VERIFIE"]
        title = (
            f"{plural(len(self.resultat.bases), 'base juridique', 'bases juridiques')}, avec leur état de vérification"
        )
        return View(findings(said), folded(title, table.to_html()))

    def show_methode(self) -> View:
        """Annex: scales, matrix, classes and limits of the method, as the referentiel holds them."""
        methode = self.referentiels.methode
        return View(
            thresholds(method_rules(methode), "Échelles, niveaux et seuils de la méthode", self.labels),
            titled("Limites de la méthode", bullets(methode.limites)),
            titled("À réviser", bullets(methode.revision)),
        )

    def _strengths(self, rules: pd.DataFrame) -> list[Content]:
        proven = [
            f"{line.libelle} ({line.regle}, prouvée par : {line.preuve_fournie})"
            for line in lines(rules[rules["prouvee"]])
        ]
        existing = (
            [f"Un référentiel existe : {self.resultat.referentiel_reference or 'référence à préciser'}"]
            if self.resultat.referentiel_existe
            else []
        )
        return [*existing, *proven][:HEADLINES]

    def _priorities(self) -> list[Content]:
        return [line.action for line in self.resultat.recommandations[:HEADLINES]]

    def _alerts(self) -> list[Constat]:
        """Uncovered risks are counted above and listed in their own section."""
        return [
            constat for constat in self.resultat.constats if constat.gravite == "alerte" and constat.code != UNCOVERED
        ]

    def _about_ratings(self, constat: Constat) -> bool:
        elsewhere = (*STOPS, ABOUT_REFERENTIEL, "NON_VERIFIE")
        return constat.gravite != "alerte" and not constat.code.startswith(elsewhere)

    def _quality(self) -> View:
        risks, bases = self.resultat.risques, self.resultat.bases
        rated = int(risks["niveau_retenu"].notna().sum())
        unread = int((bases["confiance"] != "texte").sum())
        return paragraph(
            element("strong", "Qualité des données : "),
            f"{plural(rated, 'risque coté', 'risques cotés')}, "
            f"dont {count(int(risks['ecart_coteurs'].sum()))} à rediscuter entre les personnes qui ont coté ; "
            f"{count(unread)} bases juridiques sur {len(bases)} restent à vérifier sur le texte.",
        )

    def _case_risks(self, risks: pd.DataFrame) -> View:
        methode = self.referentiels.methode
        levels = self._level_names()
        columns: Columns = [
            "risque",
            Column("libelle", wide=True),
            "gravite_aggravee",
            "vraisemblance",
            Column("niveau_retenu", render=self._level),
            Column("niveau_residuel", render=self._level),
            "couvert",
            Column("motif_forcage", "Forçage et motif"),
        ]
        if (risks["motif_forcage"] == "").all():
            columns = columns[:-1]
        ordered = risks.sort_values(["niveau_retenu", "risque"], ascending=[False, True], kind="stable")
        table = self.table(ordered, columns, "Risques cotés, avant et après les règles prouvées")
        rated = ordered.dropna(subset=["niveau_retenu"])
        if rated.empty:
            return View("Aucun risque n'est coté pour cet usage ; ce silence ne dit pas qu'ils sont faibles.")
        worst = int(rated["niveau_retenu"].max())
        number = int((rated["niveau_retenu"] == worst).sum())
        lecture = f"{plural(number, 'risque')} au niveau le plus haut constaté, {levels[worst].lower()}."
        cells = rated[["risque", "vraisemblance"]].assign(gravite=rated["gravite_aggravee"])
        return figure(charts.risk_matrix(cells, dict(methode.matrice.items()), levels, lecture, table))

    def _level(self, value: object) -> str:
        number = int(float(str(value)))
        return f"{number} ({self._level_names()[number].lower()})"

    def _level_names(self) -> dict[int, str]:
        return {entry.niveau: entry.libelle for entry in self.referentiels.methode.niveaux}

    def _marks(self, value: str, marks: dict[str, str]) -> Content:
        names = [marks.get(mark, self.codes.get(mark, mark)) for mark in value.split()]
        return formats.capitalize(" ; ".join(name[:1].lower() + name[1:] for name in names)) or formats.ABSENT
