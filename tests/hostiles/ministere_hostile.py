"""One structure of the demonstration whose every free text is hostile."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

from vigie.paths import params_dir

from .corpus import by, text_of

DEMONSTRATION = params_dir() / "ministeres" / "demonstration"
STRUCTURE = "csrh-nord"
LIBRES = {
    "structures.csv": ("nom", "type", "site"),
    "agents.csv": ("site", "categorie"),
    "repondants.csv": ("nom", "fonction"),
    "cibles.csv": ("decision",),
    "validations.csv": ("par",),
    "catalogue.csv": ("libelle", "contenu", "objectifs", "prerequis", "contact", "organisme", "note", "public_texte"),
}
"""Table → columns that hold whatever people write."""
TOUT = next(text_of(entry) for entry in by("texte") if entry["nom"] == "tout_ensemble")
"""What is shown on every page holds every ruse at once: the names of the ministry, of the structure, of the round."""
REPONSES = ("commentaire", "preuve", "indicateur")


def write_hostile(folder: Path, textes: tuple[str, ...]) -> Path:
    """The ministry; each free cell holds the next text of the corpus, in turn."""
    source = itertools.cycle(textes)
    (folder / "reponses").mkdir(parents=True)
    (folder / "ministere.yaml").write_text(_ministere(source), encoding="utf-8")
    for name, columns in LIBRES.items():
        _copy(DEMONSTRATION / name, folder / name, columns, source)
    for path in sorted((DEMONSTRATION / "reponses").glob(f"*_{STRUCTURE}_*.csv")):
        _copy(path, folder / "reponses" / path.name, REPONSES, source)
    return folder


def _ministere(source: Iterator[str]) -> str:
    return f"""\
id: hostile
nom: {_quoted(TOUT)}
fictif: true
campagne: 2026-automne
campagnes:
  - id: 2026-automne
    libelle: {_quoted(TOUT)}
    date_reference: 2026-11-24
documents:
  - id: charte
    libelle: {_quoted(next(source))}
    reference: {_quoted(next(source))}
    date: 2026-05-12
    regles: [E05, E33]
    note: {_quoted(next(source))}
"""


def _quoted(text: str) -> str:
    """A YAML text between single quotes, on one line: those take every sign but line ends."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _copy(path: Path, target: Path, columns: tuple[str, ...], source: Iterator[str]) -> None:
    """Rows of the structure, their free cells hostile: those that were filled, and every comment."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    header, *lines = rows
    key = header.index("structure") if "structure" in header else header.index("id")
    places = [place for place, name in enumerate(header) if name.rpartition("_")[2] in columns or name in columns]
    kept = lines if path.stem == "catalogue" else [line for line in lines if line[key] == STRUCTURE]
    for line in kept:
        for place in places:
            if place < len(line) and (line[place] or header[place].endswith(("commentaire", "nom", "fonction"))):
                line[place] = TOUT if path.stem == "structures" else next(source)
    if path.stem == "catalogue" and "structures" in header:
        for line in kept:
            line[header.index("structures")] = ""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([header, *kept])
    target.write_text(stream.getvalue(), encoding="utf-8", newline="")
