"""What is handed back: vigilance points, feuille de route, before and after, validations, the structure's documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..diagnostics.restitution import ResultatRestitution, diagnose
from ..diagnostics.typographie import lower_first
from ..rendering import formats
from ..rendering.actions import actions
from ..rendering.formats import count, long_date, plural
from ..rendering.html import Content, element, folded, join
from ..rendering.livrables import title_of
from ..rendering.tables import Column, Columns, Table, as_is, lines
from ..rendering.views import View, badge, bullets, cards, findings, key_figures, paragraph, tabular, titled
from .structure import EtapeStructure

HEADLINES = 3
ETATS = ("absent", "inconnu", "a_renforcer", "tenu", "sans_objet")
"""States of a vigilance point, from the one that asks for the most."""
CHANGED = ("progres", "recul", "etabli", "perdu")
TOUTES = ("maturite", "competences", "risques_ethique")


class EtapeRestitution(EtapeStructure):
    id = "restitution"
    titre = "Points de vigilance, feuille de route et restitution"
    resultat: ResultatRestitution

    def diagnose(self) -> ResultatRestitution:
        return diagnose(self.dossier)

    def show_essentiel(self) -> View:
        """One page: how many points hold, how many actions, what the direction has to decide."""
        resultat = self.resultat
        expected = len(self.referentiels.formulaires.validation.etapes) - 1
        figures = [
            (f"{resultat.vigilances_tenues} sur {len(resultat.vigilances)}", "points de vigilance tenus"),
            (count(len(resultat.feuille_de_route)), "actions à mener"),
            (count(resultat.recommandations_reunies), "recommandations des étapes, réunies sans doublon"),
            (f"{resultat.etapes_validees} sur {expected}", "étapes validées par la direction"),
        ]
        columns: list[tuple[str, list[Content]]] = [
            ("Trois points d'appui", self._strengths()),
            ("Trois priorités", [line.action for line in resultat.recommandations[:HEADLINES]]),
        ]
        return View(
            key_figures(figures),
            cards(columns, empty="Rien n'est encore montré par un document."),
            findings(one for one in resultat.constats if one.gravite == "alerte"),
        )

    def show_vigilances(self) -> View:
        """Each point with its state, what is shown, what is missing, who acts and by which actions."""
        rows = self.resultat.vigilances
        order = {etat: rank for rank, etat in enumerate(ETATS)}
        rows = rows.sort_values("etat", key=lambda column: column.map(order), kind="stable")
        roles = self._roles()
        frame = pd.DataFrame(
            {
                "vigilance": [_below(f"{one.vigilance} {one.libelle}", one.items) for one in lines(rows)],
                "etat": [badge(self.codes[one.etat]) for one in lines(rows)],
                "manque": [self._missing(one) for one in lines(rows)],
                "acteur": [_below(roles.get(one.acteur, one.acteur), _ranks(one.actions)) for one in lines(rows)],
            },
            dtype="object",
        )
        columns: Columns = [
            Column("vigilance", render=as_is, wide=True),
            Column("etat", render=as_is),
            Column("manque", "Ce qui est montré, ce qui manque", as_is, wide=True),
            Column("acteur", render=as_is),
        ]
        said = findings(one for one in self.resultat.constats if one.code.startswith("VIGILANCE"))
        return View(said, tabular(self.table(frame, columns, "Points de vigilance transversaux de la fiche")))

    def show_feuille_de_route(self) -> View:
        """Every action in one order, short; the reasons come with `show_actions`."""
        rows = self.resultat.feuille_de_route
        roles = self._roles()
        parts: list[View] = []
        for priorite, group in rows.groupby("priorite", sort=False):
            frame = group.assign(
                action=[
                    _below(one.action, f"{one.livrable}. Preuve : {lower_first(one.preuve)}") for one in lines(group)
                ],
                pilote=[_below(roles.get(one.pilote, one.pilote), one.etapes) for one in lines(group)],
            )
            columns: Columns = [
                Column("rang", numeric=True),
                Column("action", "Action, livrable et preuve", as_is, wide=True),
                Column("pilote", "Pilote, étapes d'origine", as_is),
                Column("echeance", render=long_date),
                self.coded("effort"),
                self.coded("validation"),
            ]
            listed = tabular(self.table(frame, columns, f"{priorite} : {plural(len(group), 'action')}"))
            parts.append(titled(str(priorite), listed))
        return View(*parts) if parts else paragraph("Aucune action.", class_="vg-vide")

    def show_actions(self) -> View:
        """The same actions, each with the chain down to the answers, the rule and the article."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_avant_apres(self) -> View:
        """What changed since the campagne before, with what explains it; what did not is folded."""
        rows = self.resultat.avant_apres
        if not self.resultat.campagne_avant:
            return paragraph("Aucune campagne précédente de la structure : rien n'est comparé.", class_="vg-vide")
        moved = rows[rows["etat"].isin(CHANGED)]
        rest = rows[~rows["etat"].isin(CHANGED)]
        parts: list[Content | View] = [
            findings(one for one in self.resultat.constats if one.code in ("RECUL", "RELECTURE")),
            tabular(self._versions()),
        ]
        for etape in TOUTES:
            group = moved[moved["etape"] == etape]
            if len(group):
                parts.append(titled(self.codes[etape], tabular(self._changes(group, "Ce qui a changé"))))
        if len(rest):
            title = f"{plural(len(rest), 'ligne')} sans changement, masquées ou non comparables"
            parts.append(View(folded(title, self._changes(rest, "Le reste").to_html())))
        return View(*parts)

    def show_validations(self) -> View:
        """Step by step and document by document, what the direction validated."""
        rows = self.resultat.validations
        frame = rows.assign(
            etape=[self.codes[one] for one in rows["etape"]],
            livrable=[title_of(one) if one else "Étape entière" for one in rows["livrable"]],
        )
        columns: Columns = [
            "etape",
            Column("livrable", "Étape ou document", wide=True),
            self.coded("etat"),
            Column("date", render=long_date),
            Column("par", wide=True),
        ]
        note = (
            "La validation d'une étape ne vaut pas celle d'un acte : un document signé à part reste un projet tant "
            "qu'il n'est pas validé lui-même."
        )
        said = findings(one for one in self.resultat.constats if one.code in ("ETAPES_EN_PROJET", "FEUILLE_EN_PROJET"))
        return View(said, tabular(self.table(frame, columns, "Validations par la direction", [note])))

    def show_methode(self) -> View:
        """Annex: how actions are placed and merged, when a point is held, when two campagnes are compared."""
        restitution = self.referentiels.restitution
        scale = [(one.libelle, one.definition) for one in restitution.priorites]
        efforts = [(self.codes[one.id], one.definition) for one in restitution.efforts]
        signals = [one.libelle for one in self.referentiels.vigilances.signaux]
        return View(
            titled("L'échelle commune des priorités", self._pairs(scale, "Priorité", "Ce qu'elle désigne")),
            titled("L'effort", self._pairs(efforts, "Effort", "Ce qu'il désigne")),
            titled("Quand un point est tenu", self._thresholds(), bullets(signals)),
            titled("Réserves", bullets(restitution.reserves)),
        )

    def _thresholds(self) -> View:
        cotation, comparaison = self.referentiels.vigilances.cotation, self.referentiels.restitution.comparaison
        pairs = [
            ("Tenu : chaque item au moins à", f"{formats.number(cotation.seuil_tenu)}, avec un document"),
            ("Absent : tous les items connus sous", formats.number(cotation.seuil_absent)),
            ("Inconnu : part d'items connus sous", formats.percent(cotation.part_connue_minimale)),
            ("Écho qui contredit : médiane publiée sous", formats.number(cotation.echo_seuil)),
            ("Risque qui empêche : niveau au moins", formats.number(cotation.risque_niveau)),
            ("Agents positionnés, au moins", formats.percent(cotation.positionnement_minimal)),
            ("Contenus changés au-delà desquels rien ne se compare", formats.percent(comparaison.part_changee_max)),
            ("Gain sous lequel une formation est à revoir", f"{formats.number(comparaison.gain_minimal)} niveau"),
        ]
        return self._pairs(pairs, "Règle", "Valeur")

    def _pairs(self, pairs: Sequence[tuple[str, str]], left: str, right: str) -> View:
        frame = pd.DataFrame(pairs, columns=["gauche", "droite"], dtype="str")
        columns: Columns = [Column("gauche", left), Column("droite", right, wide=True)]
        return tabular(self.table(frame, columns, left))

    def _strengths(self) -> list[Content]:
        """Points held first, then what progressed, with what shows it."""
        held = self.resultat.vigilances[self.resultat.vigilances["etat"] == "tenu"]
        rows = self.resultat.avant_apres
        better = rows[rows["etat"].eq("progres") & rows["etape"].eq("maturite") & rows["evolution"].notna()]
        better = better.sort_values("evolution", ascending=False, kind="stable")
        found = [f"{one.libelle} : {one.preuve}" for one in lines(held)]
        found += [
            f"{one.cible} {one.libelle} : de {formats.score(one.avant)} à {formats.score(one.apres)}"
            for one in lines(better)
        ]
        return [*found][:HEADLINES]

    def _missing(self, one: Any) -> Content:
        return join(
            [
                formats.capitalize(one.manque or "rien"),
                element("span", f"Montré : {one.preuve}", class_="vg-precision") if one.preuve else "",
            ]
        )

    def _roles(self) -> dict[str, str]:
        return {role.id: role.libelle for role in self.referentiels.maturite.roles}

    def _versions(self) -> Table:
        frame = self.resultat.versions_comparees
        columns: Columns = [
            Column("referentiel", "Contenu", lambda value: formats.capitalize(str(value))),
            "version_avant",
            "version_apres",
            Column("motif", "Ce qui se compare", lambda value: formats.capitalize(str(value)), wide=True),
        ]
        caption = f"Depuis {self.resultat.campagne_avant} : les contenus comparés"
        return self.table(frame, columns, caption)

    def _changes(self, rows: pd.DataFrame, caption: str) -> Table:
        frame = rows.assign(cible=rows["cible"] + " " + rows["libelle"])
        columns: Columns = [
            Column("cible", wide=True),
            Column("avant", render=formats.score),
            Column("apres", render=formats.score),
            self.coded("etat"),
            Column("explication", wide=True),
        ]
        return self.table(frame, columns, caption)


def _below(text: str, detail: str) -> Content:
    return join([text, element("span", detail, class_="vg-precision")]) if detail else text


def _ranks(actions_: str) -> str:
    ranks = actions_.split()
    if not ranks:
        return ""
    return f"{'action' if len(ranks) == 1 else 'actions'} {formats.enumerate_words(ranks)}"
