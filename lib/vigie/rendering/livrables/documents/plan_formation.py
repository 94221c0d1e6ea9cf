"""The training plan: modules kept, sessions, who is covered, what is left uncovered and why, what a choice changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...formation import coverage_chart
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from . import _plan_formation_tables as tables
from ._commun import ALERTE, INFORMATION, actions_sheet, actions_table, contents_table, reasons_table, texts

ATTENTION = "attention"


def prepare(resultat: Any, contexte: Contexte) -> Iterator[Piece]:
    """`resultat`: ResultatPlanFormation."""
    donnees: dict[str, Any] = {
        "resultat": resultat,
        "date": contexte.campagne.date_reference,
        "alertes": texts(resultat.constats, (ALERTE,)),
        "attentions": texts(resultat.constats, (ATTENTION,)),
        "informations": texts(resultat.constats, (INFORMATION,)),
        "publics": tables.audience_labels(contexte),
        "modules": tables.kept_modules(resultat, contexte),
        "ecartes": int((resultat.modules["decision"] == tables.INSUFFISANT).sum()),
        "choix": tables.choices(resultat, contexte),
        "parcours": tables.paths(resultat, contexte),
        "sessions": tables.sessions(resultat, contexte),
        "couverture": tables.coverage(resultat, contexte),
        "masquees": int((resultat.couverture["etat"] == "masque").sum()),
        "creations": tables.requests(resultat, contexte),
        "non_couverts": tables.uncovered(resultat),
        "equite": tables.equity(resultat, contexte),
        "comparaison": tables.comparison(resultat, contexte),
        "relachements": tables.relaxations(resultat, contexte),
        "actions": actions_table(resultat.recommandations, contexte, "Actions, par ordre de priorité"),
        "raisons": reasons_table(resultat.recommandations),
        "contenus": contents_table(resultat, contexte),
        "reserves": contexte.referentiels.parcours_formation.reserves,
    }
    shown = bool(donnees["couverture"].rows)
    dessins = {"couverture": coverage_chart(resultat.couverture, contexte.labels)} if shown else {}
    yield Piece({**donnees, "dessins": set(dessins)}, dessins, feuilles=_sheets(resultat, contexte))


def _sheets(resultat: Any, contexte: Contexte) -> list[Feuille]:
    label = Champ("libelle", "Libellé", "texte")
    public, motif = Champ("public", "", "texte"), Champ("motif", "", "texte")
    return [
        Feuille(
            "Modules",
            resultat.modules,
            [
                Champ("module", "N°"),
                Champ("titre", "", "texte"),
                Champ("organisme", "", "texte"),
                Champ("source", "", "texte"),
                Champ("modalite", "", "texte"),
                Champ("duree_h", "Durée (h)", "nombre"),
                "places",
                Champ("adequation", "", "pourcent"),
                "decision",
                Champ("competences", "Compétences", "texte"),
                Champ("publics", "", "texte"),
                Champ("fraicheur", "", "nombre"),
                Champ("contexte", "", "nombre"),
                Champ("verifie_le", "", "date"),
                "confiance",
                "url",
            ],
            "les modules examinés, avec leur adéquation ; une durée ou des places sans valeur sont à demander",
        ),
        Feuille(
            "Parcours",
            resultat.parcours,
            [
                Champ("parcours", "N°"),
                Champ("libelle", "Parcours", "texte"),
                public,
                "effectif",
                Champ("duree_min_h", "Durée minimale (h)", "nombre"),
                Champ("duree_max_h", "Durée maximale (h)", "nombre"),
                "avant_ouverture",
                Champ("apres", "", "texte"),
                Champ("modules", "Modules proposés", "texte"),
            ],
            "les parcours, selon l'impact et le public",
        ),
        Feuille(
            "Couverture",
            resultat.couverture,
            [
                "competence",
                label,
                public,
                "besoin",
                "rang",
                Champ("module", "", "texte"),
                Champ("adequation", "Meilleure adéquation", "pourcent"),
                "couvert",
                "reste",
                motif,
            ],
            "une ligne par compétence et par public",
        ),
        Feuille(
            "Sessions",
            resultat.sessions,
            [
                Champ("session", "", "texte"),
                Champ("module", "", "texte"),
                Champ("site", "", "texte"),
                Champ("mois", "Mois", "texte"),
                "places",
                "inscrits",
                Champ("cout", "Coût (€)", "nombre"),
                motif,
            ],
            "le calendrier des sessions",
        ),
        Feuille(
            "Non couverts",
            resultat.non_couverts,
            ["competence", label, public, Champ("besoin", "Agents restant à former"), "rang", motif],
            "ce que le plan ne couvre pas, et pourquoi",
        ),
        Feuille(
            "Demandes",
            resultat.creations,
            [
                Champ("demande", "", "texte"),
                Champ("niveaux", "", "texte"),
                public,
                "effectif",
                "decision",
                Champ("echeance", "", "date"),
                Champ("pilotes", "", "texte"),
                motif,
                Champ("gisements", "", "texte"),
            ],
            "les modules à créer, à adapter, à mutualiser ou à proposer",
        ),
        actions_sheet(resultat.recommandations, contexte),
    ]
