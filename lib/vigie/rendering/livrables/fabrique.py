"""The documents of one step, from its Resultat to files: prepare, fill, convert, write whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ...atomic import write_all
from ...diagnostics.resultat import Resultat
from ..formats import typeset
from .classeurs import write_workbook
from .contexte import Contexte
from .conversion import Source, convert
from .gabarits import Gabarit, drawing_stem, fill, templates_of
from .pieces import Piece, Preparation
from .textes import clean, one_line

CLASSEUR = "xlsx"


def make_livrables(
    resultat: Resultat,
    contexte: Contexte,
    folder: Path,
    livrables: Sequence[str] | None = None,
    announce: Callable[[Sequence[Path]], None] = lambda _: None,
) -> list[Path]:
    """Writes the documents of the step of `resultat` under `folder`; gives back their paths, sorted.

    `livrables`: only these; all those of the step by default. Each file appears whole; files of a former run that this
    one does not make again are removed. Raises ConversionError when a document cannot be made: nothing is
    written then. `announce` is told what is about to be written; nothing is when it raises.
    """
    gabarits = [item for item in templates_of(resultat.etape) if livrables is None or item.livrable in livrables]
    contents = _contents(resultat, contexte, gabarits)
    made = sorted(folder / name for name in contents)
    announce(made)
    write_all({folder / name: content for name, content in contents.items()})
    for gabarit in gabarits:
        _remove_former(folder, gabarit, made)
    return made


def preparation(livrable: str) -> Preparation:
    """The module of the same name under `documents`."""
    module = import_module(f"{__package__}.documents.{livrable}")
    chosen: Preparation = module.prepare
    return chosen


def _contents(resultat: Resultat, contexte: Contexte, gabarits: Iterable[Gabarit]) -> dict[str, bytes]:
    """File name under the folder → content, every document made before any is written."""
    sources: list[Source] = []
    contents: dict[str, bytes] = {}
    places: dict[str, str] = {}
    day = contexte.campagne.date_reference
    for gabarit in gabarits:
        for piece in preparation(gabarit.livrable)(resultat, contexte):
            source = _source(gabarit, piece, contexte)
            prefix = f"{gabarit.dossier}/" if gabarit.dossier else ""
            if source.formats:
                sources.append(source)
                places.update({f"{source.nom}.{kind}": prefix for kind in source.formats})
            if CLASSEUR in gabarit.formats and piece.feuilles:
                contents[f"{prefix}{source.nom}.{CLASSEUR}"] = write_workbook(
                    piece.feuilles, source.identite, day, contexte.labels, contexte.codes, _notes(resultat)
                )
    converted = convert(sources, day)
    return contents | {f"{places[name]}{name}": content for name, content in converted.items()}


def _source(gabarit: Gabarit, piece: Piece, contexte: Contexte) -> Source:
    own = gabarit.livrable if gabarit.validation == "livrable" else ""
    nom = f"{gabarit.livrable}-{piece.suffixe}" if piece.suffixe else gabarit.livrable
    formats = tuple(kind for kind in gabarit.formats if kind != CLASSEUR)
    shared: dict[str, Any] = {"contexte": contexte, "structure": contexte.structure, "ministere": contexte.ministere}
    return Source(
        nom=nom,
        markdown=fill(gabarit.livrable, nom, {**shared, **piece.donnees}, piece.dessins, contexte.codes)
        if formats
        else "",
        identite=replace(
            contexte.identity(piece.titre or gabarit.titre, gabarit.etape, own),
            soustitre=one_line(clean(piece.soustitre)) if piece.soustitre else "",
            court=typeset(gabarit.court),
            paysage=gabarit.orientation == "paysage",
        ),
        formats=formats,
        dessins={drawing_stem(nom, stem): chart for stem, chart in piece.dessins.items()},
    )


def _notes(resultat: Resultat) -> list[str]:
    versions = ", ".join(f"{name} {version}" for name, version in resultat.versions.items())
    return [*resultat.manques, f"Référentiels : {versions}."]


def _remove_former(folder: Path, gabarit: Gabarit, made: Sequence[Path]) -> None:
    """Files of this livrable that were made before and are not any more."""
    place = folder / gabarit.dossier if gabarit.dossier else folder
    kept = set(made)
    for pattern in (f"{gabarit.livrable}.*", f"{gabarit.livrable}-*.*"):
        for path in place.glob(pattern):
            if path not in kept:
                path.unlink()
