"""A step opened for one structure, or for the whole ministry: the header, the views they share, and the saving.

A step computes nothing and knows no threshold: it asks `diagnostics` for the Resultat once, and lays it out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

import pandas as pd
from markupsafe import Markup

from ..atomic import locked, write_json
from ..collecte import read_results, results_file
from ..diagnostics.resultat import ENTREE, Resultat
from ..errors import Anomalie, ParametreInvalide
from ..paths import templates_dir
from ..referentiels import Referentiels
from ..referentiels.ministere import Campagne, Ministere
from ..rendering.formats import capitalize, long_date
from ..rendering.html import definitions, element
from ..rendering.pourquoi import Explainer
from ..rendering.tables import Column, Columns, Table, coded, table
from ..rendering.views import View, badge, bullets, findings, paragraph

ETAPES = {
    "accueil": "EtapeAccueil",
    "maturite": "EtapeMaturite",
    "competences": "EtapeCompetences",
    "risques_ethique": "EtapeRisquesEthique",
    "plan_formation": "EtapePlanFormation",
    "accompagnement": "EtapeAccompagnement",
    "restitution": "EtapeRestitution",
    "ministere": "EtapeMinistere",
}
"""Step → class in the module of the same name."""
LOCK = ".resultats.verrou"


def open_step(etape: str, ministere: str, structure: str = "", campagne: str = "") -> Any:
    """The step `etape`, ready to show. `campagne` empty = the ministry's current one.

    Raises ParametreInvalide on a step that does not exist; Introuvable, MinistereInvalide or ReferentielInvalide when
    the dossier cannot be opened.
    """
    if etape not in ETAPES:
        raise ParametreInvalide(
            [
                Anomalie(
                    quoi="étape inconnue",
                    ou="open_step",
                    valeur=etape,
                    attendu=", ".join(ETAPES),
                    que_faire="corrigez le nom de l'étape",
                )
            ]
        )
    module = import_module(f"{__package__}.{etape}")
    return getattr(module, ETAPES[etape]).open(ministere, structure, campagne)


class Etape(ABC):
    """What every step has. Subclasses give the Resultat and the views of their own tables."""

    id: ClassVar[str]
    titre: ClassVar[str]

    def __init__(self, ministere: Ministere, campagne: Campagne, nom: str, referentiels: Referentiels) -> None:
        self.ministere = ministere
        self.campagne = campagne
        self.nom = nom
        self.referentiels = referentiels

    @classmethod
    @abstractmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Etape:
        """The step with its dossier read."""

    @abstractmethod
    def diagnose(self) -> Resultat:
        """The Resultat of this step; called once."""

    @cached_property
    def resultat(self) -> Any:
        return self.diagnose()

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.referentiels)

    @property
    def codes(self) -> Mapping[str, str]:
        return self.referentiels.libelles.codes

    @property
    def labels(self) -> Mapping[str, str]:
        """Column name → French header."""
        return self.referentiels.libelles.colonnes

    @property
    def validation(self) -> str:
        return str(self.resultat.validation)

    @property
    def entree(self) -> str:
        """Hash of what the Resultat was computed from; "" when it is from other results."""
        return ""

    @property
    def dossier_resultats(self) -> str:
        """Name of the folder this step's results are kept in: the structure's id."""
        return str(self.resultat.structure)

    def meta(self) -> dict[str, Any]:
        """The header of the report; see rendering.report.Meta."""
        return {
            "titre": self.titre,
            "ministere": self.ministere.nom,
            "structure": self.nom,
            "campagne": self.campagne.libelle,
            "date": self.campagne.date_reference.isoformat(),
            "versions": dict(self.resultat.versions),
            "validation": self.validation,
            "fictif": self.ministere.fictif,
        }

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """In JupyterLab, a header and the style of what follows; in the report, the header of the page."""
        identity = definitions(
            [
                ("Structure", self.nom),
                ("Ministère", self.ministere.nom),
                ("Campagne", self.campagne.libelle),
                ("Date du diagnostic", long_date(self.campagne.date_reference)),
                ("État", badge(self.validation)),
            ],
            class_="vg-chiffres vg-identite",
        )
        notice = [paragraph(element("strong", "Données fictives."))] if self.ministere.fictif else []
        view = View(element("style", style()), identity, *notice, meta=self.meta())
        return view._repr_mimebundle_(**options)

    def save(self) -> View:
        """Write this step's part of resultats.json, whole, without touching the parts of the other steps."""
        where = (self.ministere.id, self.campagne.id, self.dossier_resultats)
        path = results_file(*where)
        with locked(path.with_name(LOCK)):
            write_json(path, {**read_results(*where), self.id: {**self.resultat.to_json(), ENTREE: self.entree}})
        sentence = f"Résultats de l'étape « {self.titre} » enregistrés dans {path.parent.name}/{path.name}."
        return View(paragraph(sentence), meta={"enregistre": self.id})

    def show_constats(self, *gravites: str) -> View:
        """The findings of the diagnosis, gravest first; all of them, or those of the gravities given."""
        return findings(self.resultat.constats, gravites or ("alerte", "attention", "information"))

    def show_manques(self) -> View:
        """What was not available, and what that leaves out."""
        return bullets(self.resultat.manques, empty="Rien ne manquait pour cette étape.")

    def show_referentiels(self) -> View:
        """Versions of the content used, and who should validate it."""
        frame = pd.DataFrame(
            [
                {"referentiel": name.replace("_", " "), "version": value.version, "statut": value.statut}
                for name, value in vars(self.referentiels).items()
                if hasattr(value, "statut")
            ]
        )
        columns: Columns = [
            Column("referentiel", "Référentiel", capitalize_cell),
            "version",
            Column("statut", wide=True),
        ]
        return View(self.table(frame, columns, "Contenus employés et leur état de validation").to_html())

    def table(self, frame: pd.DataFrame, columns: Columns, caption: str, notes: Sequence[str] = ()) -> Table:
        return table(frame, columns, caption, self.labels, notes)

    def coded(self, name: str, **options: Any) -> Column:
        """A column of codes, written by their labels."""
        return Column(name, render=coded(self.codes), **options)


def capitalize_cell(value: object) -> str:
    return capitalize(str(value))


def thresholds(pairs: Sequence[tuple[str, str]], caption: str, labels: Mapping[str, str]) -> View:
    """Thresholds and weights as the referentiel holds them: rule, value."""
    frame = pd.DataFrame(pairs, columns=["regle", "valeur"], dtype="str")
    columns = [Column("regle", "Règle de calcul", wide=True), Column("valeur", "Valeur", numeric=True)]
    return View(table(frame, columns, caption, labels).to_html())


def style() -> Markup:
    """The style of what a notebook shows, once a page."""
    path = templates_dir() / "nbconvert" / "templates" / "vigie" / "contenu.css"
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704
