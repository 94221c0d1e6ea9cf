"""State of the usage kit: what is there, valid, reachable, up to date, from the evidence that people showed (F3-17).

Rules, in this order. A level is read as the maturity step reads it (A.2): 3 says « validated », under 2 nothing.

* unknown: nobody rated the item, or people declare the level « validated » without showing a document, or answers
  contradict one another;
* absent: rated under « validated », and no document;
* present: a document is shown, not validated, or roles disagree and no workshop settled it;
* valid: a document is shown and the level says « validated »;
* reachable: valid, and the kit has one place open to all.

An unknown is never read as absent nor as present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..referentiels.accompagnement import DocumentKit
from ._accompagnement_lecture import ItemLu, Lecture
from .chiffres import INCONNU, at_least, figure
from .jours_ouvres import full_months
from .phrases import MOIS, enumerate_words, long_date

KIT = {
    "document": "str",
    "etat": "str",
    "date": "str",
    "age_mois": "float64",
    "manque": "str",
    "fiche": "str",
    "id": "str",
}
PRESENT, VALIDE, ACCESSIBLE, ABSENT, INCONNU_ = "present", "valide", "accessible", "absent", "inconnu"
EXISTE = "referentiel"
"""`mesure`, `objet` of the answers on the existing référentiel (F3-11)."""
_CHIFFRES = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_LETTRES = re.compile(rf"\b(\d{{1,2}})(?:er)?[ \u00a0]({'|'.join(MOIS)})[ \u00a0](\d{{4}})\b", re.I)


@dataclass(frozen=True)
class DocumentLu:
    """One document of the kit. `attendu` False: nothing to ask for yet (no tool, hence no guide)."""

    document: DocumentKit
    etat: str
    jour: date | None
    perime: bool
    contradiction: bool
    attendu: bool
    manques: tuple[str, ...]
    reponses: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Good to hand out: valid or reachable, and not to be revised."""
        return self.etat in (VALIDE, ACCESSIBLE) and not self.perime


def read_kit(lecture: Lecture) -> tuple[DocumentLu, ...]:
    """Every document of the referentiel, in its order."""
    return tuple(_read(document, lecture) for document in lecture.accompagnement.documents)


def kit_rows(documents: tuple[DocumentLu, ...], jour: date) -> Iterator[dict[str, Any]]:
    for lu in documents:
        yield {
            "document": lu.document.libelle,
            "etat": lu.etat,
            "date": lu.jour.isoformat() if lu.jour else "",
            "age_mois": full_months(lu.jour, jour) if lu.jour else INCONNU,
            "manque": " ; ".join(lu.manques),
            "fiche": " ".join(lu.document.fiche),
            "id": lu.document.id,
        }


def is_reachable(lecture: Lecture) -> bool:
    """One place open to all: the item says so with a document and without dispute, or the rule is proven."""
    kit = lecture.accompagnement.kit
    item = lecture.item(kit.acces_item)
    said = bool(item.preuve) and at_least(item.valeur, kit.acces_seuil) and not item.divergent
    return said or lecture.proven(kit.acces_regle)


def read_date(text: str, limit: date) -> date | None:
    """The latest date written in a text, up to `limit`: a document is not dated from the future."""
    written = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    written += [(int(y), int(m), int(d)) for d, m, y in _CHIFFRES.findall(text)]
    written += [(int(y), MOIS.index(m.lower()) + 1, int(d)) for d, m, y in _LETTRES.findall(text)]
    days = [day for parts in written if (day := _day(*parts)) and day <= limit]
    return max(days, default=None)


def _read(document: DocumentKit, lecture: Lecture) -> DocumentLu:
    if document.par_outil:
        return _read_guide(document, lecture)
    item = lecture.item(document.item)
    etat, manques = _state(item, lecture.accompagnement.kit.seuil_valide)
    evidence, reponses, contradiction = item.preuve, item.reponses, False
    if document.existe_par_reponse:
        evidence = f"{evidence} {lecture.risques.referentiel_reference}"
        reponses += lecture.answer_ids("risques_ethique", (EXISTE,), objets=(EXISTE,), cible="existe")
        etat, manques, contradiction = _with_inventory(etat, manques, item, lecture)
    if document.item == lecture.accompagnement.kit.acces_item and lecture.proven(
        lecture.accompagnement.kit.acces_regle
    ):
        etat, manques = ACCESSIBLE, ()
    elif etat == VALIDE and is_reachable(lecture):
        etat = ACCESSIBLE
    elif etat == VALIDE:
        manques = (*manques, "aucun lieu unique ouvert à tous n'est montré")
    jour = read_date(evidence, lecture.jour) if etat in (PRESENT, VALIDE, ACCESSIBLE) else None
    perime = jour is not None and full_months(jour, lecture.jour) >= document.revision_mois
    manques += _freshness(document, jour, perime, etat)
    reponses = tuple(sorted(set(reponses) | set(lecture.proof_ids(lecture.accompagnement.kit.acces_regle))))
    return DocumentLu(document, etat, jour, perime, contradiction, True, manques, reponses)


def _state(item: ItemLu, seuil: float) -> tuple[str, tuple[str, ...]]:
    if not item.known:
        return INCONNU_, (f"personne n'a pu dire où en est la structure ({item.id})",)
    if not item.preuve:
        if at_least(item.declared, seuil):
            return INCONNU_, (f"déclaré au niveau {figure(item.declared)} sans document montré ({item.id})",)
        return ABSENT, (f"aucun document, niveau {figure(item.valeur)} sur 5 ({item.id})",)
    if item.divergent:
        return PRESENT, (f"les rôles ne disent pas la même chose ({item.id}) : à trancher en atelier",)
    if at_least(item.valeur, seuil):
        return VALIDE, ()
    return PRESENT, (f"à faire valider, niveau {figure(item.valeur)} sur 5 ({item.id})",)


def _with_inventory(
    etat: str, manques: tuple[str, ...], item: ItemLu, lecture: Lecture
) -> tuple[str, tuple[str, ...], bool]:
    """The step on risks also asks whether a référentiel exists: what agrees is kept, what does not is unknown."""
    said = lecture.choices(EXISTE, EXISTE, "existe") & {"oui", "non"}
    shown = etat in (PRESENT, VALIDE)
    if said == {"non"} and etat == VALIDE:
        return INCONNU_, ("dit validé et montré, mais l'étape des risques répond qu'il n'existe pas",), True
    if said == {"non"} and shown:
        return PRESENT, (*manques, "l'étape des risques ne connaît pas de référentiel : projet à achever"), False
    if said == {"oui"} and not shown:
        if not lecture.risques.referentiel_reference:
            return INCONNU_, ("dit existant à l'étape des risques, sans document ni référence",), False
        suite = (f"dit existant à l'étape des risques, à faire confirmer ({item.id})",)
        return PRESENT, suite, item.known and etat == ABSENT
    if said == {"oui", "non"}:
        return (PRESENT if shown else INCONNU_), ("les réponses se contredisent sur son existence",), True
    return etat, manques, False


def _read_guide(document: DocumentKit, lecture: Lecture) -> DocumentLu:
    """The guide comes with each tool; only the place of the kit can show it."""
    item = lecture.item(document.item)
    reponses = tuple(sorted({*item.reponses, *lecture.proof_ids(lecture.accompagnement.kit.acces_regle)}))
    outils = lecture.in_use or lecture.cas
    if not outils:
        manques = ("aucun outil n'est inventorié : le guide viendra avec l'outil",)
        return DocumentLu(document, INCONNU_, None, False, False, False, manques, reponses)
    noms = enumerate_words(cas.nom for cas in outils)
    if is_reachable(lecture):
        manques = (f"date et version à relever pour {noms}",)
        return DocumentLu(document, ACCESSIBLE, None, False, False, True, manques, reponses)
    manques = (f"à demander à qui a développé l'outil, pour {noms}",)
    return DocumentLu(document, INCONNU_, None, False, False, True, manques, reponses)


def _freshness(document: DocumentKit, jour: date | None, perime: bool, etat: str) -> tuple[str, ...]:
    if etat not in (PRESENT, VALIDE, ACCESSIBLE):
        return ()
    if jour is None:
        return ("date à relever",)
    return (f"à réviser : daté du {long_date(jour)}, {document.revision_mois} mois ou plus",) if perime else ()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
