"""The skills synthesis as it goes to the training service (F3-04): what to reinforce, for whom, before when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..diagnostics.competences import ResultatCompetences, diagnose
from ..diagnostics.resultat import Constat
from ..rendering import charts, formats
from ..rendering.actions import actions
from ..rendering.annexes.competences import exposure_rules, need_rules
from ..rendering.formats import count, percent, plural
from ..rendering.html import Content, element, folded, join
from ..rendering.tables import Column, Columns, as_is, coded, lines
from ..rendering.views import View, bullets, cards, figure, findings, key_figures, panel, paragraph, tabular, titled
from .base import thresholds
from .structure import EtapeStructure

HEADLINES = 3
DRAWN = 18
"""Needs drawn; the table under the drawing holds them all."""
MASKED = "masque"
FIRST_RANK = 1
EXPOSURE = ("PRUDENCE", "COTATION", "A_CONFIRMER", "PARTS_RAMENEES", "TACHES_NOMBREUSES")
"""Findings on the exposure of jobs, shown with it. A_CONFIRMER also speaks of needs: its targets tell them apart."""


class EtapeCompetences(EtapeStructure):
    id = "competences"
    titre = "Synthèse des compétences"
    resultat: ResultatCompetences

    def diagnose(self) -> ResultatCompetences:
        return diagnose(self.dossier)

    def show_essentiel(self) -> View:
        """One page: what is known, what to reinforce first, before when, how far to trust it."""
        resultat = self.resultat
        first = int((resultat.besoins["rang"] == FIRST_RANK).sum())
        figures = [
            (count(resultat.agents), "agents dans le périmètre"),
            (percent(resultat.taux_positionnement), "se sont positionnés"),
            (count(first), "compétences à renforcer au rang 1"),
            (percent(resultat.part_preuves_fortes), "des niveaux connus reposent sur plus qu'une déclaration"),
        ]
        columns = [("Trois points d'appui", self._strengths()), ("Trois priorités", self._priorities())]
        return View(
            key_figures(figures),
            cards(columns, empty="Aucun niveau n'est connu : il manque des positionnements."),
            self._deadline(),
            findings(resultat.constats, ("alerte",)),
            self._quality(),
        )

    def show_perimetre(self) -> View:
        """Who is concerned, and when their tools open."""
        columns: Columns = [
            Column("public", render=coded(self._audiences())),
            "effectif",
            Column("mise_en_service", render=formats.long_date),
            Column("mois", "Mois restants", formats.count),
            "urgence",
        ]
        table = self.table(self.resultat.urgences, columns, "Publics concernés et date d'ouverture de leurs outils")
        return View(tabular(table), findings(self._constats("PERIMETRE", "MANDATS", "EQUITE")))

    def show_exposition(self) -> View:
        """Exposure of job families to AI: what the tool could do, not what will be done."""
        metiers = self.resultat.metiers
        rated = metiers[metiers["exposition"].notna()].sort_values("exposition", ascending=False, kind="stable")
        columns: Columns = [
            Column("libelle", "Famille de métiers, et raisons de son impact", as_is, wide=True),
            "effectif",
            Column("exposition", render=lambda value: formats.number(value, 2)),
            self.coded("classe"),
            self.coded("classe_autre"),
            "cotations",
            self.coded("impact"),
        ]
        explained = metiers.assign(libelle=[_with_reason(line) for line in lines(metiers)])
        table = self.table(explained, columns, "Exposition et impact, par famille de métiers")
        said = findings(filter(self._about_exposure, self.resultat.constats))
        if rated.empty:
            nothing = paragraph("Aucune famille de métiers n'a été cotée localement.", class_="vg-vide")
            return View(nothing, tabular(table), said)
        scale = self.referentiels.metiers.cotation
        bounds = {"forte": scale.seuil_forte, "très forte": scale.seuil_tres_forte}
        drawn = rated.assign(classe=rated["classe"].map(lambda value: self.codes.get(value, value).lower()))
        highest = drawn["libelle"].iloc[0]
        lecture = f"{plural(len(rated), 'famille cotée', 'familles cotées')} ; la plus exposée : {highest}."
        return View(figure(charts.exposure(drawn, bounds, lecture, table)), said)

    def show_besoins(self) -> View:
        """Needs by competence, in order of rank; a count that could point at someone is masked."""
        needs = self._needs()
        columns: Columns = [
            Column("libelle", "Compétence"),
            "rang",
            "besoin",
            Column("intensite", render=formats.number),
            Column("charge", render=formats.count),
            Column("confiance", render=lambda value: formats.number(value, 2)),
            "a_confirmer",
            "inconnus",
        ]
        seuil = self.resultat.seuil_effectif
        note = f"Intensité, charge et confiance : « — » quand moins de {seuil} agents ont le besoin."
        table = self.table(needs, columns, "Besoins par compétence, compétences douces à part", [note])
        first = needs[needs["rang"] == FIRST_RANK]
        lecture = f"{plural(len(first), 'compétence est', 'compétences sont')} à renforcer avant tout"
        if not first.empty:
            lecture += f", d'abord {first['libelle'].iloc[0]}"
        ranks = {
            1: "rang 1, avant tout",
            2: "rang 2, ensuite",
            3: "rang 3, en libre accès",
        }
        chart = charts.need_bars(needs.dropna(subset=["rang"]).head(DRAWN), ranks, f"{lecture}.", table)
        said = self._constats("INCONNUS", "ECART_MODES", "BESOIN_MASQUE")
        return View(figure(chart), findings([*self._unconfirmed(), *said]))

    def show_synthese(self) -> View:
        """Competence by audience: the table that the training service works from."""
        synthese = self.resultat.synthese
        audiences = self._audiences()
        frame = synthese.assign(
            libelle=synthese["competence"] + " " + synthese["libelle"],
            public=[_together(line.publics_regroupes or line.public) for line in lines(synthese)],
        )
        columns: Columns = [
            Column("libelle", "Compétence", wide=True),
            Column("public", render=as_is),
            "requis",
            "actuel_median",
            Column("ecart_median", render=formats.number),
            "effectif",
            "besoin",
            "rang",
            Column("confiance", render=lambda value: formats.number(value, 2)),
        ]
        legend = " ; ".join(f"{code} : {label}" for code, label in audiences.items()) + "."
        published = frame[frame["etat"] != MASKED]
        masked = frame[frame["etat"] == MASKED]
        parts: list[View | Content] = []
        if published.empty:
            parts.append("Aucun public n'atteint l'effectif de publication : la synthèse ne donne ici aucun chiffre.")
        else:
            parts.append(tabular(self.table(published, columns, "Synthèse : compétence et public", [legend])))
        if not masked.empty:
            notice = f"{plural(len(masked), 'ligne masquée', 'lignes masquées')}, niveau requis seul"
            caption = "Lignes masquées : ce qui est requis"
            required = self.table(masked, columns[:3], caption, [legend])
            parts.append(folded(notice, required.to_html()))
        parts.append(findings(self._constats("REGROUPE", "MASQUE", "EDITIONS")))
        return View(*parts)

    def show_maintien(self) -> View:
        """Know-how to keep up, and new profiles to call upon (F3-32, F3-07)."""
        keep = self.table(
            self.resultat.maintenir,
            ["competence", "libelle", "effectif", "niveau_median", Column("motif", wide=True)],
            "Compétences existantes à maintenir",
        )
        profiles = self.table(
            self.resultat.profils,
            [Column("libelle", "Profil"), "effectif", Column("motif", wide=True)],
            "Nouveaux profils à mobiliser ou à recruter",
        )
        return View(tabular(keep), tabular(profiles))

    def show_douces(self) -> View:
        """Soft skills: voluntary, for the whole structure, never individual (F3-27)."""
        columns: Columns = [
            "competence",
            Column("libelle", wide=True),
            "nature",
            "effectif",
            "actuel_median",
            Column("part_besoin", render=formats.percent),
        ]
        table = self.table(self.resultat.douces, columns, "Compétences douces, ensemble de la structure")
        guards = [f"{guard.regle} {guard.raison}" for guard in self.referentiels.competences.garde_fous]
        return View(tabular(table), titled("Garde-fous", bullets(guards)))

    def show_actions(self) -> View:
        """What to do, in order, each action with the chain that leads to it."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_taches(self) -> View:
        """Annex: ratings of tasks, job by job."""
        names = self.resultat.metiers.set_index("metier")["libelle"]
        columns: Columns = [
            Column("libelle", "Tâche", wide=True),
            Column("part", render=formats.percent),
            Column("note", render=lambda value: formats.number(value, 2)),
            self.coded("nature"),
            "cotations",
        ]
        blocks = [
            folded(str(names.get(job, job)), self.table(group, columns, f"Tâches : {names.get(job, job)}").to_html())
            for job, group in self.resultat.taches.groupby("metier", sort=False)
        ]
        return View(*blocks)

    def show_seuils(self) -> View:
        """Annex: thresholds of exposure, gap and publication, as the referentiels hold them."""
        needs = need_rules(self.referentiels.competences.cotation, self._audiences(), self.codes)
        return View(
            thresholds(exposure_rules(self.referentiels.metiers.cotation), "Exposition et impact", self.labels),
            thresholds(needs, "Niveaux, besoins et petits effectifs", self.labels),
        )

    def _constats(self, *codes: str) -> list[Constat]:
        return [constat for constat in self.resultat.constats if constat.code in codes]

    def _unconfirmed(self) -> list[Constat]:
        known = set(self.resultat.besoins["competence"])
        return [constat for constat in self._constats("A_CONFIRMER") if known & set(constat.cibles)]

    def _about_exposure(self, constat: Constat) -> bool:
        return constat.code.startswith(EXPOSURE) and not set(constat.cibles) & set(self.resultat.besoins["competence"])

    def _audiences(self) -> dict[str, str]:
        return {public.id: public.libelle for public in self.referentiels.niveaux_requis.publics}

    def _needs(self) -> pd.DataFrame:
        """Needs other than soft skills, by rank then charge, labelled with their id."""
        soft = set(self.resultat.douces["competence"])
        needs = self.resultat.besoins[~self.resultat.besoins["competence"].isin(soft)]
        needs = needs.assign(libelle=needs["competence"] + " " + needs["libelle"])
        return needs.sort_values(["rang", "charge"], ascending=[True, False], kind="stable")

    def _strengths(self) -> list[Content]:
        """Published competences that fewest people lack."""
        published = self._needs().dropna(subset=["besoin"]).sort_values("besoin", kind="stable")
        return [
            f"{line.libelle} : {plural(int(line.besoin), 'agent seulement', 'agents seulement')} sous le niveau requis"
            for line in lines(published.head(HEADLINES))
        ]

    def _priorities(self) -> list[Content]:
        urgent = self._needs()
        urgent = urgent[urgent["rang"] == FIRST_RANK]
        return [f"{line.libelle} : {_concerned(line.besoin)}" for line in lines(urgent.head(HEADLINES))]

    def _deadline(self) -> View:
        """The first opening of a tool, before which training must end (F3-28)."""
        dated = self.resultat.urgences[self.resultat.urgences["mise_en_service"] != ""]
        if dated.empty:
            return paragraph("Aucune date de mise en service n'est connue : l'urgence est partout la plus basse.")
        day = min(dated["mise_en_service"])
        past = day <= self.resultat.date_reference.isoformat()
        if past:
            return panel(
                "attention", f"un outil est en service depuis le {formats.long_date(day)} : former sans attendre."
            )
        return panel(
            "attention", f"un outil ouvre le {formats.long_date(day)} : former et accompagner avant cette date."
        )

    def _quality(self) -> View:
        synthese = self.resultat.synthese
        masked = int((synthese["etat"] == MASKED).sum())
        return paragraph(
            element("strong", "Qualité des données : "),
            f"{count(self.resultat.agents_positionnes)} agents positionnés sur "
            f"{count(self.resultat.agents)} ; {count(masked)} lignes de la synthèse sur {count(len(synthese))} sont "
            f"masquées, sous {plural(self.resultat.seuil_effectif, 'personne')}.",
        )


def _concerned(need: float) -> str:
    return "effectif masqué" if pd.isna(need) else f"{plural(int(need), 'agent')} sous le niveau requis"


def _together(publics: str) -> Content:
    """« AC1 + AC2 », never cut at the end of a line."""
    return element("span", " + ".join(publics.split()), class_="vg-court")


def _with_reason(line: Any) -> Content:
    """The job family, then in small why its impact is raised."""
    reason = [element("span", line.impact_motif, class_="vg-precision")] if line.impact_motif else []
    return join([line.libelle, *reason])
