"""Use cases of the structure: their status, their marks, what sets them aside (4.2, step 1).

Marks are read in the prudent sense, because a missing mark takes duties away:
- one « oui » is enough; a « ne sait pas » keeps the mark, to be confirmed;
- a mark that the use case carries by nature only falls if someone answers « non » with a written reason;
- a mark about which nobody answered does not trigger anything, and is said.
A prohibition that nobody could or did answer does not stop the case: it is said, to be lifted before any use.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..referentiels import Referentiels
from ..referentiels.droit import CasUsage
from ._risques_ethique_reponses import STRUCTURE, Avis, Reponse, Reponses, ids, latest

INTERDICTION = "interdiction"
HAUT_RISQUE = "haut_risque"
TOUJOURS = "toujours"
ANNEXE_III_4 = "annexe_III_4"
A_PROSCRIRE = "a_proscrire"
STATUTS = ("ecarte", "projet", "pilote", "en_service")
"""From the least to the most advanced: when people disagree, the most advanced holds."""
ECARTE = STATUTS[0]
UTILISES = STATUTS[2:]
"""A pilot in real conditions is already a use (basis TJ-NANT)."""


@dataclass(frozen=True)
class Marques:
    """Marks of one case, in the order of the referentiel. `presentes` includes those `a_confirmer`."""

    presentes: tuple[str, ...] = ()
    a_confirmer: tuple[str, ...] = ()
    discutees: tuple[str, ...] = ()
    """Kept although someone answered « non »."""
    retirees: tuple[str, ...] = ()
    """Carried by nature, removed by a reasoned « non »."""
    sans_reponse: tuple[str, ...] = ()
    reponses: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(mark, ids of its answers)."""

    def answer_ids(self, marque: str) -> tuple[int, ...]:
        return dict(self.reponses).get(marque, ())


@dataclass(frozen=True)
class Cas:
    """One use case. The whole structure is a case too, with an empty id and no mark (see `whole_structure`)."""

    id: str
    libelle: str = ""
    statut_dgafp: str = ""
    statut: str = ""
    statuts_divergents: bool = False
    marques: Marques = Marques()
    interdit: bool = False
    interdiction_inconnue: bool = False
    """Someone answered « ne sait pas », nobody « oui »."""
    interdiction_sans_reponse: bool = False
    aggravants: tuple[str, ...] = ()
    aggravants_a_confirmer: tuple[str, ...] = ()
    avertissement: str = ""
    connu: bool = True
    """False when the id is not in the referentiel and nobody gave it a name."""
    inventaire: tuple[int, ...] = ()
    """Ids of the answers to the inventory."""
    aggravants_reponses: tuple[int, ...] = ()

    @property
    def haut_risque(self) -> bool:
        return HAUT_RISQUE in self.marques.presentes

    @property
    def actif(self) -> bool:
        """True when the case goes on to rating: neither prohibited nor set aside by the structure."""
        return not self.interdit and self.statut != ECARTE

    @property
    def nom(self) -> str:
        """How a sentence names it."""
        return f"{self.id} ({self.libelle})" if self.libelle and self.libelle != self.id else self.id


def read_cases(reponses: Reponses, referentiels: Referentiels) -> tuple[Cas, ...]:
    """Every use case that an answer is about, sorted by id."""
    known = {cas.id: cas for cas in referentiels.cas_usages.cas_usage}
    return tuple(_read_case(objet, known.get(objet), reponses, referentiels) for objet in reponses.use_cases())


def whole_structure(reponses: Reponses, referentiels: Referentiels) -> Cas:
    """The structure itself, under the rules that always apply: what is due even without any project (F3-25, F3-26)."""
    aggravants, a_confirmer, answer_ids = _read_aggravants(STRUCTURE, False, reponses, referentiels)
    return Cas(STRUCTURE, aggravants=aggravants, aggravants_a_confirmer=a_confirmer, aggravants_reponses=answer_ids)


def _read_case(objet: str, usage: CasUsage | None, reponses: Reponses, referentiels: Referentiels) -> Cas:
    inventaire = reponses.get("inventaire", objet, "statut")
    nom_local = _local_name(inventaire)
    statut, divergents = _status(inventaire)
    marques, interdiction = _read_marks(objet, usage.marques if usage else (), reponses, referentiels)
    aggravants, a_confirmer, answer_ids = _read_aggravants(
        objet, HAUT_RISQUE in marques.presentes, reponses, referentiels
    )
    return Cas(
        id=objet,
        libelle=_label(objet, usage, nom_local),
        statut_dgafp=usage.statut if usage else "",
        statut=statut,
        statuts_divergents=divergents,
        marques=marques,
        interdit=interdiction in ("presente", "discutee"),
        interdiction_inconnue=interdiction == "a_confirmer",
        interdiction_sans_reponse=interdiction == "sans_reponse",
        aggravants=aggravants,
        aggravants_a_confirmer=a_confirmer,
        avertissement=usage.avertissement if usage else "",
        connu=usage is not None or bool(nom_local),
        inventaire=ids(inventaire),
        aggravants_reponses=answer_ids,
    )


def _local_name(inventaire: tuple[Reponse, ...]) -> str:
    named = latest(reponse for reponse in inventaire if reponse.commentaire)
    return named.commentaire if named else ""


def _label(objet: str, usage: CasUsage | None, nom_local: str) -> str:
    if usage is None:
        return nom_local or objet
    return f"{usage.libelle} ({nom_local})" if nom_local else usage.libelle


def _status(inventaire: tuple[Reponse, ...]) -> tuple[str, bool]:
    """The most advanced status answered, and whether people disagree."""
    given = {reponse.choix for reponse in inventaire if reponse.known and reponse.choix in STATUTS}
    return max(given, key=STATUTS.index, default=""), len(given) > 1


def _read_marks(
    objet: str, nature: tuple[str, ...], reponses: Reponses, referentiels: Referentiels
) -> tuple[Marques, str]:
    """Marks of the case, and the fate of its prohibition (see `_mark_fate`)."""
    triggers = [libelle.id for libelle in referentiels.regles.declencheurs if libelle.id != TOUJOURS]
    avis = {marque: reponses.avis("marque", objet, marque) for marque in (INTERDICTION, *triggers)}
    fates = {marque: _mark_fate(avis[marque], marque in nature) for marque in avis}

    def having(*wanted: str) -> tuple[str, ...]:
        return tuple(marque for marque in triggers if fates[marque] in wanted)

    marques = Marques(
        presentes=having("presente", "discutee", "a_confirmer"),
        a_confirmer=having("a_confirmer"),
        discutees=having("discutee"),
        retirees=having("retiree"),
        sans_reponse=having("sans_reponse"),
        reponses=tuple((marque, avis[marque].ids) for marque in avis if avis[marque].ids),
    )
    return marques, fates[INTERDICTION]


def _mark_fate(avis: Avis, by_nature: bool) -> str:
    """presente, discutee, a_confirmer, retiree, absente or sans_reponse: the rules at the top of this file."""
    if avis.oui:
        return "discutee" if avis.non else "presente"
    if by_nature:
        if not avis.non:
            return "presente"
        return "retiree" if avis.reason and not avis.inconnu else "discutee"
    if avis.inconnu:
        return "a_confirmer"
    return "absente" if avis.non else "sans_reponse"


def _read_aggravants(
    objet: str, haut_risque: bool, reponses: Reponses, referentiels: Referentiels
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """True aggravants, those kept only by prudence, and the answers they come from (4.2, step 3)."""
    avis = {item.id: reponses.avis("aggravant", objet, item.id) for item in referentiels.methode.aggravants}
    certain = {name for name in avis if avis[name].oui or (haut_risque and name == ANNEXE_III_4)}
    doubtful = {name for name in avis if avis[name].inconnu and name not in certain}
    used = tuple(sorted({answer for name in avis if name in certain | doubtful for answer in avis[name].ids}))
    return (
        tuple(name for name in avis if name in certain | doubtful),
        tuple(name for name in avis if name in doubtful),
        used,
    )
