"""index.html: where to read each report, what failed, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from ..atomic import write_text
from ..collecte import MinistereCharge
from ..paths import templates_dir
from ..rendering.formats import long_date
from ..rendering.html import typeset_html
from .etapes import Etape
from .manifest import Execution, Manifeste
from .plan import FOLDER_MINISTERE


def write_index(folder: Path, charge: MinistereCharge, manifeste: Manifeste, etapes: Iterable[Etape]) -> None:
    """Write index.html for every structure of the ministry, run or not."""
    toutes = tuple(etapes)
    propres = [etape for etape in toutes if not etape.ministere]
    titres = {etape.id: _title(etape) for etape in toutes}
    entete = manifeste.entete
    echecs = [line for line in manifeste.executions.values() if line.statut == "echec"]
    page = _template("index.html.j2").render(
        nom=charge.ministere.nom,
        campagne=charge.campagne(entete["campagne"]).libelle,
        fictif=charge.ministere.fictif,
        bilan=_sentence(charge, manifeste, propres),
        echecs=[_failure(line, charge, titres) for line in sorted(echecs, key=lambda line: line.cle)],
        ministere=[
            (titres[etape.id], _cell(manifeste.get("", etape.id), etape, titres)) for etape in toutes if etape.ministere
        ],
        titres=[titres[etape.id] for etape in propres],
        lignes=[
            {
                "nom": structure.nom,
                "cases": [_cell(manifeste.get(structure.id, etape.id), etape, titres) for etape in propres],
            }
            for structure in charge.structures.values()
        ],
        version=entete["vigie"],
        commit=entete["commit"],
        date_reference=long_date(entete["date_reference"]),
    )
    write_text(folder / "index.html", page)


def _template(name: str):  # type: ignore[no-untyped-def]  # jinja2's Template
    folders = [templates_dir() / "pages", templates_dir() / "nbconvert" / "templates" / "vigie"]
    environment = Environment(
        loader=FileSystemLoader(folders), autoescape=select_autoescape(["html", "j2"]), undefined=StrictUndefined
    )
    environment.filters["typographie"] = lambda text: Markup(typeset_html(str(escape(text))))  # noqa: S704
    return environment.get_template(name)


def _title(etape: Etape) -> str:
    """The notebook's own title, without its number."""
    for cell in nbformat.read(etape.notebook, as_version=4).cells:
        first = cell.source.lstrip().partition("\n")[0]
        if cell.cell_type == "markdown" and first.startswith("# "):
            return str(first[2:].lstrip("0123456789. "))
    return etape.id


def _link(line: Execution) -> str:
    return f"{line.structure or FOLDER_MINISTERE}/{line.etape}.html"


def _cell(line: Execution | None, etape: Etape, titres: dict[str, str]) -> Markup:
    """A link whose text says what it opens, or why there is nothing to open."""
    if line is None:
        return Markup("non exécuté")
    texte = f"Échec, {line.reference}" if line.statut == "echec" else "Lire"
    if line.statut == "echec" and not line.reference:
        return Markup("échec, sans rapport")
    cache = Markup('<span class="vg-lu"> : {}</span>').format(titres[etape.id])
    return Markup('<a href="{}">{}{}</a>').format(_link(line), texte, cache)


def _failure(line: Execution, charge: MinistereCharge, titres: dict[str, str]) -> dict[str, str]:
    structure = charge.structures.get(line.structure)
    return {
        "lien": _link(line),
        "structure": structure.nom if structure else "Ministère",
        "etape": titres.get(line.etape, line.etape),
        "erreur": line.erreur.partition("\n")[0],
        "reference": line.reference,
    }


def _sentence(charge: MinistereCharge, manifeste: Manifeste, propres: list[Etape]) -> str:
    attendus = len(charge.structures) * len(propres)
    lignes = [line for line in manifeste.executions.values() if line.structure]
    faits = sum(line.statut != "echec" for line in lignes)
    echecs = sum(line.statut == "echec" for line in lignes)
    return (
        f"{len(charge.structures)} structures, {attendus} rapports attendus : "
        f"{faits} complets, {echecs} en échec, {attendus - faits - echecs} non exécutés."
    )
