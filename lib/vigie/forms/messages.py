"""What a page may say to the kernel: six messages of closed shape. Anything else is refused, and does nothing.

ouvrir                         the page is there: send it everything
relire                         send the answers again
changer   n, cle, base, valeur one answer changed; `base`: the stored answer it was made from
envoyer   jeton                the person has finished
remettre  jeton, reponses      a form that keeps nothing before it is sent
restituer                      what do my answers say?
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..dossier import Etat

TEXTES = ("commentaire", "preuve", "indicateur")
ETATS = ("", Etat.NIVEAU.value, Etat.NE_SAIT_PAS.value, Etat.SANS_OBJET.value)
"""States a page may send; "" is no answer."""
_FORMES: Mapping[str, Mapping[str, type]] = {
    "ouvrir": {},
    "relire": {},
    "changer": {"n": int, "cle": str, "base": int, "valeur": dict},
    "envoyer": {"jeton": str},
    "remettre": {"jeton": str, "reponses": dict},
    "restituer": {},
}
_JETON = re.compile(r"[0-9a-f]{32,64}")
_INTERDITS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Signs that a base cannot hold, or that nobody can see."""
_GRAND = 1 << 53


class RefusError(Exception):
    """A message that is not admitted; `texte` is the key of what to say in formulaires.yaml, with its words."""

    def __init__(self, texte: str, **mots: str) -> None:
        super().__init__(texte)
        self.texte = texte
        self.mots = mots


@dataclass(frozen=True)
class Valeur:
    """An answer as the page holds it. All texts, "" for nothing; line ends are \\n."""

    etat: str = ""
    valeur: str = ""
    commentaire: str = ""
    preuve: str = ""
    indicateur: str = ""

    @property
    def vide(self) -> bool:
        return not any((self.etat, self.valeur, self.commentaire, self.preuve, self.indicateur))

    def to_json(self) -> dict[str, str]:
        return {
            "etat": self.etat,
            "valeur": self.valeur,
            "commentaire": self.commentaire,
            "preuve": self.preuve,
            "indicateur": self.indicateur,
        }


@dataclass(frozen=True)
class Message:
    """A message whose shape is right; what it says is still to be checked against the questionnaire."""

    t: str
    n: int = 0
    cle: str = ""
    base: int = 0
    valeur: Valeur = Valeur()
    jeton: str = ""
    reponses: Mapping[str, Valeur] | None = None


def parse_message(content: object, octets_max: int) -> Message:
    """Raises RefusError on anything that is not one of the messages above, whole and not too big."""
    if not isinstance(content, dict) or not isinstance(content.get("t"), str) or content["t"] not in _FORMES:
        raise RefusError("refus_inconnu")
    if _size(content) > octets_max:
        raise RefusError("refus_inconnu")
    forme = _FORMES[content["t"]]
    if set(content) != {"t", *forme} or any(type(content[name]) is not kind for name, kind in forme.items()):
        raise RefusError("refus_inconnu")
    fields: dict[str, Any] = dict(content)
    if "valeur" in fields:
        fields["valeur"] = parse_value(fields["valeur"])
    if "reponses" in fields:
        fields["reponses"] = {str(cle): parse_value(valeur) for cle, valeur in fields["reponses"].items()}
    if "jeton" in fields and not _JETON.fullmatch(fields["jeton"]):
        raise RefusError("refus_inconnu")
    if not (0 <= fields.get("n", 0) < _GRAND and 0 <= fields.get("base", 0) < _GRAND):
        raise RefusError("refus_inconnu")
    return Message(**fields)


def parse_value(content: object) -> Valeur:
    """Raises RefusError on anything but the five texts of an answer."""
    names = set(Valeur.__dataclass_fields__)
    if not isinstance(content, dict) or set(content) != names:
        raise RefusError("refus_inconnu")
    if not all(isinstance(text, str) and not _INTERDITS.search(text) for text in content.values()):
        raise RefusError("refus_inconnu")
    if content["etat"] not in ETATS or (content["etat"] == Etat.NIVEAU.value) != bool(content["valeur"]):
        raise RefusError("refus_inconnu")
    return Valeur(**content)


def _size(content: object) -> int:
    try:
        return len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusError("refus_inconnu") from error
