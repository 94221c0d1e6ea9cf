"""The ministry: structures side by side, needs to serve together, rules to write once, what is left out and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import pandas as pd

from ..collecte import MinistereCharge, load_ministere, read_results
from ..diagnostics.ministere import ETAPES, ResultatMinistere, diagnose, read_part
from ..diagnostics.validation import PROJET
from ..paths import output_dir
from ..referentiels.ministere import Campagne
from ..rendering import charts, formats
from ..rendering.actions import actions
from ..rendering.formats import count, plural
from ..rendering.html import Content
from ..rendering.tables import Column, Columns, lines
from ..rendering.views import View, cards, figure, findings, key_figures, paragraph, tabular
from ._ministere_vues import common_actions_view, training_view, vigilance_view
from .base import Etape

HEADLINES = 3
DRAWN = 18
"""Needs drawn; the table under the drawing holds them all."""
MANIFESTE = "manifeste.json"
FOLDER = "ministere"
"""Where the ministry's own results are kept, beside those of the structures."""


class EtapeMinistere(Etape):
    id = "ministere"
    titre = "Vue du ministère"
    resultat: ResultatMinistere

    def __init__(self, charge: MinistereCharge, campagne: Campagne) -> None:
        super().__init__(charge.ministere, campagne, "", charge.referentiels)
        self.charge = charge

    @classmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Self:
        charge = load_ministere(ministere)
        return cls(charge, charge.campagne(campagne))

    @property
    def dossier_resultats(self) -> str:
        return FOLDER

    def diagnose(self) -> ResultatMinistere:
        where = (self.ministere.id, self.campagne.id)
        resultats = {name: self._read(name) for name in self.charge.structures}
        failures = list(read_failures(output_dir().joinpath(*where, MANIFESTE)))
        return diagnose(
            self.campagne, resultats, self.charge.structures, failures, self.referentiels, self.ministere.documents
        )

    def _read(self, structure: str) -> dict[str, dict[str, Any]]:
        parts = read_results(self.ministere.id, self.campagne.id, structure)
        return {etape: read_part(etape, parts[etape]) for etape in ETAPES if etape in parts}

    def show_essentiel(self) -> View:
        """One page: how many structures are in the view, what stops, what to do together."""
        resultat = self.resultat
        waiting = int((resultat.structures["prealables_manquants"] > 0).sum())
        written = resultat.regles
        figures = [
            (f"{resultat.completes} sur {resultat.attendues}", "structures avec leurs six étapes"),
            (count(waiting), "structures où un préalable manque"),
            (count(int((resultat.structures["cas_interdits"] > 0).sum())), "structures avec un usage interdit"),
            (count(int((written["a_ecrire"] > 1).sum())), "règles à écrire une seule fois pour plusieurs"),
        ]
        columns = [("Trois besoins communs", self._needs()), ("Trois risques communs", self._risks())]
        return View(
            key_figures(figures),
            cards(columns, empty="Aucun résultat de structure n'est disponible."),
            findings(resultat.constats),
        )

    def show_structures(self) -> View:
        """Who is in the view, what the direction validated, and what stands out."""
        frame = self.resultat.structures
        frame = frame.assign(
            validees=[self._validated([getattr(line, etape) for etape in ETAPES]) for line in lines(frame)]
        )
        columns: Columns = [
            Column("nom", "Structure", wide=True),
            "effectif",
            Column("validees", "Étapes validées"),
            "prealables_manquants",
            "cas_interdits",
            Column("risques_non_couverts", "Risques sans règle"),
            Column("vigilances_tenues", "Vigilances tenues"),
            Column("actions", "Actions"),
        ]
        return tabular(self.table(frame, columns, "Structures, étapes validées et chiffres de chacune"))

    def show_matrice(self) -> View:
        """Dimensions by structures: levels, never averaged."""
        frame = self.resultat.dimensions
        if frame.empty:
            return paragraph("Aucune évaluation de la maturité n'est disponible.", class_="vg-vide")
        levels = frame.pivot(index="dimension", columns="structure", values="niveau")
        names = {name: structure.nom for name, structure in self.charge.structures.items()}
        present = [name for name in names if name in levels]
        levels = levels[present]
        labels = frame.drop_duplicates("dimension").set_index("dimension")["libelle"]
        rows = [f"{dimension} {labels[dimension]}" for dimension in levels.index]
        table_frame = levels.T.reset_index()
        table_frame["structure"] = table_frame["structure"].map(names)
        columns: Columns = ["structure", *(Column(str(name), numeric=True) for name in levels.index)]
        note = " ; ".join(rows) + ". Une case vide n'a pas de niveau : elle ne vaut pas un niveau bas."
        table = self.table(table_frame, columns, "Niveau de maturité, structure par structure", [note])
        scale = [niveau.niveau for niveau in self.referentiels.maturite.niveaux]
        empty = int(levels.isna().sum().sum())
        lecture = f"{plural(len(present), 'structure')} côte à côte, {plural(empty, 'case')} sans niveau."
        bounds = (float(min(scale)), float(max(scale)))
        return figure(
            charts.heat_map(
                levels, rows, [short_name(names[name]) for name in present], bounds, lecture, table, absent=""
            )
        )

    def show_besoins(self) -> View:
        """Needs pooled by competence; a masked figure stays masked and out of the sum."""
        needs = self.resultat.besoins
        if needs.empty:
            return paragraph("Aucune synthèse des compétences n'est disponible.", class_="vg-vide")
        needs = needs.assign(libelle=needs["competence"] + " " + needs["libelle"], rang=needs["rang_min"])
        columns: Columns = [
            Column("libelle", "Compétence", wide=True),
            "structures",
            Column("masquees", "Structures masquées"),
            Column("besoin", "Agents, au moins"),
            "rang_min",
            Column("charge", "Charge, au moins", formats.count),
        ]
        table = self.table(needs, columns, "Besoins réunis, toutes structures")
        ranks = {1: "rang 1 quelque part", 2: "rang 2 au mieux", 3: "rang 3, en libre accès"}
        first = needs[needs["rang_min"] == 1]
        lecture = f"{plural(len(first), 'compétence')} au rang 1 dans au moins une structure."
        return figure(charts.need_bars(needs.dropna(subset=["rang"]).head(DRAWN), ranks, lecture, table))

    def show_formation(self) -> View:
        """Sessions by module and place, then modules to create once, with the headcounts that may be published."""
        return training_view(self)

    def show_vigilances(self) -> View:
        """Points of vigilance by structures: states, never added up into a grade."""
        return vigilance_view(self, {name: short_name(one.nom) for name, one in self.charge.structures.items()})

    def show_communes(self) -> View:
        """Actions that several structures have to carry out."""
        return common_actions_view(self)

    def show_heritage(self) -> View:
        """Rules that an act of the ministry writes once, and where their application is still to be proven."""
        frame = self.resultat.heritage
        if frame.empty:
            return paragraph("Aucun acte du ministère ne porte de règle pour ses structures.", class_="vg-vide")
        everywhere = frame["prouvees"].eq(0) & frame["structures"].gt(1)
        frame = frame.assign(
            acte=frame["document"] + ", " + frame["reference"],
            a_prouver=[
                "toutes" if every else self._shorts(cell.split())
                for cell, every in zip(frame["a_prouver"], everywhere, strict=True)
            ],
        )
        columns: Columns = [
            Column("regle", "N°"),
            Column("libelle", "Règle", wide=True),
            Column("acte", "Acte du ministère"),
            "structures",
            Column("prouvees", "Preuves"),
            Column("a_prouver", "À prouver par"),
        ]
        return tabular(self.table(frame, columns, "Règles héritées d'un acte du ministère"))

    def show_risques(self) -> View:
        """Risks met in several structures."""
        levels: dict[int, str] = {entry.niveau: entry.libelle.lower() for entry in self.referentiels.methode.niveaux}
        columns: Columns = [
            "risque",
            Column("libelle", wide=True),
            "structures",
            Column("cas", "Usages"),
            Column("niveau_max", render=lambda value: f"{count(value)} ({levels[int(float(str(value)))]})"),
            Column("non_couverts", "Sans règle prouvée"),
        ]
        return tabular(self.table(self.resultat.risques, columns, "Risques cotés, toutes structures"))

    def show_regles(self) -> View:
        """Rules that apply, and where they are still to be written."""
        columns: Columns = [
            Column("regle", "N°"),
            Column("libelle", "Règle", wide=True),
            self.coded("caractere"),
            "structures",
            Column("a_ecrire", "À écrire"),
            Column("a_completer", "À compléter"),
            Column("deja_ecrites", "Déjà écrite"),
        ]
        return tabular(self.table(self.resultat.regles, columns, "Règles d'éthique, à écrire une fois"))

    def show_actions(self) -> View:
        """What the ministry does once for all."""
        return actions(self.resultat.recommandations, self.explainer)

    def show_exclusions(self) -> View:
        """What is not in this view, and why: one line a structure and a reason."""
        frame = self.resultat.exclusions
        if frame.empty:
            return paragraph("Rien n'est laissé de côté : toutes les structures et leurs six étapes y sont.")
        names = {name: structure.nom for name, structure in self.charge.structures.items()}
        rows = [
            (names[str(name)], formats.enumerate_words([self.codes[str(one)] for one in group["etape"]]), str(motif))
            for (name, motif), group in frame.groupby(["structure", "motif"], sort=False)
        ]
        grouped = pd.DataFrame(rows, columns=["structure", "etapes", "motif"], dtype="str")
        columns: Columns = [Column("structure", wide=True), Column("etapes", wide=True), Column("motif", wide=True)]
        return tabular(self.table(grouped, columns, "Ce qui n'est pas dans cette vue"))

    def _shorts(self, structures: Sequence[str]) -> str:
        return " ; ".join(short_name(self.charge.structures[one].nom) for one in structures)

    def _validated(self, states: list[str]) -> str:
        """« 2 sur 6 : maturité, accompagnement »; by whom and when stands in the structure's own report."""
        done = [etape for etape, state in zip(ETAPES, states, strict=True) if state and state != PROJET]
        named = f" : {', '.join(self.codes[etape].lower() for etape in done)}" if done else ""
        return f"{len(done)} sur {len(ETAPES)}{named}"

    def _needs(self) -> list[Content]:
        return [
            f"{line.competence} {line.libelle} : {plural(int(line.structures), 'structure')}"
            + ("" if pd.isna(line.besoin) else f", au moins {plural(int(line.besoin), 'agent')}")
            for line in lines(self.resultat.besoins.head(HEADLINES))
        ]

    def _risks(self) -> list[Content]:
        return [
            f"{line.risque} {line.libelle} : {plural(int(line.structures), 'structure')}"
            for line in lines(self.resultat.risques.head(HEADLINES))
        ]


def read_failures(path: Path) -> Iterator[tuple[str, str, str]]:
    """(structure, step, reason) of the runs that failed, from the batch's manifest; nothing without a batch."""
    if not path.exists():
        return
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for line in content.get("executions", []):
        if line["statut"] == "echec" and line["structure"]:
            reference = line.get("reference", "")
            yield (
                line["structure"],
                line["etape"],
                f"le calcul a échoué{f' (référence {reference})' if reference else ''}",
            )


def short_name(nom: str) -> str:
    """A name that fits beside a drawing: without what is in brackets."""
    return nom.partition(" (")[0]
