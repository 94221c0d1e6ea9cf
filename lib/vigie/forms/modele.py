"""A questionnaire as values: pages of questions, each with the fields that hold its answers. It knows no widget.

A field (`Champ`) is one answer of the store: its key is what the store supersedes by. `to_json` is what the page gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

from ..rendering.formats import typeset

Forme = Literal["choix", "nombre", "texte", "texte_long"]
SEPARATEUR = "|"


@dataclass(frozen=True)
class Option:
    """One radio button. `detail` is the sentence that describes it; `rappel` is shown once it is chosen."""

    valeur: str
    libelle: str
    detail: str = ""
    rappel: str = ""
    preuve_utile: bool = False
    """Choosing it opens the fields of evidence: without them the level would be capped."""


@dataclass(frozen=True)
class Complement:
    """A text that goes with an answer. `nom`: the column of the store it fills."""

    nom: Literal["commentaire", "preuve", "indicateur"]
    libelle: str
    aide: str = ""
    limite: int = 0


@dataclass(frozen=True)
class Condition:
    """Shown only when another field of the form holds one of these values."""

    cle: str
    valeurs: tuple[str, ...]


@dataclass(frozen=True)
class Champ:
    """One answer. A « choix » has options; a « nombre » has bounds, in the unit the person reads.

    `facteur`: what the number typed is multiplied by before it is stored (a percentage becomes a share).
    `motif_requis`: without its comment, the answer is stored but counts as incomplete.
    """

    objet: str
    cible: str
    mesure: str
    forme: Forme
    libelle: str = ""
    aide: str = ""
    options: tuple[Option, ...] = ()
    ne_sait_pas: bool = False
    sans_objet: str = ""
    complements: tuple[Complement, ...] = ()
    bornes: tuple[float, float] | None = None
    unite: str = ""
    facteur: float = 1.0
    limite: int = 0
    requis: bool = True
    """Counts in what is left to answer."""
    obligatoire: bool = False
    """Nothing is sent without it."""
    motif_requis: bool = False
    motif_sans_objet: Complement | None = None
    en_ligne: bool = False
    """Short options, side by side."""
    si: Condition | None = None

    @property
    def cle(self) -> str:
        return SEPARATEUR.join((self.objet, self.cible, self.mesure))

    @property
    def valeurs(self) -> tuple[str, ...]:
        return tuple(option.valeur for option in self.options)


@dataclass(frozen=True)
class Pourquoi:
    """Why a question is asked: ideas of the sheet, rules with their legal bases; every line is a whole sentence."""

    idees: tuple[str, ...] = ()
    regles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A fieldset. `enonce` is its legend. One field without a label of its own, or several with theirs."""

    id: str
    enonce: str
    champs: tuple[Champ, ...]
    aide: tuple[str, ...] = ()
    preuve_attendue: str = ""
    pourquoi: Pourquoi = Pourquoi()
    facultative: bool = False


@dataclass(frozen=True)
class Echelle:
    """A scale explained once for the page: label → what it means."""

    titre: str
    lignes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """What is seen at once. `facultative`: nothing on it counts as missing."""

    id: str
    titre: str
    questions: tuple[Question, ...]
    texte: tuple[str, ...] = ()
    echelles: tuple[Echelle, ...] = ()
    facultative: bool = False


@dataclass(frozen=True)
class Questionnaire:
    """A whole form for one person. `remise`: see referentiels.formulaires.Formulaire."""

    genre: str
    etape: str
    titre: str
    sous_titre: str
    duree: str
    introduction: tuple[str, ...]
    confidentialite: tuple[str, ...]
    remise: str
    pages: tuple[Page, ...]
    echeance: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def champs(self) -> Mapping[str, Champ]:
        """Key → field, in the order of the form; nothing else may be answered."""
        return {champ.cle: champ for champ in self._fields()}

    @cached_property
    def attendus(self) -> tuple[str, ...]:
        """Keys of the fields whose absence counts."""
        return tuple(
            champ.cle
            for page in self.pages
            if not page.facultative
            for question in page.questions
            if not question.facultative
            for champ in question.champs
            if champ.requis
        )

    def _fields(self) -> Iterator[Champ]:
        for page in self.pages:
            for question in page.questions:
                yield from question.champs

    def to_json(self) -> dict[str, Any]:
        """JSON values, typeset, without what is empty; the key of a field under `cle`."""
        content = asdict(self)
        for page in content["pages"]:
            for question in page["questions"]:
                for champ in question["champs"]:
                    champ["cle"] = SEPARATEUR.join((champ.pop("objet"), champ.pop("cible"), champ.pop("mesure")))
        return dict(_shown(content))


_TELS_QUELS = frozenset({"id", "valeur", "valeurs", "nom", "cle", "genre", "etape"})
"""Keys whose texts are identifiers."""


def _shown(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: _shown(value, name) for name, value in node.items() if value not in ("", (), [], None, False)}
    if isinstance(node, list | tuple):
        return [_shown(value, key) for value in node]
    return typeset(node) if isinstance(node, str) and key not in _TELS_QUELS else node
