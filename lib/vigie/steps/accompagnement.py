"""How agents are supported and who watches over the rules: kit, dates, governance, reports, social dialogue."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from ..atomic import write_all
from ..collecte import results_file
from ..diagnostics.accompagnement import ResultatAccompagnement, diagnose
from ..diagnostics.typographie import lower_first
from ..rendering import formats
from ..rendering.actions import actions
from ..rendering.agenda import make_agenda
from ..rendering.formats import count, long_date, plural
from ..rendering.html import Content, element, folded, join
from ..rendering.kit import make_kit
from ..rendering.livrables import Contexte, list_documents, make_livrables
from ..rendering.pourquoi import confidence_mark
from ..rendering.tables import Column, Columns, Table, as_is, lines
from ..rendering.views import View, bullets, cards, findings, key_figures, paragraph, tabular, titled
from ._accompagnement_contenus import exercise_view, method_view, workshop_view
from .structure import LIVRABLES, EtapeStructure

HEADLINES = 3
NEAR = 90
"""Days shown at once; the rest of the calendar is folded on screen and printed all the same."""
AGENDA, KIT = "calendrier.ics", "kit_ia.zip"
PDF = ".pdf"
ABOUT_GOVERNANCE = ("GOUVERNANCE", "EXTERNE")
ABOUT_REPORTS = ("SIGNALEMENT", "DELAIS", "CANAL")
ABOUT_DIALOGUE = ("CONSULTATION",)
ABOUT_KIT = ("KIT",)
ABOUT_DATES = ("OUVERTURE", "OUTIL", "FORMATION", "DATES")
ABOUT_EVALUATION = ("ENTRETIEN",)
OUTSIDE = "externe"
LINK = "lien_"


class EtapeAccompagnement(EtapeStructure):
    id = "accompagnement"
    titre = "Accompagnement et gouvernance"
    resultat: ResultatAccompagnement

    def diagnose(self) -> ResultatAccompagnement:
        return diagnose(self.dossier)

    def show_essentiel(self) -> View:
        """One page: what the kit lacks, what presses before the opening, what the law asks to consult on."""
        resultat = self.resultat
        figures = [
            (count(resultat.documents_manquants), "documents du kit à obtenir ou à valider"),
            (count(resultat.rendez_vous), "rendez-vous au calendrier"),
            (count(resultat.consultations_dues), "consultations ou informations dues"),
            (self.codes[resultat.formule], "gouvernance proposée"),
        ]
        columns: list[tuple[str, list[Content]]] = [
            ("Trois points d'appui", self._strengths()),
            ("Trois priorités", [line.action for line in resultat.recommandations[:HEADLINES]]),
        ]
        opening = (
            f"Prochaine ouverture d'outil : {long_date(resultat.ouverture)}."
            if resultat.ouverture
            else "Aucune ouverture d'outil à venir n'est datée."
        )
        used = "Un outil est déjà utilisé." if resultat.outil_utilise else "Aucun outil n'est encore utilisé."
        return View(
            key_figures(figures),
            cards(columns, empty="Rien n'est encore montré par un document."),
            findings(constat for constat in resultat.constats if constat.gravite == "alerte"),
            paragraph(f"{opening} {used}"),
        )

    def show_kit(self) -> View:
        """Each document of the kit: there, valid, reachable, of what age, and what is missing."""
        columns: Columns = [
            Column("document", wide=True),
            self.coded("etat"),
            Column("date", render=long_date),
            Column("age_mois", "Âge", self._age),
            Column("manque", render=lambda value: formats.capitalize(str(value)), wide=True),
        ]
        listed = self.table(self.resultat.kit, columns, "État du kit d'utilisation")
        return View(self._said(ABOUT_KIT), tabular(listed))

    def show_calendrier(self) -> View:
        """The coming months at once, the rest folded."""
        rows = self.resultat.calendrier
        limit = (self.resultat.date_reference + timedelta(days=NEAR)).isoformat()
        near, later = rows[rows["date"] <= limit], rows[rows["date"] > limit]
        parts: list[Content | View] = [self._said(ABOUT_DATES)]
        if len(near):
            parts.append(tabular(self._calendar_table(near, f"Jusqu'au {long_date(limit)}")))
        if len(later):
            title = f"{plural(len(later), 'date')} après le {long_date(limit)}"
            parts.append(View(folded(title, self._calendar_table(later, "Suite du calendrier").to_html())))
        return View(*parts)

    def show_gouvernance(self) -> View:
        """What is proposed, why, and how it relates to the actors that exist."""
        rows = self.resultat.gouvernance
        outside, links = rows["id"].str.startswith(OUTSIDE), rows["id"].str.startswith(LINK)
        main = self._points(rows[~outside & ~links], "Formule, missions, acte, rythme et traces")
        linked = self._points(rows[links], "Liens avec les acteurs existants, et bornes")
        return View(self._said(ABOUT_GOVERNANCE), tabular(main), folded("Liens avec les acteurs", linked.to_html()))

    def show_composition(self) -> View:
        frame = _stacked(self.resultat.composition, "profil", "motif")
        columns: Columns = [
            "siege",
            "nombre",
            Column("profil", "Profil et motif", as_is, wide=True),
            Column("voix", render=lambda value: "avec voix" if value == "oui" else "entendu sans voix"),
        ]
        groups = frame.groupby("instance", sort=False)
        return View(*(tabular(self.table(group, columns, f"Composition : {name}")) for name, group in groups))

    def show_externe(self) -> View:
        """The legal point on an outside person; nothing when no commission is proposed."""
        rows = self.resultat.gouvernance
        rows = rows[rows["id"].str.startswith(OUTSIDE)]
        if rows.empty:
            return paragraph(
                "Sans commission, la question de la personnalité externe ne se pose pas.", class_="vg-vide"
            )
        return tabular(self._points(rows, "Personnalité externe : le point de droit et les quatre voies"))

    def show_signalement(self) -> View:
        """Steps of the procedure, then its routes; a delay that was not checked says so."""
        signalement = self.referentiels.gouvernance.signalement
        steps = [f"{etape.libelle} : {etape.texte}" for etape in signalement.etapes]
        frame = _stacked(self.resultat.routes, "nature", "voie")
        frame["base"] = [self._base(line) for line in lines(self.resultat.routes)]
        columns: Columns = [
            Column("nature", "Faits et voie", as_is),
            Column("destinataire", wide=True),
            Column("delai", wide=True),
            Column("base", render=as_is),
        ]
        return View(
            self._said(ABOUT_REPORTS),
            paragraph(signalement.principe),
            titled("Les étapes", bullets(steps)),
            titled("Les voies", tabular(self.table(frame, columns, "À qui s'adresser, selon les faits"))),
        )

    def show_dialogue(self) -> View:
        """The points of social dialogue, with who is competent and when."""
        frame = _stacked(self.resultat.dialogue, "sujet", "formation_competente", "moment")
        frame["base"] = [self._base(line) for line in lines(self.resultat.dialogue)]
        columns: Columns = [
            Column("sujet", "Sujet, formation compétente et moment", as_is, wide=True),
            self.coded("etat"),
            Column("echeance", render=long_date),
            Column("base", render=as_is),
        ]
        conditions = self.referentiels.accompagnement.dialogue_conditions
        return View(
            self._said(ABOUT_DIALOGUE),
            tabular(self.table(frame, columns, "Points de dialogue social")),
            titled("Une information équivalente", bullets(conditions)),
        )

    def show_evaluation(self) -> View:
        """The tools, what each keeps out, and the indicators of follow-up with their alert."""
        frame = _stacked(self.resultat.evaluation, "contenu", "public", "moment")
        columns: Columns = [
            "outil",
            Column("contenu", "Contenu, public et moment", as_is, wide=True),
            Column("precaution", wide=True),
        ]
        indicators: Columns = [Column("libelle", "Indicateur"), Column("calcul", "Calcul", wide=True), "alerte"]
        guards = [f"{one.id} : {one.regle}" for one in self.referentiels.competences.garde_fous]
        return View(
            self._said(ABOUT_EVALUATION),
            tabular(self.table(frame, columns, "Outils d'évaluation proposés")),
            View(folded("Garde-fous des compétences douces", bullets(guards).html)),
            tabular(self.table(self.resultat.indicateurs, indicators, "Indicateurs de suivi")),
        )

    def show_atelier(self) -> View:
        """The collective workshop, minute by minute, with its fictional cases."""
        return workshop_view(self.referentiels.accompagnement.atelier, self.labels)

    def show_exercices(self) -> View:
        """The critical-eye exercises; the planted errors are folded, for who leads."""
        return View(*(exercise_view(one) for one in self.referentiels.accompagnement.exercices))

    def show_pilotage(self) -> View:
        """Who does what among the three pilots, action by action, and who validates."""
        frame = _stacked(self.resultat.pilotage, "action", "validation")
        columns: Columns = [
            Column("action", "Action et validation", as_is, wide=True),
            "pilote_rh",
            "pilote_formation",
            "pilote_numerique",
        ]
        pilotage = self.referentiels.gouvernance.pilotage
        listed = self.table(frame, columns, "Triple pilotage, action par action")
        return View(paragraph(pilotage.principe), tabular(listed), paragraph(pilotage.rythme, class_="vg-note"))

    def show_actions(self) -> View:
        """What to do, in order, each action with the chain that leads to it."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_methode(self) -> View:
        """Annex: thresholds and choices of the step, as the referentiels hold them, with their reserves."""
        return method_view(self.referentiels, self.labels)

    def save_livrables(self) -> View:
        """Write the documents, the calendar to import and the kit's archive; gives their list, with links."""
        start = results_file(self.ministere.id, self.campagne.id, self.dossier_resultats).parent
        folder, contexte = start / LIVRABLES, Contexte.of(self.dossier)
        made = make_livrables(self.resultat, contexte, folder)
        agenda = make_agenda(self.resultat, contexte)
        kit = make_kit(self.resultat, contexte, {AGENDA: agenda, **self._joined(folder)})
        write_all({folder / AGENDA: agenda, folder / KIT: kit})
        files = [
            ("Calendrier à importer dans un agenda", folder / AGENDA),
            ("Kit prêt à remettre : une page et ses documents", folder / KIT),
        ]
        links = (element("a", title, href=path.relative_to(start).as_posix()) for title, path in files)
        return View(list_documents(made, start), titled("Fichiers à remettre ou à importer", bullets(links)))

    def _joined(self, folder: Path) -> dict[str, bytes]:
        """Accessible documents of the kit found beside the results, whichever step made them."""
        wanted = self.referentiels.accompagnement.kit.livrables
        found = (folder / f"{name}{PDF}" for name in wanted)
        return {path.name: path.read_bytes() for path in found if path.is_file()}

    def _strengths(self) -> list[Content]:
        held = self.resultat.kit[self.resultat.kit["etat"].isin(["valide", "accessible"])]
        done = self.resultat.dialogue[self.resultat.dialogue["etat"] == "fait"]
        documents = [f"{line.document} : {self.codes[line.etat].lower()}" for line in lines(held)]
        consulted = [f"Dialogue social tenu : {lower_first(line.sujet)}" for line in lines(done)]
        return [*documents, *consulted][:HEADLINES]

    def _said(self, codes: tuple[str, ...]) -> View:
        return findings(constat for constat in self.resultat.constats if constat.code.startswith(codes))

    def _points(self, rows: pd.DataFrame, caption: str) -> Table:
        columns: Columns = [
            "point",
            Column("proposition", "Proposition et motif", as_is, wide=True),
            Column("bases", render=lambda value: self._named(str(value))),
        ]
        return self.table(_stacked(rows, "proposition", "motif"), columns, caption)

    def _calendar_table(self, rows: pd.DataFrame, caption: str) -> Table:
        roles = {role.id: role.libelle for role in self.referentiels.maturite.roles}
        named = rows.assign(
            type=[self.codes.get(one, one) for one in rows["type"]],
            pilote=[f"Pilote : {roles.get(one, one)}" for one in rows["pilote"]],
        )
        columns: Columns = [
            Column("date", render=long_date),
            Column("intitule", "Rendez-vous, nature et pilote", as_is, wide=True),
            Column("public", wide=True),
        ]
        return self.table(_stacked(named, "intitule", "type", "pilote"), columns, caption)

    def _base(self, line: Any) -> Content:
        """Bases of a line, each on one line, then how the line was checked when not in the text."""
        mark = confidence_mark(line.confiance, self.codes)
        named = self._named(line.base)
        return join([named, element("span", mark, class_="vg-precision")]) if mark else named

    def _named(self, cell: str) -> Content:
        return join((element("span", name, class_="vg-court") for name in cell.split()), ", ")

    def _age(self, value: object) -> Content:
        return f"{count(value)} mois"


def _stacked(frame: pd.DataFrame, main: str, *below: str) -> pd.DataFrame:
    """A copy whose column `main` holds, under its own text, in small, the texts of the columns `below`."""
    cells = [
        join([texts[0], *(element("span", text, class_="vg-precision") for text in texts[1:] if text)])
        for texts in zip(*(frame[name] for name in (main, *below)), strict=True)
    ]
    return frame.assign(**{main: pd.Series(cells, index=frame.index, dtype="object")})
