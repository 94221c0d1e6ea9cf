"""What is recorded together: the checked answers of one file, or of one form."""

from __future__ import annotations

import hashlib
import pickle
import secrets
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import Anomalie, ImportRefuse
from .ministere import MinistereCharge
from .reponses import Reponse, Saisie, controle_of

FORMULAIRE = "formulaire"


@dataclass(frozen=True)
class Lot:
    """`empreinte` names the lot: recording it twice changes nothing.

    `envois`, for the export of a survey tool: what names the submission of each answer. The next export holds it all
    again, and nothing else tells two anonymous answers apart: those of a submission already known are left out.
    """

    nom: str
    empreinte: str
    reponses: tuple[Reponse, ...]
    versions: Mapping[str, str]
    envois: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pli:
    """A lot folded up. While all the files of a ministry are read, then recorded, one lot at a time is unfolded."""

    reponses: int
    """How many it holds."""
    _contenu: bytes

    @classmethod
    def of(cls, lot: Lot) -> Pli:
        return cls(len(lot.reponses), zlib.compress(pickle.dumps(lot), level=1))

    def unfold(self) -> Lot:
        lot: Lot = pickle.loads(zlib.decompress(self._contenu))  # noqa: S301 - never leaves this process
        return lot


@dataclass(frozen=True)
class Enregistrement:
    """What recording a lot did. `deja`: the whole lot was there already, since `recu_le`, "" if anonymous."""

    nom: str
    nouvelles: int = 0
    corrigees: int = 0
    inchangees: int = 0
    deja: bool = False
    recu_le: str = ""

    def __str__(self) -> str:
        if self.deja:
            quand = f" le {self.recu_le[:10]}" if self.recu_le else ""
            return f"{self.nom} : déjà enregistré{quand}, rien ne change."
        return (
            f"{self.nom} : {count(self.nouvelles, 'réponse nouvelle', 'réponses nouvelles')}, "
            f"{count(self.corrigees, 'corrigée', 'corrigées')}, {count(self.inchangees, 'inchangée', 'inchangées')}."
        )


def form_lot(charge: MinistereCharge, saisies: Iterable[Saisie], jeton: str = "") -> Lot:
    """The lot of one form. `jeton`: drawn once by the form, so that sending it twice records it once.

    Raises ImportRefuse with everything that is wrong in the answers.
    """
    controle = controle_of(charge)
    reponses: list[Reponse] = []
    anomalies: list[Anomalie] = []
    for saisie in saisies:
        reponse, fautes = controle.check(saisie)
        ou = ", ".join(part for part in (FORMULAIRE, saisie.objet, saisie.cible) if part)
        anomalies += [Anomalie(faute.quoi, ou, faute.valeur, faute.attendu, faute.que_faire) for faute in fautes]
        if reponse:
            reponses.append(reponse)
    if anomalies:
        raise ImportRefuse(anomalies)
    empreinte = hashlib.sha256((jeton or secrets.token_hex(32)).encode()).hexdigest()
    return Lot(FORMULAIRE, empreinte, tuple(reponses), charge.referentiels.versions)


def count(number: int, one: str, many: str) -> str:
    """« 1 réponse », « 2 réponses »."""
    return f"{number} {many if number > 1 else one}"
