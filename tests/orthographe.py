"""French words of the house and where each stands: templates, content files, notebooks, sentences of the code."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

RACINE = Path(__file__).parents[1]
LEXIQUE = Path(__file__).with_name("lexique.txt")
DICTIONNAIRE = "fr_FR"
MOT = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’]", re.I)
SIGLE = re.compile(r".*[A-ZÀ-Ý].*[A-ZÀ-Ý]")
A_SAUTER = re.compile(
    r"<style>.*?</style>|\bvigie [a-z]+\b|\w+://\S+|\S+@\S+|«[\s\u00a0]*[a-z_-]+[\s\u00a0]*»"
    r"|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|`[^`]*`|<[^>]*>|\{[^{}\s]*\}|&\w+;"
    r"|\b[\w-]+/(?!\w)|\b\w+[./_]\w+[\w./_]*|\b\w*\d\w*(?:-\w+)*|(?<!\w)--?[a-z]\S*|%\(\w+\)s",
    re.S,
)
"""Commands, addresses, template code, HTML, paths, options, identifiers alone between « guillemets »."""
CLES_HORS_TEXTE = frozenset(
    {
        "id",
        "url",
        "sources",
        "altai",
        "mit",
        "ria",
        "anssi",
        "cnil",
        "pix",
        "esco",
        "citp",
        "digcomp",
        "mentor",
        "noms",
        "prenoms",
        "organisme",
        "concepteurs",
        "reference",
    }
)
"""Keys of content files whose values are identifiers, codes, names or references."""
FRANCAIS = re.compile(r"[éèêàùçôîïœ«»]|\b(?:le|la|les|un|une|des|du|de|et|ou|pour|avec|est|sont)\b", re.I)
EN_TETE = re.compile(r"\A---\n(.*?)\n---\n", re.S)
TEXTES_D_EN_TETE = ("titre", "court", "description")
CODE = re.compile(r"[a-z0-9_:.-]+")
TELS_QUELS = {
    "lib/vigie/batch/grappe.py": {"dask", "scheduler"},
    "lib/vigie/collecte/imports.py": {"repondant", "role", "etape"},
    "lib/vigie/referentiels/base.py": {"dsi-nord"},
    "lib/vigie/referentiels/coherence/competences.py": {"null"},
    "lib/vigie/rendering/annexes/maturite.py": {"wg"},
    "params/referentiels/accompagnement.yaml": {"prompting"},
    "params/referentiels/formations.yaml": {"prompting", "The", "Agency"},
    "params/referentiels/bases_juridiques.yaml": {"bb"},
    "params/referentiels/risques.yaml": {"Risk", "Repository", "Shadow"},
}
"""Commands, columns, identifiers, symbols and titles in another language, quoted as they are."""


def french_texts() -> Iterator[tuple[str, str]]:
    """(place, text) of everything a user may read."""
    for path in sorted((RACINE / "templates").rglob("*")):
        if path.suffix in (".md", ".j2", ".html"):
            yield str(path.relative_to(RACINE)), _template_text(path.read_text(encoding="utf-8"))
    for folder in ("referentiels", "ministeres/_fabrique"):
        for path in sorted((RACINE / "params" / folder).glob("*.yaml")):
            for text in _values(yaml.safe_load(path.read_text(encoding="utf-8"))):
                yield str(path.relative_to(RACINE)), text
    for path in sorted((RACINE / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield str(path.relative_to(RACINE)), "".join(cell["source"])
    for path in sorted((RACINE / "lib").rglob("*.py")):
        for line, text in _sentences(path):
            yield f"{path.relative_to(RACINE)}:{line}", text


def words(place: str, text: str) -> Iterator[str]:
    """Words to check: elisions cut, acronyms and identifiers left out."""
    quoted = TELS_QUELS.get(place.partition(":")[0], set())
    for match in MOT.finditer(A_SAUTER.sub(" ", text)):
        word = ELISION.sub("", match.group().replace("’", "'"))
        if len(word) > 1 and not SIGLE.match(word) and word not in quoted:
            yield word


def unknown_words(found: set[str]) -> set[str]:
    """Words that neither the dictionary nor our list knows; a compound is known when all its parts are."""
    parts = {part for word in found for part in (word, *re.split(r"['-]", word)) if len(part) > 1}
    refused = _refused(sorted(parts))
    return {
        word
        for word in found
        if word in refused and any(part in refused for part in re.split(r"['-]", word) if len(part) > 1)
    }


def _refused(candidates: list[str]) -> set[str]:
    program = shutil.which("hunspell")
    if not program:
        raise RuntimeError("hunspell manque : sh tests/outils_systeme.sh")
    known = {line.strip() for line in LEXIQUE.read_text(encoding="utf-8").splitlines()}
    done = subprocess.run(
        [program, "-d", DICTIONNAIRE, "-i", "utf-8", "-l"],
        input="\n".join(candidates),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return {word for word in done.stdout.split() if word not in known and word.lower() not in known}


def _values(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in CLES_HORS_TEXTE:
                yield from _values(value)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value)
    elif isinstance(node, str) and not CODE.fullmatch(node):
        yield node


def _template_text(source: str) -> str:
    """A template without its front matter, of which only what is shown is kept."""
    match = EN_TETE.match(source)
    if not match:
        return source
    head = yaml.safe_load(match.group(1))
    return "\n".join([*(head.get(key, "") for key in TEXTES_D_EN_TETE), source[match.end() :]])


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    """String constants that read as French; docstrings, which are English, are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in notes else None
        if isinstance(text, str) and " " in text.strip() and FRANCAIS.search(text):
            yield node.lineno, text
