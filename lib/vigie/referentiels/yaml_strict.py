"""Strict YAML: plain values and the line of each key, or the faults found.

Content files are edited by people who do not program, and a ministry may bring its own, so only the plain part of YAML
is read: one document, mappings with scalar keys, no anchor, no alias, no tag, no duplicate key. Scalars follow YAML 1.2
(`oui`, `no` and `2026-11-01` stay text; only true, false, null and numbers are converted).

libyaml reports its events one by one, so that nothing is expanded or nested before it is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Chemin = tuple[str | int | float | bool | None, ...]
"""Keys and list positions from the root of the document to a value."""

MAX_BYTES = 2_000_000
MAX_DEPTH = 20

_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*|(\d+\.\d*|\.\d+)([eE][-+]?\d+)?)")  # 007 is a code, hence text
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NUMBER_SIGNS = 40  # a longer one is no quantity, and Python refuses to read thousands of digits
_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FORM = "clé: valeur, en retraits réguliers"
_SIGN, _QUOTE = "un signe qui ne peut pas ouvrir une valeur", "entourez de guillemets cette valeur"
_PROBLEMS = (
    ("mapping values are not allowed", "un deux-points de trop", "entourez de guillemets le texte qui contient « : »"),
    ("cannot start any token", _SIGN, _QUOTE),
    ("alphabetic or numeric character", _SIGN, _QUOTE),
    ("comment or line break", _SIGN, _QUOTE),
    ("whitespace or line break", _SIGN, _QUOTE),
    ("node content", _SIGN, _QUOTE),
    ("end of stream", "un guillemet ouvert n'est jamais fermé", "fermez le guillemet"),
    ("expected ','", "un crochet ou une accolade n'est jamais fermé", "fermez le crochet ou l'accolade"),
    ("expected key", "un retrait incohérent", "alignez cette ligne sur ses voisines de même niveau"),
    ("expected '-'", "un retrait incohérent", "alignez cette ligne sur ses voisines de même niveau"),
    ("not allowed in this context", "un tiret ou un retrait mal placé", "commencez la liste sur une nouvelle ligne"),
    ("could not find expected ':'", "une clé sans deux-points", "écrivez « clé: valeur »"),
    ("unknown escape", "une barre oblique inverse entre guillemets doubles", "employez des guillemets simples"),
)
"""What libyaml says, what it means, what to do."""
_OPENED = ("end of stream", "expected ','")
"""Problems to look for where something was opened rather than where libyaml gave up."""


@dataclass(frozen=True)
class Faute:
    """A fault of form: line (from 1; 0 for the whole file), what is wrong, what was read, expected, what to do."""

    ligne: int
    quoi: str
    valeur: str = ""
    attendu: str = ""
    que_faire: str = ""


class UnreadableError(Exception):
    """The text cannot be read at all."""

    def __init__(self, ligne: int, quoi: str, valeur: str = "", attendu: str = "", que_faire: str = "") -> None:
        super().__init__(quoi)
        self.faute = Faute(ligne, quoi, valeur, attendu, que_faire)


@dataclass(frozen=True)
class Document:
    """`lignes`: path of each key and list entry → its line; `fautes`: what was found while values were still read."""

    valeur: Any
    lignes: dict[Chemin, int]
    fautes: tuple[Faute, ...]

    def ligne(self, chemin: Chemin) -> int:
        """Line of `chemin`, or of its nearest parent that is written in the file."""
        while chemin and chemin not in self.lignes:
            chemin = chemin[:-1]
        return self.lignes.get(chemin, 1)


def parse(data: bytes) -> Document:
    """Reads one document; `data` needs no more than MAX_BYTES + 1 bytes. Raises UnreadableError when it is not YAML."""
    return _Builder(_decode(data)).build()


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            0,
            "fichier trop gros",
            f"plus de {MAX_BYTES} octets",
            f"au plus {MAX_BYTES} octets",
            "vérifiez que c'est le bon fichier",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            data.count(b"\n", 0, error.start) + 1,
            "le fichier n'est pas codé en UTF-8",
            f"octet {data[error.start]:#04x}",
            "du texte en UTF-8",
            "réenregistrez le fichier en choisissant l'encodage UTF-8",
        ) from error


@dataclass
class _Frame:
    """A mapping or a list being filled."""

    valeur: Any
    chemin: Chemin
    en_attente: list[Any] = field(default_factory=list)
    """The key just read, whose value has not come yet; empty otherwise."""
    ignore: bool = False


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lignes: dict[Chemin, int] = {}
        self.fautes: list[Faute] = []
        self.frames: list[_Frame] = []
        self.racine: Any = None

    def build(self) -> Document:
        for event in self._events():
            self._accept(event)
        return Document(self.racine, self.lignes, tuple(self.fautes))

    def _events(self) -> Iterator[Any]:
        documents = 0
        try:
            for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        quoi = "le fichier contient plusieurs documents"
                        raise UnreadableError(_line(event), quoi, "---", "un seul document", "retirez la ligne « --- »")
                yield event
        except yaml.reader.ReaderError as error:
            quoi = "le fichier contient un caractère de contrôle"
            ligne = self.text.count("\n", 0, error.position) + 1
            lu = f"U+{ord(error.character) if isinstance(error.character, str) else error.character:04X}"
            raise UnreadableError(ligne, quoi, lu, "du texte", "supprimez ce caractère") from error
        except yaml.MarkedYAMLError as error:
            raise _syntax_error(error, self.text) from error

    def _accept(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            quoi = f"un renvoi « *{event.anchor} » (alias) n'est pas admis"
            raise UnreadableError(_line(event), quoi, f"*{event.anchor}", "la valeur elle-même", "recopiez la valeur")
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.frames.pop()
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_decorations(event)
            self._refuse_controls(event)
            self._add(_scalar(event), event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_decorations(event)
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event)

    def _refuse_decorations(self, event: Any) -> None:
        if event.anchor:
            quoi = f"une ancre « &{event.anchor} » n'est pas admise"
            raise UnreadableError(_line(event), quoi, f"&{event.anchor}", "une valeur simple", "retirez l'ancre")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            quoi = f"une étiquette de type « {tag} » n'est pas admise"
            raise UnreadableError(_line(event), quoi, tag, "une valeur simple", "retirez l'étiquette")

    def _refuse_controls(self, event: Any) -> None:
        """Those that « \\e » or « \\x07 » make between double quotes: written as they are, libyaml refuses them."""
        if event.style == '"' and (found := _CONTROL.search(event.value)):
            quoi, lu = "le fichier contient un caractère de contrôle", f"U+{ord(found.group()):04X}"
            raise UnreadableError(_line(event), quoi, lu, "du texte", "supprimez ce caractère")

    def _open(self, container: Any, event: Any) -> None:
        if len(self.frames) >= MAX_DEPTH:
            quoi = "trop de niveaux imbriqués"
            raise UnreadableError(_line(event), quoi, "", f"au plus {MAX_DEPTH} niveaux", "vérifiez les crochets")
        self.frames.append(_Frame(container, self._add(container, event)))

    def _add(self, valeur: Any, event: Any) -> Chemin:
        """Puts a value in the open container; a scalar where a key is due becomes that key. Returns its path."""
        if not self.frames:
            self.racine = valeur
            return ()
        frame = self.frames[-1]
        if isinstance(frame.valeur, list):
            chemin = (*frame.chemin, len(frame.valeur))
            self.lignes[chemin] = _line(event)
            frame.valeur.append(valeur)
            return chemin
        if not frame.en_attente:
            self._take_key(frame, valeur, event)
            return frame.chemin
        key = frame.en_attente.pop()
        if frame.ignore:
            frame.ignore = False
        else:
            frame.valeur[key] = valeur
        return (*frame.chemin, key)

    def _take_key(self, frame: _Frame, key: Any, event: Any) -> None:
        if isinstance(key, (dict, list)):
            quoi = "une clé doit être un mot ou un nombre"
            raise UnreadableError(_line(event), quoi, "", "clé: valeur", "vérifiez les crochets et les accolades")
        chemin = (*frame.chemin, key)
        if key in frame.valeur:
            premiere = self.lignes[chemin]
            self.fautes.append(
                Faute(
                    _line(event),
                    f"la clé « {key} » est écrite deux fois (déjà à la ligne {premiere})",
                    str(key),
                    "une seule fois chaque clé",
                    "gardez l'une des deux",
                )
            )
            frame.ignore = True
        else:
            self.lignes[chemin] = _line(event)
        frame.en_attente.append(key)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    """Only a plain (unquoted) scalar may be something else than text."""
    text = event.value
    if event.style in ("'", '"', "|", ">") or not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) <= _NUMBER_SIGNS and _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    return text


def _syntax_error(error: yaml.MarkedYAMLError, text: str) -> UnreadableError:
    problem = error.problem or ""
    opened = any(extrait in problem for extrait in _OPENED)
    mark = (error.context_mark if opened else error.problem_mark) or error.problem_mark or error.context_mark
    ligne = mark.line + 1 if mark else 0
    lines = text.splitlines()
    lue = lines[ligne - 1] if 0 < ligne <= len(lines) else ""
    lu = lue.strip()[:80]
    if "\t" in lue:
        return UnreadableError(
            ligne, "YAML illisible : une tabulation", lu, _FORM, "remplacez les tabulations par des espaces"
        )
    for extrait, quoi, que_faire in _PROBLEMS:
        if extrait in problem:
            return UnreadableError(ligne, f"YAML illisible : {quoi}", lu, _FORM, que_faire)
    quoi = "YAML illisible : une syntaxe inattendue"
    return UnreadableError(ligne, quoi, lu, _FORM, "vérifiez cette ligne et la précédente")
