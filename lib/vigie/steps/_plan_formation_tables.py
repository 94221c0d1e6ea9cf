"""The tables of the training plan on screen: codes written by their labels, ids by their titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..diagnostics.plan_formation import ResultatPlanFormation
from ..referentiels import Referentiels
from ..rendering import formats
from ..rendering.formation import (
    A_DEMANDER,
    asked,
    at_least,
    audience,
    bounded,
    duration,
    hours,
    left_by_reason,
    levels,
    money,
    month,
    partial_cost,
    points,
)
from ..rendering.html import Content, element, join
from ..rendering.tables import Column, Columns, Table, as_is, coded, lines, table


class PlanTables:
    """Tables of one Resultat, each with its columns; it writes and calculates nothing."""

    def __init__(self, resultat: ResultatPlanFormation, referentiels: Referentiels) -> None:
        self.resultat = resultat
        self.codes: Mapping[str, str] = referentiels.libelles.codes
        self.labels: Mapping[str, str] = referentiels.libelles.colonnes
        self.publics: dict[str, str] = {public.id: public.libelle for public in referentiels.niveaux_requis.publics}
        self.titres = dict(zip(resultat.modules["module"], resultat.modules["titre"], strict=True))
        self.roles = {role.id: role.libelle for role in referentiels.maturite.roles}
        self.gisements: dict[str, str] = {
            one.id: one.libelle for one in referentiels.parcours_formation.creation.gisements
        }

    @property
    def legend(self) -> str:
        return " ; ".join(f"{code} : {label}" for code, label in self.publics.items()) + "."

    def parcours(self) -> Table:
        frame = self.resultat.parcours
        who = audience(self.publics)
        shown = frame.assign(
            libelle=[_under(f"{one.parcours} {one.libelle}", who(one.public)) for one in lines(frame)],
            duree=[duration(low, high) for low, high in zip(frame["duree_min_h"], frame["duree_max_h"], strict=True)],
        )
        columns: Columns = [
            Column("libelle", "Parcours et public", as_is, wide=True),
            "effectif",
            Column("duree", "Durée indicative"),
            Column("avant_ouverture", render=coded(self.codes)),
            "apres",
            Column("modules", "Modules proposés", lambda cell: formats.count(len(str(cell).split())), numeric=True),
        ]
        return self._table(shown, columns, "Parcours, selon l'impact et le public")

    def modules(self, retenus: bool) -> Table:
        """Those kept, or those that answer no need well enough."""
        kept = self.resultat.modules["decision"] != "insuffisant"
        frame = self.resultat.modules[kept if retenus else ~kept]
        modalites = [one or A_DEMANDER for one in frame["modalite"]]
        shown = asked(frame, "duree_h").assign(
            modalite=modalites, titre=[_under(str(one.titre), str(one.organisme)) for one in frame.itertuples()]
        )
        columns: Columns = [
            Column("titre", "Module et organisme", as_is, wide=True),
            Column("source", render=coded(self.gisements)),
            Column("modalite", render=self._modes),
            Column("duree_h", render=hours, numeric=True),
            Column("adequation", render=lambda value: formats.number(value, 2)),
            Column("decision", render=coded(self.codes)),
            Column("competences", render=_codes),
            Column("publics", render=_codes),
        ]
        caption = "Modules retenus" if retenus else "Modules examinés qui ne répondent pas assez"
        return self._table(shown, columns, caption, [self.legend] if retenus else [])

    def choix(self) -> Table:
        frame = self.resultat.choix.assign(
            libelle=self.resultat.choix["competence"] + " " + self.resultat.choix["libelle"],
            titre=self.resultat.choix["titre"].replace("", "aucun ne convient"),
        )
        columns: Columns = [
            Column("libelle", "Compétence"),
            Column("titre", "Module choisi", wide=True),
            Column("motif", wide=True),
            Column("role", "Fonction", coded(self.roles)),
            Column("effet", "Suite donnée", coded(self.codes)),
        ]
        return self._table(frame, columns, "Choix du service de formation")

    def sessions(self) -> Table:
        found = self.resultat.sessions
        titles = [self.titres.get(name, name) for name in found["module"]]
        frame = asked(found, "cout").assign(
            module=[_under(title, note) if note else title for title, note in zip(titles, found["motif"], strict=True)],
            places=found["places"].astype("object").where(found["places"].notna(), "sans limite"),
        )
        columns: Columns = [
            "session",
            Column("module", render=as_is, wide=True),
            "site",
            Column("mois", "Mois", month),
            Column("places", numeric=True, render=bounded),
            "inscrits",
            Column("cout", render=money, numeric=True),
        ]
        return self._table(frame, columns, "Calendrier des sessions")

    def couverture(self) -> Table:
        """Needs that may be printed; the masked ones are counted by the step."""
        frame = self.resultat.couverture[self.resultat.couverture["etat"] != "masque"]
        columns: Columns = [
            Column("libelle", "Compétence", wide=True),
            Column("public", render=together),
            "besoin",
            "rang",
            Column("module", "Modules du plan", self.titled, wide=True),
            Column("adequation", "Meilleure adéquation", lambda value: formats.number(value, 2)),
            "reste",
            Column("motif", "Pourquoi il en reste", wide=True),
        ]
        return self._table(named(frame), columns, "Couverture, par compétence et par public", [self.legend])

    def non_couverts(self) -> Table:
        rows = left_by_reason(self.resultat.non_couverts)
        frame = pd.DataFrame(rows, columns=["rang", "competence", "motif"])
        columns: Columns = [
            "rang",
            Column("competence", "Compétences", _lines, wide=True),
            Column("motif", "Pourquoi", wide=True),
        ]
        return self._table(frame, columns, "Besoins restants, par motif")

    def creations(self) -> Table:
        frame = self.resultat.creations
        columns: Columns = [
            "demande",
            Column("niveaux", "Compétences, niveaux visés et public", as_is, wide=True),
            Column("decision", "Décision et échéance", as_is),
            Column("motif", wide=True),
        ]
        shown = frame.assign(
            niveaux=[_under(str(levels(one.niveaux or one.competences)), str(one.public)) for one in lines(frame)],
            decision=[
                _under(self.codes[one.decision], formats.long_date(one.echeance) if one.echeance else "sans échéance")
                for one in lines(frame)
            ],
        )
        return self._table(shown, columns, "Modules à créer, à adapter, à mutualiser ou à proposer", [self.legend])

    def equite(self) -> Table:
        columns: Columns = [
            Column("groupe", "Groupe"),
            Column("critere", "Critère d'équité", coded(self.codes)),
            "effectif",
            Column("taux_couverture", render=formats.percent),
            Column("ecart", "Écart avec le groupe le mieux servi", points),
            "alerte",
        ]
        frame = self.resultat.equite
        groupes = [self.codes.get(f"{one.critere}_{one.groupe}", one.groupe) for one in lines(frame)]
        return self._table(frame.assign(groupe=groupes), columns, "Taux de couverture des besoins, groupe par groupe")

    def comparaison(self) -> Table:
        columns: Columns = [
            Column("plan", render=coded(self.codes)),
            "besoins_couverts",
            "rang1_couverts",
            Column("charge_couverte", render=formats.count),
            Column("heures", render=formats.count),
            Column("cout", render=at_least if partial_cost(self.resultat) else money, numeric=True),
            "sessions",
            Column("ecart_equite", render=points),
        ]
        return self._table(self.resultat.comparaison, columns, "Le plan proposé et le plan de référence")

    def relachements(self) -> Table:
        columns: Columns = [
            Column("contrainte", "Limite"),
            Column("valeur", "Desserrée de"),
            "gain",
            Column("explication", wide=True),
        ]
        return self._table(self.resultat.relachements, columns, "Ce que changerait une limite desserrée")

    def titled(self, cell: object) -> Content:
        """Titles of the modules of a cell."""
        return " ; ".join(self.titres.get(name, name) for name in str(cell).split()) or formats.ABSENT

    def _modes(self, cell: object) -> Content:
        names = [self.codes.get(code, code) for code in str(cell).split(", ")]
        return formats.enumerate_words([names[0], *map(str.lower, names[1:])])

    def _table(self, frame: pd.DataFrame, columns: Columns, caption: str, notes: Sequence[str] = ()) -> Table:
        return table(frame, columns, caption, self.labels, notes)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """The competence written with its id."""
    return frame.assign(libelle=frame["competence"] + " " + frame["libelle"])


def together(cell: object) -> Content:
    """« AC1 + AC2 », never cut at the end of a line; any other text stays."""
    codes = str(cell).split()
    if not all(code.isupper() or code[-1:].isdigit() for code in codes):
        return str(cell)
    return element("span", " + ".join(codes), class_="vg-court")


def _codes(cell: object) -> Content:
    return ", ".join(str(cell).split()) or formats.ABSENT


def _lines(names: Any) -> Content:
    """One name a line."""
    return join(element("span", name, class_="vg-precision") for name in names)


def _under(main: str, below: str) -> Content:
    return join([main, element("span", below, class_="vg-precision")])
