"""What the step reads of the three diagnoses and of the answers, once: items, active uses, marks, proofs, openings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from ..dossier import Dossier, Etat
from ..referentiels.accompagnement import Accompagnement
from ..referentiels.droit import Base
from ..referentiels.gouvernance import Gouvernance
from . import competences, maturite, risques_ethique
from .chiffres import known
from .jours_ouvres import JoursOuvres
from .regles_communes import merge_cases
from .typographie import lower_first

ETAPE = "accompagnement"
EN_USAGE = ("en_service", "pilote")
"""Statuses of a use that people already work with."""
ECARTE = "ecarte"
LUES = ("maturite", "risques_ethique")
FAITS = (Etat.NIVEAU, Etat.NE_SAIT_PAS)
"""States that say something: what a « pourquoi » cites."""


@dataclass(frozen=True)
class ItemLu:
    """One maturity item as the maturity step rates it. `divergent`: roles far apart and no workshop settled it."""

    id: str
    valeur: float
    valeur_brute: float
    etat: str
    preuve: str
    divergent: bool
    reponses: tuple[int, ...]

    @property
    def declared(self) -> float:
        """What people say, before the ceiling of evidence: the workshop's value when there is one."""
        return self.valeur_brute

    @property
    def known(self) -> bool:
        return known(self.valeur)


@dataclass(frozen=True)
class Cas:
    """An active use of AI: neither prohibited nor discarded."""

    id: str
    libelle: str
    statut: str
    marques: tuple[str, ...]

    @property
    def in_use(self) -> bool:
        return self.statut in EN_USAGE

    @property
    def nom(self) -> str:
        return f"{self.id} ({self.libelle})" if self.libelle and self.libelle != self.id else self.id


@dataclass(frozen=True)
class Dit:
    """One answer that says something. `choix`: the code chosen, « ne sait pas », or "" for a number."""

    id: int
    objet: str
    cible: str
    choix: str


@dataclass(frozen=True)
class Ouverture:
    """One opening date and the audiences whose tool opens then; `jour` None without date. `rang` names it."""

    rang: int
    jour: date | None
    publics: Mapping[str, int]
    """Audience → headcount; 0 when nobody is described."""


@dataclass(frozen=True)
class Lecture:
    """Everything the step reads. `maturite`, `competences`, `risques`: results of the other steps, just computed."""

    dossier: Dossier
    maturite: maturite.ResultatMaturite
    competences: competences.ResultatCompetences
    risques: risques_ethique.ResultatRisquesEthique

    @property
    def jour(self) -> date:
        return self.dossier.campagne.date_reference

    @property
    def accompagnement(self) -> Accompagnement:
        return self.dossier.referentiels.accompagnement

    @property
    def gouvernance(self) -> Gouvernance:
        return self.dossier.referentiels.gouvernance

    @cached_property
    def jours(self) -> JoursOuvres:
        regles = self.accompagnement.calendrier
        return JoursOuvres(regles.jours_feries, regles.jours_feries_paques, regles.periodes_evitees)

    @cached_property
    def bases(self) -> dict[str, Base]:
        return {base.id: base for base in self.dossier.referentiels.bases.bases}

    @cached_property
    def cas(self) -> tuple[Cas, ...]:
        """Active uses, in the order of their ids."""
        return tuple(
            Cas(str(row["cas"]), str(row["libelle"]), str(row["statut"]), tuple(str(row["marques"]).split()))
            for row in self.risques.cas.to_dict("records")
            if not row["interdit"] and row["statut"] != ECARTE
        )

    @property
    def in_use(self) -> tuple[Cas, ...]:
        return tuple(cas for cas in self.cas if cas.in_use)

    @cached_property
    def ouvertures(self) -> tuple[Ouverture, ...]:
        """Opening dates in order, that of the audiences without date last; the structure's own when no agent is
        described."""
        urgences = self.competences.urgences
        if urgences.empty:
            publics: dict[str, int] = {public.id: 0 for public in self.dossier.referentiels.niveaux_requis.publics}
            return (Ouverture(1, self.dossier.structure.mise_en_service, publics),)
        dates = sorted({str(day) for day in urgences["mise_en_service"]}, key=lambda text: (not text, text))
        return tuple(
            Ouverture(rang, date.fromisoformat(text) if text else None, self._audiences(text))
            for rang, text in enumerate(dates, 1)
        )

    @property
    def prochaine_ouverture(self) -> date | None:
        """The first opening to come."""
        return next((one.jour for one in self.ouvertures if one.jour and one.jour > self.jour), None)

    @property
    def uses_tool(self) -> bool:
        """True when people already work with a tool: a use in service or in pilot, or an opening that is past."""
        past = any(one.jour is not None and one.jour <= self.jour for one in self.ouvertures)
        return past or bool(self.in_use)

    def item(self, id_: str) -> ItemLu:
        """Raises KeyError on an item that the questionnaire does not have."""
        row = self._items[id_]
        arbitre = known(float(row["arbitrage"]))
        return ItemLu(
            id=id_,
            valeur=float(row["valeur"]),
            valeur_brute=float(row["arbitrage"]) if arbitre else float(row["valeur_brute"]),
            etat=str(row["etat"]),
            preuve=str(row["preuve"]),
            divergent=bool(row["divergence"]) and not arbitre,
            reponses=self.answer_ids("maturite", ("niveau", "arbitrage"), cible=id_),
        )

    def answer_ids(
        self, etape: str, mesures: Iterable[str], *, cible: str = "", objets: Iterable[str] | None = None
    ) -> tuple[int, ...]:
        """Ids of the answers that say something about a target, sorted. `cible` "": whatever the target; `objets` None:
        whatever they are about."""
        wanted = None if objets is None else set(objets)
        return tuple(
            sorted(
                said.id
                for mesure in mesures
                for said in self._said.get((etape, mesure), ())
                if (not cible or said.cible == cible) and (wanted is None or said.objet in wanted)
            )
        )

    def choices(self, mesure: str, objet: str, cible: str) -> frozenset[str]:
        """What people chose about a target in the step on risks; « ne sait pas » is among them."""
        found = self._said.get(("risques_ethique", mesure), ())
        return frozenset(said.choix for said in found if (said.objet, said.cible) == (objet, cible))

    def proven(self, regle: str) -> bool:
        """True when the rule applies and is proven for each use that calls for it."""
        rows = self._regles[self._regles["regle"] == regle]
        return bool(len(rows)) and bool(rows["prouvee"].all())

    def proof_ids(self, regle: str) -> tuple[int, ...]:
        return self.answer_ids("risques_ethique", ("preuve", "critere"), cible=regle)

    def citable(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id_ for id_ in ids if self.bases[id_].citable))

    def base_words(self, ids: Iterable[str]) -> str:
        """« Bases : RGPD-5 (Vérifié sur le texte), … »: never a base without its confidence; "" without any."""
        codes = self.dossier.referentiels.libelles
        named = [f"{id_} ({codes.code(self.bases[id_].confiance.value)})" for id_ in self.citable(ids)]
        return f"Bases : {', '.join(named)}." if named else ""

    def public_name(self, public: str) -> str:
        known_: dict[str, str] = {one.id: one.libelle for one in self.dossier.referentiels.niveaux_requis.publics}
        return known_.get(public) or self.dossier.referentiels.libelles.code(public)

    def public_names(self, publics: Iterable[str]) -> str:
        """In a sentence: « agents concernés, impact fort ; managers de proximité »."""
        return " ; ".join(lower_first(self.public_name(public)) for public in publics)

    @cached_property
    def _said(self) -> dict[tuple[str, str], list[Dit]]:
        """(etape, mesure) → the answers that say something; those of competences, many, are never asked for here."""
        rows = self.dossier.reponses
        rows = rows[rows["etape"].isin(LUES) & rows["etat"].isin([str(etat) for etat in FAITS])]
        found: dict[tuple[str, str], list[Dit]] = {}
        columns = [rows[name].tolist() for name in ("id", "etape", "mesure", "objet", "cible", "etat", "choix")]
        for number, etape, mesure, objet, cible, etat, choix in zip(*columns, strict=True):
            said = Dit(number, objet, cible, choix if etat == Etat.NIVEAU else etat)
            found.setdefault((etape, mesure), []).append(said)
        return found

    @cached_property
    def _items(self) -> dict[str, dict[Any, Any]]:
        return {str(row["item"]): row for row in self.maturite.items.to_dict("records")}

    @cached_property
    def _regles(self) -> pd.DataFrame:
        return merge_cases(self.risques.regles)

    def _audiences(self, ouverture: str) -> dict[str, int]:
        """Audience → its agents; 0 when that may not be printed, since a number of sessions would say it."""
        rows = self.competences.urgences
        rows = rows[rows["mise_en_service"] == ouverture]
        sizes = rows["effectif"].fillna(0)
        return {str(public): int(size) for public, size in zip(rows["public"], sizes, strict=True)}


def read(dossier: Dossier) -> Lecture:
    """Runs the three diagnoses that this step stands on; each answers even when nobody answered it."""
    return Lecture(
        dossier, maturite.diagnose(dossier), competences.diagnose(dossier), risques_ethique.diagnose(dossier)
    )
