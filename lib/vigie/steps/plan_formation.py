"""The training plan: modules, paths, sessions, what is covered, what is left and why, what to create (F3-05, F3-06)."""

from __future__ import annotations

from functools import cached_property

from ..diagnostics.plan_formation import ResultatPlanFormation, diagnose
from ..rendering import formats
from ..rendering.actions import actions
from ..rendering.annexes.plan_formation import matching_rules, plan_rules
from ..rendering.formation import coverage_chart
from ..rendering.formats import count, percent, plural
from ..rendering.html import Content, element, folded
from ..rendering.tables import lines
from ..rendering.views import View, bullets, cards, figure, findings, key_figures, paragraph, tabular, titled
from ._plan_formation_tables import PlanTables
from .base import thresholds
from .structure import EtapeStructure

HEADLINES = 3
MASKED = "masque"
FREE = "libre_acces"
NOTHING_COVERED = "Aucun besoin publié n'est entièrement couvert."
NOTHING_PRINTED = "Rien ne peut être publié sans reconnaître quelqu'un : la liste va au seul service de formation."
ABOUT_OFFER = ("A_DEMANDER", "FRAICHEUR_INCONNUE", "NIVEAUX_A_CONFIRMER", "COUT_INCONNU")
ABOUT_CHOICES = ("CHOIX",)
ABOUT_COVERAGE = ("COUVERTURE", "INCONNUS", "DOUCES")
ABOUT_REQUESTS = ("RECHERCHE_A_FAIRE", "DEMANDES")
ABOUT_FAIRNESS = ("EQUITE",)
ABOUT_MANDATES = ("MANDATS",)


class EtapePlanFormation(EtapeStructure):
    id = "plan_formation"
    titre = "Plan de formation"
    resultat: ResultatPlanFormation

    def diagnose(self) -> ResultatPlanFormation:
        return diagnose(self.dossier)

    @cached_property
    def tables(self) -> PlanTables:
        return PlanTables(self.resultat, self.referentiels)

    def show_essentiel(self) -> View:
        """One page: how much the plan covers, what it asks, what stops, what to do first."""
        resultat = self.resultat
        requests = int((resultat.creations["decision"] != FREE).sum())
        figures = [
            (_known(resultat.besoins_couverts), "besoins couverts" + self._out_of()),
            (_known(resultat.inscrits), "agents inscrits au moins une fois"),
            (_known(resultat.heures_totales), "heures de formation, sur le temps de travail"),
            (count(requests), "modules à créer, à adapter ou à mutualiser"),
        ]
        columns = [("Trois points d'appui", self._strengths()), ("Trois priorités", self._priorities())]
        return View(
            key_figures(figures),
            cards(columns, empty=self._nothing()),
            findings(self.resultat.constats, ("alerte",)),
            self._quality(),
        )

    def show_parcours(self) -> View:
        """Paths by impact and audience, with what is due before a tool opens, and the rules that hold for all."""
        rules = [rule.regle for rule in self.referentiels.parcours_formation.regles]
        return View(
            tabular(self.tables.parcours()),
            View(folded("Modules proposés, parcours par parcours", self._modules_by_path().html)),
            titled("Pour tous les parcours", bullets(rules)),
            self._said(ABOUT_MANDATES),
        )

    def show_modules(self) -> View:
        """Modules kept; those that answer no need well enough are folded."""
        kept, left = self.tables.modules(retenus=True), self.tables.modules(retenus=False)
        parts: list[View | Content] = [self._said(ABOUT_OFFER)]
        parts.append(
            tabular(kept)
            if kept.rows
            else paragraph("Aucun module connu ne répond assez à un besoin.", class_="vg-vide")
        )
        if left.rows:
            title = plural(
                len(left.rows), "module examiné ne répond pas assez", "modules examinés ne répondent pas assez"
            )
            parts.append(folded(title, left.to_html()))
        return View(*parts)

    def show_choix(self) -> View:
        """What the training service chose, which holds over the matching."""
        if self.resultat.choix.empty:
            return paragraph("Aucun choix du service de formation n'est enregistré : le plan suit l'appariement seul.")
        return View(self._said(ABOUT_CHOICES), tabular(self.tables.choix()))

    def show_sessions(self) -> View:
        """When, where, how many; never who."""
        if self.resultat.sessions.empty:
            return paragraph("Aucune session n'est planifiée.", class_="vg-vide")
        note = "La liste nominative des inscriptions est dans le seul classeur du service de formation."
        return View(tabular(self.tables.sessions()), paragraph(note, class_="vg-note"))

    def show_couverture(self) -> View:
        """Needs covered, competence by competence, then need by need: modules, what is left and why."""
        covered = self.tables.couverture()
        masked = int((self.resultat.couverture["etat"] == MASKED).sum())
        parts: list[View | Content] = [self._said(ABOUT_COVERAGE)]
        if covered.rows:
            parts.append(figure(coverage_chart(self.resultat.couverture, self.labels)))
            title = f"{plural(len(covered.rows), 'besoin publié', 'besoins publiés')}, par compétence et par public"
            parts.append(folded(title, covered.to_html()))
        else:
            parts.append(paragraph(self._nothing(), class_="vg-vide"))
        if masked:
            hidden = plural(masked, "ligne masquée", "lignes masquées")
            sentence = f"{hidden} : trop peu de personnes, ou toutes dans le même cas."
            parts.append(paragraph(sentence, class_="vg-note"))
        return View(*parts)

    def show_non_couverts(self) -> View:
        """What is left, by reason: what a training service acts on."""
        if self.resultat.non_couverts.empty:
            return paragraph(self._nothing("Rien ne reste à couvrir."), class_="vg-vide")
        return tabular(self.tables.non_couverts())

    def show_creations(self) -> View:
        """Requests, with the proof of a search in the existing offer."""
        if self.resultat.creations.empty:
            return paragraph("Aucun module n'est à créer.", class_="vg-vide")
        return View(
            self._said(ABOUT_REQUESTS),
            tabular(self.tables.creations()),
            titled("Recherche dans l'offre existante", bullets(self.resultat.recherche_gisements)),
        )

    def show_equite(self) -> View:
        """Coverage rate by site, category and gender, when groups are large enough to be read (F3-30)."""
        if self.resultat.equite.empty:
            seuil = self.resultat.seuil_effectif
            return paragraph(f"Aucun critère n'a deux groupes d'au moins {seuil} agents : l'équité ne se lit pas ici.")
        return View(self._said(ABOUT_FAIRNESS), tabular(self.tables.equite()))

    def show_comparaison(self) -> View:
        """How the plan was chosen, the reference plan beside it, and what a relaxed bound would change."""
        if not self.resultat.optimisation:
            return paragraph("Aucun besoin connu : il n'y a rien à choisir.", class_="vg-vide")
        parts: list[View | Content] = [bullets(self.resultat.optimisation), tabular(self.tables.comparaison())]
        if not self.resultat.relachements.empty:
            parts.append(tabular(self.tables.relachements()))
        return View(*parts)

    def show_actions(self) -> View:
        """What to do, in order, each action with the chain that leads to it."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_seuils(self) -> View:
        """Annex: thresholds, values and bounds, as the referentiel holds them, with their reserves."""
        plan = self.referentiels.parcours_formation
        reserves = [*plan.reserves, *self.referentiels.formations.reserves]
        return View(
            thresholds(matching_rules(plan.appariement), "Adéquation d'un module à un besoin", self.labels),
            thresholds(plan_rules(plan, self.codes), "Création, calendrier, équité et recherche du plan", self.labels),
            titled("Réserves", bullets(reserves)),
        )

    def _said(self, codes: tuple[str, ...]) -> View:
        return findings(constat for constat in self.resultat.constats if constat.code.startswith(codes))

    def _modules_by_path(self) -> View:
        rows = lines(self.resultat.parcours)
        return bullets(f"{row.parcours} {row.libelle} : {self.tables.titled(row.modules)}" for row in rows)

    def _out_of(self) -> str:
        return "" if formats.is_absent(self.resultat.besoins) else f" sur {count(self.resultat.besoins)}"

    def _nothing(self, otherwise: str = NOTHING_COVERED) -> str:
        """Why nothing is shown: nothing is known, or nothing may be printed."""
        couverture = self.resultat.couverture
        if couverture.empty:
            return "Aucun besoin n'est connu : il manque des positionnements."
        return otherwise if (couverture["etat"] != MASKED).any() else NOTHING_PRINTED

    def _strengths(self) -> list[Content]:
        """Needs that the plan covers wholly, the most numerous first."""
        covered = self.resultat.couverture
        covered = covered[covered["couvert"].eq(True).fillna(False).astype(bool)]
        ordered = covered.sort_values("besoin", ascending=False, kind="stable")
        return [
            f"{line.competence} {line.libelle} : {plural(int(line.besoin), 'agent couvert', 'agents couverts')}"
            for line in lines(ordered.head(HEADLINES))
        ]

    def _priorities(self) -> list[Content]:
        return [line.action for line in self.resultat.recommandations[:HEADLINES]]

    def _quality(self) -> View:
        resultat = self.resultat
        kept = resultat.modules[resultat.modules["decision"] != "insuffisant"]
        unknown = int(kept["duree_h"].isna().sum())
        share = (
            ""
            if formats.is_absent(resultat.part_couverte)
            else f"{percent(resultat.part_couverte)} des besoins couverts ; "
        )
        return paragraph(
            element("strong", "Qualité des données : "),
            f"{share}{plural(len(kept), 'module retenu', 'modules retenus')}, "
            f"dont {count(unknown)} de durée inconnue ; "
            f"{plural(len(resultat.manques), 'donnée manque', 'données manquent')} à ce rapport.",
        )


def _known(value: float) -> str:
    return formats.MASKED if formats.is_absent(value) else count(value)
