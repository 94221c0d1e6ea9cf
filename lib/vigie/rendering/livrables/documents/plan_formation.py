"""The training plan: modules kept, sessions, who is covered, what is left uncovered and why, what a choice changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ... import formats
from ...tables import Column, Columns, Table, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import ALERTE, INFORMATION, actions_sheet, actions_table, coded, contents_table, reasons_table, texts
from ._formation import asked, audience, competence_list, hours

ATTENTION = "attention"


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation."""
    donnees = {
        "resultat": resultat,
        "date": contexte.campagne.date_reference,
        "alertes": texts(resultat.constats, (ALERTE,)),
        "attentions": texts(resultat.constats, (ATTENTION,)),
        "informations": texts(resultat.constats, (INFORMATION,)),
        "optimisation": _spoken(resultat.optimisation),
        "recherche": _spoken(resultat.recherche_gisements),
        "modules": _modules(resultat.modules, contexte),
        "parcours": _paths(resultat.parcours, contexte),
        "sessions": _sessions(resultat.sessions, contexte),
        "couverture": _coverage(resultat.couverture, contexte),
        "creations": _requests(resultat.creations, contexte),
        "non_couverts": _uncovered(resultat.non_couverts, contexte),
        "equite": _equity(resultat.equite, contexte),
        "comparaison": _comparison(resultat.comparaison, contexte),
        "relachements": _relaxations(resultat.relachements, contexte),
        "actions": actions_table(resultat.recommandations, contexte, "Actions, par ordre de priorité"),
        "raisons": reasons_table(resultat.recommandations),
        "contenus": contents_table(resultat, contexte),
    }
    yield Piece(donnees, feuilles=_sheets(resultat, contexte))


def _spoken(values: Mapping[str, Any] | Any) -> list[str]:
    """The scalars of a mapping as « Nom : valeur »; a plain text stays one line."""
    if not isinstance(values, Mapping):
        return [str(values)] if str(values) else []
    return [f"{formats.capitalize(str(name).replace('_', ' '))} : {_value(value)}" for name, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return formats.yes_no(value)
    return formats.number(value) if isinstance(value, int | float) else str(value)


def _modules(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("module", "N°"),
        Column("titre", "Module"),
        Column("organisme", "Organisme"),
        Column("duree_h", "Durée", hours),
        Column("adequation", "Adéquation", lambda value: formats.number(value, 2)),
        Column("decision", "Décision", coded(contexte)),
        Column("competences", "Compétences", competence_list),
        Column("publics", "Publics", competence_list),
    ]
    return table(asked(frame, "duree_h"), columns, "Modules examinés et décision", contexte.labels)


def _paths(frame: pd.DataFrame, contexte: Contexte) -> Table:
    shown = frame.assign(
        duree=[
            f"{hours(low)} à {hours(high)}"
            for low, high in zip(frame["duree_min_h"], frame["duree_max_h"], strict=True)
        ]
    )
    columns: Columns = [
        Column("parcours", "N°"),
        Column("libelle", "Parcours"),
        Column("public", "Public", audience(contexte)),
        "effectif",
        Column("duree", "Durée indicative"),
        Column("avant_ouverture", "Avant l'ouverture de l'outil", coded(contexte)),
        Column("apres", "Après"),
    ]
    return table(shown, columns, "Parcours, selon l'impact et le public", contexte.labels)


def _sessions(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("session", "Session"),
        Column("module", "Module"),
        Column("site", "Site"),
        Column("mois", "Mois"),
        Column("places", "Places"),
        Column("inscrits", "Inscriptions"),
        Column("cout", "Coût", _money),
        Column("motif", "Motif"),
    ]
    return table(asked(frame, "cout"), columns, "Calendrier des sessions", contexte.labels)


def _money(value: object) -> str:
    return str(value) if isinstance(value, str) else f"{formats.number(value, 0)}{formats.NBSP}€"


def _coverage(frame: pd.DataFrame, contexte: Contexte) -> Table:
    shown = frame.assign(libelle=frame["competence"] + " " + frame["libelle"])
    columns: Columns = [
        Column("libelle", "Compétence"),
        Column("public", "Public"),
        "besoin",
        "rang",
        Column("module", "Module"),
        Column("adequation", "Adéquation", lambda value: formats.number(value, 2)),
        Column("couvert", "Couvert"),
        Column("reste", "Reste à couvrir"),
        Column("motif", "Motif"),
    ]
    return table(shown, columns, "Couverture des besoins, par compétence et par public", contexte.labels)


def _requests(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("demande", "Demande"),
        Column("competences", "Compétences", competence_list),
        Column("public", "Public", audience(contexte)),
        "effectif",
        Column("decision", "Décision", coded(contexte)),
        Column("echeance", "Échéance", formats.long_date),
        Column("motif", "Motif"),
    ]
    return table(frame, columns, "Modules à créer, à adapter ou à mutualiser", contexte.labels)


def _uncovered(frame: pd.DataFrame, contexte: Contexte) -> Table:
    shown = frame.assign(libelle=frame["competence"] + " " + frame["libelle"])
    columns: Columns = [
        Column("libelle", "Compétence"),
        Column("public", "Public"),
        "besoin",
        "rang",
        Column("motif", "Pourquoi"),
    ]
    return table(shown, columns, "Besoins que le plan ne couvre pas", contexte.labels)


def _equity(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("critere", "Critère", coded(contexte)),
        Column("groupe", "Groupe"),
        "effectif",
        Column("taux_couverture", "Taux de couverture", formats.percent),
        Column("ecart", "Écart", formats.percent),
        Column("alerte", "Alerte"),
    ]
    return table(frame, columns, "Équité de l'accès à la formation", contexte.labels)


def _comparison(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("plan", "Plan", coded(contexte)),
        Column("besoins_couverts", "Besoins couverts"),
        Column("charge_couverte", "Charge couverte", formats.count),
        Column("rang1_couverts", "Rang 1 couverts"),
        Column("heures", "Heures", formats.count),
        Column("cout", "Coût", _money),
        Column("sessions", "Sessions"),
        Column("ecart_equite", "Écart d'équité", formats.percent),
    ]
    return table(asked(frame, "cout"), columns, "Le plan proposé et le plan de référence", contexte.labels)


def _relaxations(frame: pd.DataFrame, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("contrainte", "Contrainte"),
        Column("valeur", "Valeur actuelle"),
        Column("gain", "Gain si elle est desserrée"),
        Column("explication", "Explication"),
    ]
    return table(frame, columns, "Ce que changerait une contrainte desserrée", contexte.labels)


def _sheets(resultat: Any, contexte: Contexte) -> list[Feuille]:
    label = Champ("libelle", "Libellé", "texte")
    return [
        Feuille(
            "Modules",
            resultat.modules,
            [
                Champ("module", "N°"),
                Champ("titre", "Titre", "texte"),
                Champ("organisme", "Organisme", "texte"),
                Champ("source", "", "texte"),
                Champ("modalite", "Modalité"),
                Champ("duree_h", "Durée (h)"),
                Champ("places", "Places"),
                Champ("adequation", "Adéquation", "pourcent"),
                "decision",
                Champ("competences", "Compétences", "texte"),
                Champ("publics", "", "texte"),
                Champ("fraicheur", "Fraîcheur"),
                Champ("contexte", "Contexte"),
                Champ("verifie_le", "Vérifié le", "date"),
                "confiance",
                "url",
            ],
            "les modules examinés, avec leur adéquation",
        ),
        Feuille(
            "Couverture",
            resultat.couverture,
            [
                "competence",
                label,
                Champ("public", "", "texte"),
                "besoin",
                "rang",
                Champ("module", "Module", "texte"),
                Champ("adequation", "Adéquation", "pourcent"),
                "couvert",
                Champ("reste", "Reste à couvrir"),
                Champ("motif", "", "texte"),
            ],
            "une ligne par compétence et par public",
        ),
        Feuille(
            "Sessions",
            resultat.sessions,
            [
                Champ("session", "Session"),
                Champ("module", "Module", "texte"),
                "site",
                Champ("mois", "Mois", "texte"),
                Champ("places", "Places"),
                Champ("inscrits", "Inscriptions"),
                Champ("cout", "Coût (€)"),
                Champ("motif", "", "texte"),
            ],
            "le calendrier des sessions",
        ),
        Feuille(
            "Non couverts",
            resultat.non_couverts,
            ["competence", label, Champ("public", "", "texte"), "besoin", "rang", Champ("motif", "", "texte")],
            "ce que le plan ne couvre pas, et pourquoi",
        ),
        actions_sheet(resultat.recommandations, contexte),
    ]
