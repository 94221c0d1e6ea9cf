"""Network, commission or both: what the structure's size and risks lead to, with the outside person's legal point.

Rules (law-ethics, 5.1). A commission as soon as one active use is at high risk or profiles people, or one residual risk
reaches the level that only the direction may accept; a network otherwise. Both when a commission is due in a structure
that is large or has many uses. A structure too small for a commission of its own asks its parent entity's. Repeated
reports also call for a commission, but nothing in the answers tells them: it is said, not guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..referentiels.gouvernance import Formule, Siege, VoieExterne
from ._accompagnement_lecture import Cas, ItemLu, Lecture
from .chiffres import INCONNU, at_least
from .phrases import count, enumerate_words
from .typographie import lower_first, spaced

GOUVERNANCE = {"point": "str", "proposition": "str", "motif": "str", "bases": "str", "id": "str"}
COMPOSITION = {
    "instance": "str",
    "siege": "str",
    "nombre": "float64",
    "profil": "str",
    "voix": "str",
    "motif": "str",
    "id": "str",
}
RESEAU, COMMISSION, LES_DEUX = "reseau", "commission", "les_deux"


@dataclass(frozen=True)
class Decision:
    """What is proposed. `cas`: the uses that call for a commission; `residuels`: (use or "", risk, level).

    `sans_reponse`, `sans_cote`: active uses for which nobody said whether they call for a commission, nobody rated a
    risk.

    `hors_criteres`: many uses or a large structure without anything that calls for a commission: neither column of the
    method fits.
    """

    formule: str
    mutualisee: bool
    hors_criteres: bool
    cas: tuple[Cas, ...]
    residuels: tuple[tuple[str, str, int], ...]
    sans_reponse: tuple[Cas, ...]
    sans_cote: tuple[Cas, ...]
    motifs: tuple[str, ...]
    existant: ItemLu
    reponses: tuple[int, ...]

    @property
    def formules(self) -> tuple[str, ...]:
        return (RESEAU, COMMISSION) if self.formule == LES_DEUX else (self.formule,)

    @property
    def exists(self) -> bool:
        """A network or a commission is shown by a document, whatever its level."""
        return bool(self.existant.preuve)

    @property
    def with_commission(self) -> bool:
        return COMMISSION in self.formules


def decide(lecture: Lecture) -> Decision:
    criteres = lecture.gouvernance.criteres
    marques = set(criteres.marques_commission)
    cas = tuple(one for one in lecture.cas if marques & set(one.marques))
    residuels = _high_residuals(lecture, criteres.niveau_residuel_commission)
    effectif = lecture.dossier.structure.effectif
    large, many = effectif > criteres.effectif_moyen, len(lecture.cas) > criteres.cas_peu
    called = bool(cas or residuels)
    rated = set(lecture.risques.risques.dropna(subset=["niveau_residuel"])["cas"])
    formule = (LES_DEUX if large or many else COMMISSION) if called else RESEAU
    return Decision(
        formule=formule,
        mutualisee=called and effectif < criteres.commission_effectif_minimal,
        hors_criteres=not called and (large or many),
        cas=cas,
        residuels=residuels,
        sans_reponse=tuple(
            one
            for one in lecture.cas
            if one not in cas
            and any(not lecture.choices("marque", one.id, marque) for marque in criteres.marques_commission)
        ),
        sans_cote=tuple(one for one in lecture.cas if one.id not in rated),
        motifs=tuple(_reasons(lecture, cas, residuels, large, many)),
        existant=lecture.item(criteres.item),
        reponses=_answers(lecture, cas, residuels),
    )


def phrase(decision: Decision, lecture: Lecture) -> str:
    """« une commission d'éthique », with its article."""
    gouv = lecture.gouvernance
    return gouv.mixte.en_phrase if decision.formule == LES_DEUX else gouv.formule(decision.formule).en_phrase


def reasons(decision: Decision) -> str:
    """The reasons in one sentence, without its full stop."""
    text = " ; ".join(decision.motifs)
    return text[:1].upper() + text[1:]


def governance_rows(decision: Decision, lecture: Lecture) -> Iterator[dict[str, Any]]:
    gouv = lecture.gouvernance
    label = gouv.mixte.libelle if decision.formule == LES_DEUX else gouv.formule(decision.formule).libelle
    bases = gouv.mixte.bases if decision.formule == LES_DEUX else gouv.formule(decision.formule).bases
    yield _row("formule", "Formule proposée", label, reasons(decision), bases, lecture)
    if decision.mutualisee:
        part = gouv.mutualisation
        yield _row("mutualisation", "Commission de rattachement", part.proposition, part.motif, (), lecture)
    if decision.formule == LES_DEUX:
        yield _row("secretariat", "Articulation", gouv.mixte.conseil, "", gouv.mixte.bases, lecture)
    for name in decision.formules:
        yield from _formula_rows(gouv.formule(name), lecture)
    if decision.with_commission:
        yield from _outside_rows(lecture)
    for lien in gouv.liens:
        yield _row(lien.id, f"Lien : {lower_first(lien.acteur)}", lien.lien, lien.borne, lien.bases, lecture)
    mois = gouv.criteres.mandat_mois
    yield _row(
        "duree", "Durée du mandat", f"{mois} mois, renouvelable (proposé)", "Revu à chaque campagne", (), lecture
    )


def composition_rows(decision: Decision, lecture: Lecture) -> Iterator[dict[str, Any]]:
    gouv = lecture.gouvernance
    large = lecture.dossier.structure.effectif > gouv.criteres.effectif_moyen
    for name in decision.formules:
        formule = gouv.formule(name)
        own = name == RESEAU or not decision.mutualisee
        for siege in formule.sieges if own else gouv.mutualisation.sieges:
            yield {
                "instance": formule.libelle,
                "siege": siege.libelle,
                "nombre": _seats(siege, large, lecture),
                "profil": siege.profil,
                "voix": "oui" if _votes(siege, lecture) else "non",
                "motif": spaced(_seat_reason(siege, lecture)),
                "id": siege.id,
            }


def proposed_way(lecture: Lecture) -> VoieExterne:
    externe = lecture.gouvernance.externe
    return next(voie for voie in externe.voies if voie.id == externe.voie_proposee)


def _high_residuals(lecture: Lecture, seuil: int) -> tuple[tuple[str, str, int], ...]:
    """Residual risks at the threshold or over, on active uses and on the structure itself, the highest first."""
    actifs = {"", *(cas.id for cas in lecture.cas)}
    rows = [
        (str(row["cas"]), str(row["risque"]), int(row["niveau_residuel"]))
        for row in lecture.risques.risques.dropna(subset=["niveau_residuel"]).to_dict("records")
        if row["cas"] in actifs and at_least(float(row["niveau_residuel"]), seuil)
    ]
    return tuple(sorted(rows, key=lambda row: (-row[2], row[0], row[1])))


def _reasons(
    lecture: Lecture, cas: tuple[Cas, ...], residuels: tuple[tuple[str, str, int], ...], large: bool, many: bool
) -> Iterator[str]:
    criteres = lecture.gouvernance.criteres
    marques = {one.id: one.libelle for one in lecture.dossier.referentiels.regles.declencheurs}
    for one in cas:
        named = enumerate_words(
            lower_first(_short(marques[m])) for m in criteres.marques_commission if m in one.marques
        )
        yield f"{one.nom} : {named}"
    if residuels:
        level = criteres.niveau_residuel_commission
        named = enumerate_words(sorted({risque for _, risque, _ in residuels}))
        yield f"{count(len(residuels), 'risque résiduel', 'risques résiduels')} de niveau {level} ou plus ({named})"
    if not cas and not residuels:
        yield "aucun usage actif connu à haut risque ni de profilage, aucun risque résiduel élevé connu"
    size = lecture.dossier.structure.effectif
    compared = f"plus de {criteres.effectif_moyen}" if large else f"{criteres.effectif_moyen} au plus"
    yield f"{count(size, 'agent')} ({compared} : structure {'grande' if large else 'petite ou moyenne'})"
    said = f"plus de {criteres.cas_peu}" if many else f"{criteres.cas_peu} au plus : peu"
    yield f"{count(len(lecture.cas), 'usage actif', 'usages actifs')} ({said})"


def _short(label: str) -> str:
    """A trigger's label up to its explanation."""
    return re.split(r"\s:\s", label)[0]


def _formula_rows(formule: Formule, lecture: Lecture) -> Iterator[dict[str, Any]]:
    cells = (
        ("quand", "quand", formule.quand, formule.bases),
        ("missions", "missions", _listed(formule.missions), formule.bases),
        ("limites", "ce qui n'est pas de son ressort", _listed(formule.limites), ()),
        ("acte", "acte", formule.acte, formule.acte_bases),
        ("rythme", "rythme", f"{formule.rythme} (proposé)", ()),
        ("traces", "traces", _listed(formule.traces), ()),
    )
    for name, title, text, bases in cells:
        yield _row(f"{formule.id}_{name}", f"{formule.libelle} : {title}", text, "", bases, lecture)


def _outside_rows(lecture: Lecture) -> Iterator[dict[str, Any]]:
    externe = lecture.gouvernance.externe
    yield _row(
        "externe", "Personnalité externe : point de droit", externe.principe, externe.alerte, externe.bases, lecture
    )
    dispenses = _listed(externe.dispenses)
    yield _row("externe_dispenses", "Personnalité externe : dispenses de décret", dispenses, "", externe.bases, lecture)
    for voie in externe.voies:
        chosen = f" {externe.motif}" if voie.id == externe.voie_proposee else ""
        letter = voie.id.removeprefix("voie_")
        yield _row(
            f"externe_{voie.id}",
            f"Personnalité externe : voie {letter})",
            voie.libelle,
            f"{voie.consequence}.{chosen}",
            voie.bases,
            lecture,
        )
    garanties = _listed(externe.garanties)
    yield _row("externe_garanties", "Personnalité externe : garanties", garanties, "Dans tous les cas", (), lecture)


def _listed(texts: Iterable[str]) -> str:
    """Several texts as one: only the first keeps its capital."""
    first, *others = texts
    return " ; ".join([first, *(lower_first(text) for text in others)])


def _row(name: str, point: str, proposition: str, motif: str, bases: Iterable[str], lecture: Lecture) -> dict[str, Any]:
    return {
        "point": spaced(point),
        "proposition": spaced(proposition),
        "motif": spaced(motif),
        "bases": " ".join(lecture.citable(bases)),
        "id": name,
    }


def _seats(siege: Siege, large: bool, lecture: Lecture) -> float:
    if siege.un_par == "correspondant":
        agents = lecture.dossier.agents
        sites = agents.loc[agents["site"].fillna("") != "", "site"].nunique()
        per = lecture.gouvernance.criteres.agents_par_correspondant
        return max(siege.nombre, int(sites), math.ceil(lecture.dossier.structure.effectif / per))
    if siege.nombre_grande is not None and large:
        return siege.nombre_grande
    return siege.nombre if siege.nombre else INCONNU


def _votes(siege: Siege, lecture: Lecture) -> bool:
    return siege.voix and (not siege.externe or proposed_way(lecture).siege)


def _seat_reason(siege: Siege, lecture: Lecture) -> str:
    if siege.externe and not proposed_way(lecture).siege:
        return f"{siege.motif} ; {lower_first(proposed_way(lecture).libelle)}"
    if siege.un_par == "correspondant":
        per = lecture.gouvernance.criteres.agents_par_correspondant
        return f"{siege.motif} ; un par site, et un pour {per} agents (proposé)"
    return siege.motif


def _answers(lecture: Lecture, cas: tuple[Cas, ...], residuels: tuple[tuple[str, str, int], ...]) -> tuple[int, ...]:
    """Marks of the uses that call for a commission, ratings of the residual risks, and the existing governance."""
    found = set(lecture.item(lecture.gouvernance.criteres.item).reponses)
    for marque in lecture.gouvernance.criteres.marques_commission:
        found |= set(lecture.answer_ids("risques_ethique", ("marque",), objets=[one.id for one in cas], cible=marque))
    for objet, risque, _ in residuels:
        mesures = ("gravite", "vraisemblance", "forcage")
        found |= set(lecture.answer_ids("risques_ethique", mesures, objets=(objet,), cible=risque))
    return tuple(sorted(found))
