"""Tables of the training plan as a document shows them: titles rather than ids, what matters on one page's width."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ... import formats
from ...formation import (
    asked,
    at_least,
    audience,
    bounded,
    code_list,
    duration,
    hours,
    left_by_reason,
    levels,
    money,
    month,
    partial_cost,
    points,
)
from ...tables import Column, Columns, Table, lines, table
from ..contexte import Contexte
from ._commun import coded, plain_table

INSUFFISANT = "insuffisant"
AUCUN = "aucun ne convient"


def audience_labels(contexte: Contexte) -> Mapping[str, str]:
    return {public.id: public.libelle for public in contexte.referentiels.niveaux_requis.publics}


def module_titles(resultat: Any) -> Callable[[object], str]:
    """A formatter that writes the titles of the modules of a cell."""
    titles = dict(zip(resultat.modules["module"], resultat.modules["titre"], strict=True))
    return lambda cell: "\n".join(titles.get(name, name) for name in str(cell).split()) or formats.ABSENT


def kept_modules(resultat: Any, contexte: Contexte) -> Table:
    frame = resultat.modules[resultat.modules["decision"] != INSUFFISANT]
    shown = asked(frame, "duree_h", "places").assign(
        titre=[f"{one.titre}\n{one.organisme} ({one.module})" for one in frame.itertuples()]
    )
    columns: Columns = [
        Column("titre", "Module et organisme"),
        Column("duree_h", "Durée", hours),
        Column("adequation", "Adéquation", lambda value: formats.number(value, 2)),
        Column("decision", "Décision", coded(contexte)),
        Column("competences", "Compétences", code_list),
        Column("publics", "Publics", code_list),
    ]
    return table(shown, columns, "Modules retenus", contexte.labels)


def paths(resultat: Any, contexte: Contexte) -> Table:
    frame = resultat.parcours
    who = audience(audience_labels(contexte))
    shown = frame.assign(
        libelle=[f"{one.parcours} {one.libelle}\n{who(one.public)}" for one in frame.itertuples()],
        duree=[duration(low, high) for low, high in zip(frame["duree_min_h"], frame["duree_max_h"], strict=True)],
    )
    columns: Columns = [
        Column("libelle", "Parcours et public"),
        "effectif",
        Column("duree", "Durée indicative"),
        Column("avant_ouverture", "Avant l'ouverture de l'outil", coded(contexte)),
        Column("apres", "Après"),
        Column("modules", "Modules", lambda cell: formats.count(len(str(cell).split())), numeric=True),
    ]
    return table(shown, columns, "Parcours, selon l'impact et le public", contexte.labels)


def sessions(resultat: Any, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("session", "Session"),
        Column("module", "Module", module_titles(resultat)),
        Column("site", "Site"),
        Column("mois", "Mois", month),
        Column("places", "Places", bounded, numeric=True),
        Column("inscrits", "Inscriptions"),
        Column("cout", "Coût", money),
    ]
    places = resultat.sessions["places"]
    shown = asked(resultat.sessions, "cout").assign(places=places.astype("object").where(places.notna(), "sans limite"))
    return table(shown, columns, "Calendrier des sessions", contexte.labels)


def coverage(resultat: Any, contexte: Contexte) -> Table:
    """Needs that may be printed; the masked ones are in the workbook, with what is required."""
    frame = resultat.couverture[resultat.couverture["etat"] != "masque"]
    columns: Columns = [
        Column("libelle", "Compétence"),
        Column("public", "Public", lambda value: " + ".join(str(value).split())),
        Column("besoin", "Besoin"),
        "rang",
        Column("module", "Modules du plan", module_titles(resultat)),
        Column("reste", "Reste"),
    ]
    shown = frame.assign(libelle=frame["competence"] + " " + frame["libelle"])
    return table(shown, columns, "Couverture des besoins, par compétence et par public", contexte.labels)


def uncovered(resultat: Any) -> Table:
    rows = [(str(rang), "\n".join(names), motif) for rang, names, motif in left_by_reason(resultat.non_couverts)]
    return plain_table("Besoins que le plan ne couvre pas, et pourquoi", ("Rang", "Compétences", "Pourquoi"), rows)


def requests(resultat: Any, contexte: Contexte) -> Table:
    frame = resultat.creations
    columns: Columns = [
        Column("demande", "Demande"),
        Column("niveaux", "Compétences et niveaux visés", levels),
        Column("public", "Public"),
        Column("decision", "Décision", coded(contexte)),
        Column("echeance", "Échéance", formats.long_date),
        Column("motif", "Motif"),
    ]
    shown = frame.assign(
        niveaux=frame["niveaux"].where(frame["niveaux"] != "", frame["competences"]),
        public=[" + ".join(one.split()) if one.isupper() else one for one in frame["public"]],
    )
    return table(shown, columns, "Modules à créer, à adapter, à mutualiser ou à proposer", contexte.labels)


def equity(resultat: Any, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("groupe", "Groupe"),
        Column("critere", "Critère", coded(contexte)),
        "effectif",
        Column("taux_couverture", "Taux de couverture", formats.percent),
        Column("ecart", "Écart avec le mieux servi", points),
        Column("alerte", "Alerte"),
    ]
    codes = contexte.codes
    groupes = [codes.get(f"{one.critere}_{one.groupe}", one.groupe) for one in lines(resultat.equite)]
    return table(resultat.equite.assign(groupe=groupes), columns, "Équité de l'accès à la formation", contexte.labels)


def comparison(resultat: Any, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("plan", "Plan", coded(contexte)),
        Column("besoins_couverts", "Besoins couverts"),
        Column("rang1_couverts", "Rang 1 couverts"),
        Column("charge_couverte", "Charge couverte", formats.count),
        Column("heures", "Heures", formats.count),
        Column("cout", "Coût", at_least if partial_cost(resultat) else money),
        Column("sessions", "Sessions"),
        Column("ecart_equite", "Écart d'équité", points),
    ]
    return table(resultat.comparaison, columns, "Le plan proposé et le plan de référence", contexte.labels)


def relaxations(resultat: Any, contexte: Contexte) -> Table:
    columns: Columns = [
        Column("contrainte", "Limite"),
        Column("valeur", "Desserrée de"),
        Column("gain", "Gain"),
        Column("explication", "Explication"),
    ]
    return table(resultat.relachements, columns, "Ce que changerait une limite desserrée", contexte.labels)


def choices(resultat: Any, contexte: Contexte) -> Table:
    roles = {role.id: role.libelle for role in contexte.referentiels.maturite.roles}
    shown = resultat.choix.assign(
        libelle=resultat.choix["competence"] + " " + resultat.choix["libelle"],
        titre=resultat.choix["titre"].replace("", AUCUN),
    )
    columns: Columns = [
        Column("libelle", "Compétence"),
        Column("titre", "Module choisi"),
        Column("motif", "Motif"),
        Column("role", "Fonction", lambda value: roles.get(str(value), str(value))),
        Column("effet", "Suite donnée", coded(contexte)),
    ]
    return table(shown, columns, "Choix du service de formation", contexte.labels)
